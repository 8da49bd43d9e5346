"""A disk that is full, fails or hangs: what was answered is there, what was refused is not, and one key has one outcome."""

import concurrent.futures
import re

import pytest

import many_clients
import offline
from child import Child, wait_until
from contract import CheckedClient
from daybook_server import LISTENING
from injection import write_ahead_logs
from uploads import upload
from volume import Volume

pytestmark = pytest.mark.own_log

MIB = 1 << 20
ROOMY, BELOW_THE_FLOOR, FULL = 1024 * MIB, 100 * MIB, 0
CLIENTS = 64
READS = ("/v1/contacts?limit=500", "/v1/tags", "/v1/events", "/v1/audit", "/v1/pipelines/default/board", "/v1/workspace")


@pytest.fixture
def volume(tmp_path):
    volume = Volume(tmp_path / "volume")
    yield volume
    volume.end()


def create(client, email, key=None):
    return client.post("/v1/contacts", {"email": email}, headers={"Idempotency-Key": key or f"key of {email}"})


def emails_of(client):
    page = client.get("/v1/contacts?limit=500")
    assert (page.status, page.json["next_cursor"]) == (200, None), page.body
    return sorted(contact["email"] for contact in page.json["data"])


def bodies(client):
    """What each of the READS shows, but for cursors, which are never twice the same."""
    answers = [client.get(path) for path in READS]
    assert [answer.status for answer in answers] == [200] * len(READS)
    return [{name: value for name, value in answer.json.items() if name != "next_cursor"} for answer in answers]


def create_until_refused(client, name):
    """E-mails of the contacts that came in before the server looked at the disk again."""
    taken = []

    def is_refused():
        email = f"{name}{len(taken)}@x.test"
        answer = create(client, email)
        if answer.status == 507:
            return True
        assert answer.status == 201, answer.body
        taken.append(email)

    wait_until(is_refused, "507", timeout_s=10)
    return taken


def pending(server):
    """How many commands were decided, and are not yet on stable storage."""
    text = server.client().get("/metrics").body.decode()
    return float(re.search(r"^daybook_writer_pending (\S+)$", text, re.MULTILINE).group(1))


def assert_verifies(server):
    checked = offline.verify(server.data)
    assert checked.returncode == 0 and "read models: equal" in checked.stdout, checked.stdout + checked.stderr


@pytest.mark.parametrize("left", [BELOW_THE_FLOOR, FULL])
def test_a_full_disk_refuses_before_anything_is_lost(contract, volume, start_daybook, new_workspace, left):
    server = start_daybook(data=volume.path / "data")
    workspace = new_workspace(server)
    call = CheckedClient(contract, workspace.client)
    jane = call("POST", "/v1/contacts", {"email": "jane@x.test"}, expect=201).json["id"]

    volume.leave(left)
    made = ["jane@x.test", *create_until_refused(workspace.client, "late")]
    before = bodies(workspace.client)
    operator = CheckedClient(contract, server.client(server.operator_key()))
    for answer in (call("POST", "/v1/contacts", {"email": "jo@x.test"}, headers={"Idempotency-Key": "jo"}, expect=507),
                   call("PATCH", f"/v1/contacts/{jane}", {"city": "Ulm"}, expect=507),
                   call("DELETE", f"/v1/contacts/{jane}", expect=507),
                   upload(call, "/v1/imports?kind=contacts&commit=true", expect=507),
                   operator("POST", "/v1/workspaces", {"name": "B", "owner": {"name": "Bo"}}, expect=507)):
        assert answer.json["code"] == "disk_full"
    assert bodies(workspace.client) == before

    volume.leave(ROOMY)
    accepted = wait_until(lambda: (answer := create(workspace.client, "jo@x.test", "jo")).status == 201 and answer,
                          "a command to be taken again", timeout_s=10)
    assert "Idempotency-Replayed" not in accepted.headers
    assert emails_of(workspace.client) == sorted([*made, "jo@x.test"])
    assert upload(call, "/v1/imports?kind=contacts&commit=true", expect=201).json["created"] == 1

    server.stop()
    assert_verifies(server)
    server.start()
    assert emails_of(workspace.client) == sorted([*made, "jo@x.test", "jane@csv.test"])


def test_a_server_starts_on_a_disk_below_its_floor_and_reads_go_on(volume, start_daybook, new_workspace):
    server = start_daybook(data=volume.path / "data")
    workspace = new_workspace(server)
    assert create(workspace.client, "jane@x.test").status == 201
    server.stop()
    volume.leave(BELOW_THE_FLOOR)
    server.child = Child(server.command(), env=server.env)
    server.url = server.child.wait_for_line(LISTENING).group(1)
    readiness = server.client().get("/readyz")
    assert (readiness.status, readiness.json["checks"]["disk"]) == (503, {"state": "full"})
    assert emails_of(workspace.client) == ["jane@x.test"]
    assert create(workspace.client, "jo@x.test").status == 507
    volume.leave(ROOMY)
    server.wait_until_ready()
    assert create(workspace.client, "jo@x.test").status == 201


def test_a_start_on_a_disk_without_any_room_says_so_and_harms_nothing(volume, start_daybook, new_workspace):
    server = start_daybook(data=volume.path / "data")
    workspace = new_workspace(server)
    assert create(workspace.client, "jane@x.test").status == 201
    server.stop()
    volume.leave(FULL)
    with pytest.raises(AssertionError, match="check the disk, its space and permissions"):
        server.start()
    assert server.child.process.returncode == 1
    volume.leave(ROOMY)
    assert_verifies(server)
    server.start()
    assert emails_of(workspace.client) == ["jane@x.test"]


def test_an_import_that_meets_a_full_disk_has_failed_whole_and_says_so(volume, start_daybook, new_workspace):
    server = start_daybook(data=volume.path / "data")
    workspace = new_workspace(server)
    csv = "email\n" + "".join(f"p{number}@x.test\n" for number in range(50_000))
    started = workspace.client.post("/v1/imports?kind=contacts&commit=true", body=csv.encode(), headers={"Content-Type": "text/csv"})
    there = started.headers["Location"]
    wait_until(lambda: workspace.client.get(there).json["decided"], "the first rows")
    volume.leave(BELOW_THE_FLOOR)
    ended = wait_until(lambda: (now := workspace.client.get(there).json)["state"] != "running" and now, "its end")
    assert (ended["state"], ended["failure"]) == ("failed", "No space is left; nothing was done."), ended
    assert emails_of(workspace.client) == []
    volume.leave(ROOMY)
    server.wait_until_ready()
    assert create(workspace.client, "jo@x.test").status == 201
    server.stop()
    assert_verifies(server)


def test_a_registered_workspace_is_not_said_to_be_nothing_where_the_disk_becomes_full(
        volume, start_daybook, start_injection):
    server = start_daybook(data=volume.path / "data")
    operator = server.client(server.operator_key())
    held = start_injection(server, "fdatasync:delay_enter=600000000")  # a path of another namespace matches no file
    wish = {"name": "Acme", "owner": {"name": "Ann"}}
    with concurrent.futures.ThreadPoolExecutor() as threads:
        asked = threads.submit(operator.post, "/v1/workspaces", wish, headers={"Idempotency-Key": "acme"})
        wait_until(lambda: pending(server), "the registration to be decided")
        volume.leave(BELOW_THE_FLOOR)
        wait_until(lambda: server.client().get("/readyz").json["checks"]["disk"]["state"] == "full", "the server to notice")
        held.end()
        answer = asked.result(60)
    assert (answer.status, answer.json["code"]) == (503, "outcome_unknown")
    volume.leave(ROOMY)
    server.wait_until_ready()
    again = operator.post("/v1/workspaces", wish, headers={"Idempotency-Key": "acme"})
    assert (again.status, again.headers["Idempotency-Replayed"]) == (201, "true")
    server.restart()  # begins what was only registered
    key = operator.post(f"/v1/workspaces/{again.json['id']}/keys", {})
    assert key.status == 201, key.body
    assert create(server.client(key.json["api_key"]), "jane@x.test").status == 201


@pytest.mark.parametrize("what, is_there", [("fdatasync:error=EIO", True), ("write:error=EIO", False)])
def test_what_a_failed_write_came_to_is_told_by_its_key(contract, daybook, workspace, start_injection, what, is_there):
    assert create(workspace.client, "jane@x.test").status == 201
    injection = start_injection(daybook, what, paths=write_ahead_logs(daybook))
    headers = {"Idempotency-Key": "key of jo@x.test"}
    answer = CheckedClient(contract, workspace.client)("POST", "/v1/contacts", {"email": "jo@x.test"}, headers=headers, expect=503)
    assert answer.json["code"] == "outcome_unknown"
    assert daybook.child.process.wait(30) == 1
    injection.end()
    assert re.search(r"the log failed: .*error.*\.log\b.*see the disk", daybook.child.output()), daybook.child.output()

    daybook.start()
    assert emails_of(workspace.client) == sorted(["jane@x.test", *(["jo@x.test"] if is_there else [])])
    again = create(workspace.client, "jo@x.test")
    assert (again.status, again.headers.get("Idempotency-Replayed")) == (201, "true" if is_there else None)
    once_more = create(workspace.client, "jo@x.test")
    assert (once_more.status, once_more.json, once_more.headers["Idempotency-Replayed"]) == (201, again.json, "true")
    assert emails_of(workspace.client) == ["jane@x.test", "jo@x.test"]
    daybook.stop()
    assert_verifies(daybook)


def test_after_a_sync_failed_under_load_each_key_has_one_outcome(daybook, workspace, start_injection):
    def fail_soon():
        start_injection(daybook, "fdatasync:error=EIO:when=20+", paths=write_ahead_logs(daybook))

    refusals = []
    results = many_clients.create_until_gone(daybook.url, workspace.key, CLIENTS, "c{}-{}@x.test", fail_soon, refusals)
    assert daybook.child.process.wait(30) == 1
    unknown = [email for email, body in results.items() if body is None]
    known = {email: body for email, body in results.items() if body is not None}
    assert len(known) >= CLIENTS, "it failed before the load flowed"
    assert len(unknown) >= CLIENTS // 2
    assert {"outcome_unknown"} <= set(refusals) <= {"outcome_unknown", "unavailable"}

    daybook.start()
    again = many_clients.create_again(daybook.url, workspace.key, results)
    assert all(body is not None for body in again.values())
    assert {email: again[email] for email in known} == known
    twice = many_clients.create_again(daybook.url, workspace.key, unknown)
    assert twice == {email: again[email] for email in unknown}
    daybook.stop()
    assert_verifies(daybook)
    assert offline.digest(daybook.data)["contact"][1] == len(results)


def test_who_waited_too_long_for_a_held_sync_learns_the_outcome_by_the_key(contract, daybook, workspace, start_injection):
    assert create(workspace.client, "jane@x.test").status == 201
    held = start_injection(daybook, "fdatasync:delay_enter=600000000", paths=write_ahead_logs(daybook))
    headers = {"Idempotency-Key": "key of jo@x.test"}
    answer = CheckedClient(contract, workspace.client)("POST", "/v1/contacts", {"email": "jo@x.test"}, headers=headers, expect=503)
    assert answer.json["code"] == "outcome_unknown"
    refused = create(workspace.client, "jo@x.test")
    assert (refused.status, refused.json["code"]) == (409, "request_in_progress")
    assert emails_of(workspace.client) == ["jane@x.test"], "what is not on stable storage is seen by nobody"
    assert workspace.client.get("/livez").status == 200

    held.end()
    answer = wait_until(lambda: (answer := create(workspace.client, "jo@x.test")).status == 201 and answer, "the outcome")
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert emails_of(workspace.client) == ["jane@x.test", "jo@x.test"]


def test_a_failure_of_one_request_is_told_and_leaves_nothing_behind(contract, daybook, workspace):
    call = CheckedClient(contract, workspace.client)
    (daybook.data / "blobs").write_text("where the directory of uploaded files should be\n")
    answer = upload(call, "/v1/imports?kind=contacts&commit=true", expect=500)
    assert answer.json["code"] == "internal"
    (daybook.data / "blobs").unlink()
    assert upload(call, "/v1/imports?kind=contacts&commit=true", expect=201).json["created"] == 1
