"""Faults in a random order, on three brokers and two servers under load: nothing answered is lost, nothing is there
twice, every reader sees one order, and commands are accepted again within ten seconds.

    DAYBOOK_SEED=7 DAYBOOK_FAULTS=30 python -m pytest kafka_chaos_test.py -s    the same faults once more
"""

import os
import random
import time

import pytest

import offline
from child import wait_until
from client import Client
from kafka_load import Load
from kafka_pair import Pair
from kafka_server import create, emails_of, prefix, three_brokers  # the nouns are fixtures
from workspaces import create_workspace

pytestmark = pytest.mark.own_log

FAULTS = int(os.environ.get("DAYBOOK_FAULTS", "16"))
ZOMBIES = int(os.environ.get("DAYBOOK_ZOMBIES", "10"))
SEED = int(os.environ.get("DAYBOOK_SEED", "1"))
AGAIN_WITHIN_S = 10
CLIENT_TIMEOUT_S = 3  # a server that is paused is left alone after that
FLOW = 30  # creates after which the load is said to flow
EXPECTED = {(503, "unavailable"), (503, "outcome_unknown"), (409, "request_in_progress")}


class Chaos:
    """Breaks things, each for a random time, and mends them. A method whose name begins with `fault_` is one fault."""

    def __init__(self, brokers, pair, prefix, chance):
        self.brokers, self.pair, self.prefix, self.chance = brokers, pair, prefix, chance

    def _some_broker(self):
        return self.chance.randint(1, 3)

    def _for_a_while(self, most_s):
        time.sleep(self.chance.uniform(0, most_s))

    def fault_a_broker_is_killed(self):
        self.brokers.kill(self._some_broker())
        yield
        self.brokers.start()

    def fault_the_leader_of_the_records_is_killed(self):
        self.brokers.kill(self.brokers.leader(self.prefix + "log"))
        yield
        self.brokers.start()

    def fault_the_leader_of_the_keys_is_killed(self):
        self.brokers.kill(self.brokers.leader(self.prefix + "keys"))
        yield
        self.brokers.start()

    def fault_all_brokers_are_killed(self):
        for number in (1, 2, 3):
            self.brokers.kill(number)
        self._for_a_while(1)
        self.brokers.start()
        yield

    def fault_a_broker_is_paused(self):
        number = self._some_broker()
        self.brokers.pause(number)
        self._for_a_while(4)
        self.brokers.resume(number)
        yield

    def fault_the_server_is_killed(self):
        self.pair.restart_after_kill()
        yield

    def fault_the_server_is_replaced(self):
        self.pair.take_over()
        yield
        self.pair.end_other()

    def fault_the_server_is_paused_and_replaced(self):
        self.pair.pause_active()
        self._for_a_while(0.5)
        self.pair.take_over()
        yield
        self.pair.wake_other()
        self.pair.end_other()


ALL = sorted(name for name in vars(Chaos) if name.startswith("fault_"))


@pytest.fixture
def pair(three_brokers, prefix, tmp_path):
    pair = Pair(tmp_path, three_brokers.args(prefix))
    yield pair
    pair.end()


def clients_of(pair, workspace):
    return lambda: Client(pair.url, workspace.key, CLIENT_TIMEOUT_S)


def wait_for_flow(load, after):
    so_far = len(load.made)
    wait_until(lambda: len(load.made) > so_far + FLOW, f"commands to be accepted again after {after}", AGAIN_WITHIN_S)


def events_of(client):
    """(sequence, event id) of the whole feed, in its order."""
    found, after = [], 0
    while True:
        page = client.get(f"/v1/events?after={after}&limit=500").json["data"]
        if not page:
            return found
        found += [(int(event["sequence"]), event["id"]) for event in page]
        after = found[-1][0]


def assert_one_history(pair, workspace, load):
    """Both servers, and a state made anew, say the same, and it is what the clients were told."""
    assert set(load.refusals) <= EXPECTED, set(load.refusals) - EXPECTED
    client = pair.active.client(workspace.key)
    assert emails_of(client) == sorted(load.made.items())
    events = events_of(client)
    assert [sequence for sequence, _ in events] == list(range(1, len(events) + 1))
    pair.take_over()
    assert events_of(pair.active.client(workspace.key)) == events
    pair.end_other()
    pair.active.stop()
    checked = offline.verify(pair.active.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    dumped = offline.dump(pair.active.data)
    assert offline.dump(pair.other.data) == dumped


def test_faults_in_any_order_lose_and_repeat_nothing(three_brokers, pair, prefix):
    chance = random.Random(SEED)
    workspace = create_workspace(pair.active)
    chaos = Chaos(three_brokers, pair, prefix, chance)
    # Each kind in turn, so that a run has all of them, in an order of its own each time round.
    order = [name for _ in range(FAULTS) for name in chance.sample(ALL, len(ALL))][:FAULTS]
    load = Load(clients_of(pair, workspace))
    try:
        for number, name in enumerate(order):
            print(f"seed {SEED}, fault {number + 1} of {FAULTS}: {name}, after {len(load.made)} creates", flush=True)
            fault = getattr(chaos, name)()
            next(fault)
            wait_for_flow(load, name)
            list(fault)
            wait_for_flow(load, f"the mending of {name}")
    finally:
        load.end()
    assert_one_history(pair, workspace, load)


def test_a_server_that_wakes_up_after_it_was_replaced_changes_nothing(pair):
    """Stopped in the middle of a stream, replaced, woken up: its late records count for nobody."""
    chance = random.Random(SEED)
    workspace = create_workspace(pair.active)
    load = Load(clients_of(pair, workspace))
    try:
        for number in range(ZOMBIES):
            wait_for_flow(load, "the round before")
            time.sleep(chance.uniform(0, 0.05))  # so that the stop meets a record at any stage
            pair.pause_active()
            pair.take_over()
            wait_for_flow(load, f"round {number + 1}")
            pair.wake_other()
            late = create(pair.other.client(workspace.key), f"late{number}@example.com")
            assert (late.status, late.json["code"]) == (503, "unavailable"), late.body
            pair.end_other()
    finally:
        load.end()
    assert_one_history(pair, workspace, load)
