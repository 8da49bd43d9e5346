"""`daybook doctor`: what it found, and what its remedies do."""

import dataclasses
import json
import subprocess
import time

import pytest

from command import run

OK, WARNING, FAILURE = "ok", "warning", "failure"
FEW = ("--max-connections", "64")  # so that the limit on files of whoever runs the tests is enough
PATIENCE_S = 20
KAFKA_PATIENCE_S = 30


@dataclasses.dataclass
class Report:
    code: int
    checks: list
    summary: dict

    def of(self, name):
        """The only check of this name."""
        (check,) = [check for check in self.checks if check["name"] == name]
        return check

    def status(self, name):
        return self.of(name)["status"]

    def bad(self):
        """Names of the failures, and of the warnings."""
        return [[check["name"] for check in self.checks if check["status"] == status] for status in (FAILURE, WARNING)]


def examine(*args, **options):
    """The Report of one call; its exit code and summary must be those of its checks."""
    done = run("doctor", *args, "--json", **options)
    assert done.returncode in (0, 1) and not done.stderr, done.stdout + done.stderr
    document = json.loads(done.stdout)
    statuses = [check["status"] for check in document["checks"]]
    assert document["summary"] == {"ok": statuses.count(OK), "warnings": statuses.count(WARNING),
                                   "failures": statuses.count(FAILURE)}
    assert done.returncode == (1 if FAILURE in statuses else 0)
    assert all(set(check) == {"name", "status", "found", "remedy"} for check in document["checks"])
    assert all(bool(check["remedy"]) == (check["status"] != OK) for check in document["checks"]), document
    return Report(done.returncode, document["checks"], document["summary"])


def lines_of(report):
    """What is printed without --json."""
    lines = []
    for check in report.checks:
        lines.append(f"{check['status']:9}{check['name']}: {check['found']}")
        lines += [" " * 9 + check["remedy"]] if check["remedy"] else []

    def counted(number, word):
        return f"{number} {word}" + "s" * (number != 1)

    return [*lines, f"{counted(len(report.checks), 'check')}: {report.summary['ok']} ok, "
                    f"{counted(report.summary['warnings'], 'warning')}, {counted(report.summary['failures'], 'failure')}"]


def carry_out(check):
    """Runs the check's remedy as a reader would paste it."""
    subprocess.run(["sh", "-ec", check["remedy"]], check=True, stdin=subprocess.DEVNULL, timeout=60)


@pytest.fixture
def stopped(start_daybook, new_workspace):
    """A data directory that was served; its server is stopped."""
    server = start_daybook(*FEW)
    client = new_workspace(server).client
    assert client.post("/v1/contacts", {"email": "jane@x.test"}).status == 201
    server.stop()
    return server


def look(server, *args, **options):
    return examine("--data", server.data, *FEW, *args, **options)


def look_at(data, args, *more):
    """The same of a directory whose log is on Kafka."""
    began = time.monotonic()
    report = examine("--data", data, *FEW, *args, *more)
    assert time.monotonic() - began < KAFKA_PATIENCE_S
    return report
