"""The built binary as a server on a data directory, through stops, kills and restarts."""

import json
import os
import pathlib
import re
import signal
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
    return ["--log", "kafka", "--brokers", brokers, "--topic-prefix", prefix, "--create-topics"]


def log_args(data):
    """Which log the suite runs on: DAYBOOK_TEST_LOG=kafka is the other one."""
    return kafka_args(data) if os.environ.get("DAYBOOK_TEST_LOG") == "kafka" else []


class DaybookServer:
    """`daybook serve` on `data`. Each start takes a free port, so `url` holds until the next one."""

    def __init__(self, data, args=(), env=None):
        self.data = pathlib.Path(data)
        self.args = list(args)
        self.env = {**clean_environment(), **(env or {})}
        self.url = None
        self.child = None

    def command(self):
        return [binary(), "serve", "--data", self.data, "--listen", "127.0.0.1:0", *log_args(self.data), *self.args]

    def start(self):
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
        assert code == 0, f"ended with {code}:\n{self.child.output()}"

    def kill(self):
        """SIGKILL: nothing is finished."""
        self.child.end(signal.SIGKILL)

    def restart(self):
        self.stop()
        return self.start()

    def is_running(self):
        return self.child is not None and self.child.process.poll() is None

    def operator_key(self):
        return (self.data / "operator.key").read_text().strip()

    def client(self, key=None):
        return Client(lambda: self.url, key)
