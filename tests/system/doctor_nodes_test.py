"""daybook doctor and the nodes that share a log on Kafka."""

import os

import confluent_kafka
import pytest

from child import Child, wait_until
from daybook_server import LISTENING, copy_keys
from doctor import FAILURE, OK, WARNING, look_at
from kafka_server import broker, prefix  # the nouns are fixtures
from nodes import Node, Nodes
from workspaces import create_workspace

pytestmark = pytest.mark.own_log


@pytest.fixture
def nodes(tmp_path, broker, prefix):
    nodes = Nodes(tmp_path, [*broker.args(prefix), "--partitions", "2"], 2)
    yield nodes.wait_until_settled()
    nodes.end()


def args_of(node):
    return [*node.args, "--node-url", node.url, "--listen", node.url.removeprefix("http://")]


def look_from(node):
    return look_at(node.data, args_of(node))


def test_nodes_show_who_has_what_and_how_far_they_are(nodes):
    a, b = nodes
    wait_until(lambda: all(part["applied_offset"] == part["end_offset"] for node in nodes for part in node.partitions()),
               "the nodes to catch up")
    report = look_from(a)
    assert report.bad()[0] == [], report.checks
    for partition in (0, 1):
        assert report.of(f"partition {partition}")["found"] == f"{a.owner_of(partition)} has it"
    for node in nodes:
        roles = ["owner" if partition in node.owned() else "standing by" for partition in (0, 1)]
        assert report.of(f"node {node.url}")["found"] == \
            f"ready, 0 records behind; partition 0 {roles[0]}, 1 {roles[1]}"
    assert report.of("server")["found"] == f"{a.url} is ready, 0 records behind"


def test_a_node_that_does_not_answer_is_named_and_later_its_partition_is_elsewhere(nodes):
    a, b = nodes
    (of_b,) = b.owned()
    b.pause()
    report = look_from(a)
    assert report.of(f"node {b.url}")["found"] == "it does not answer"
    assert report.of(f"partition {of_b}")["found"] in (
        f"its owner {b.url} does not answer",
        f"owned last by {b.url}, which is not in the group: it ended, or lost its brokers")
    wait_until(lambda: a.owned() == {0, 1}, "the other one to take it")
    report = look_from(a)
    assert report.of(f"partition {of_b}") == {"name": f"partition {of_b}", "status": OK, "found": f"{a.url} has it",
                                              "remedy": None}


def test_from_a_stopped_node_the_others_are_seen(nodes):
    a, b = nodes
    a.stop()
    wait_until(lambda: b.owned() == {0, 1}, "the other one to take it")
    report = look_from(a)
    assert report.bad()[0] == [], report.checks
    assert report.of("server")["found"] == "it is not running"
    assert [check["name"] for check in report.checks if check["name"].startswith("node ")] == [f"node {b.url}"]


@pytest.fixture
def stranger(broker, prefix):
    """A member of the group of nodes that calls itself http://127.0.0.1:1, under a key of its own."""
    member = confluent_kafka.Consumer({"bootstrap.servers": broker.addresses(), "group.id": prefix + "nodes",
                                       "client.id": "http://127.0.0.1:1#" + "0" * 64,
                                       "partition.assignment.strategy": "range"})
    yield member
    member.close()


def join(member, prefix):
    member.subscribe([prefix + "log"])
    wait_until(lambda: member.poll(0.1) or member.assignment(), "the member to have its share")


def test_a_node_with_another_master_key_is_named_and_not_asked(nodes, stranger, prefix):
    join(stranger, prefix)
    report = look_from(nodes[0])
    check = report.of("node http://127.0.0.1:1")
    assert (check["status"], check["found"]) == (FAILURE, "it has another master key than the one here, and is not asked")
    assert "cp -rp FIRST-NODE/keys" in check["remedy"]
    assert all(report.status(f"node {node.url}") == OK for node in nodes)


def test_without_the_right_master_key_nodes_are_not_asked_and_not_blamed(nodes, broker, prefix, tmp_path):
    args = [*nodes[0].args, "--node-url", "http://127.0.0.1:1"]
    data = tmp_path / "new"
    check = look_at(data, args).of("nodes")
    assert (check["status"], check["found"]) == (
        WARNING, f"2 are in the group, and not asked: {data}/keys/master.key is missing, by which nodes know each other")
    assert check["remedy"] == f"cp -rp FIRST-NODE/keys FIRST-NODE/operator.key {data}"
    (data / "keys").mkdir(parents=True, mode=0o700)
    (data / "keys" / "master.key").touch(mode=0o600)
    (data / "keys" / "master.key").write_bytes(os.urandom(32))
    # While the log has no key yet, nobody can say whose is the right one.
    report = look_at(data, args)
    for node in nodes:
        assert report.of(f"node {node.url}")["found"] == "it has another master key than the one here, and is not asked"
    create_workspace(nodes[0])
    report = look_at(data, args)
    assert report.bad()[0] == ["master key"]
    assert report.of("nodes")["found"] == \
        f"2 are in the group, and not asked: {data}/keys/master.key is another one than theirs"
    assert not any(check["name"].startswith(("node ", "partition ")) for check in report.checks)
    for node in nodes:
        node.stop()
    assert look_at(data, args).of("nodes")["found"] == "none is running"


def test_partitions_of_nodes_that_are_gone_are_shown_as_theirs(nodes):
    owners = {partition: nodes[0].owner_of(partition) for partition in (0, 1)}
    nodes.end()
    a, b = sorted(nodes, key=lambda node: node.url)
    partition_of = {url: partition for partition, url in owners.items()}
    none = wait_until(lambda: next((check for check in look_from(a).checks if check["name"] == "nodes"), None),
                      "Kafka to miss them")
    assert (none["status"], none["found"]) == (
        OK, "none is running; partitions were owned last by "
            f"{a.url} ({partition_of[a.url]}); {b.url} ({partition_of[b.url]})")


def test_what_a_node_was_started_with_need_not_be_given_again(nodes):
    report = look_at(nodes[0].data, [])
    assert report.bad()[0] == [], report.checks
    assert report.of("configuration")["found"].endswith(
        "; as in the last start: brokers, log, node_url, partitions, topic_prefix")
    assert all(report.status(f"node {node.url}") == OK for node in nodes)
    other = look_at(nodes[0].data, ["--node-url", "http://127.0.0.1:1"])
    assert other.of("last start")["found"] == \
        f"it had node_url = {nodes[0].url}, and here it is http://127.0.0.1:1 (--node-url)"
    assert other.of("node_url")["found"] == \
        f"this node runs with {nodes[0].url}, and these settings say http://127.0.0.1:1"


def test_a_node_at_the_address_of_another_is_a_failure(tmp_path, broker, prefix):
    """Two that started at once, so that neither could be refused."""
    args = [*broker.args(prefix), "--partitions", "2"]
    second = Node(tmp_path / "second", args)
    first = Node(tmp_path / "first", [*args, "--node-url", second.url])  # where nobody listens yet
    first.start()
    try:
        check = look_at(first.data, first.args).of("node_url")
        assert (check["status"], check["found"]) == (
            FAILURE, f"this node runs at {first.url}, and is not reached at {second.url}")
        copy_keys(first.data, second.data)
        second.child = Child(second.command(), env=second.env)
        second.child.wait_for_line(LISTENING)
        report = look_at(first.data, first.args)
        assert (report.status("node_url"), report.of("node_url")["found"]) == (
            FAILURE, f"another node answers at {second.url}")
        assert (report.status("nodes"), report.of("nodes")["found"]) == (
            FAILURE, f"2 of them were started with --node-url {second.url}")
        assert any(check["name"] == f"node {first.url}" for check in report.checks)
        for name in ("node_url", "nodes"):
            assert "a --node-url of its own" in report.of(name)["remedy"]
        report = look_at(second.data, [*args, "--node-url", second.url])
        assert report.status("nodes") == FAILURE
        assert not any(check["name"] == "node_url" for check in report.checks)
    finally:
        for node in (first, second):
            if node.is_running():
                node.kill()


def test_a_node_that_was_killed_and_started_again_is_not_taken_for_two(nodes):
    nodes[0].kill()
    nodes[0].start()
    assert not any(check["name"] in ("nodes", "node_url") for check in look_from(nodes[0]).checks)


def test_settings_and_keys_that_differ_between_nodes_are_named(nodes):
    assert not any(check["name"].startswith("settings of ") for check in look_from(nodes[0]).checks)
    b = nodes[1]
    b.stop()
    (b.data / "operator.key").write_text("dbo_" + "abcdefghijklmnopqrstuvwxyz234567" * 2 + "\n")
    b.args += ["--mail-from", "crm@other.test"]
    b.start()
    nodes.wait_until_settled()
    checks = [check for check in look_from(nodes[0]).checks if check["name"].startswith("settings of ")]
    a_url, b_url = (nodes[0].url, b.url) if nodes[0].url < b.url else (b.url, nodes[0].url)
    assert [(check["name"], check["status"], check["found"]) for check in checks] == [
        (f"settings of {b_url}", WARNING, f"it has others than {a_url}: mail_from, operator.key")]
