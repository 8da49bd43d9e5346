"""The same product on a real broker: everything outlives the server, and one server writes."""

import dataclasses
import shutil
import signal
import threading

import pytest

import offline
from child import wait_until
from daybook_server import DaybookServer
from kafka_server import broker, create, emails_of, log_state, make, prefix, refused_start, server  # the nouns are fixtures
from won_mail import Sales


def test_everything_outlives_a_kill_of_the_server(server, new_workspace):
    client = new_workspace(server).client
    made = make(client, 50, "c")
    server.kill()
    server.start()
    assert emails_of(client) == sorted(made.items())
    for email, id_ in made.items():
        again = create(client, email)
        assert (again.status, again.json["id"]) == (201, id_)
        assert again.headers["Idempotency-Replayed"] == "true"
    assert emails_of(client) == sorted(made.items())


def test_a_lost_state_is_folded_from_the_log(server, new_workspace):
    client = new_workspace(server).client
    made = make(client, 50, "c")
    server.stop()
    before = offline.digest(server.data)
    shutil.rmtree(server.data / "state")
    server.start()
    assert emails_of(client) == sorted(made.items())
    server.stop()
    assert offline.digest(server.data) == before


def test_the_log_is_verified_and_dumped(server, new_workspace):
    make(new_workspace(server).client, 5, "c")
    server.stop()
    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "read models: equal to the log" in checked.stdout
    created = [event for commit in offline.dump(server.data) for event in commit["events"]
               if event["name"] == "contact.created"]
    assert len(created) == 5


@pytest.fixture
def second(server, tmp_path, broker, prefix):
    """Another server for the same log, with the same master key; not started."""
    data = tmp_path / "second"
    data.mkdir()
    shutil.copytree(server.data / "keys", data / "keys")
    shutil.copy(server.data / "operator.key", data / "operator.key")
    other = DaybookServer(data, broker.args(prefix))
    yield other
    if other.is_running():
        other.kill()


def test_a_server_that_is_replaced_refuses_commands_and_goes_on_reading(server, second, new_workspace):
    workspace = new_workspace(server)
    made = make(workspace.client, 3, "first")
    second.start()
    wait_until(lambda: log_state(server) == "replaced", "the first server to notice")
    refused = create(workspace.client, "late@example.com")
    assert (refused.status, refused.json["code"]) == (503, "unavailable")
    made |= make(second.client(workspace.key), 3, "second")
    assert emails_of(second.client(workspace.key)) == sorted(made.items())
    wait_until(lambda: emails_of(workspace.client) == sorted(made.items()), "the first server to follow")


def test_a_paused_server_that_wakes_up_after_it_was_replaced_changes_nothing(server, second, new_workspace):
    workspace = new_workspace(server)
    made = make(workspace.client, 3, "first")
    server.child.process.send_signal(signal.SIGSTOP)
    answers = []
    late = threading.Thread(target=lambda: answers.append(create(server.client(workspace.key), "late@example.com")))
    late.start()
    second.start()
    made |= make(second.client(workspace.key), 20, "second")
    server.child.process.send_signal(signal.SIGCONT)
    late.join(60)
    assert [(answer.status, answer.json["code"]) for answer in answers] == [(503, "unavailable")]
    assert emails_of(second.client(workspace.key)) == sorted(made.items())
    wait_until(lambda: emails_of(workspace.client) == sorted(made.items()), "the first server to follow")


def mailing(smtp):
    return ["--smtp-url", smtp.url, "--smtp-tls", "off"]


def test_a_server_that_is_replaced_leaves_the_mails_to_the_other(server, second, start_smtp, new_workspace):
    workspace = new_workspace(server, currency="EUR")
    server.stop()
    of_first, of_second = start_smtp(), start_smtp()
    server.args += mailing(of_first)
    second.args += mailing(of_second)
    server.start()
    second.start()
    wait_until(lambda: log_state(server) == "replaced", "the first server to notice")
    there = Sales(second, dataclasses.replace(workspace, client=second.client(workspace.key)))
    for number in range(5):
        there.win(f"Deal {number}")
    there.settled(5)
    Sales(server, workspace).settled(5)  # it has read all of it
    assert (len(of_first.mails()), len(of_second.mails())) == (0, 5)


def test_missing_topics_are_refused_with_the_command_that_makes_them(broker, prefix, tmp_path):
    output = refused_start(tmp_path / "new", *broker.args(prefix)[:-1])
    assert f"kafka-topics.sh --bootstrap-server {broker.addresses()} --create --topic {prefix}log" in output
    assert f"--create --topic {prefix}keys" in output


def test_a_data_directory_stays_with_its_log(server, broker, prefix):
    server.stop()
    assert "belongs to the log on Kafka" in refused_start(server.data)
    assert f"belongs to the topics {prefix}*" in refused_start(server.data, *broker.args(prefix + "other."))
