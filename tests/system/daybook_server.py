"""The built binary as a server on a data directory, through stops, kills and restarts."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import uuid

import requests

from child import Child, wait_until
from client import Client

ROOT = pathlib.Path(__file__).resolve().parents[2]
LISTENING = re.compile(r"listening on (http://\S+:\d+)")


def binary():
    return pathlib.Path(os.environ.get("DAYBOOK_BINARY", ROOT / "build" / "release" / "daybook"))


def clean_environment():
    """Ours, without settings of a Daybook that the developer runs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_")}


def kafka_args(data):
    """Arguments for a log on the broker that runs in DAYBOOK_TEST_KAFKA, in topics of the data directory's own."""
    brokers = (pathlib.Path(os.environ["DAYBOOK_TEST_KAFKA"]) / "bootstrap").read_text().strip()
    record = data / "log" / "kafka.json"
    prefix = json.loads(record.read_text())["topic_prefix"] if record.exists() else f"test-{uuid.uuid4()}."
    return ["--log", "kafka", "--brokers", brokers, "--topic-prefix", prefix, "--create-topics", "--partitions", "3"]


def log_args(data):
    """Which log the suite runs on: DAYBOOK_TEST_LOG=kafka is the other one, and nodes that with two servers on it."""
    return kafka_args(data) if os.environ.get("DAYBOOK_TEST_LOG") in ("kafka", "nodes") else []


def free_port():
    """A port that nobody listens on; whoever wants it listens soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def copy_keys(of, to):
    """What nodes on one log have in common beside it."""
    to.mkdir(parents=True, exist_ok=True)
    shutil.copytree(of / "keys", to / "keys", dirs_exist_ok=True)
    shutil.copy(of / "operator.key", to / "operator.key")


class DaybookServer:
    """`daybook serve` on `data`. Each start takes a free port, so `url` holds until the next one."""

    def __init__(self, data, args=(), env=None):
        self.data = pathlib.Path(data)
        self.args = list(args)
        self.env = {**clean_environment(), **(env or {})}
        self.url = None
        self.child = None
        self.other = None  # node on the same log
        self._log_args = log_args(self.data)

    def command(self):
        return [binary(), "serve", "--data", self.data, "--listen", "127.0.0.1:0", *self._log_args, *self.args]

    def _node(self, data):
        listen = f"127.0.0.1:{free_port()}"
        child = Child([*self.command(), "--data", data, "--listen", listen, "--node-url", "http://" + listen], env=self.env)
        child.wait_for_line(LISTENING)
        return child

    def _start_two(self):
        """The other node first, so that it has the partitions and gives some of them up."""
        data = self.data.with_name(self.data.name + "-other")
        if self.data.exists():
            copy_keys(self.data, data)
        self.other = self._node(data)
        copy_keys(data, self.data)
        self.child = self._node(self.data)
        urls = [child.wait_for_line(LISTENING).group(1) for child in (self.child, self.other)]
        wait_until(lambda: self._share(urls), "two nodes to share the partitions")

    @staticmethod
    def _share(urls):
        partitions = [Client(lambda: url).get("/readyz").json["partitions"] for url in urls]
        owners = [[each["owner"] for each in of_node] for of_node in partitions]
        is_settled = all(each["role"] != "taking_over" for of_node in partitions for each in of_node)
        return is_settled and owners[0] == owners[1] and set(owners[0]) == set(urls)

    def start(self):
        if os.environ.get("DAYBOOK_TEST_LOG") == "nodes":
            self._start_two()
            self.url = self.child.wait_for_line(LISTENING).group(1)
            return self.wait_until_ready()
        self.child = Child(self.command(), env=self.env)
        self.url = self.child.wait_for_line(LISTENING).group(1)
        return self.wait_until_ready()

    def wait_until_ready(self):
        wait_until(self.is_ready, f"/readyz of {self.url}")
        return self

    def is_ready(self):
        with requests.Session() as session:
            session.trust_env = False
            try:
                return session.get(self.url + "/readyz", timeout=5).status_code == 200
            except requests.ConnectionError:
                assert self.child.process.poll() is None, f"the server ended:\n{self.child.output()}"
                return False

    def stop(self):
        """SIGTERM; the server must finish and leave with 0."""
        code = self.child.end(signal.SIGTERM)
        if self.other:
            self.other.end(signal.SIGTERM)
        assert code == 0, f"ended with {code}:\n{self.child.output()}"

    def kill(self):
        """SIGKILL: nothing is finished."""
        self.child.end(signal.SIGKILL)
        if self.other:
            self.other.end(signal.SIGKILL)

    def restart(self):
        self.stop()
        return self.start()

    def is_running(self):
        return self.child is not None and self.child.process.poll() is None

    def operator_key(self):
        return (self.data / "operator.key").read_text().strip()

    def client(self, key=None):
        return Client(lambda: self.url, key)
