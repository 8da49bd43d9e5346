"""A node without read models takes those of another node of the log, and folds only what came after."""

import re
import shutil
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

import offline
from child import wait_until
from daybook_server import DaybookServer
from kafka_server import broker, create, emails_of, make  # the nouns are fixtures
from relay import Relay
from scripted_server import ScriptedServer
from workspaces import create_workspace

pytestmark = pytest.mark.own_log

CONTACTS = 2000
COPIED = re.compile(r"read models copied from (\S+), \d+ bytes: they hold (\d+) of the log's (\d+) records")
FROM_THE_START = "the read models are made from the start of the log"
PATHS = ("/v1/contacts?limit=500", "/v1/contacts?q=c1-19&total=true", "/v1/events?limit=500&after=700", "/v1/audit?limit=100",
         "/v1/search?q=c7-7", "/v1/workspace")


def fill(server, key, count, name):
    """{e-mail: id} of so many contacts, made by eight clients at once."""
    def of_client(number):
        return make(server.client(key), count // 8, f"{name}{number}-")

    with ThreadPoolExecutor(8) as threads:
        return {email: id_ for made in threads.map(of_client, range(8)) for email, id_ in made.items()}


class Peer:
    """A node with some thousand records, and what is in it."""

    def __init__(self, server):
        self.server = server
        self.workspace = create_workspace(server)
        self.made = fill(server, self.workspace.key, CONTACTS, "c")

    def new_node(self, data, *args):
        """A node of the same log with the same keys; not started."""
        data.mkdir()
        shutil.copytree(self.server.data / "keys", data / "keys")
        shutil.copy(self.server.data / "operator.key", data / "operator.key")
        return DaybookServer(data, [*self.server.args, *args])

    def answers(self, server=None):
        client = (server or self.server).client(self.workspace.key)
        return [client.get(path).json for path in PATHS]


@pytest.fixture(scope="module")
def long_log(broker, tmp_path_factory):
    server = DaybookServer(tmp_path_factory.mktemp("peer") / "data", broker.args(f"test-{uuid.uuid4()}."))
    peer = Peer(server.start())
    yield peer
    if server.is_running():
        server.kill()


@pytest.fixture
def peer(long_log):
    """The node with a long log; it runs, and takes commands."""
    if long_log.server.is_running():
        long_log.server.stop()
    long_log.server.start()
    return long_log


@pytest.fixture
def start_node(peer, tmp_path):
    """start_node(peer's URL, …): another node; ended at the end."""
    nodes = []

    def start(url, prepare=None, args=()):
        node = peer.new_node(tmp_path / f"node-{len(nodes)}", "--peer", url, *args)
        nodes.append(node)
        if prepare:
            prepare(node)
        return node.start()

    yield start
    for node in nodes:
        if node.is_running():
            node.kill()


def is_equal_to_the_log(node):
    node.stop()
    checked = offline.verify(node.data)
    return checked.returncode == 0 and "read models: equal to the log" in checked.stdout


def test_it_starts_from_the_peer_s_read_models(peer, start_node):
    node = start_node(peer.server.url)
    url, held, records = node.child.wait_for_line(COPIED).groups()
    assert url == peer.server.url
    assert int(records) >= int(held) > CONTACTS
    assert peer.answers(node) == peer.answers()
    made = create(node.client(peer.workspace.key), "later@example.com").json
    wait_until(lambda: peer.workspace.client.get(f"/v1/contacts/{made['id']}").status == 200, "the peer to follow")
    peer.made["later@example.com"] = made["id"]
    assert peer.answers(node) == peer.answers()
    node.stop()
    peer.server.stop()
    assert offline.digest(node.data) == offline.digest(peer.server.data)
    assert is_equal_to_the_log(node)


def test_it_folds_what_the_peer_took_meanwhile(peer, start_node):
    answered = []

    def write():
        for number in range(100_000):
            answer = create(peer.server.client(peer.workspace.key), f"meanwhile{number}@example.com")
            if answer.status != 201:
                return
            answered.append((answer.json["email"], answer.json["id"]))

    writer = threading.Thread(target=write)
    writer.start()
    node = start_node(peer.server.url)  # from here on the peer refuses commands
    writer.join(60)
    node.child.wait_for_line(COPIED)
    peer.made |= dict(answered)
    assert emails_of(node.client(peer.workspace.key)) == sorted(peer.made.items())
    assert is_equal_to_the_log(node)


def test_no_proxy_hears_of_it(peer, start_node):
    url = peer.server.url.replace("127.0.0.1", "0.0.0.0")  # also this machine, and not said to be
    with ScriptedServer((502, {})) as proxy:
        node = start_node(url, lambda new: new.env.update(http_proxy=proxy.url))
    assert node.child.wait_for_line(COPIED).group(1) == url
    assert proxy.requests == []


def test_a_peer_that_dies_in_the_middle_is_done_without(peer, start_node):
    def cut(done, piece):
        if done < 300_000:
            return piece
        peer.server.kill()
        return None

    relay = Relay(peer.server.url, cut)
    node = start_node(relay.url)
    relay.join()
    assert re.search(f"no read models from {relay.url}: the connection to {relay.url} is lost", node.child.output())
    assert FROM_THE_START in node.child.output()
    assert not (node.data / "state.new").exists()
    assert emails_of(node.client(peer.workspace.key)) == sorted(peer.made.items())
    assert is_equal_to_the_log(node)


def test_a_copy_that_was_changed_on_its_way_is_not_taken(peer, start_node):
    def flip(done, piece):
        at = 100_000 - done  # in a file
        return piece[:at] + bytes([piece[at] ^ 1]) + piece[at + 1:] if 0 <= at < len(piece) else piece

    relay = Relay(peer.server.url, flip)
    node = start_node(relay.url)
    assert f"no read models from {relay.url}: the archive's files are not those that were packed" in node.child.output()
    assert FROM_THE_START in node.child.output()
    assert is_equal_to_the_log(node)


def test_another_operator_key_is_said(peer, start_node):
    node = start_node(peer.server.url, lambda new: (new.data / "operator.key").write_text("dbo_" + "x" * 43 + "\n"))
    assert f"no read models from {peer.server.url}: it has another operator key" in node.child.output()
    assert FROM_THE_START in node.child.output()
    assert emails_of(node.client(peer.workspace.key)) == sorted(peer.made.items())


def test_the_read_models_of_another_log_are_not_taken(peer, start_node, broker, tmp_path):
    other = ["--topic-prefix", f"test-{uuid.uuid4()}."]
    node = start_node(peer.server.url, args=other)
    assert "no read models" not in node.child.output()  # its log is short, so nobody was asked
    workspace = create_workspace(node)
    fill(node, workspace.key, 1200, "other")
    node.stop()
    shutil.rmtree(node.data / "state")
    node.start()
    assert re.search("no read models from .*: they are of another log", node.child.output())
    assert len(emails_of(workspace.client)) == 1200
    assert is_equal_to_the_log(node)


def test_a_node_with_read_models_asks_nobody(peer, start_node):
    node = start_node(peer.server.url)
    node.child.wait_for_line(COPIED)
    node.restart()
    assert "read models" not in node.child.output()
