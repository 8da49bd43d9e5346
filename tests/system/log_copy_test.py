"""`daybook log copy`: the log moves from disk to Kafka and back; histories, ids and positions stay, and the old log ends."""

import base64
import collections
import pathlib
import re
import shutil
import sys

import confluent_kafka.admin
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "oracle"))

import chain
import offline
from child import Child, wait_until
from command import DONE, REFUSED, run
from daybook_server import DaybookServer, binary
from doctor import FEW, examine
from kafka_server import broker, emails_of, make, prefix, refused_start  # the nouns are fixtures
from workspaces import create_workspace

pytestmark = pytest.mark.own_log


class EmbeddedServer(DaybookServer):
    """On disk, whatever log the suite runs on."""

    def command(self):
        return [binary(), "serve", "--data", self.data, "--listen", "127.0.0.1:0"]


@pytest.fixture
def start(request):
    """start(server): running, and killed at the end."""
    def run(server):
        request.addfinalizer(lambda: server.is_running() and server.kill())
        return server.start()

    return run


@pytest.fixture
def home(start, tmp_path):
    """A stopped server on disk that has a history, its workspace, and the contacts there are."""
    server = start(EmbeddedServer(tmp_path / "home"))
    workspace = create_workspace(server)
    client = workspace.client
    make(client, 40, "c")
    rows = "Email\n" + "".join(f"imported{n}@example.com\n" for n in range(2_000))
    answer = client.post("/v1/imports?kind=contacts&commit=true", body=rows.encode(),
                            headers={"Content-Type": "text/csv", "Prefer": "wait=20"})
    assert answer.json["state"] == "committed", answer.body
    found = emails_of(client)
    server.stop()
    return server, workspace, found


def moved(source, target, *args):
    done = offline.run("log", "copy", "--data", source.data, "--to", target, *args)
    assert done.returncode == DONE, done.stdout + done.stderr
    return done.stdout


def to_kafka(broker, prefix):
    return ["--brokers", broker.addresses(), "--topic-prefix", prefix, "--create-topics"]


def refuses_to_serve(server, destination):
    child = Child(server.command(), env=server.env)
    assert child.process.wait(60) == REFUSED
    child.end()
    assert "this log was moved on " in child.output() and f"{destination}; start Daybook there" in child.output()


def is_found_to_have_moved(server, destination):
    (log,) = [check for check in examine("--data", server.data, *server.args).checks if check["name"] == "log"]
    assert log["status"] == "failure" and "this log was moved on " in log["found"], log
    assert destination in log["found"] and log["remedy"] == "start Daybook there"


def test_a_log_moves_to_kafka_and_back_and_nothing_is_different(home, start, broker, prefix, tmp_path):
    server, workspace, found = home
    before, digest = offline.dump(server.data), offline.digest(server.data)
    said = moved(server, tmp_path / "there", *to_kafka(broker, prefix))
    assert "copied and compared: " in said and f"serve --data {tmp_path / 'there'} --log kafka" in said
    assert offline.dump(tmp_path / "there") == before
    refuses_to_serve(server, f"data directory {tmp_path / 'there'}")
    assert "this log was moved on " in offline.verify(server.data).stdout
    is_found_to_have_moved(server, str(tmp_path / "there"))

    there = start(DaybookServer(tmp_path / "there", broker.args(prefix)))
    client = there.client(workspace.key)
    assert emails_of(client) == found
    there.stop()
    assert offline.digest(there.data) == digest
    there.start()
    found = sorted([*found, *make(client, 5, "there").items()])
    there.stop()

    moved(there, tmp_path / "back")
    is_found_to_have_moved(there, str(tmp_path / "back"))
    back = start(EmbeddedServer(tmp_path / "back"))
    client = back.client(workspace.key)
    assert emails_of(client) == found
    assert make(client, 1, "back")
    back.stop()
    assert offline.dump(back.data)[:len(before)] == before
    checked = offline.verify(back.data)
    assert checked.returncode == 0, checked.stdout


def make_workspaces(server, count):
    """Workspaces with a few contacts each, and with 2,000 that were imported in parts."""
    workspaces = [create_workspace(server, name=f"W{number}") for number in range(count)]
    rows = "Email,Notes\n" + "".join(f"imported{n}@example.com,{'note ' * 60}\n" for n in range(2_000))
    for number, workspace in enumerate(workspaces):
        make(workspace.client, 3, f"w{number}-")
        answer = workspace.client.post("/v1/imports?kind=contacts&commit=true", body=rows.encode(),
                                       headers={"Content-Type": "text/csv", "Prefer": "wait=20"})
        assert answer.json["state"] == "committed", answer.body
    return workspaces


def histories(data):
    """{workspace: its commits}: ids, positions and events as they are dumped."""
    found = collections.defaultdict(list)
    for commit in offline.dump(data):
        found[commit["workspace"]].append(commit)
    return found


def chains(data):
    """What a reader without keys finds: {partition: {workspace: (next position, hash)}}, and how many parts there are."""
    program, partitions, parts = chain.program(), collections.defaultdict(list), 0
    for line in offline.dump(data, "records"):
        record = base64.b64decode(line["record"])
        partitions[line["partition"]].append((line["offset"], record))
        parts += 3 in program["fields"](record)
    return {number: program["verify"](records) for number, records in partitions.items()}, parts


def merged(by_partition):
    return {workspace: end for ends in by_partition.values() for workspace, end in ends.items()}


def test_workspaces_go_to_their_partitions_and_back(start, broker, prefix, tmp_path):
    server = start(EmbeddedServer(tmp_path / "home"))
    workspaces = make_workspaces(server, 5)
    found = {workspace.id: emails_of(workspace.client) for workspace in workspaces}

    def serves(server):
        assert {workspace.id: emails_of(server.client(workspace.key)) for workspace in workspaces} == found
        for workspace in workspaces:
            made = make(server.client(workspace.key), 1, f"{server.data.name}-")
            found[workspace.id] = sorted([*found[workspace.id], *made.items()])
        server.stop()
        checked = offline.verify(server.data)
        assert checked.returncode == 0 and "commits of 6 workspaces, clean" in checked.stdout, checked.stdout

    def goes_to(target, *args):
        before, digest, (ends, parts) = histories(server.data), offline.digest(server.data), chains(server.data)
        moved(server, target, *args)
        refuses_to_serve(server, target)
        assert histories(target) == before
        there = chains(target)
        assert (merged(there[0]), there[1]) == (merged(ends), parts)
        return digest, there[0]

    server.stop()
    digest, ends = goes_to(tmp_path / "three", *to_kafka(broker, prefix), "--partitions", "3")
    for partition, here in ends.items():
        assert all(int.from_bytes(workspace[8:], "big") % 3 == partition for workspace in here)
    server = start(DaybookServer(tmp_path / "three", [*broker.args(prefix), "--partitions", "3"]))
    server.stop()
    assert offline.digest(server.data) == digest
    serves(server.start())

    goes_to(tmp_path / "two", *to_kafka(broker, prefix + "two."), "--partitions", "2")
    server = start(DaybookServer(tmp_path / "two", [*broker.args(prefix + "two."), "--partitions", "2"]))
    serves(server)

    digest, _ = goes_to(tmp_path / "back")
    server = start(EmbeddedServer(tmp_path / "back"))
    server.stop()
    assert offline.digest(server.data) == digest
    serves(server.start())


def test_a_copy_into_data_that_is_there_is_refused_and_ends_nothing(home, start, tmp_path):
    server, workspace, found = home
    other = start(EmbeddedServer(tmp_path / "other"))
    other.stop()
    done = offline.run("log", "copy", "--data", server.data, "--to", other.data)
    assert (done.returncode, f"{other.data} is a data directory already" in done.stderr) == (REFUSED, True)
    (tmp_path / "half").mkdir()
    shutil.copytree(other.data / "log", tmp_path / "half" / "log")
    shutil.copy(other.data / "log.high-water", tmp_path / "half" / "log.high-water")
    done = offline.run("log", "copy", "--data", server.data, "--to", tmp_path / "half")
    assert (done.returncode, "holds a log already" in done.stderr) == (REFUSED, True)
    assert not (tmp_path / "half" / "keys.incoming").exists()
    server.start()
    assert emails_of(server.client(workspace.key)) == found


def take_keys_back(data):
    """As a copy that was killed before it handed them over leaves them."""
    (data / "keys").rename(data / "keys.incoming")


def half_copied(server, target, *args):
    """A copy of the server's log that was killed before it ended that."""
    twin = DaybookServer(server.data.with_name("twin"))
    shutil.copytree(server.data, twin.data)
    moved(twin, target, *args)
    take_keys_back(target)


def says_that_it_has_not_ended(data, *args):
    said = f"{data} is a copy that has not ended; run the same `daybook log copy` again"
    assert said in refused_start(data, *args)
    assert said in offline.run("verify", "--data", data).stderr
    report = examine("--data", data, *FEW, *args)
    assert report.bad()[0] == ["keys"], report.checks
    check = report.of("keys")
    assert f"{check['found']}; {check['remedy']}".startswith(said)


def test_a_half_copy_is_served_by_nobody_and_started_over_by_the_same_command(home, start, tmp_path):
    server, workspace, found = home
    half_copied(server, tmp_path / "there")
    says_that_it_has_not_ended(tmp_path / "there")
    assert not (tmp_path / "there" / "keys").exists()
    said = moved(server, tmp_path / "there")
    assert f"an earlier copy in {tmp_path / 'there'} has not ended: it is started over" in said
    refuses_to_serve(server, tmp_path / "there")
    there = start(EmbeddedServer(tmp_path / "there"))
    assert emails_of(there.client(workspace.key)) == found


def test_a_half_copy_on_kafka_is_started_over_once_its_topics_are_gone(home, start, broker, prefix, tmp_path):
    server, workspace, found = home
    half_copied(server, tmp_path / "there", *to_kafka(broker, prefix))
    says_that_it_has_not_ended(tmp_path / "there", *broker.args(prefix))
    again = ("log", "copy", "--data", server.data, "--to", tmp_path / "there", *to_kafka(broker, prefix))
    done = offline.run(*again)
    assert done.returncode == REFUSED, done.stdout
    topics = re.findall(r"kafka-topics.sh --bootstrap-server \S+ --delete --topic (\S+)", done.stderr)
    assert topics == [f"{prefix}log", f"{prefix}keys"], done.stderr
    admin = confluent_kafka.admin.AdminClient({"bootstrap.servers": broker.addresses()})
    for deleted in admin.delete_topics(topics, operation_timeout=30).values():
        deleted.result(60)
    wait_until(lambda: not set(topics) & set(admin.list_topics(timeout=10).topics), "the topics to be gone")
    assert "it is started over" in moved(server, tmp_path / "there", *to_kafka(broker, prefix))
    there = start(DaybookServer(tmp_path / "there", broker.args(prefix)))
    assert emails_of(there.client(workspace.key)) == found


def test_a_half_copy_of_another_log_is_left_alone(home, start, tmp_path):
    server, _, _ = home
    half_copied(server, tmp_path / "there")
    other = start(EmbeddedServer(tmp_path / "other"))
    other.stop()
    done = offline.run("log", "copy", "--data", other.data, "--to", tmp_path / "there")
    assert (done.returncode, "is a copy of another log" in done.stderr) == (REFUSED, True), done.stderr
    moved(server, tmp_path / "there")


def test_a_move_that_ended_before_the_keys_is_finished_by_the_same_command(home, start, tmp_path):
    server, workspace, found = home
    moved(server, tmp_path / "there")
    take_keys_back(tmp_path / "there")
    assert "has not ended: it is finished" in moved(server, tmp_path / "there")
    there = start(EmbeddedServer(tmp_path / "there"))
    assert emails_of(there.client(workspace.key)) == found


def test_a_log_that_moved_is_not_moved_again_where_its_copy_is_gone(home, tmp_path):
    server, _, _ = home
    moved(server, tmp_path / "there")
    shutil.rmtree(tmp_path / "there")
    done = offline.run("log", "copy", "--data", server.data, "--to", tmp_path / "there")
    assert (done.returncode, "this log was moved on " in done.stderr) == (REFUSED, True), done.stderr
    assert not (tmp_path / "there").exists()


def test_a_server_that_runs_is_not_copied(home, tmp_path):
    server, _, _ = home
    server.start()
    done = offline.run("log", "copy", "--data", server.data, "--to", tmp_path / "there")
    assert done.returncode == REFUSED and "stop that one first" in done.stderr, done.stderr
    assert not (tmp_path / "there").exists()
    server.kill()


def test_a_refused_copy_takes_away_what_it_made_and_nothing_else(home, start, broker, prefix, tmp_path):
    server, _, _ = home
    moved(server, tmp_path / "first", *to_kafka(broker, prefix))
    other = start(EmbeddedServer(tmp_path / "other"))
    other.stop()

    def refused(target):
        done = offline.run("log", "copy", "--data", other.data, "--to", target, *to_kafka(broker, prefix))
        assert (done.returncode, "holds records already" in done.stderr) == (REFUSED, True), done.stderr

    refused(tmp_path / "new" / "deep")
    assert not (tmp_path / "new").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "daybook.toml").write_text("")
    refused(tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["daybook.toml"]


@pytest.mark.parametrize("to", ["{data}", "{data}/inner", "{data}/../home/x/..", "{link}", "{link}/inner", "{above}"])
def test_one_of_the_two_directories_in_the_other_is_refused_and_nothing_is_written(start, tmp_path, to):
    server = start(EmbeddedServer(tmp_path / "above" / "home"))
    server.stop()
    (tmp_path / "link").symlink_to(server.data)
    before = sorted(tmp_path.rglob("*"))
    target = to.format(data=server.data, link=tmp_path / "link", above=tmp_path / "above")
    done = offline.run("log", "copy", "--data", server.data, "--to", target)
    assert (done.returncode, "lie in one another; name a directory beside" in done.stderr) == (REFUSED, True), done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_a_relative_destination_is_remembered_as_an_absolute_one(home, tmp_path):
    server, _, _ = home
    (tmp_path / "at").mkdir()
    done = run("log", "copy", "--data", server.data, "--to", "../there", cwd=tmp_path / "at")
    assert done.returncode == DONE, done.stderr
    refuses_to_serve(server, f"to the embedded log in {tmp_path / 'there'}")
