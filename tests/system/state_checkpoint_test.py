"""The read models as one archive, as a server hands it out to other nodes."""

import io
import os
import socket
import tarfile
import urllib.parse
import uuid

import pytest

from child import wait_until

PATH = "/v1/state/checkpoint"


def copies_under_way(server):
    return (server.data / "volatile" / "checkpoint").exists()


class SlowReader:
    """Asks for a copy, and takes no more than its beginning."""

    def __init__(self, server):
        place = urllib.parse.urlsplit(server.url)
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.settimeout(30)
        self._socket.connect((place.hostname, place.port))
        self._socket.sendall(f"GET {PATH} HTTP/1.1\r\nHost: {place.netloc}\r\n"
                             f"Authorization: Bearer {server.operator_key()}\r\n\r\n".encode())
        assert self._socket.recv(1024).startswith(b"HTTP/1.1 200")

    def hang_up(self):
        self._socket.close()


@pytest.fixture
def large_state(daybook, workspace):
    """More than the sockets between hold: 10 MB of what no compression makes smaller, and its history."""
    contact = workspace.client.post("/v1/contacts", {"email": "jane@example.com"}).json["id"]
    for _ in range(160):
        note = workspace.client.post("/v1/notes", {"contact_id": contact, "body": os.urandom(32_000).hex()})
        assert note.status == 201, note.body
    return daybook


def test_it_is_a_tar_archive_of_plain_files(daybook, workspace, operator_key):
    archive = daybook.client(operator_key).get(PATH)
    files = tarfile.open(fileobj=io.BytesIO(archive.body)).getmembers()
    names = [file.name for file in files]
    assert all(file.isfile() for file in files)
    assert "CURRENT" in names and names[-1] == "SHA256SUMS"
    assert archive.headers["Daybook-State-Version"].isdigit()
    assert uuid.UUID(archive.headers["Daybook-Log"])
    wait_until(lambda: not copies_under_way(daybook), "the copy to be removed")


def test_it_takes_the_operator_key(daybook, workspace):
    refused = workspace.client.get(PATH)
    assert (refused.status, refused.json["code"]) == (403, "forbidden")


def test_one_copy_at_a_time_until_its_client_hangs_up(large_state):
    operator = large_state.client(large_state.operator_key())
    reader = SlowReader(large_state)
    for _ in range(3):
        refused = operator.get(PATH)
        assert (refused.status, refused.json["code"]) == (503, "unavailable")
    reader.hang_up()
    wait_until(lambda: not copies_under_way(large_state), "the copy to be removed")
    assert wait_until(lambda: operator.get(PATH).status == 200, "a copy once more")
    assert operator.get(PATH).status == 200  # as soon as the client has the end of the one before


def test_a_stop_cuts_the_copy_off(large_state):
    reader = SlowReader(large_state)
    large_state.stop()
    reader.hang_up()
    assert "a copy of the read models was cut off" in large_state.child.output()
    assert not copies_under_way(large_state)


def test_a_start_removes_what_a_killed_server_left(large_state):
    reader = SlowReader(large_state)
    large_state.kill()
    assert copies_under_way(large_state)
    large_state.start()
    assert not copies_under_way(large_state)
    reader.hang_up()
