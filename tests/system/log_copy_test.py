"""`daybook log copy`: the log moves from disk to Kafka and back; histories, ids and positions stay, and the old log ends."""

import shutil

import pytest

import offline
from child import Child
from command import DONE, REFUSED
from daybook_server import DaybookServer, binary
from kafka_server import broker, emails_of, make, prefix  # the nouns are fixtures
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


def histories(data):
    """What the commits of a log say, without where they stand in it."""
    return [{name: value for name, value in commit.items() if name != "offset"} for commit in offline.dump(data)]


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


def test_a_log_moves_to_kafka_and_back_and_nothing_is_different(home, start, broker, prefix, tmp_path):
    server, workspace, found = home
    before, digest = histories(server.data), offline.digest(server.data)
    said = moved(server, tmp_path / "there", *to_kafka(broker, prefix))
    assert "copied and compared: " in said and f"serve --data {tmp_path / 'there'} --log kafka" in said
    assert histories(tmp_path / "there") == before
    refuses_to_serve(server, f"data directory {tmp_path / 'there'}")
    assert "this log was moved on " in offline.verify(server.data).stdout

    there = start(DaybookServer(tmp_path / "there", broker.args(prefix)))
    client = there.client(workspace.key)
    assert emails_of(client) == found
    there.stop()
    assert offline.digest(there.data) == digest
    there.start()
    found = sorted([*found, *make(client, 5, "there").items()])
    there.stop()

    moved(there, tmp_path / "back")
    back = start(EmbeddedServer(tmp_path / "back"))
    client = back.client(workspace.key)
    assert emails_of(client) == found
    assert make(client, 1, "back")
    back.stop()
    assert histories(back.data)[:len(before)] == before
    checked = offline.verify(back.data)
    assert checked.returncode == 0, checked.stdout


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
    assert (done.returncode, "holds records already" in done.stderr) == (REFUSED, True)
    server.start()
    assert emails_of(server.client(workspace.key)) == found


def test_a_move_that_ended_before_the_keys_is_finished_by_the_same_command(home, start, tmp_path):
    server, workspace, found = home
    moved(server, tmp_path / "there")
    (tmp_path / "there" / "keys").rename(tmp_path / "there" / "keys.incoming")
    moved(server, tmp_path / "there")
    there = start(EmbeddedServer(tmp_path / "there"))
    assert emails_of(there.client(workspace.key)) == found


def test_a_server_that_runs_is_not_copied(home, tmp_path):
    server, _, _ = home
    server.start()
    done = offline.run("log", "copy", "--data", server.data, "--to", tmp_path / "there")
    assert done.returncode == REFUSED and "stop that one first" in done.stderr, done.stderr
    server.kill()
