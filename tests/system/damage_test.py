"""Damage of the files under the log: refused at the start, found by `verify`, or without any consequence; never a wrong answer.

DAYBOOK_SEED draws other places.
"""

import collections
import os
import random
import shutil
import signal

import pytest

import offline
from child import Child, wait_until
from daybook_server import LISTENING, DaybookServer, binary, clean_environment
from workspaces import create_workspace

pytestmark = pytest.mark.own_log

SEED = int(os.environ.get("DAYBOOK_SEED", "1"))
FLIPS = 100
READS = ["/v1/contacts?limit=500&include_deleted=true", "/v1/companies?limit=500", "/v1/deals?limit=500", "/v1/tags",
         "/v1/notes", "/v1/members", "/v1/keys", "/v1/audit?limit=500", "/v1/events?limit=500",
         "/v1/pipelines/default/board", "/v1/workspace"]
# Files that a start needs nothing of: whatever stands in them, it must go on without a difference.
UNREAD = ("OPTIONS-", "IDENTITY", "LOCK", "in-use", "warnings.txt", "LOG", "cursor.key")


class Scene:
    """A stopped server's data, of table files and a write-ahead log, and every answer that it gave."""

    def __init__(self, place):
        self.data = place / "data"
        server = DaybookServer(self.data).start()
        self.workspace = create_workspace(server)
        for session in range(4):
            for number in range(50):
                write(server.client(self.workspace.key), session, number)
            server.restart()
        server.stop()
        offline.verify(self.data)  # opens the log once more, so that the next opening is like the last
        server.start()
        self.answers = everything(server, self.workspace.key)
        server.stop()
        self.files = sorted(path.relative_to(self.data) for name in ("log", "keys", "log.high-water")
                            for path in files_of(self.data / name) if path.stat().st_size)


def write(client, session, number):
    made = client.post("/v1/contacts", {"email": f"s{session}n{number}@example.com", "notes": f"Note {number} " * 40,
                                        "company_name": f"Co {number % 7}", "tags": ["vip"]})
    assert made.status == 201, made.body
    deal = client.post("/v1/deals", {"title": f"D{number}", "value": f"{number}.50", "stage": "lead", "contact_id": made.json["id"]})
    assert deal.status == 201, deal.body


def files_of(place):
    return [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else [place]


def everything(server, key):
    client = server.client(key)
    answers = {}
    for path in READS:
        answer = client.get(path)
        answers[path] = (answer.status, {name: value for name, value in (answer.json or {}).items() if name != "next_cursor"})
    return answers


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return Scene(tmp_path_factory.mktemp("damage"))


def outcome(scene, place, harm, keep_read_models=False):
    """What becomes of a copy that `harm` was done to: "refused", "found" or "unharmed". Raises on a wrong answer.

    Without its read models the server has to answer from the log.
    """
    copy = place / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(scene.data, copy)
    harm(copy)
    if not keep_read_models:
        shutil.rmtree(copy / "state")
    server = DaybookServer(copy)
    server.child = start(copy)
    try:
        wait_until(lambda: server.child.first(LISTENING) or not server.is_running(), "start or refusal")
        if not server.child.first(LISTENING):
            assert server.child.end() == 1, server.child.output()
            assert names_the_remedy(server.child.output(), copy), server.child.output()
            return "refused"
        server.url = server.child.first(LISTENING).group(1)
        server.wait_until_ready()
        assert everything(server, scene.workspace.key) == scene.answers, "wrong answers"
    finally:
        server.kill()
    shutil.rmtree(copy)
    shutil.copytree(scene.data, copy)
    harm(copy)
    checked = offline.verify(copy)
    if checked.returncode == 20:
        assert names_the_remedy(checked.stdout, copy), checked.stdout
        return "found"
    assert checked.returncode == 0, f"{checked.returncode}: {checked.stdout}{checked.stderr}"
    return "unharmed"


def start(data):
    return Child([binary(), "serve", "--data", data, "--listen", "127.0.0.1:0"], env=clean_environment())


def refusal(data):
    """What a server says that must not start."""
    child = start(data)
    try:
        assert child.process.wait(30) == 1, child.output()
    finally:
        child.end(signal.SIGKILL)
    return child.output()


def names_the_remedy(text, data):
    remedies = ("put back a backup copy", "put the key back", "put back the keys/master.key", "--high-water")
    return (str(data) in text or "keys/master.key" in text) and any(remedy in text for remedy in remedies)


def flip(path, at, mask):
    content = bytearray(path.read_bytes())
    content[at] ^= mask
    path.write_bytes(content)


def test_each_of_a_hundred_flipped_bytes_is_refused_found_or_without_consequence(scene, tmp_path):
    chance = random.Random(SEED)
    sizes = [(scene.data / name).stat().st_size for name in scene.files]
    came_to = collections.Counter()
    for trial in range(FLIPS):
        # Half are drawn from all bytes, half from all files, so that the small ones get their share.
        name = chance.choices(scene.files, sizes)[0] if trial % 2 else chance.choice(scene.files)
        at, mask = chance.randrange((scene.data / name).stat().st_size), chance.randrange(1, 256)
        try:
            result = outcome(scene, tmp_path, lambda copy: flip(copy / name, at, mask), keep_read_models=trial % 4 < 2)
        except AssertionError as error:
            raise AssertionError(f"DAYBOOK_SEED={SEED}: byte {at} of {name} ^ {mask}: {error}") from error
        if result == "unharmed":
            # The other slot of the mark steps in.
            assert name.name.startswith(UNREAD) or name.name == "log.high-water", f"byte {at} of {name} ^ {mask}"
        came_to[result] += 1
    assert came_to["refused"] > 20 and came_to["found"] > 5, came_to


def test_each_shortened_file_is_refused_found_or_without_consequence(scene, tmp_path):
    chance = random.Random(SEED)
    for name in scene.files:
        size = chance.randrange((scene.data / name).stat().st_size)
        result = outcome(scene, tmp_path, lambda copy: os.truncate(copy / name, size))
        # A manifest may lose an entry behind which nothing new stood.
        assert result != "unharmed" or name.name.startswith((*UNREAD, "MANIFEST-")), f"{name} cut to {size} bytes"


def test_each_missing_file_is_refused_found_or_without_consequence(scene, tmp_path):
    for name in scene.files:
        result = outcome(scene, tmp_path, lambda copy: (copy / name).unlink())
        assert result != "unharmed" or name.name.startswith(UNREAD), f"{name} is missing"


def test_an_older_copy_of_the_log_is_refused(scene, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(scene.data, data)
    server = DaybookServer(data).start()
    write(server.client(scene.workspace.key), 9, 9)
    server.stop()
    shutil.rmtree(data / "log")
    shutil.copytree(scene.data / "log", data / "log")
    text = refusal(data)
    assert "cut or rolled back" in text and "put back a backup copy" in text, text
    assert offline.verify(data).returncode == 20


def test_a_second_process_on_the_directory_is_refused(scene, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(scene.data, data)
    server = DaybookServer(data).start()
    try:
        text = refusal(data)
        assert "already open" in text and str(server.child.process.pid) in text, text
        assert everything(server, scene.workspace.key) == scene.answers
    finally:
        server.kill()


def test_another_master_key_is_refused_although_the_read_models_are_whole(scene, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(scene.data, data)
    flip(data / "keys" / "master.key", 7, 1)
    assert "keys/master.key" in refusal(data)
