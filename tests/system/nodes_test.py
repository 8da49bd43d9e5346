"""Three nodes on one log: each takes any request, and what a node that ends or sleeps had, the others take."""

import concurrent.futures

import pytest

import offline
from child import wait_until
from client import Client
from kafka_server import broker, create, emails_of, make, prefix  # the nouns are fixtures
from nodes import Nodes
from workspaces import create_workspace

pytestmark = pytest.mark.own_log

AGAIN_WITHIN_S = 10
CLIENT_TIMEOUT_S = 3  # a node that sleeps is left alone after that


@pytest.fixture
def nodes(tmp_path, broker, prefix):
    nodes = Nodes(tmp_path, [*broker.args(prefix), "--partitions", "3"], 3)
    yield nodes.wait_until_settled()
    nodes.end()


def partition_of(workspace_id):
    """docs/log-format.md, "On Kafka"."""
    return int(workspace_id.replace("-", "")[16:], 16) % 3


def workspace_on(nodes, partition, through=0):
    """A workspace on that partition; where they fall is chance."""
    while True:
        workspace = create_workspace(nodes[through])
        if partition_of(workspace.id) == partition:
            return workspace


def at(node, workspace):
    return node.client(workspace.key)


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
    for workspace in workspaces:
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


class Flow:
    """Creates through the nodes in turn, each repeated with its key until it is certain: {e-mail: id} of what is made."""

    def __init__(self, nodes, workspace, name):
        self.made = {}
        self.refusals = set()
        self._nodes, self._workspace, self._name = nodes, workspace, name
        self._ending = False
        self._pool = concurrent.futures.ThreadPoolExecutor(1)
        self._run = self._pool.submit(self._make)

    def _make(self):
        number = turn = 0
        while not self._ending:
            email, turn = f"{self._name}{number}@example.com", turn + 1
            try:
                awake = self._nodes.awake()
                node = awake[turn % len(awake)]
                answer = create(Client(lambda: node.url, self._workspace.key, CLIENT_TIMEOUT_S), email)
            except OSError:  # that node is down, or sleeps
                continue
            if answer.status == 201:
                self.made[email] = answer.json["id"]
                number += 1
            else:
                self.refusals.add((answer.status, answer.json["code"]))

    def wait_for(self, more, what):
        wanted = len(self.made) + more
        wait_until(lambda: len(self.made) >= wanted, f"commands to be accepted again after {what}", AGAIN_WITHIN_S)

    def end(self):
        self._ending = True
        self._run.result(60)
        assert self.refusals <= {(503, "unavailable"), (503, "outcome_unknown"), (409, "request_in_progress")}


def events_of(client):
    return [(int(event["sequence"]), event["id"]) for event in client.get("/v1/events?after=0&limit=500").json["data"]]


def assert_one_history(nodes, workspace, flow):
    """Every node says what the clients were told, in one order, and so does the log."""
    position = max(int(at(node, workspace).get("/v1/me").headers["Daybook-Position"]) for node in nodes.running())
    stories = []
    for node in nodes.running():
        client = at(node, workspace)
        assert client.get(f"/v1/me?min_position={position}").status == 200
        assert emails_of(client) == sorted(flow.made.items())
        stories.append(events_of(client))
    assert all(story == stories[0] for story in stories)
    assert [sequence for sequence, _ in stories[0]] == list(range(1, len(stories[0]) + 1))


def test_an_owner_that_is_killed_is_replaced(nodes):
    for partition in range(3):
        workspace = workspace_on(nodes, partition)
        flow = Flow(nodes, workspace, "k")
        try:
            flow.wait_for(30, "the start")
            owner = nodes.at(nodes[0].owner_of(partition))
            owner.kill()
            flow.wait_for(20, "the kill of the owner")
        finally:
            flow.end()
        assert_one_history(nodes, workspace, flow)
        owner.start()
        nodes.wait_until_settled()
        assert_one_history(nodes, workspace, flow)
    for node in nodes:
        node.stop()
    for node in nodes:
        checked = offline.verify(node.data)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    digests = [offline.digest(node.data) for node in nodes]
    assert digests[0] == digests[1] == digests[2]


def test_an_owner_that_sleeps_is_replaced_and_changes_nothing_when_it_wakes(nodes):
    workspace = workspace_on(nodes, 1)
    flow = Flow(nodes, workspace, "z")
    try:
        for number in range(3):
            flow.wait_for(20, "the round before")
            owner = nodes.at(nodes[0].owner_of(1))
            owner.pause()
            wait_until(lambda: all(node.owner_of(1) != owner.url for node in nodes if node is not owner),
                       "another owner", AGAIN_WITHIN_S)
            flow.wait_for(10, "the takeover")
            owner.resume()
            late = create(at(owner, workspace), f"late{number}@example.com")
            if late.status == 201:  # through the new owner
                flow.made[f"late{number}@example.com"] = late.json["id"]
            nodes.wait_until_settled()
    finally:
        flow.end()
    assert_one_history(nodes, workspace, flow)


def test_a_node_that_stops_in_order_hands_over(nodes):
    workspace = workspace_on(nodes, 0)
    flow = Flow(nodes, workspace, "s")
    try:
        flow.wait_for(20, "the start")
        owner = nodes.at(nodes[0].owner_of(0))
        owner.stop()
        flow.wait_for(20, "the stop")
    finally:
        flow.end()
    assert_one_history(nodes, workspace, flow)


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
