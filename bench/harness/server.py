"""The built binary as a server, with its syncs counted; and the loads on it."""

import http.client
import json
import os
import pathlib
import re
import signal
import struct
import subprocess
import time


class Server:
    """`daybook serve` on `data`, on a free port."""

    def __init__(self, build, data, sync_delay_us=0, args=()):
        self.build = build
        self.data = pathlib.Path(data)
        self.counter = self.data.parent / (self.data.name + ".syncs")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DAYBOOK_")}
        environment["LD_PRELOAD"] = str(next((build / "bench").glob("libbench_syncs.*")))
        environment["BENCH_SYNCS"] = str(self.counter)
        if sync_delay_us:
            environment["BENCH_SYNC_DELAY_US"] = str(sync_delay_us)
        began = time.monotonic()
        self.process = subprocess.Popen(
            [build / "daybook", "serve", "--data", self.data, "--listen", "127.0.0.1:0", *args],
            stderr=subprocess.PIPE, text=True, env=environment)
        for line in self.process.stderr:
            if match := re.search(r"listening on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(match.group(1))
                break
        else:
            raise RuntimeError(f"the server ended with {self.process.wait()}")
        while self.request("GET", "/readyz").status != 200:
            pass
        self.start_s = time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)
        self.process.stderr.close()

    def request(self, method, path, body=None, key=None, kind="application/json", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=900)
        fields = {**({"Authorization": "Bearer " + key} if key else {}), **(headers or {})}
        if body is not None:
            fields["Content-Type"] = kind
        connection.request(method, path, body, fields)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer

    def workspace_key(self, name="Bench"):
        """A new workspace's first key."""
        wish = {"name": name, "owner": {"name": "Ann", "email": "ann@acme.test"}}
        operator = (self.data / "operator.key").read_text().strip()
        answer = self.request("POST", "/v1/workspaces", json.dumps(wish), operator)
        if answer.status != 201:
            raise RuntimeError(answer.text)
        return json.loads(answer.text)["api_key"]

    def syncs(self):
        return struct.unpack("=Q", self.counter.read_bytes())[0]

    def status(self, name):
        """VmRSS or VmHWM in MiB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s*(\d+)", text).group(1)) / 1024

    def reset_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


class Broker:
    """A Kafka broker by deploy/kafka, for this run alone."""

    def __init__(self, directory):
        self.directory = directory
        self._deploy("start", "--port", "0")
        self.addresses = (directory / "bootstrap").read_text().strip()

    def _deploy(self, command, *args):
        deploy = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "kafka"
        subprocess.run([deploy, command, "--dir", self.directory, *args], check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._deploy("stop")


def load(build, what, port, **given):
    """One load, and what it measured."""
    command = [build / "bench" / "load", what, str(port), *(f"{name}={value}" for name, value in given.items())]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the load {what} ended with {done.returncode}: {done.stderr}")
    measured = json.loads(done.stdout)
    if measured["wrong"]:
        raise RuntimeError(f"{measured['wrong']} of {measured['answered']} answers to {what} were wrong, "
                           f"first: {measured['first_wrong']}")
    return measured


class Replies:
    """The limit program of reads."""

    def __init__(self, build):
        self.process = subprocess.Popen([build / "bench" / "limits", "replies"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()
