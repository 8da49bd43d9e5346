"""daybook doctor over a log on Kafka: brokers, topics and the master key of their keys."""

import argparse
import os
import shlex
import socket
import subprocess

import confluent_kafka.admin
import pytest

from child import wait_until
from daybook_server import free_port
from doctor import FAILURE, OK, WARNING, look_at
from kafka_broker import ROOT
from kafka_server import broker, prefix, three_brokers  # the nouns are fixtures
from workspaces import create_workspace

pytestmark = pytest.mark.own_log


def configs(arguments):
    """kafka-configs.sh."""
    jars = ROOT / "build" / "kafka" / "jars"
    subprocess.run(["java", "-cp", f"{jars}/*", "kafka.admin.ConfigCommand", *arguments], check=True, timeout=120,
                   stdin=subprocess.DEVNULL, capture_output=True)


def topics(arguments):
    """kafka-topics.sh --create, whose own program is not among the jars."""
    parser = argparse.ArgumentParser()
    for name in ("--bootstrap-server", "--topic", "--partitions", "--replication-factor"):
        parser.add_argument(name, required=True)
    parser.add_argument("--create", action="store_true", required=True)
    parser.add_argument("--config", action="append", default=[])
    asked = parser.parse_args(arguments)
    admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": asked.bootstrap_server})
    topic = confluent_kafka.admin.NewTopic(asked.topic, int(asked.partitions), int(asked.replication_factor),
                                           config=dict(setting.split("=") for setting in asked.config))
    admin.create_topics([topic])[asked.topic].result(60)


TOOLS = {"kafka-configs.sh": configs, "kafka-topics.sh": topics}


def carry_out(check):
    tool, *arguments = shlex.split(check["remedy"])
    TOOLS[tool](arguments)


def alter(brokers, topic, *change):
    configs(["--bootstrap-server", brokers.addresses(), "--alter", "--entity-type", "topics", "--entity-name", topic,
             *change])


def changed(server, args, name, status):
    """The check, once the brokers have heard of a change and it has this status."""
    return wait_until(lambda: next((check for check in look_at(server.data, args).checks
                                    if check["name"] == name and check["status"] == status), None), f"{name}: {status}", 60)


def without_making(args):
    return [arg for arg in args if arg != "--create-topics"]


def test_missing_topics_are_made_by_the_commands_shown(broker, prefix, tmp_path):
    args = [*without_making(broker.args(prefix)), "--partitions", "2", "--events-topic", prefix + "events"]
    names = [f"topic {prefix}{part}" for part in ("log", "keys", "events")]
    report = look_at(tmp_path / "d", args)
    assert report.bad()[0] == names
    for name in names:
        carry_out(report.of(name))
    assert wait_until(lambda: look_at(tmp_path / "d", args).bad()[0] == [], "the broker to know its topics")
    report = look_at(tmp_path / "d", args)
    assert [report.of(name)["found"] for name in names] == [
        "2 partitions, 1 replica each, the settings as they must be",
        "2 partitions, 1 replica each, the settings as they must be",
        "6 partitions, 1 replica each, the settings as they must be"]
    assert report.of("brokers")["found"] == f"1 broker of Kafka at {broker.addresses()}"


def test_with_create_topics_they_may_be_missing_and_stay_so(broker, prefix, tmp_path):
    for _ in range(2):  # the first one made none
        report = look_at(tmp_path / "d", broker.args(prefix))
        assert report.bad()[0] == []
        assert report.of(f"topic {prefix}log")["found"] == "is not there yet; the next start makes it"


def test_settings_that_lose_records_are_mended_by_the_command_shown(broker, prefix, start_daybook):
    server = start_daybook(*broker.args(prefix))
    assert look_at(server.data, broker.args(prefix)).bad()[0] == []
    name = f"topic {prefix}log"
    alter(broker, prefix + "log", "--add-config", "retention.ms=604800000")
    check = changed(server, broker.args(prefix), name, FAILURE)
    assert check["found"] == "retention.ms is 604800000, which deletes old records"
    carry_out(check)
    changed(server, broker.args(prefix), name, OK)


def test_a_power_cut_that_would_lose_records_is_a_warning(broker, prefix, start_daybook):
    server = start_daybook(*broker.args(prefix))
    name = f"topic {prefix}keys"
    alter(broker, prefix + "keys", "--delete-config", "flush.messages")
    carry_out(changed(server, broker.args(prefix), name, WARNING))
    changed(server, broker.args(prefix), name, OK)


def test_other_partitions_and_another_prefix_are_named(broker, prefix, start_daybook):
    server = start_daybook(*broker.args(prefix))
    server.stop()
    report = look_at(server.data, [*broker.args(prefix), "--partitions", "3"])
    check = report.of(f"topic {prefix}log")
    assert (check["status"], check["remedy"]) == (FAILURE, "start with --partitions 1")
    assert "belongs to the topics" in report.of("log")["found"]


def test_brokers_that_are_gone_are_a_failure(tmp_path, prefix):
    report = look_at(tmp_path / "d", ["--log", "kafka", "--brokers", f"127.0.0.1:{free_port()}", "--topic-prefix", prefix,
                                   "--node-url", "http://127.0.0.1:7400"])
    for name in ("brokers", "nodes"):
        assert (report.status(name), "does not answer" in report.of(name)["found"]) == (FAILURE, True)
    assert "see that the brokers run" in report.of("brokers")["remedy"]


def test_a_broker_that_is_silent_is_a_failure(tmp_path, prefix):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        args = ["--log", "kafka", "--brokers", "127.0.0.1:%d" % silent.getsockname()[1], "--topic-prefix", prefix]
        assert look_at(tmp_path / "d", args).status("brokers") == FAILURE


def test_a_new_node_without_the_keys_of_the_log_is_told_so(broker, prefix, start_daybook, tmp_path):
    start_daybook(*broker.args(prefix))
    report = look_at(tmp_path / "new", broker.args(prefix))
    check = report.of("master key")
    assert (check["status"], "their key is not here" in check["found"]) == (FAILURE, True)


def test_another_master_key_is_named_and_nothing_else_is_blamed(broker, prefix, start_daybook):
    args = broker.args(prefix)
    server = start_daybook(*args)
    create_workspace(server)  # with it the log has a key
    key = server.data / "keys" / "master.key"
    right = key.read_bytes()
    for _ in ("while it runs", "when it is stopped"):
        key.write_bytes(os.urandom(32))
        report = look_at(server.data, args)
        assert report.bad()[0] == ["master key"]
        assert report.of("master key")["found"] == \
            f"{key} is another master key than the one this log's keys were wrapped with"
        assert f"BACKUP/keys/master.key {key}" in report.of("master key")["remedy"]
        key.write_bytes(right)
        assert look_at(server.data, args).bad()[0] == []
        server.stop() if server.is_running() else None


def test_what_was_not_given_is_as_the_last_start_had_it(broker, prefix, start_daybook):
    server = start_daybook(*broker.args(prefix))
    server.stop()
    report = look_at(server.data, [])
    assert report.bad()[0] == []
    assert report.of("configuration")["found"].endswith("; as in the last start: brokers, log, partitions, topic_prefix")
    assert report.of(f"topic {prefix}log")["status"] == OK
    assert "belongs to the topics" in look_at(server.data, ["--topic-prefix", "other."]).of("log")["found"]
    assert "belongs to the log on Kafka" in look_at(server.data, ["--log", "embedded"]).of("log")["found"]


def test_other_brokers_than_those_of_the_last_start_are_a_warning(broker, prefix, start_daybook):
    server = start_daybook(*broker.args(prefix))
    address = broker.addresses()
    check = look_at(server.data, ["--brokers", address + "," + address]).of("last start")
    assert (check["status"], check["found"]) == (
        WARNING, f"it had brokers = {address}, and here it is {address},{address} (--brokers)")


def test_too_few_replicas_in_sync_are_a_failure(three_brokers, prefix, start_daybook):
    args = three_brokers.args(prefix)
    server = start_daybook(*args)
    name = f"topic {prefix}log"
    assert look_at(server.data, args).of(name)["found"].startswith("1 partition, 3 replicas each")
    alter(three_brokers, prefix + "log", "--add-config", "min.insync.replicas=3")
    three_brokers.kill(three_brokers.leader(prefix + "log") % 3 + 1)
    check = changed(server, args, name, FAILURE)
    assert check["found"] == "a partition cannot be written: 2 replicas in sync, and it takes 3"
