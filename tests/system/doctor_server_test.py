"""daybook doctor beside a server: it is found, asked, and named where it is another one or gone."""

import fcntl
import os
import shlex
import shutil
import signal
import socket
import time

import pytest

from doctor import FAILURE, FEW, OK, PATIENCE_S, WARNING, examine, look, stopped  # stopped is a fixture
from command import REFUSED
from scripted_server import ScriptedServer

pytestmark = pytest.mark.own_log


def test_a_server_that_is_named_must_answer(stopped):
    report = look(stopped, "--url", "http://127.0.0.1:1")
    assert report.of("server")["found"] == "nobody listens at http://127.0.0.1:1"
    assert (report.code, report.status("server")) == (REFUSED, FAILURE)


def test_a_server_that_hangs_is_a_failure(daybook):
    daybook.child.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    check = look(daybook).of("server")
    assert time.monotonic() - began < PATIENCE_S
    assert (check["status"], f"no answer came within two seconds from {daybook.url}" in check["found"]) == (FAILURE, True)
    daybook.child.process.send_signal(signal.SIGCONT)


def test_whoever_else_listens_there_is_named(stopped, start_daybook):
    other = start_daybook()
    check = look(stopped, "--listen", other.url.removeprefix("http://")).of("server")
    assert (check["status"], check["found"]) == (
        WARNING, f"it is not running, and a Daybook with other data listens at {other.url}")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = "127.0.0.1:%d" % silent.getsockname()[1]
        check = look(stopped, "--listen", address).of("server")
        assert check["found"] == f"it is not running, and another program listens at http://{address}"
    with ScriptedServer((200, {"hello": "world"})) as stranger:
        check = look(stopped, "--url", stranger.url).of("server")
        assert (check["status"], check["found"]) == (FAILURE, f"it is no Daybook that answers at {stranger.url}")


def test_a_process_that_has_the_data_open_and_does_not_listen_is_a_warning(stopped):
    with open(stopped.data / "log" / "in-use") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        report = look(stopped)
    check = report.of("server")
    assert check["status"] == WARNING
    assert check["found"].startswith(f"process {os.getpid()} (") and check["found"].endswith("takes no connections")


def test_a_clock_that_is_off_is_a_warning(stopped):
    ready = {"status": "ok", "checks": {"log": {"state": "ok", "end_offset": 3}, "lag": {"state": "ok", "records": 5000}}}
    with ScriptedServer((200, ready, {"Date": "Sat, 01 Aug 2020 12:00:00 GMT"})) as server:
        report = look(stopped, "--url", server.url)
    assert report.of("server")["found"] == f"{server.url} is ready, 5000 records behind"
    assert report.status("server") == report.status(f"clock of {server.url}") == WARNING
    assert "seconds behind the one here" in report.of(f"clock of {server.url}")["found"]


def test_read_models_that_were_deleted_under_the_server_are_a_failure(stopped):
    state = stopped.start().data / "state"
    shutil.rmtree(state)
    check = look(stopped).of("read models")
    assert (check["status"], check["found"].startswith(f"{state} was deleted under process ")) == (FAILURE, True)
    stopped.kill()
    assert look(stopped).status("read models") == OK
    assert look(stopped.start()).of("read models")["found"] == f"they are in {state}"


def test_a_remedy_that_asks_again_asks_the_same(tmp_path):
    data = tmp_path / "it's here"
    args = ["--data", str(data), *FEW, "--log", "kafka", "--create-topics", "--smtp-url", "smtp://ann:hunter2@127.0.0.1:1"]
    check = examine(*args, env={"DAYBOOK_THREDS": "4"}).of("log, server, mail")
    command, comment = check["remedy"].split("  # ")
    assert comment == "again"
    assert shlex.split(command) == ["daybook", "doctor", "--data", str(data), "--log", "kafka", "--create-topics",
                                    "--smtp-url", "@FILE", *FEW]
