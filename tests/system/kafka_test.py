"""The same product on a real broker: everything outlives the server, and one server writes."""

import dataclasses
import re
import shutil
import signal
import threading

import pytest

import offline
from child import Child, wait_until
from client import Client
from daybook_server import DaybookServer, binary
from kafka_server import broker, create, emails_of, log_state, make, prefix, refused_start, server  # the nouns are fixtures
from won_mail import Sales

pytestmark = pytest.mark.own_log


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


def test_workspaces_are_spread_over_the_partitions_and_stay_there(start_daybook, broker, prefix, new_workspace):
    three = [*broker.args(prefix), "--partitions", "3"]
    server = start_daybook(*three)
    workspaces = [new_workspace(server, name=f"W{number}") for number in range(12)]
    made = [make(workspace.client, 5, f"w{number}-") for number, workspace in enumerate(workspaces)]
    server.kill()
    server.start()
    for number, workspace in enumerate(workspaces):
        made[number] |= make(workspace.client, 5, f"later{number}-")
        assert emails_of(workspace.client) == sorted(made[number].items())
    assert server.client().get("/readyz").json["checks"]["lag"] == {"state": "ok", "records": 0}
    server.stop()
    before = offline.digest(server.data)
    shutil.rmtree(server.data / "state")
    server.start()
    server.stop()
    assert offline.digest(server.data) == before
    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "commits of 13 workspaces, clean" in checked.stdout
    rebuilt = offline.run("projections", "rebuild", "--data", server.data)
    assert rebuilt.returncode == 0 and offline.digest(server.data) == before, rebuilt.stderr
    created = [event for commit in offline.dump(server.data) for event in commit["events"]
               if event["name"] == "contact.created"]
    assert len(created) == 12 * 10
    assert {line["partition"] for line in offline.dump(server.data, "records")} == {0, 1, 2}
    assert f"belongs to the topics {prefix}* with 3 partitions" in refused_start(server.data, *broker.args(prefix))


def test_the_demo_runs_on_it_and_goes_on_with_it(broker, tmp_path):
    command = [binary(), "demo", "--listen", "127.0.0.1:0", "--data", tmp_path / "demo"]
    for args in (["--brokers", broker.addresses()], []):
        demo = Child([*command, *args], env=DaybookServer(tmp_path).env)
        try:
            url = demo.wait_for_line(re.compile(r"API +(http://\S+)")).group(1)
            key = demo.wait_for_line(re.compile(r"API key +(dbk_\S+)")).group(1)
            assert re.search(f"Kafka at {broker.addresses()}, topics daybook-demo-\\w+", demo.output())
            assert len(Client(lambda: url, key).get("/v1/deals?limit=500").json["data"]) == 60
        finally:
            demo.end()
