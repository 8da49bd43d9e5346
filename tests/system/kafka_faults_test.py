"""Brokers that die, pause and change their leader under load: nothing answered is lost, nothing is there twice."""

import re

import pytest

import offline
from child import Child, wait_until
from client import Client
from daybook_server import LISTENING, DaybookServer, binary, free_port
from kafka_load import Load
from kafka_server import broker, create, emails_of, log_state, prefix, server, three_brokers  # the nouns are fixtures

pytestmark = pytest.mark.own_log

READY_AGAIN_S = 10
UNCONFIRMED = re.compile("Kafka did not confirm what was written")
DECIDED = re.compile("what was pending is decided")


def test_a_kill_of_the_broker_under_load_loses_and_repeats_nothing(server, broker, new_workspace):
    workspace = new_workspace(server)
    load = Load(lambda: server.client(workspace.key))
    wait_until(lambda: len(load.made) > 100, "the load to flow")
    broker.kill()
    wait_until(lambda: log_state(server) == "unreachable", "the server to notice")
    refused = create(server.client(workspace.key), "late@example.com")
    assert (refused.status, refused.json["code"]) == (503, "unavailable"), refused.body
    assert server.client(workspace.key).get("/v1/contacts").status == 200  # reads go on
    broker.start()
    so_far = len(load.made)
    wait_until(lambda: len(load.made) > so_far + 100, "commands to be accepted again", READY_AGAIN_S)
    load.end()
    assert set(load.refusals) <= {(503, "unavailable"), (503, "outcome_unknown"), (409, "request_in_progress")}
    wait_until(server.is_ready, "/readyz")
    assert emails_of(workspace.client) == sorted(load.made.items())

    server.kill()
    server.start()
    assert emails_of(workspace.client) == sorted(load.made.items())
    server.stop()
    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_what_a_paused_broker_left_unknown_is_decided_for_good(server, broker, new_workspace):
    workspace = new_workspace(server)
    load = Load(lambda: server.client(workspace.key))
    wait_until(lambda: len(load.made) > 100, "the load to flow")
    broker.pause()
    try:
        # Only after a minute without an acknowledgement is the outcome said to be unknown.
        server.child.wait_for_line(UNCONFIRMED, 120)
    finally:
        broker.resume()  # what waited in its connections lands now
    server.child.wait_for_line(DECIDED)
    so_far = len(load.made)
    wait_until(lambda: len(load.made) > so_far + 100, "commands to be accepted again", READY_AGAIN_S)
    load.end()
    assert {(503, "unavailable"), (503, "outcome_unknown")} <= set(load.refusals)
    assert emails_of(workspace.client) == sorted(load.made.items())
    server.stop()
    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("topic", ["log", "keys"])
def test_the_leader_of_three_brokers_may_die(start_daybook, three_brokers, new_workspace, prefix, topic):
    server = start_daybook(*three_brokers.args(prefix))
    workspace = new_workspace(server)
    leader = three_brokers.leader(prefix + topic)
    load = Load(lambda: server.client(workspace.key))
    wait_until(lambda: len(load.made) > 100, "the load to flow")
    three_brokers.kill(leader)
    so_far = len(load.made)
    wait_until(lambda: len(load.made) > so_far + 100, "commands to be accepted again", READY_AGAIN_S)
    load.end()
    assert emails_of(workspace.client) == sorted(load.made.items())
    server.stop()
    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def upload(client, key):
    return client.post("/v1/imports?kind=contacts", body=b"email\njane@example.com\n",
                       headers={"Content-Type": "text/csv", "Idempotency-Key": key})


def test_an_upload_whose_outcome_was_unknown_has_its_file(server, broker, new_workspace):
    workspace = new_workspace(server)
    client = Client(lambda: server.url, workspace.key, timeout_s=60)
    broker.pause()
    try:
        unknown = upload(client, "the file")
    finally:
        broker.resume()
    assert (unknown.status, unknown.json["code"]) == (503, "outcome_unknown"), unknown.body
    wait_until(server.is_ready, "/readyz")
    again = wait_until(lambda: (answer := upload(client, "the file")).status == 201 and answer, "the repeat to be answered")
    assert again.headers["Idempotency-Replayed"] == "true"
    done = client.post(f"/v1/imports/{again.json['id']}/commit", headers={"Prefer": "wait=20"})
    assert (done.status, done.json["state"], done.json["created"]) == (200, "committed", 1), done.body


def test_an_import_that_nobody_could_begin_is_over_soon(server, broker, new_workspace):
    """Its start is written after the client was told that the outcome is unknown."""
    workspace = new_workspace(server)
    client = Client(lambda: server.url, workspace.key, timeout_s=60)
    uploaded = upload(client, "the file").json["id"]
    broker.pause()
    try:
        unknown = client.post(f"/v1/imports/{uploaded}/commit", headers={"Prefer": "wait=0"})
    finally:
        broker.resume()
    assert (unknown.status, unknown.json["code"]) == (503, "outcome_unknown"), unknown.body

    def state():
        return client.get(f"/v1/imports/{uploaded}").json["state"]

    wait_until(lambda: state() == "running", "the start to be written")
    wait_until(lambda: state() == "failed", "its end", 120)
    other = upload(client, "another file").json["id"]
    assert client.post(f"/v1/imports/{other}/commit", headers={"Prefer": "wait=20"}).json["state"] == "committed"


def waits_for(addresses):
    return re.compile(f"waiting for Kafka at {re.escape(addresses)}, which does not answer, for 30 s at most")


def test_a_start_says_for_whom_it_waits_and_goes_on_when_they_answer(broker, prefix, tmp_path):
    server = DaybookServer(tmp_path / "data", broker.args(prefix))
    broker.pause()
    try:
        server.child = Child(server.command(), env=server.env)
        server.child.wait_for_line(waits_for(broker.addresses()), 20)
    finally:
        broker.resume()
    server.child.wait_for_line(LISTENING)
    server.stop()


def test_a_copy_says_for_whom_it_waits(start_daybook, tmp_path):
    server = start_daybook()
    server.stop()
    nobody = f"127.0.0.1:{free_port()}"
    copy = Child([binary(), "log", "copy", "--data", server.data, "--to", tmp_path / "there", "--brokers", nobody])
    copy.wait_for_line(waits_for(nobody), 20)
    assert copy.process.wait(60) == 69
    assert not (tmp_path / "there").exists()
