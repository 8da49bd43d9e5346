"""What an operator sees of a running server: figures, readiness, and an import as it goes on."""

import json
import re
import socket
import threading

import pytest
import requests

from child import Child, wait_until
from contract import CheckedClient

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)')


def figures(server):
    """name and labels → value, of every line of /metrics; a line that is neither sample nor comment fails."""
    answer = server.client().get("/metrics")
    assert (answer.status, answer.headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    samples, described = {}, set()
    for line in answer.body.decode().splitlines():
        if line.startswith("# "):
            described.add(line.split()[2])
            continue
        name, labels, value = SAMPLE.fullmatch(line).groups()
        assert re.sub("_(bucket|sum|count)$", "", name) in described or name in described, name
        key = (name, labels or "")
        assert key not in samples, f"{key} stands twice"
        samples[key] = float(value)
    return samples


def test_the_figures_are_of_what_was_done(daybook, workspace):
    client = workspace.client
    before = figures(daybook)
    for number in range(3):
        assert client.post("/v1/tags", {"name": f"t{number}"}).status == 201
    assert client.post("/v1/tags", {"name": "T1"}).status == 409
    assert client.post("/v1/tags?dry_run=true", {"name": "dry"}).status == 200
    assert client.get("/v1/nowhere").status == 404
    after = figures(daybook)

    def grown(name, labels):
        return after.get((name, labels), 0) - before.get((name, labels), 0)

    route = 'method="POST",route="/v1/tags"'
    assert grown("daybook_http_requests_total", route + ',status="2xx"') == 4
    assert grown("daybook_http_requests_total", route + ',status="4xx"') == 1
    assert grown("daybook_http_requests_total", 'method="any",route="none",status="4xx"') == 1
    assert grown("daybook_http_request_seconds_count", route) == 5
    assert grown("daybook_http_request_seconds_bucket", route + ',le="+Inf"') == 5
    assert [grown("daybook_commands_total", f'outcome="{kind}"') for kind in ("committed", "rejected", "dry_run")] == [3, 1, 1]
    assert grown("daybook_append_to_apply_seconds_count", "") == 3
    assert grown("daybook_log_end_offset", "") == grown("daybook_applied_offset", "") == 3
    assert after["daybook_applied_batch_records_sum", ""] >= 3
    assert after["daybook_connections", ""] >= 1
    assert after["daybook_state_memtable_bytes", ""] > 0
    assert (after["daybook_writer_queue", ""], after["daybook_writer_pending", ""]) == (0, 0)
    assert (after["daybook_log_healthy", ""], after["daybook_damaged_workspaces", ""]) == (1, 0)


def test_no_figure_names_a_workspace_or_a_person(daybook, new_workspace):
    workspace = new_workspace(daybook, "Quetzalcoatl")
    contact = workspace.client.post("/v1/contacts", {"email": "quetzalcoatl@x.test", "tags": ["quetzalcoatl"]}).json["id"]
    workspace.client.get(f"/v1/contacts/{contact}?fields=email")
    workspace.client.get("/v1/contacts/by-email/quetzalcoatl%40x.test")
    workspace.client.get("/v1/quetzalcoatl?q=quetzalcoatl")
    text = daybook.client().get("/metrics").body.decode().lower()
    assert "quetzalcoatl" not in text
    assert contact not in text and workspace.id not in text


def test_readiness_says_how_each_part_is(daybook, workspace):
    assert workspace.client.post("/v1/tags", {"name": "a"}).status == 201
    ready = daybook.client().get("/readyz").json
    assert ready["status"] == "ok"
    end = ready["checks"]["log"]["end_offset"]
    assert end > 0
    assert ready["checks"] == {
        "log": {"state": "ok", "end_offset": end}, "read_models": {"state": "ok", "applied_offset": end},
        "lag": {"state": "ok", "records": 0}, "disk": {"state": "ok"}, "workspaces": {"state": "ok", "damaged": 0}}


# The server's main thread asks whether to stop by this call: while it is held, a failed server stays as it is.
HELD_UP = "rt_sigtimedwait:delay_enter=600000000"


@pytest.mark.own_log
def test_a_failed_log_is_not_ready_and_refuses_while_reads_go_on(contract, daybook, workspace, start_injection):
    assert workspace.client.post("/v1/tags", {"name": "a"}).status == 201
    injection = start_injection(daybook, "fdatasync:error=EIO", HELD_UP)
    assert workspace.client.post("/v1/tags", {"name": "b"}).json["code"] == "outcome_unknown"
    readiness = CheckedClient(contract, daybook.client())("GET", "/readyz", expect=503).json
    assert readiness["checks"]["log"]["state"] == "failed"
    refused = workspace.client.post("/v1/tags", {"name": "c"})
    assert (refused.status, refused.json["code"]) == (503, "unavailable")
    assert [tag["name"] for tag in workspace.client.get("/v1/tags").json["data"]] == ["a"]
    assert workspace.client.get("/livez").status == 200
    injection.end()
    assert daybook.child.process.wait(30) == 1


def first_readiness(server):
    """Starts it on a port that is known before it listens; the first answer of /readyz, and how often nobody answered."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server.child = Child([*server.command(), "--listen", f"127.0.0.1:{port}"], env=server.env)
    server.url = f"http://127.0.0.1:{port}"
    unanswered = 0
    while True:
        assert server.child.process.poll() is None, server.child.output()
        try:
            return server.client().get("/readyz"), unanswered
        except requests.ConnectionError:
            unanswered += 1


def test_nobody_answers_before_what_is_on_the_log_is_applied(start_daybook, new_workspace):
    server = start_daybook(env={"DAYBOOK_CRASH_AT": "slice:1"})
    workspace = new_workspace(server)
    rows = 20_000
    body = "email\n" + "".join(f"p{number}@x.test\n" for number in range(rows))
    workspace.client.post("/v1/imports?kind=contacts&commit=true", body=body.encode(), headers={"Content-Type": "text/csv"})
    server.child.process.wait(60)  # the import is on the log, and a part of it was applied

    del server.env["DAYBOOK_CRASH_AT"]
    readiness, unanswered = first_readiness(server)
    assert unanswered > 0
    assert (readiness.status, readiness.json["status"]) == (200, "ok")
    assert readiness.json["checks"]["lag"] == {"state": "ok", "records": 0}
    assert workspace.client.get("/v1/contacts?limit=1&total=true").json["total"] == rows


def test_a_running_import_says_how_far_it_is(daybook, workspace):
    rows = 20_000
    body = "first_name,last_name,email\n" + "".join(f"A,B,p{number}@x.test\n" for number in range(rows))
    started = workspace.client.post("/v1/imports?kind=contacts&commit=true", body=body.encode(), headers={"Content-Type": "text/csv"})
    assert (started.status, started.json["state"]) == (202, "running")
    there = started.headers["Location"]
    events = []

    def follow():
        headers = {"Authorization": f"Bearer {workspace.key}", "Accept": "text/event-stream"}
        with requests.get(daybook.url + there + "/progress", headers=headers, stream=True, timeout=120) as stream:
            events.extend(json.loads(line[6:]) for line in stream.iter_lines(decode_unicode=True) if line.startswith("data: "))

    follower = threading.Thread(target=follow)
    follower.start()
    wait_until(lambda: 0 < workspace.client.get(there).json["decided"], "the first rows")
    follower.join(120)
    assert [event["decided"] for event in events] == sorted(event["decided"] for event in events)
    assert {event["state"] for event in events[:-1]} == {"running"}
    assert any(0 < event["decided"] < rows for event in events), "nothing was seen on the way"
    assert (events[-1]["state"], events[-1]["decided"], events[-1]["created"]) == ("committed", rows, rows)
    assert workspace.client.get(there).json == events[-1]
