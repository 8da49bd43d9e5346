"""The public topic: every event is on it, in order, through kills of either side and the loss of the state."""

import re
import shutil
import threading

import pytest

import offline
from child import wait_until
from kafka_broker import KafkaBroker
from kafka_server import broker, create, log_state, make, prefix, refused_start  # the nouns are fixtures
from public_topic import feed, messages, wait_for_all, without_repeats

pytestmark = pytest.mark.own_log


@pytest.fixture
def topic(prefix):
    return prefix + "events"


@pytest.fixture(params=["embedded", "kafka"])
def server(request, start_daybook, broker, prefix, topic):
    """A server that publishes, on either log."""
    where = broker.args(prefix) if request.param == "kafka" else ["--brokers", broker.addresses(), "--create-topics"]
    return start_daybook(*where, "--events-topic", topic)


class Stream:
    """Contacts that are created one after the other until `end`; a command that failed is repeated with its key."""

    def __init__(self, server, key):
        self.count = 0
        self._client = server.client(key)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._ending.is_set():
            try:
                answer = create(self._client, f"s{self.count}@example.com")
            except OSError:  # the server is being killed
                self._ending.wait(0.05)
                continue
            if answer.status == 201:
                self.count += 1
            else:
                self._ending.wait(0.05)

    def wait_for(self, more):
        wanted = self.count + more
        wait_until(lambda: self.count >= wanted, "the stream to flow", 30)

    def end(self):
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive()


def metric(server, name):
    text = server.client(server.operator_key()).get("/metrics").body.decode()
    return int(re.search(rf"^{name}(?:\{{.*\}})? (\d+)$", text, re.M).group(1))


def lag(server):
    return metric(server, "daybook_publisher_lag_events")


def test_every_event_is_published_once_and_as_the_feed_has_it(server, broker, topic, new_workspace):
    first, second = new_workspace(server), new_workspace(server, name="Other")
    made = make(first.client, 20, "a")
    make(second.client, 10, "b")
    contact = next(iter(made.values()))
    first.client.patch(f"/v1/contacts/{contact}", {"phone": "+49 30 1"})
    first.client.delete(f"/v1/contacts/{contact}")
    found = wait_for_all(broker.addresses(), topic, first.client, second.client)
    assert len(found) == len(feed(first.client)) + len(feed(second.client))
    assert {message.key for message in found} == {first.id, second.id}  # and nothing of the system's own workspace
    wait_until(lambda: lag(server) == 0, "the lag to be shown as none")


def test_a_kill_in_the_middle_of_a_stream_leaves_no_hole(server, broker, topic, new_workspace):
    workspace = new_workspace(server)
    stream = Stream(server, workspace.key)
    for _ in range(3):
        stream.wait_for(50)
        server.kill()
        server.start()
    stream.wait_for(50)
    stream.end()
    wait_for_all(broker.addresses(), topic, workspace.client)


def test_a_lost_state_leaves_no_hole_and_publishes_little_again(server, broker, topic, new_workspace):
    workspace = new_workspace(server)
    make(workspace.client, 100, "a")
    wait_until(lambda: metric(server, "daybook_publisher_log_offset") > 0, "the publisher's report", 30)
    make(workspace.client, 50, "b")
    before = len(wait_for_all(broker.addresses(), topic, workspace.client))
    server.kill()
    shutil.rmtree(server.data / "state")
    server.start()
    make(workspace.client, 10, "c")
    after = wait_for_all(broker.addresses(), topic, workspace.client)
    assert len(after) == before + 10  # everything from before was found on the topic


def test_what_was_decided_before_the_topic_was_named_is_published_too(start_daybook, broker, topic, new_workspace):
    server = start_daybook()
    workspace = new_workspace(server)
    make(workspace.client, 20, "a")
    server.stop()
    server.args += ["--brokers", broker.addresses(), "--create-topics", "--events-topic", topic]
    server.start()
    wait_for_all(broker.addresses(), topic, workspace.client)


def test_a_broker_that_dies_and_comes_back_gets_the_rest_without_a_hole(start_daybook, tmp_path, topic, new_workspace):
    broker = KafkaBroker(tmp_path / "kafka").start()
    try:
        server = start_daybook("--brokers", broker.addresses(), "--create-topics", "--events-topic", topic)
        workspace = new_workspace(server)
        stream = Stream(server, workspace.key)
        stream.wait_for(50)
        broker.kill()
        stream.wait_for(50)  # commands go on
        wait_until(lambda: lag(server) >= 50, "the lag to be shown")
        broker.start()
        stream.wait_for(50)
        stream.end()
        wait_for_all(broker.addresses(), topic, workspace.client)
    finally:
        broker.stop()


def test_brokers_that_are_away_at_the_start_hold_up_nothing(start_daybook, tmp_path, topic, new_workspace):
    broker = KafkaBroker(tmp_path / "kafka").start()
    addresses = broker.addresses()
    broker.stop()
    try:
        server = start_daybook("--brokers", addresses, "--create-topics", "--events-topic", topic)
        workspace = new_workspace(server)
        make(workspace.client, 5, "a")
        broker.start()
        wait_until(lambda: metric(server, "daybook_published_events_total") > 0, "the first message", 60)
        wait_for_all(addresses, topic, workspace.client)
    finally:
        broker.stop()


def test_a_topic_that_keeps_events_for_too_long_is_refused_with_the_command(start_daybook, broker, topic, tmp_path):
    args = ["--brokers", broker.addresses(), "--events-topic", topic]
    missing = refused_start(tmp_path / "data", *args)
    assert f"--create --topic {topic} --partitions 6" in missing and "retention.ms=604800000" in missing
    start_daybook(*args, "--create-topics").stop()
    output = refused_start(tmp_path / "data", *args, "--events-retention", "3")
    assert f"--entity-name {topic} --add-config retention.ms=259200000" in output


def test_a_server_that_is_replaced_leaves_publishing_to_the_other(start_daybook, broker, prefix, topic, tmp_path,
                                                                  new_workspace):
    args = [*broker.args(prefix), "--events-topic", topic]
    first = start_daybook(*args)
    workspace = new_workspace(first)
    stream = Stream(first, workspace.key)
    stream.wait_for(30)
    data = tmp_path / "second"
    data.mkdir()
    shutil.copytree(first.data / "keys", data / "keys")
    shutil.copy(first.data / "operator.key", data / "operator.key")
    second = start_daybook(*args, data=data)
    wait_until(lambda: log_state(first) == "replaced", "the first server to notice")
    stream.end()
    make(second.client(workspace.key), 10, "c")
    found = wait_for_all(broker.addresses(), topic, second.client(workspace.key))
    first.stop()
    assert len(without_repeats(messages(broker.addresses(), topic))) == 1
    assert len(messages(broker.addresses(), topic)) == len(found)  # the first one adds nothing more


def test_a_move_of_the_log_leaves_no_hole(start_daybook, broker, topic, new_workspace, tmp_path):
    """Offsets are lower in the copy, so that a mark of the log before it would lie behind events that nobody published."""
    publishing = ["--brokers", broker.addresses(), "--create-topics", "--events-topic", topic]
    server = start_daybook(*publishing)
    workspace = new_workspace(server)
    for _ in range(8):
        server.restart()  # claims, which do not move
    make(workspace.client, 10, "a")
    wait_until(lambda: metric(server, "daybook_publisher_log_offset") > 0, "the first mark")
    server.stop()
    silent = start_daybook(data=server.data)
    make(silent.client(workspace.key), 5, "b")
    silent.stop()
    done = offline.run("log", "copy", "--data", server.data, "--to", tmp_path / "there")
    assert done.returncode == 0, done.stderr
    there = start_daybook(*publishing, data=tmp_path / "there")
    client = there.client(workspace.key)
    wait_for_all(broker.addresses(), topic, client)
    make(client, 5, "c")
    wait_for_all(broker.addresses(), topic, client)
    there.kill()
    there.start()
    make(client, 5, "d")
    wait_for_all(broker.addresses(), topic, client)
