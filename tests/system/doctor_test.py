"""daybook doctor: each fault is provoked for real, named, and mended by what it prints; nothing is changed by looking."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import pytest

from child import wait_until
from command import DONE, REFUSED, WRONG_USAGE, run, run_on_terminal
from daybook_server import binary, clean_environment
from doctor import FAILURE, FEW, OK, PATIENCE_S, WARNING, carry_out, examine, lines_of, look, stopped  # stopped is a fixture
from volume import Volume

pytestmark = pytest.mark.own_log

MIB = 1 << 20


def everything_in(directory):
    """{path: (mode, time of the last change, contents)}."""
    found = {}
    for path in sorted(directory.rglob("*")):
        status = path.lstat()
        found[path] = (status.st_mode, status.st_mtime_ns, path.read_bytes() if path.is_file() else None)
    return found


def rewrite(path, content):
    """Other content under the same mode."""
    with open(path, "r+b") as file:
        file.truncate()
        file.write(content)


# --- a good one


def test_before_the_first_start_all_is_well_and_nothing_is_made(tmp_path):
    report = examine("--data", tmp_path / "new" / "data", *FEW)
    assert report.code == DONE
    assert "not there yet" in report.of("data directory")["found"]
    assert "the first start makes them" in report.of("keys")["found"]
    assert report.of("server")["found"] == "it is not running"
    assert "queued" in report.of("mail server")["found"]
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_server_is_looked_at_and_nothing_is_changed(stopped):
    before = everything_in(stopped.data)
    report = look(stopped)
    assert report.bad()[0] == [], report.checks
    assert "it opens with" in report.of("log")["found"]
    assert report.of("lock")["found"] == "no process has the data open"
    assert everything_in(stopped.data) == before


def test_a_running_server_is_found_by_its_process_whatever_its_port(daybook):
    report = look(daybook)
    assert report.bad()[0] == [], report.checks
    process = f"process {daybook.child.process.pid} ({binary().name})"
    assert report.of("lock")["found"] == f"{process} has the data open"
    assert report.of("log")["found"].startswith(f"{process} has it open; the high-water mark stands at ")
    assert report.of("server")["found"] == f"{daybook.url} is ready, 0 records behind"
    assert report.of(f"clock of {daybook.url}")["found"] == "it agrees with the one here"


def test_lines_and_document_say_the_same(stopped):
    os.chmod(stopped.data / "operator.key", 0o644)
    args = ("--data", stopped.data, "--smtp-url", "smtp://127.0.0.1:1", "--smtp-tls", "off", *FEW)
    report = examine(*args)
    done = run("doctor", *args)
    assert done.returncode == report.code == REFUSED
    # Free space and time go on between the two.
    assert [line for line in done.stdout.splitlines() if "MiB" not in line] == \
        [line for line in lines_of(report) if "MiB" not in line]


def test_only_a_terminal_sees_colours(stopped):
    args = ("doctor", "--data", stopped.data, *FEW)
    assert "\x1b[" not in run(*args).stdout
    assert "\x1b[32mok\x1b[0m" in run_on_terminal(*args, env={"TERM": "xterm"}, stream="stdout")[1]
    assert "\x1b[" not in run_on_terminal(*args, env={"TERM": "xterm", "NO_COLOR": "1"}, stream="stdout")[1]


@pytest.mark.parametrize("args, said", [
    ([], "say where the data is"),
    (["--data", "d", "--url", "crm.test"], "--url is http://"),
    (["--data", "d", "--jason"], "did you mean --json?"),
    (["--data", "d", "more"], "one argument too many"),
])
def test_wrong_usage_is_64(args, said, tmp_path):
    done = run("doctor", *args, cwd=tmp_path)
    assert (done.returncode, said in done.stderr, done.stdout) == (WRONG_USAGE, True, ""), done.stderr


# --- settings


def test_settings_that_are_wrong_are_named_all_at_once(stopped):
    (stopped.data / "daybook.toml").write_text('smtp_ulr = "smtp://mail.test"\nmax_connections = 0\n')
    report = examine("--data", stopped.data, env={"DAYBOOK_THREDS": "4"})
    found = [(check["found"], check["remedy"]) for check in report.checks if check["name"] == "configuration"]
    file = stopped.data / "daybook.toml"
    assert sorted(found) == [
        (f'{file} line 1: there is no setting "smtp_ulr"', 'did you mean "smtp_url"?'),
        (f'max_connections = "0" ({file} line 2) is not accepted', "give a number from 1 to 1000000"),
        ("there is no variable DAYBOOK_THREDS", "did you mean DAYBOOK_THREADS?")]
    assert report.status("log, server, mail") == WARNING
    assert report.status("master key") == OK


def test_a_file_of_settings_that_is_none_is_a_failure(stopped):
    (stopped.data / "daybook.toml").write_text("threads = \n")
    assert "line 1 is no TOML" in look(stopped).of("configuration")["found"]
    missing = look(stopped, "--config", stopped.data / "other.toml").of("configuration")
    assert (missing["status"], "cannot be read" in missing["found"]) == (FAILURE, True)


def test_settings_of_all_four_places_count(stopped, smtp):
    (stopped.data / "daybook.toml").write_text(f'smtp_url = "{smtp.url}"\nsmtp_tls = "required"\n')
    assert "STARTTLS" in look(stopped).of("mail server")["found"]
    assert look(stopped, env={"DAYBOOK_SMTP_TLS": "off"}).status("mail server") == OK
    assert look(stopped, "--smtp-tls", "required", env={"DAYBOOK_SMTP_TLS": "off"}).status("mail server") == FAILURE


# --- the data directory and its keys


def test_a_directory_that_cannot_be_made_is_a_failure(tmp_path):
    (tmp_path / "file").write_text("")
    for data in (tmp_path / "file" / "data", tmp_path / "file"):
        check = examine("--data", data).of("data directory")
        assert (check["status"], "is no directory" in check["found"]) == (FAILURE, True)


@pytest.mark.parametrize("part, mode, name, status", [
    ("", 0o755, "data directory", WARNING),
    ("", 0o500, "data directory", FAILURE),
    ("keys", 0o755, "keys", FAILURE),
    ("keys/master.key", 0o640, "master key", FAILURE),
    ("keys/cursor.key", 0o604, "cursor key", FAILURE),
    ("operator.key", 0o644, "operator key", FAILURE),
])
def test_a_wrong_mode_is_mended_by_its_remedy(stopped, part, mode, name, status):
    os.chmod(stopped.data / part, mode)
    check = look(stopped).of(name)
    assert (check["status"], f"(mode {mode:04o})" in check["found"]) == (status, True)
    carry_out(check)
    assert look(stopped).bad()[0] == []


def test_files_of_another_user_are_named(stopped):
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    subprocess.run([*as_root, "chown", "65534", stopped.data / "log" / "CURRENT"], check=True)
    check = look(stopped).of("owner of files")
    assert check["status"] == FAILURE and f"{stopped.data}/log/CURRENT belongs to " in check["found"]
    assert check["remedy"].startswith("sudo chown -R ")


def test_another_user_is_told_so_and_nothing_else_is_guessed(stopped):
    as_nobody = (["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else
                 ["sudo", "-n", "-u", "#65534"])
    with tempfile.TemporaryDirectory() as place:  # pytest's own is closed to others
        place = pathlib.Path(place)
        shutil.copy(binary(), place / "daybook")
        shutil.copytree(stopped.data, place / "data")
        for path in (place, place / "data"):
            os.chmod(path, 0o755)
        done = subprocess.run([*as_nobody, place / "daybook", "doctor", "--data", place / "data"], env=clean_environment(),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == REFUSED, done.stdout + done.stderr
    assert f"failure  data directory: {place}/data belongs to " in done.stdout
    assert done.stdout.endswith("2 checks: 1 ok, 0 warnings, 1 failure\n"), done.stdout


@pytest.mark.parametrize("key, weakness", [
    (bytes(32), "is all zero"),
    (b"\x2a" * 32, "is one byte repeated"),
    (bytes(range(5)) * 6 + b"\0\0", "has only 5 distinct bytes"),
    (b"correct horse battery staple 12!", "is text that people type"),
    (bytes(range(31)), "is too short: 31 bytes and not 32"),
    (bytes(range(33)), "has 33 bytes and not 32"),
])
def test_a_weak_key_is_a_failure(stopped, key, weakness):
    for name in ("cursor", "master"):
        rewrite(stopped.data / "keys" / f"{name}.key", key)
    report = look(stopped)
    assert report.of("master key")["found"] == f"{stopped.data}/keys/master.key {weakness}"
    assert "BACKUP/keys/master.key" in report.of("master key")["remedy"]
    assert report.of("cursor key")["found"] == f"{stopped.data}/keys/cursor.key {weakness}"
    carry_out(report.of("cursor key"))
    assert look(stopped).status("cursor key") == OK


def test_a_weak_key_that_nothing_is_sealed_with_makes_room_for_a_good_one(tmp_path, start_daybook):
    (tmp_path / "d" / "keys").mkdir(mode=0o700, parents=True)
    os.chmod(tmp_path / "d", 0o700)
    key = tmp_path / "d" / "keys" / "master.key"
    key.touch(mode=0o600)
    rewrite(key, bytes(32))
    check = examine("--data", tmp_path / "d", *FEW).of("master key")
    assert (check["status"], "is all zero" in check["found"]) == (FAILURE, True)
    carry_out(check)
    assert look(start_daybook(data=tmp_path / "d")).status("master key") == OK


@pytest.mark.parametrize("line, weakness", [
    ("dbo_" + "a" * 52, "is one byte repeated"),
    ("dbo_abcdefghijklmnop", "is too short: 16 bytes and not 36"),
    ("secret", "does not begin with dbo_"),
])
def test_a_weak_operator_key_is_made_anew(stopped, line, weakness):
    rewrite(stopped.data / "operator.key", line.encode() + b"\n")
    check = look(stopped).of("operator key")
    assert (check["status"], check["found"]) == (FAILURE, f"{stopped.data}/operator.key {weakness}")
    carry_out(check)
    assert look(stopped).status("operator key") == WARNING
    assert look(stopped.start()).status("operator key") == OK


def test_missing_keys_of_a_log_are_a_failure(stopped):
    for name in ("master", "cursor"):
        (stopped.data / "keys" / f"{name}.key").unlink()
    report = look(stopped)
    assert "is missing" in report.of("master key")["found"] and "BACKUP" in report.of("master key")["remedy"]
    assert "is missing" in report.of("cursor key")["found"]


def test_another_master_key_is_named(stopped):
    key = stopped.data / "keys" / "master.key"
    rewrite(key, os.urandom(32))
    report = look(stopped)
    assert report.bad()[0] == ["master key"]
    assert report.of("master key")["found"] == \
        f"{key} is another master key than the one this log's keys were wrapped with"


# --- the machine


def test_a_disk_below_its_floor_is_a_failure_and_one_near_it_a_warning(tmp_path, start_daybook):
    volume = Volume(tmp_path / "volume")
    try:
        server = start_daybook(data=volume.path / "data")
        assert look(server).status("disk") == WARNING
        volume.leave(100 * MIB)
        wait_until(lambda: server.client().get("/readyz").status == 503, "the server to notice")
        report = look(server)
        assert report.status("disk") == FAILURE
        assert "less than the 512 MiB below which commands are refused" in report.of("disk")["found"]
        assert report.of("server")["found"] == f"{server.url} is not ready: disk full, 0 records behind"
        assert "free space" in report.of("server")["remedy"]
        volume.leave(4096 * MIB)
        wait_until(lambda: server.client().get("/readyz").status == 200, "the server to notice")
        assert look(server).bad() == [[], []]
        server.stop()
    finally:
        volume.end()


def test_too_few_files_are_a_warning(stopped):
    limited = ["sh", "-c", 'ulimit -n 1000; exec "$@"', "sh", str(binary()), "doctor", "--data", str(stopped.data), "--json"]
    document = json.loads(subprocess.run(limited, env=clean_environment(), capture_output=True, check=True).stdout)
    (check,) = [check for check in document["checks"] if check["name"] == "file descriptors"]
    assert check["found"] == ("a server started from here may have 1000 files open, and max_connections = 4096 may need "
                              "6144")
    assert check["remedy"].startswith("ulimit -n 6144")


def test_a_clock_before_the_last_write_is_a_failure(stopped):
    later = time.time() + 86400
    os.utime(stopped.data / "log" / "CURRENT", (later, later))
    check = look(stopped).of("clock")
    assert (check["status"], "was last written at" in check["found"]) == (FAILURE, True)


def test_a_disk_that_hangs_does_not_hang_the_doctor(stopped):
    os.mkfifo(stopped.data / "daybook.toml")  # opening it waits for somebody who writes
    began = time.monotonic()
    report = look(stopped)
    assert time.monotonic() - began < PATIENCE_S
    assert [(check["name"], check["status"]) for check in report.checks] == [("configuration", FAILURE)]
    assert report.of("configuration")["found"] == "no end within 5 seconds, and nothing more was looked at"


# --- the log


def test_a_log_that_was_cut_is_a_failure_with_the_place(stopped):
    (wal,) = (stopped.data / "log").glob("*.log")
    os.truncate(wal, wal.stat().st_size - 20)
    check = look(stopped).of("log")
    assert check["status"] == FAILURE and str(wal) in check["found"]
    assert "put back a backup copy" in check["remedy"]


def test_a_lost_mark_is_a_failure(stopped):
    (stopped.data / "log.high-water").unlink()
    check = look(stopped).of("log")
    assert check["status"] == FAILURE and "--high-water" in check["found"] + check["remedy"]


def test_a_running_server_has_its_mark_elsewhere(start_daybook, tmp_path):
    server = start_daybook("--high-water", tmp_path / "mark")
    check = look(server).of("log")
    assert (check["status"], "its high-water mark is not at" in check["found"]) == (FAILURE, True)
    assert look(server, "--high-water", tmp_path / "mark").status("log") == OK


def test_the_mark_of_another_log_is_found_beside_a_running_server(start_daybook, new_workspace, stopped):
    other = start_daybook()
    for number in range(20):
        new_workspace(other, name=f"W{number}")
    stopped.start()
    check = look(stopped, "--high-water", other.data / "log.high-water").of("log")
    assert (check["status"], "not the mark of this log" in check["found"]) == (FAILURE, True)


def test_a_directory_of_another_log_is_named(stopped):
    record = {"brokers": "127.0.0.1:9", "topic_prefix": "daybook.", "partitions": 1}
    (stopped.data / "log" / "kafka.json").write_text(json.dumps(record))
    check = look(stopped).of("log")
    assert check["status"] == FAILURE and "belongs to the log on Kafka" in check["found"]
    assert "start with --log kafka" in check["remedy"]
