"""What was answered stays, whatever becomes of the process and of single bytes on the disk."""

import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import threading

import pytest

import many_clients
import offline
from child import Child
from daybook_server import DaybookServer

ROUNDS = int(os.environ.get("DAYBOOK_ROUNDS", "20"))
SEED = int(os.environ.get("DAYBOOK_SEED", "1"))
CLIENTS = 64
CANARIES = ("Quetzalcoatl", "Ouagadougou", "Tlaltecuhtli", "zanzibarian")


def all_contacts(client):
    found, path = [], "/v1/contacts?limit=500"
    while path:
        page = client.get(path)
        assert page.status == 200, page.body
        found += page.json["data"]
        cursor = page.json.get("next_cursor")
        path = f"/v1/contacts?limit=500&cursor={cursor}" if cursor else None
    return found


def kill_under_load(server, workspace, name, after_s):
    """What each create came to, under CLIENTS connections, until a kill at some moment."""
    killer = threading.Timer(after_s, server.kill)
    answers = many_clients.create_until_gone(server.url, workspace.key, CLIENTS, name + "-{}-{}@example.com", killer.start)
    killer.join()
    return answers


def test_nothing_answered_is_lost_and_nothing_is_there_twice(start_daybook, new_workspace):
    chance = random.Random(SEED)
    server = start_daybook()
    workspace = new_workspace(server)
    made = {}
    for number in range(ROUNDS):
        results = kill_under_load(server, workspace, f"r{number}", chance.uniform(0.05, 0.6))
        server.start()
        unknown = {email for email, body in results.items() if body is None}
        known = chance.sample(sorted(results.keys() - unknown), min(30, len(results) - len(unknown)))
        for email, body in many_clients.create_again(server.url, workspace.key, [*sorted(unknown), *known]).items():
            assert body is not None, f"{email} is still unknown"
            assert results[email] in (None, body), f"another answer to the key of {email}"
            results[email] = body
        made |= {email: body["id"] for email, body in results.items()}
    contacts = all_contacts(workspace.client)
    assert sorted(contact["email"] for contact in contacts) == sorted(made)
    assert {contact["email"]: contact["id"] for contact in contacts} == made
    server.stop()

    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    before = offline.digest(server.data)
    assert before["contact"][1] == len(made) > ROUNDS * CLIENTS
    shutil.rmtree(server.data / "state")
    server.start()
    server.stop()
    assert offline.digest(server.data) == before


@pytest.fixture
def stopped(start_daybook, new_workspace):
    """A stopped server whose log holds personal texts."""
    server = start_daybook()
    workspace = new_workspace(server)
    for number in range(40):
        answer = workspace.client.post("/v1/contacts", {
            "first_name": CANARIES[0], "last_name": CANARIES[1], "notes": f"{CANARIES[2]} {number} " * 20,
            "email": f"{CANARIES[3]}{number}@example.com"})
        assert answer.status == 201, answer.body
    server.stop()
    return server


def files_of(directory):
    return [path for path in pathlib.Path(directory).rglob("*") if path.is_file()]


def test_no_personal_text_stands_in_the_log(stopped):
    assert files_of(stopped.data / "log")
    for path in files_of(stopped.data / "log"):
        content = path.read_bytes().lower()
        for word in CANARIES:
            assert word.lower().encode() not in content, f"{word} in {path}"


def test_without_its_keys_it_does_not_start_and_says_what_to_do(stopped):
    shutil.rmtree(stopped.data / "keys")
    child = Child(stopped.command(), env=stopped.env)
    assert child.process.wait(30) == 1
    child.end()
    assert "master.key is missing" in child.output() and "put the key back" in child.output()


def test_commands_over_the_data_need_the_server_stopped(daybook):
    for command in (["verify"], ["log", "dump"], ["projections", "digest"], ["projections", "rebuild"]):
        done = offline.run(*command, "--data", daybook.data)
        assert done.returncode == 1, done.stdout
        assert "already open" in done.stderr and str(daybook.child.process.pid) in done.stderr


def test_a_changed_read_model_is_found_and_made_anew(stopped, start_daybook, new_workspace):
    other = start_daybook()
    new_workspace(other)
    other.stop()
    wanted = offline.digest(stopped.data)
    log_end = stopped.data / "log"
    assert log_end.is_dir()
    shutil.rmtree(stopped.data / "state")
    shutil.copytree(other.data / "state", stopped.data / "state")  # of another log
    found = offline.verify(stopped.data)
    assert found.returncode == 10, found.stdout + found.stderr
    assert "projections rebuild" in found.stdout
    rebuilt = offline.run("projections", "rebuild", "--data", stopped.data)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert offline.digest(stopped.data) == wanted
    assert offline.verify(stopped.data).returncode == 0
    assert not (stopped.data / "state.new").exists()


# strace -f: "<pid> <time> <call>(<fd><what the fd is>, …"
SYNC = re.compile(r"\b(?:fdatasync|fsync)\(\d+<[^>]*/log/[^>]*>(?:\)| <unfinished)")
ARRIVAL = re.compile(r"\b(?:read|recv|recvfrom|recvmsg|readv)\(.*POST /v1/contacts")
ANSWER = re.compile(r"\b(?:write|writev|send|sendto|sendmsg)\(.*HTTP/1\.1 201")


@pytest.mark.own_log
def test_an_answer_follows_a_sync_of_the_log(tmp_path, new_workspace):
    data, trace = tmp_path / "traced", tmp_path / "trace"
    server = DaybookServer(data)
    server.start()
    workspace = new_workspace(server)
    tracer = subprocess.Popen(
        ["strace", "-f", "-y", "-s", "200", "-o", str(trace), "-p", str(server.child.process.pid), "-e",
         "trace=fdatasync,fsync,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg"],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        assert "attached" in tracer.stderr.readline()
        answers = [workspace.client.post("/v1/contacts", {"email": f"e{n}@example.com"}) for n in range(5)]
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(30)
        server.kill()
    assert [answer.status for answer in answers] == [201] * 5
    lines = trace.read_text(errors="replace").splitlines()
    assert unsynced_answers(lines) == [False] * 5
    # The check itself: a server that does not sync leaves a trace without these lines.
    assert unsynced_answers([line for line in lines if not SYNC.search(line)]) == [True] * 5


def unsynced_answers(trace):
    """Of each answer to a create, whether no sync of the log came between the request and it."""
    pending, synced, found = False, False, []
    for line in trace:
        if ARRIVAL.search(line):
            pending, synced = True, False
        elif pending and SYNC.search(line):
            synced = True
        elif pending and ANSWER.search(line):
            pending = False
            found.append(not synced)
    return found
