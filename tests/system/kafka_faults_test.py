"""Brokers that die, pause and change their leader under load: nothing answered is lost, nothing is there twice."""

import re
import threading

import pytest

import offline
from child import wait_until
from kafka_broker import KafkaBroker
from kafka_server import broker, create, emails_of, log_state, prefix, server  # the nouns are fixtures

WRITERS = 8
READY_AGAIN_S = 10
UNCONFIRMED = re.compile("Kafka did not confirm what was written")
DECIDED = re.compile("what was pending is decided")


class Load:
    """Threads that create contacts, each repeating one with its key until it is answered for good."""

    def __init__(self, server, key):
        self.made = {}
        self.refusals = []
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(server.client(key), number)) for number in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def _run(self, client, number):
        step = 0
        while not self._ending.is_set():
            email = f"w{number}-{step}@example.com"
            while not self._create(client, email):
                self._ending.wait(0.05)
            step += 1

    def _create(self, client, email):
        answer = create(client, email)
        if answer.status == 201:
            self.made[email] = answer.json["id"]
            return True
        self.refusals.append((answer.status, answer.json["code"]))
        return False

    def end(self):
        self._ending.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive()


def test_a_kill_of_the_broker_under_load_loses_and_repeats_nothing(server, broker, new_workspace):
    workspace = new_workspace(server)
    load = Load(server, workspace.key)
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
    load = Load(server, workspace.key)
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


@pytest.fixture
def three_brokers(tmp_path):
    brokers = KafkaBroker(tmp_path / "three", 3)
    brokers.start()
    yield brokers
    brokers.stop()


@pytest.mark.parametrize("topic", ["log", "keys"])
def test_the_leader_of_three_brokers_may_die(start_daybook, three_brokers, new_workspace, prefix, topic):
    server = start_daybook(*three_brokers.args(prefix))
    workspace = new_workspace(server)
    leader = three_brokers.leader(prefix + topic)
    load = Load(server, workspace.key)
    wait_until(lambda: len(load.made) > 100, "the load to flow")
    three_brokers.kill(leader)
    so_far = len(load.made)
    wait_until(lambda: len(load.made) > so_far + 100, "commands to be accepted again", READY_AGAIN_S)
    load.end()
    assert emails_of(workspace.client) == sorted(load.made.items())
    server.stop()
    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
