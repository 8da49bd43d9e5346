"""An import is there whole or not at all, for every reader and wherever the process dies; others go on meanwhile."""

import threading
import time

import pytest
import requests

import offline
from child import wait_until
from client import Client

ROWS = 20_000
LONGEST_WAIT_S = 5  # of another workspace's command while an import runs, on a busy machine


def csv_of_contacts():
    lines = ["first_name,last_name,email,phone,company,tags"]
    lines += [f"Ada{n},Byron{n % 97},ada{n}@example.test,+44 20 7946 {n:05},Engines {n % 50},{'vip' if n % 3 else ''}"
              for n in range(ROWS)]
    return "\n".join(lines) + "\n"


def import_contacts(client, **headers):
    return client.post("/v1/imports", params={"kind": "contacts", "commit": "true"}, body=csv_of_contacts(),
                       headers={"Content-Type": "text/csv", **headers})


def read(client, path, **params):
    answer = client.get(path, params=params)
    assert answer.status == 200, answer.body
    return answer


def counted(client):
    """How many contacts there are, and at which position."""
    answer = read(client, "/v1/contacts", limit=1, total="true")
    return answer.json["total"], int(answer.headers["Daybook-Position"])


class Looper(threading.Thread):
    """Does something again and again until it is ended, or the server is."""

    def __init__(self, server, workspace):
        super().__init__(daemon=True)
        self.client = Client(lambda: server.url, workspace.key, timeout_s=60)
        self.failure = None
        self._ended = threading.Event()

    def run(self):
        try:
            while not self._ended.is_set():
                self.once()
        except requests.RequestException:
            pass  # the server died, as it was asked to
        except Exception as failure:
            self.failure = failure

    def end(self):
        self._ended.set()
        self.join(60)
        if self.failure:
            raise self.failure


class Reader(Looper):
    """Looks at the workspace of an import: its contacts and its feed are those from before, or those from after."""

    def __init__(self, server, workspace, position):
        super().__init__(server, workspace)
        self.position = position  # before the import was heard of
        self.seen = []

    def once(self):
        count_before, position = counted(self.client)
        feed = read(self.client, "/v1/events", after=self.position, limit=500).json
        count_after, _ = counted(self.client)
        self.seen.append((time.monotonic(), count_before))
        assert {count_before, count_after} <= {0, ROWS}, (count_before, count_after)
        is_there = position >= self.position + ROWS
        assert is_there == (count_before == ROWS), (count_before, position)
        assert is_there or position <= self.position + 3, position  # uploaded, started, failed
        in_feed = any(event["type"].startswith("daybook.contact.") for event in feed["data"])
        assert in_feed or count_before == 0, "contacts that the feed lacks"
        assert not in_feed or count_after == ROWS, "events whose contacts are not there"

    def first_time_all(self):
        return next((at for at, count in self.seen if count == ROWS), None)


class Neighbour(Looper):
    """Creates contacts in another workspace; keeps when each answer came and how long it took."""

    def __init__(self, server, workspace):
        super().__init__(server, workspace)
        self.answers = []

    def once(self):
        began = time.monotonic()
        answer = self.client.post("/v1/contacts", {"last_name": "Neighbour", "first_name": "Bo"})
        assert answer.status == 201, answer.body
        self.answers.append((time.monotonic(), time.monotonic() - began))

    def between(self, begin, end):
        return [took for at, took in self.answers if begin <= at <= end]


@pytest.fixture
def scene(start_daybook, new_workspace):
    """scene(crash_at): a server that dies there, two workspaces, and who looks on while an import runs in the first."""

    def make(crash_at=None):
        server = start_daybook(env={"DAYBOOK_CRASH_AT": crash_at} if crash_at else {})
        acme, globex = new_workspace(server), new_workspace(server, name="Globex")
        reader = Reader(server, acme, counted(acme.client)[1])
        neighbour = Neighbour(server, globex)
        reader.start()
        neighbour.start()
        wait_until(lambda: reader.seen or reader.failure, "the reader's first look")  # an upload dies within milliseconds
        return server, acme, reader, neighbour

    return make


def test_a_running_import_is_seen_by_nobody_and_stops_nobody_else(scene):
    server, acme, reader, neighbour = scene()
    answer = import_contacts(acme.client)
    began = time.monotonic()
    assert answer.status == 202, answer.body
    wait_until(reader.first_time_all, "the import", timeout_s=120)
    reader.end()
    neighbour.end()
    meanwhile = neighbour.between(began, reader.first_time_all())
    assert len(meanwhile) >= 10, f"{len(meanwhile)} commands of another workspace while an import of {ROWS} rows ran"
    assert max(meanwhile) < LONGEST_WAIT_S, f"one of them took {max(meanwhile):.1f} s"
    assert sum(count == 0 for at, count in reader.seen if at > began) >= 3, "nobody looked while it ran"

    server.stop()
    verified = offline.verify(server.data)
    assert verified.returncode == 0 and "read models: equal" in verified.stdout, verified.stdout + verified.stderr
    digests = offline.digest(server.data)
    rebuilt = offline.run("projections", "rebuild", "--data", server.data)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert offline.digest(server.data) == digests
    sizes = [len(commit["events"]) for commit in offline.dump(server.data)]
    assert max(sizes) > ROWS
    server.start()
    assert counted(acme.client)[0] == ROWS


@pytest.mark.parametrize("crash_at, is_there", [
    ("upload:2", False), ("part:1", False), ("part:12", False), ("commit:1", True), ("slice:1", True), ("slice:12", True)])
def test_an_import_is_whole_or_nothing_wherever_the_process_dies(scene, crash_at, is_there):
    server, acme, reader, neighbour = scene(crash_at)
    try:
        assert import_contacts(acme.client).status == 202
    except requests.RequestException:
        pass  # it died before it could answer
    server.child.process.wait(120)
    reader.end()
    neighbour.end()
    assert {count for _, count in reader.seen} == {0}, "rows of an import that was not finished"
    verified = offline.verify(server.data)
    assert verified.returncode == 0 and "read models: equal" in verified.stdout, verified.stdout + verified.stderr

    del server.env["DAYBOOK_CRASH_AT"]
    server.start()
    assert counted(acme.client)[0] == (ROWS if is_there else 0)
    assert_told_truthfully(acme.client, crash_at, is_there)
    again = import_contacts(acme.client, Prefer="wait=60")
    assert (again.status, again.json["state"]) == (201, "committed"), again.body
    assert again.json["rows"] == ROWS
    assert again.json["unchanged" if is_there else "created"] == ROWS, again.body
    assert counted(acme.client)[0] == ROWS


def assert_told_truthfully(client, crash_at, is_there):
    """What the import's record says of it."""
    if crash_at.startswith("upload"):
        assert read(client, "/v1/imports").json["data"] == []
        return

    def ended():
        (record,) = read(client, "/v1/imports").json["data"]
        return record if record["state"] != "running" else None

    record = wait_until(ended, "the end of the import")
    if is_there:
        assert (record["state"], record["created"]) == ("committed", ROWS)
    else:
        assert record["state"] == "failed" and "nothing of it was kept" in record["failure"], record
