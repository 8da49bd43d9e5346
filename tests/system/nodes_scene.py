"""A workspace of several nodes under load, somebody who follows it, and what both must have seen."""

import concurrent.futures
import itertools
import threading

import requests

from child import wait_until
from client import Client
from kafka_load import Load
from workspaces import create_workspace

AGAIN_WITHIN_S = 10
FLOW = 20  # creates after which a load is said to flow
CREATED = "daybook.contact.created.v1"
EXPECTED = {(503, "unavailable"), (503, "outcome_unknown"), (409, "request_in_progress")}
CLIENT_TIMEOUT_S = 3  # a node that sleeps is left alone after that


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


class Story:
    """What somebody hears who follows a workspace through the nodes in turn, and has each wait for what was heard last:
    positions never go back, and no event is missing."""

    def __init__(self, nodes, workspace):
        self.events = []
        self._client = client_of(nodes, workspace)()
        self._ending = threading.Event()
        self._pool = concurrent.futures.ThreadPoolExecutor(1)
        self._run = self._pool.submit(self._listen)

    def _listen(self):
        seen = 0
        while not self._ending.is_set():
            try:
                answer = self._client.get(f"/v1/events?after={len(self.events)}&limit=500&min_position={seen}")
            except requests.RequestException:
                continue
            if answer.status == 200:
                assert int(answer.headers["Daybook-Position"]) >= seen
                seen = int(answer.headers["Daybook-Position"])
                self._hear(answer.json["data"])
            else:
                assert (answer.status, answer.json["code"]) == (503, "unavailable"), answer.body

    def _hear(self, events):
        for event in events:
            assert int(event["sequence"]) == len(self.events) + 1
            self.events.append(event)

    def end(self):
        self._ending.set()
        self._run.result(60)
        return self.events


class Scene:
    """A workspace under load from all nodes, and somebody who follows it."""

    def __init__(self, nodes, partition):
        self._nodes = nodes
        self.workspace = workspace_on(nodes, partition)
        self.load = Load(client_of(nodes, self.workspace))
        self.story = Story(nodes, self.workspace)

    def wait_for_flow(self, after):
        so_far = len(self.load.made)
        wait_until(lambda: len(self.load.made) > so_far + FLOW, f"commands to be accepted again after {after}",
                   AGAIN_WITHIN_S)

    def end(self):
        self.load.end()
        heard = self.story.end()
        self._assert_one_history(heard)

    def _assert_one_history(self, heard):
        """Every node says what the clients were told, in one order: each event once, where its answer said."""
        assert set(self.load.refusals) <= EXPECTED, set(self.load.refusals) - EXPECTED
        position = max(self.load.positions.values())
        stories = [events_of(at(node, self.workspace), position) for node in self._nodes.awake()]
        assert all(story == stories[0] for story in stories)
        story = stories[0]
        assert [int(event["sequence"]) for event in story] == list(range(1, len(story) + 1))
        assert heard == story[:len(heard)]
        made = {event["subject"].rsplit("/", 1)[-1]: int(event["sequence"]) for event in story if event["type"] == CREATED}
        assert len(made) == sum(event["type"] == CREATED for event in story) == len(self.load.made)
        assert made == {id_: self.load.positions[email] for email, id_ in self.load.made.items()}


def client_of(nodes, workspace):
    """For Load: each request goes to the next node that is awake."""
    turns = itertools.count()

    def url():
        awake = nodes.awake()
        return awake[next(turns) % len(awake)].url

    return lambda: Client(url, workspace.key, CLIENT_TIMEOUT_S)


def events_of(client, position):
    """The whole feed, once the node has read up to the position."""
    found = []
    while True:
        page = client.get(f"/v1/events?after={len(found)}&limit=500&min_position={position}")
        assert page.status == 200, page.body
        if not page.json["data"]:
            return found
        found += page.json["data"]
