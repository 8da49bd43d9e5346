"""`daybook demo`: up in seconds, with data worth looking at, and what it tells people to type works."""

import csv
import io
import re
import subprocess
import time

import pytest

from child import Child
from client import Client
from command import DONE, REFUSED, run
from daybook_server import binary, clean_environment

pytestmark = pytest.mark.own_log

UP = re.compile(r"Ctrl-C stops it")
EXPORT = re.compile(r"^    (export DAYBOOK_URL=.*)$", re.MULTILINE)


@pytest.fixture
def start_demo():
    demos = []

    def start(*args):
        demos.append(Child([binary(), "demo", "--listen", "127.0.0.1:0", *args], env=clean_environment()))
        demos[-1].wait_for_line(UP)
        return demos[-1]

    yield start
    for demo in demos:
        demo.end()


def shell(command):
    return subprocess.run(["bash", "-c", command], env=clean_environment(), capture_output=True, text=True, timeout=60)


def commands_of(demo):
    """(the export line, the commands below it)."""
    text = demo.output()
    export = EXPORT.search(text)
    block = text[export.end():text.index("  Ctrl-C")]
    return export.group(1), [line.strip() for line in block.splitlines() if line.strip()]


def client_of(demo):
    url = re.search(r"API +(http://\S+)", demo.output()).group(1)
    key = re.search(r"API key +(dbk_\S+)", demo.output()).group(1)
    return Client(lambda: url, key)


def test_it_is_up_in_seconds_with_data_worth_looking_at(start_demo):
    began = time.monotonic()
    demo = start_demo()
    assert time.monotonic() - began < 15
    assert "Not for production" in demo.output()
    client = client_of(demo)
    contacts = client.get("/v1/contacts?limit=500").json["data"]
    deals = client.get("/v1/deals?limit=500").json["data"]
    assert (len(contacts), len(deals)) == (200, 60)
    assert {deal["currency"] for deal in deals} == {"EUR", "USD"}
    assert len({deal["owner_id"] for deal in deals}) == 4
    assert len({deal["stage"] for deal in deals}) == 6
    names = [(contact["first_name"], contact["last_name"]) for contact in contacts]
    assert len(names) - len(set(names)) == 5, "planted duplicates"
    assert len(client.get("/v1/notes?limit=100").json["data"]) == 20
    assert len(client.get("/v1/activities?limit=100").json["data"]) == 20


def test_what_it_tells_people_to_type_works(start_demo):
    demo = start_demo()
    export, commands = commands_of(demo)
    assert len(commands) == 5
    shown = {}
    for command in commands:
        done = shell(f"{export}; {command}")
        assert done.returncode == DONE, (command, done.stderr)
        shown[command] = done.stdout
    assert [command for command, text in shown.items() if not text.strip()] == []
    dry_run = next(text for command, text in shown.items() if "--dry-run" in command)
    assert re.search(r"^state +dry run", dry_run, re.MULTILINE)
    assert re.search(r"^skipped +[1-9]", dry_run, re.MULTILINE)
    assert re.search(r"^created +[1-9]", dry_run, re.MULTILINE)
    demo.wait_for_line(re.compile(r"\| To: .*@demo\.test>"))
    demo.wait_for_line(re.compile(r"\| Subject: \S"))


def test_a_kept_directory_is_gone_on_with(start_demo, tmp_path):
    first = start_demo("--data", tmp_path / "d")
    created = client_of(first).post("/v1/contacts", {"first_name": "Kept", "last_name": "Low"}).json
    assert first.end() == 0
    second = start_demo("--data", tmp_path / "d")
    assert client_of(second).get(f"/v1/contacts/{created['id']}").json == created
    assert len(client_of(second).get("/v1/contacts?limit=500").json["data"]) == 201
    assert str(tmp_path / "d" / "demo.key") in second.output()
    assert (tmp_path / "d" / "demo.key").stat().st_mode & 0o777 == 0o600


def test_a_start_that_failed_is_tried_again(start_demo, daybook, tmp_path):
    taken = daybook.url.removeprefix("http://")
    failed = run("demo", "--data", tmp_path / "d", "--listen", taken)
    assert (failed.returncode, "--listen" in failed.stderr) == (REFUSED, True)
    demo = start_demo("--data", tmp_path / "d")
    assert len(client_of(demo).get("/v1/deals?limit=500").json["data"]) == 60


def test_a_temporary_directory_goes_with_it(start_demo):
    demo = start_demo()
    data = re.search(r"Data +(\S+) \(removed at the end\)", demo.output()).group(1)
    assert demo.end() == 0
    assert not shell(f"ls -d {data}").stdout


def test_other_data_is_not_taken_for_a_demo(start_daybook):
    server = start_daybook()
    server.stop()
    done = run("demo", "--data", server.data, "--listen", "127.0.0.1:0")
    assert (done.returncode, "holds data that is no demo's" in done.stderr) == (REFUSED, True)


def test_the_messy_file_is_messy(start_demo, tmp_path):
    start_demo("--data", tmp_path / "d")
    text = (tmp_path / "d" / "messy-contacts.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[2][1:4] == ['O"Brien', "lin@new.test", "Wide\nOpen Ltd"]
    assert [] in rows
