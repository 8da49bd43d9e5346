"""Three nodes on one log: each takes any request, and what a node that ends or sleeps had, the others take.

    DAYBOOK_SEED=7 DAYBOOK_KILLS=20 python -m pytest nodes_test.py -s -k killed    the same kills once more
"""

import contextlib
import os
import random
import re
import signal
import socket
import time

import pytest

import offline
from child import Child, wait_until
from client import Client
from contract import CheckedClient
from daybook_server import LISTENING, copy_keys
from kafka_server import broker, create, emails_of, log_state, prefix, refused_start  # the nouns are fixtures
from nodes import Node, Nodes
from nodes_scene import AGAIN_WITHIN_S, CREATED, Scene, at, events_of, workspace_on
from public_topic import wait_for_all

pytestmark = pytest.mark.own_log

KILLS = int(os.environ.get("DAYBOOK_KILLS", "3"))
SLEEPS = int(os.environ.get("DAYBOOK_SLEEPS", "2"))
SEED = int(os.environ.get("DAYBOOK_SEED", "1"))
TWIN_TOLD_WITHIN_S = 15  # it takes two
HANDED_OVER_WITHIN_S = 4  # a node that left without a word is missed after six


@pytest.fixture
def nodes(tmp_path, broker, prefix):
    args = [*broker.args(prefix), "--partitions", "3", "--events-topic", prefix + "events"]
    nodes = Nodes(tmp_path, args, 3)
    yield nodes.wait_until_settled()
    nodes.end()


def test_every_node_has_its_share_and_knows_the_others(nodes):
    assert {frozenset(node.owned()) for node in nodes} == {frozenset({0}), frozenset({1}), frozenset({2})}
    for node in nodes:
        assert {each["owner"] for each in node.partitions()} == {node.url for node in nodes}
        metrics = node.client().get("/metrics").body.decode()
        for partition in range(3):
            assert f'daybook_partition_owned{{partition="{partition}"}} {int(partition in node.owned())}' in metrics


def test_a_workspace_is_made_through_any_node_on_any_partition(nodes):
    for partition in range(3):
        for through in range(3):
            workspace = workspace_on(nodes, partition, through)
            for node in nodes:  # the key is known everywhere at once
                assert at(node, workspace).get("/v1/me").status == 200


def test_a_new_workspace_is_seen_at_once_by_whoever_made_it(nodes):
    for number in range(30):
        node = nodes[number % 3]
        client = node.client(node.operator_key())
        made = client.post("/v1/workspaces", {"name": "Acme", "owner": {"name": "Ann"}})
        assert made.status == 201, made.body
        read = client.get(made.headers["Location"])
        assert read.status == 200, read.body
        assert read.json["name"] == "Acme"


def test_any_node_takes_any_command_and_shows_it_at_once(nodes):
    workspaces = [workspace_on(nodes, partition) for partition in range(3)]
    for workspace in workspaces:
        for number, node in enumerate(nodes):
            made = create(at(node, workspace), f"c{number}@example.com")
            assert made.status == 201, made.body
            assert made.headers["Location"] == f"/v1/contacts/{made.json['id']}"
            assert at(node, workspace).get(f"/v1/contacts/{made.json['id']}").json == made.json
            again = create(at(nodes[(number + 1) % 3], workspace), f"c{number}@example.com")
            assert (again.status, again.json["id"]) == (201, made.json["id"])
            assert again.headers["Idempotency-Replayed"] == "true"
        position = int(made.headers["Daybook-Position"])
        for node in nodes:
            assert at(node, workspace).get(f"/v1/contacts?min_position={position}").status == 200
        found = [emails_of(at(node, workspace)) for node in nodes]
        assert found[0] == found[1] == found[2] and len(found[0]) == 3


def test_a_refusal_of_the_owner_reaches_the_client_as_it_is(nodes):
    workspace = workspace_on(nodes, 0)
    for node in nodes:
        answer = at(node, workspace).post("/v1/contacts", {"email": "no address"}, headers={"X-Request-Id": "mine"})
        assert (answer.status, answer.json["code"], answer.json["request_id"]) == (422, "validation_failed", "mine")
        assert answer.headers["X-Request-Id"] == "mine"
        assert node.client("dbk_nobody").get("/v1/me").status == 401
        assert node.client(workspace.key[:-1] + ("A" if workspace.key[-1] != "A" else "B")).get("/v1/me").status == 401


def test_reads_wait_for_a_position_on_any_node(nodes):
    workspace = workspace_on(nodes, 1)
    for number in range(30):
        made = create(at(nodes[number % 3], workspace), f"p{number}@example.com")
        position = int(made.headers["Daybook-Position"])
        for node in nodes:
            read = at(node, workspace).get(f"/v1/contacts/{made.json['id']}?min_position={position}")
            assert read.status == 200 and int(read.headers["Daybook-Position"]) >= position


def test_a_file_goes_to_the_owner(nodes):
    workspace = workspace_on(nodes, 2)
    text = "email,first_name\n" + "".join(f"i{number}@example.com,I{number}\n" for number in range(5000))
    for number, node in enumerate(nodes):
        answer = at(node, workspace).request("POST", "/v1/imports?kind=contacts&commit=true", body=text.encode(),
                                             headers={"Content-Type": "text/csv", "Prefer": "wait=60"})
        assert answer.status == 201, answer.body
        assert answer.json["created"] == (5000 if number == 0 else 0)
        assert at(node, workspace).get(f"/v1/imports/{answer.json['id']}").json["state"] == "committed"
        assert at(node, workspace).get(f"/v1/imports/{answer.json['id']}/errors").json["data"] == []


def test_a_new_key_opens_uploads_at_every_node_at_once(nodes):
    workspace = workspace_on(nodes, 1)
    for number in range(20):
        made = at(nodes[number % 3], workspace).post("/v1/keys", {"name": "upload", "role": "member"})
        assert made.status == 201, made.body
        for node in nodes:
            answer = node.client(made.json["api_key"]).request(
                "POST", "/v1/imports?kind=contacts", body=b"email\nann@example.com\n", headers={"Content-Type": "text/csv"})
            assert answer.status == 201, answer.body


@pytest.fixture
def scenes(nodes):
    """One on each partition; each is checked at the end."""
    scenes = [Scene(nodes, partition) for partition in range(3)]
    yield scenes
    for scene in scenes:
        scene.load.end()


def test_owners_that_are_killed_under_load_are_replaced(nodes, scenes, broker, prefix):
    chance = random.Random(SEED)
    for number in range(KILLS):
        for scene in scenes:
            scene.wait_for_flow("the round before")
        time.sleep(chance.uniform(0, 0.2))  # so that the kill meets commands at any stage
        partition = chance.randrange(3)
        owner = nodes.at(nodes[0].owner_of(partition))
        print(f"seed {SEED}, kill {number + 1} of {KILLS}: the owner of partition {partition}", flush=True)
        owner.kill()
        for scene in scenes:
            scene.wait_for_flow("the kill of an owner")
        owner.start()
        nodes.wait_until_settled()
    for scene in scenes:
        scene.end()
    # On the topic of public events there is no hole either.
    wait_for_all(broker.addresses(), prefix + "events", *(at(nodes[0], scene.workspace) for scene in scenes))
    for node in nodes:
        node.stop()
    for node in nodes:
        checked = offline.verify(node.data)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    last = nodes[-1].data  # it has read what the others wrote to their ends
    live = offline.digest(last)
    assert offline.run("projections", "rebuild", "--data", last).returncode == 0
    assert offline.digest(last) == live


def test_an_owner_that_sleeps_is_replaced_and_changes_nothing_when_it_wakes(nodes):
    scene = Scene(nodes, 1)
    for number in range(SLEEPS):
        scene.wait_for_flow("the round before")
        owner = nodes.at(nodes[0].owner_of(1))
        print(f"sleep {number + 1} of {SLEEPS}", flush=True)
        owner.pause()
        wait_until(lambda: all(node.owner_of(1) != owner.url for node in nodes.awake()), "another owner",
                   AGAIN_WITHIN_S)
        scene.wait_for_flow("the takeover")
        owner.resume()
        nodes.wait_until_settled()
    scene.end()


def test_a_command_that_was_handed_on_to_an_owner_that_sleeps_is_told_that_its_outcome_is_unknown(nodes):
    workspace = workspace_on(nodes, 1)
    owner = nodes.at(nodes[0].owner_of(1))
    other = next(node for node in nodes if node is not owner)
    owner.pause()
    patient = Client(lambda: other.url, workspace.key)
    first = create(patient, "asleep@example.com")
    assert (first.status, first.json["code"]) == (503, "outcome_unknown"), first.body
    assert other.owner_of(1) != owner.url  # not before, for the owner might have woken up
    made = create(patient, "asleep@example.com")  # with the same Idempotency-Key
    assert made.status == 201, made.body
    owner.resume()
    nodes.wait_until_settled()
    position = int(made.headers["Daybook-Position"])
    for node in nodes:
        created = [event for event in events_of(at(node, workspace), position) if event["type"] == CREATED]
        assert [event["subject"].rsplit("/", 1)[-1] for event in created] == [made.json["id"]]


@contextlib.contextmanager
def request_under_way(node, workspace):
    """The node waits for the body of a request."""
    host, port = node.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 5) as client:
        client.sendall(f"POST /v1/contacts HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {workspace.key}\r\n"
                       "Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        yield


def test_a_node_that_stops_in_order_hands_over(nodes):
    scene = Scene(nodes, 0)
    scene.wait_for_flow("the start")
    leaving = nodes.at(nodes[0].owner_of(0))
    others = [node for node in nodes if node is not leaving]
    with request_under_way(leaving, scene.workspace):  # so that it does not end before
        leaving.child.process.send_signal(signal.SIGTERM)
        wait_until(lambda: all(node.owner_of(0) != leaving.url for node in others), "another owner", HANDED_OVER_WITHIN_S)
        assert leaving.is_running()
        scene.wait_for_flow("the handover")
    assert leaving.child.process.wait(20) == 0, leaving.child.output()
    scene.end()


def test_a_node_at_the_address_of_another_does_not_start(nodes, tmp_path):
    copy_keys(nodes[0].data, tmp_path / "twin")
    said = refused_start(tmp_path / "twin", *nodes[1].args, "--node-url", nodes[0].url)
    assert f"another server answers at {nodes[0].url} already; name in --node-url where" in said
    assert nodes.agree()


def start_with_one_address(directory, args):
    """Two nodes, the first of which was given the address of the second while nobody listened there."""
    second = Node(directory / "second", args)
    first = Node(directory / "first", [*args, "--node-url", second.url])
    first.start()
    copy_keys(first.data, second.data)
    second.child = Child(second.command(), env=second.env)
    second.child.wait_for_line(LISTENING)
    return first, second


def wait_for_twin_line(node, url):
    node.child.wait_for_line(re.compile(f"under the address of this one, {url},.* a --node-url of its own"), TWIN_TOLD_WITHIN_S)


def test_nodes_that_started_with_one_address_are_not_ready(tmp_path, broker, prefix):
    first, second = start_with_one_address(tmp_path, [*broker.args(prefix), "--partitions", "2"])
    for node in (first, second):
        wait_for_twin_line(node, second.url)
        wait_until(lambda: log_state(node) == "no_owner", "a partition of the other node to be noticed")
    for node in (first, second):
        node.stop()


def test_a_node_whose_address_leads_to_another_says_so_whoever_has_the_partition(tmp_path, broker, prefix):
    first, second = start_with_one_address(tmp_path, broker.args(prefix))
    wait_for_twin_line(first, second.url)
    for node in (first, second):
        node.stop()


def test_what_a_node_says_of_itself_is_as_described(nodes, contract):
    said = [CheckedClient(contract, node.client())("GET", "/readyz", expect=200).json["node"] for node in nodes]
    assert [each["url"] for each in said] == [node.url for node in nodes]
    assert len({each["instance"] for each in said}) == len(said)
    assert all(each["settings"] == said[0]["settings"] for each in said)
    assert {"operator.key", "keys/cursor.key", "mail_from", "public_url", "smtp_url"} <= set(said[0]["settings"])


def test_a_node_that_starts_again_takes_itself_for_no_other(nodes):
    node = nodes[0]
    node.kill()
    node.start()
    nodes.wait_until_settled()
    assert "under the address of this one" not in node.child.output()


def test_a_log_that_other_nodes_serve_is_not_moved(nodes, tmp_path):
    first, second, third = nodes
    workspace = workspace_on(nodes, 0)
    first.stop()
    refused = offline.run("log", "copy", "--data", first.data, "--to", tmp_path / "copy")
    assert refused.returncode == 1 and "stop every one of them first" in refused.stderr, refused.stderr
    assert second.url in refused.stderr and third.url in refused.stderr
    assert not (tmp_path / "copy" / "keys").exists()
    nodes.wait_until_settled()
    assert create(at(second, workspace), "goes.on@example.com").status == 201


def test_a_new_node_begins_with_the_read_models_of_another(nodes):
    scene = Scene(nodes, 0)
    wait_until(lambda: len(scene.load.made) > 1100, "a log worth copying", 120)
    scene.end()
    fresh = nodes.add()
    assert "read models copied from http://127.0.0.1:" in fresh.child.output()
    nodes.wait_until_settled()  # it stands by, or another one does
    assert emails_of(at(fresh, scene.workspace)) == sorted(scene.load.made.items())
    assert create(at(fresh, scene.workspace), "after@example.com").status == 201
    nodes.end()
    checked = offline.verify(fresh.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_import_that_ran_on_a_node_that_ended_has_failed(nodes):
    workspace = workspace_on(nodes, 2)
    owner = nodes.at(nodes[0].owner_of(2))
    other = next(node for node in nodes if node is not owner)
    text = "email\n" + "".join(f"m{number}@example.com\n" for number in range(200_000))
    started = at(other, workspace).request("POST", "/v1/imports?kind=contacts&commit=true", body=text.encode(),
                                           headers={"Content-Type": "text/csv", "Prefer": "wait=0"})
    assert started.status == 202, started.body
    path = started.headers["Location"]
    wait_until(lambda: at(other, workspace).get(path).json["state"] == "running", "the import to run")
    owner.kill()

    def has_failed():
        answer = at(other, workspace).get(path)
        return answer.status == 200 and answer.json["state"] == "failed"

    wait_until(has_failed, "the word that it failed", 20)
    assert emails_of(at(other, workspace)) == []
    assert create(at(other, workspace), "after@example.com").status == 201
