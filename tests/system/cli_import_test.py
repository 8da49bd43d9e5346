"""`daybook import`: report and exit codes against the real server, faults and progress against a scripted one."""

import re
import signal
import subprocess

import pytest

from child import wait_until
from command import DONE, NOT_REACHABLE, REFUSED, run, run_json, run_on_terminal
from daybook_server import binary, clean_environment
from scripted_server import ScriptedServer

GOOD = "first_name,email\nJane,jane@x.test\nJoan,joan@x.test\n"
MIXED = GOOD + "Jim,not an address\n"


@pytest.fixture
def env(daybook, workspace):
    return {"DAYBOOK_URL": daybook.url, "DAYBOOK_KEY": workspace.key}


@pytest.fixture
def csv_file(tmp_path):
    def write(text):
        path = tmp_path / "contacts.csv"
        path.write_text(text)
        return path

    return write


def count_of_contacts(workspace):
    return len(workspace.client.get("/v1/contacts?limit=500").json["data"])


def test_a_good_file_is_imported(env, workspace, csv_file):
    report = run_json("import", "contacts", csv_file(GOOD), env=env)
    assert (report["state"], report["rows"], report["created"], report["errors"]) == ("committed", 2, 2, [])
    assert count_of_contacts(workspace) == 2
    again = run("import", "contacts", csv_file(GOOD), env=env)
    assert again.returncode == DONE
    assert re.search(r"^state +committed$", again.stdout, re.MULTILINE)
    assert re.search(r"^unchanged +2$", again.stdout, re.MULTILINE)
    assert count_of_contacts(workspace) == 2


def test_rows_with_errors_are_named(env, csv_file):
    done = run("import", "contacts", csv_file(MIXED), env=env)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert re.search(r"^skipped +1$", done.stdout, re.MULTILINE)
    assert re.search(r"^4 +email +\w+ +\S", done.stdout, re.MULTILINE)
    as_csv = run("import", "contacts", csv_file(MIXED), "--output", "csv", env=env).stdout.splitlines()
    assert (as_csv[0], as_csv[1].split(",")[:2]) == ("row,column,code,detail", ["4", "email"])


def test_the_table_says_what_is_left_out_and_why(env, workspace, csv_file):
    text = "first_name,email,E-Mail,colour,owner\nJane,jane@x.test,j@x.test,red,Nobody\nJim,not an address,,,\n"
    shown = run("import", "contacts", csv_file(text), "--dry-run", env=env).stdout
    assert "Columns left out: E-Mail, colour" in shown
    assert re.search(r"^Note: The column E-Mail is left out: another one holds the email", shown, re.MULTILINE)
    assert "No member has this name or e-mail; the record stays unassigned." in shown
    assert "such as jane@example.com, of at most 254 bytes" in shown  # nothing of a detail is cut


def test_an_import_is_looked_at_and_cancelled_by_its_id(env, workspace, csv_file):
    report = run_json("import", "contacts", csv_file(MIXED), env=env)
    status = run("import", "status", report["id"], env=env)
    assert (status.returncode, "committed" in status.stdout, "not an e-mail" in status.stdout) == (DONE, True, False)
    late = run("import", "cancel", report["id"], env=env)
    assert late.returncode == REFUSED and "too late to cancel" in late.stderr
    waiting = workspace.client.post("/v1/imports?kind=contacts", body=GOOD, headers={"Content-Type": "text/csv"}).json["id"]
    assert "cancelled" in run("import", "cancel", waiting, env=env).stdout


def test_a_dry_run_changes_nothing(env, workspace, csv_file):
    report = run_json("import", "contacts", csv_file(MIXED), "--dry-run", env=env)
    assert (report["dry_run"], report["rows"], report["created"], report["skipped"]) == (True, 3, 2, 1)
    assert [error["row"] for error in report["errors"]] == [4]
    assert count_of_contacts(workspace) == 0
    assert workspace.client.get("/v1/imports").json["data"] == []


def test_standard_input_and_options(env, workspace, tmp_path):
    options = tmp_path / "options.json"
    options.write_text('{"columns": {"first_name": "Vorname", "email": "Post"}}')
    report = run_json("import", "contacts", "-", "--options", f"@{options}", env=env,
                      stdin="Vorname;Post\nJane;jane@x.test\n")
    assert report["created"] == 1
    assert workspace.client.get("/v1/contacts").json["data"][0]["first_name"] == "Jane"
    refused = run("import", "contacts", "-", "--options", '{"column": {}}', env=env, stdin=GOOD)
    assert (refused.returncode, "/column" in refused.stderr) == (REFUSED, True)


def test_deals_are_imported_too(env, workspace, csv_file):
    report = run_json("import", "deals", csv_file("title,value,currency,stage\nOne,10.00,EUR,lead\n"), env=env)
    assert (report["kind"], report["created"]) == ("deals", 1)
    assert workspace.client.get("/v1/deals").json["data"][0]["title"] == "One"


def test_the_same_key_imports_once(env, workspace, csv_file):
    first = run_json("import", "contacts", csv_file(GOOD), "--idempotency-key", "once", env=env)
    second = run_json("import", "contacts", csv_file(GOOD), "--idempotency-key", "once", env=env)
    assert first["id"] == second["id"]
    assert len(workspace.client.get("/v1/imports").json["data"]) == 1


def test_a_refusal_is_1(env, csv_file):
    empty = run("import", "contacts", csv_file(""), env=env)
    assert (empty.returncode, empty.stdout) == (REFUSED, "")
    assert "The file is empty" in empty.stderr
    wrong_key = run("import", "contacts", csv_file(GOOD), env={**env, "DAYBOOK_KEY": "dbk_no"})
    assert (wrong_key.returncode, "401" in wrong_key.stderr) == (REFUSED, True)


# --- against a scripted server

RECORD = {"id": "0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a", "kind": "contacts", "state": "running", "rows": 1000}
COMMITTED = {**RECORD, "state": "committed", "created": 1000, "skipped": 0}
BUSY = (503, {"code": "unavailable", "title": "Try again", "detail": "Busy."}, {"Retry-After": "0"})
NO_ERRORS = (200, {"data": [], "next_cursor": None})


def import_at(server, file, *args):
    return run("import", "contacts", file, "--url", server.url, "--key", "k", *args)


def test_lost_and_unavailable_uploads_are_repeated_under_one_key(csv_file):
    with ScriptedServer(None, BUSY, (202, COMMITTED), NO_ERRORS) as server:
        done = import_at(server, csv_file(GOOD))
        assert done.returncode == DONE, done.stderr
        uploads = [request for request in server.requests if request[0] == "POST"]
        assert len(uploads) == 3
        assert {body for _, _, _, body in uploads} == {GOOD.encode()}
        keys = {headers["Idempotency-Key"] for _, _, headers, _ in uploads}
        assert len(keys) == 1 and len(keys.pop()) >= 16


def test_a_server_that_stays_unavailable_is_given_up(csv_file):
    with ScriptedServer(BUSY) as server:
        done = import_at(server, csv_file(GOOD))
        assert (done.returncode, "503 unavailable" in done.stderr) == (REFUSED, True)
        assert len(server.requests) == 6


def test_an_unknown_outcome_says_how_to_repeat_it(csv_file):
    with ScriptedServer(BUSY, BUSY, BUSY, BUSY, BUSY, None) as server:
        done = import_at(server, csv_file(GOOD))
        key = server.requests[0][2]["Idempotency-Key"]
        assert done.returncode == NOT_REACHABLE
        assert f"run the same command with --idempotency-key {key}" in done.stderr


def test_ctrl_c_says_what_goes_on_and_a_second_one_cancels(csv_file):
    ended = {**RECORD, "state": "cancelled", "data": [], "next_cursor": None}
    with ScriptedServer((202, RECORD), (200, RECORD)) as server:
        command = [binary(), "import", "contacts", csv_file(GOOD), "--url", server.url, "--key", "k"]
        process = subprocess.Popen(command, env=clean_environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   text=True)
        try:
            wait_until(lambda: any(request[0] == "GET" for request in server.requests), "a look at the import")
            process.send_signal(signal.SIGINT)
            said = process.stderr.readline() + process.stderr.readline()
            assert f"daybook import cancel {RECORD['id']}" in said and "goes on" in said
            assert not any(request[0] == "DELETE" for request in server.requests)
            process.send_signal(signal.SIGINT)
            wait_until(lambda: any(request[0] == "DELETE" for request in server.requests), "the cancellation")
            server.answer_from_now((200, ended))
            assert process.wait(30) == REFUSED
        finally:
            process.kill()
            process.stderr.close()


def test_an_import_that_fails_is_1(csv_file):
    failed = {**RECORD, "state": "failed", "failure": "The file could not be read on."}
    with ScriptedServer((202, RECORD), (200, failed), NO_ERRORS) as server:
        done = import_at(server, csv_file(GOOD))
        assert done.returncode == REFUSED
        assert re.search(r"^failure +The file could not be read on\.$", done.stdout, re.MULTILINE)


def test_progress_is_a_bar_on_a_terminal_lines_elsewhere_and_nothing_when_quiet(csv_file):
    running = [(200, {**RECORD, "decided": 250})] * 10
    file = csv_file(GOOD)

    def script():
        return ScriptedServer((202, RECORD), *running, (200, COMMITTED), NO_ERRORS)

    with script() as server:
        code, shown = run_on_terminal("import", "contacts", file, "--url", server.url, "--key", "k")
        assert code == DONE
        assert f"importing, rows: 250 of 1000 [{'#' * 7}{'.' * 23}] 25%" in shown
        assert shown.endswith("\r\x1b[K")
    with script() as server:
        assert set(import_at(server, file).stderr.splitlines()) == {"importing, rows: 250 of 1000"}
    with script() as server:
        assert import_at(server, file, "--quiet").stderr == ""
