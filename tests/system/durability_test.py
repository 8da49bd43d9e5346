"""What was answered stays, whatever becomes of the process and of single bytes on the disk."""

import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import threading
import uuid

import pytest
import requests

import offline
from child import Child
from client import Client
from daybook_server import DaybookServer, binary

ROUNDS = int(os.environ.get("DAYBOOK_ROUNDS", "5"))
SEED = int(os.environ.get("DAYBOOK_SEED", "1"))
CLIENTS = 16
CANARIES = ("Quetzalcoatl", "Ouagadougou", "Tlaltecuhtli", "zanzibarian")


class Creator(threading.Thread):
    """Creates one contact after the other until the server is gone; keeps what each request came to."""

    def __init__(self, server, key, name):
        super().__init__(daemon=True)
        self.client = Client(lambda: server.url, key, timeout_s=20)
        self.name = name
        self.answers = {}  # e-mail -> (Idempotency-Key, body of the 201, or None where that is not known)

    def run(self):
        for number in range(100_000):
            email = f"{self.name}-{number}@example.com"
            key = str(uuid.uuid4())
            answer = create(self.client, email, key)
            self.answers[email] = (key, answer)
            if answer is None:
                return


def create(client, email, key):
    """The body of the 201; None where the outcome is unknown."""
    try:
        answer = client.post("/v1/contacts", {"email": email}, headers={"Idempotency-Key": key})
    except requests.RequestException:
        return None
    assert answer.status == 201 or answer.status >= 500, answer.body
    return answer.json if answer.status == 201 else None


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
    creators = [Creator(server, workspace.key, f"{name}-{n}") for n in range(CLIENTS)]
    for creator in creators:
        creator.start()
    # The moment of the kill is what is tested: no event stands for it.
    threading.Event().wait(after_s)
    server.kill()
    for creator in creators:
        creator.join(60)
        assert not creator.is_alive()
    return {email: result for creator in creators for email, result in creator.answers.items()}


def test_nothing_answered_is_lost_and_nothing_is_there_twice(start_daybook, new_workspace):
    chance = random.Random(SEED)
    server = start_daybook()
    workspace = new_workspace(server)
    made = {}
    for number in range(ROUNDS):
        results = kill_under_load(server, workspace, f"r{number}", chance.uniform(0.3, 2.0))
        server.start()
        for email, (key, answer) in results.items():
            repeated = create(workspace.client, email, key)
            assert repeated is not None, f"{email} is still unknown"
            assert answer is None or repeated == answer, f"another answer to the key of {email}"
            made[email] = repeated
    contacts = all_contacts(workspace.client)
    assert sorted(contact["email"] for contact in contacts) == sorted(made)
    assert {contact["email"]: contact["id"] for contact in contacts} == {e: a["id"] for e, a in made.items()}
    server.stop()

    checked = offline.verify(server.data)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    before = offline.digest(server.data)
    assert before["contact"][1] == len(made)
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
    child = Child([binary(), "serve", "--data", stopped.data, "--listen", "127.0.0.1:0"], env=stopped.env)
    assert child.process.wait(30) == 1
    child.end()
    assert "master.key is missing" in child.output() and "put the key back" in child.output()


def test_commands_over_the_data_need_the_server_stopped(daybook):
    for command in (["verify"], ["log", "dump"], ["projections", "digest"], ["projections", "rebuild"]):
        done = offline.run(*command, "--data", daybook.data)
        assert done.returncode == 1, done.stdout
        assert "already open" in done.stderr and str(daybook.child.process.pid) in done.stderr


def flip_a_byte(directory, chance):
    """Changes one byte of a file that holds records; says which."""
    files = sorted(path for path in files_of(directory) if path.suffix in (".sst", ".log") and path.stat().st_size)
    path = chance.choice(files)
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return f"byte {at} of {path.name} ({len(content)} bytes)"


@pytest.mark.parametrize("trial", range(8))
def test_a_flipped_byte_of_the_log_is_found(stopped, tmp_path, trial):
    data = tmp_path / "flipped"
    shutil.copytree(stopped.data, data)
    where = flip_a_byte(data / "log", random.Random(SEED * 1000 + trial))
    done = offline.verify(data)
    assert done.returncode == 20, f"{where}: {done.returncode}\n{done.stdout}{done.stderr}"
    assert "the log is damaged" in done.stdout and "daybook restore" in done.stdout


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
    pending, synced, seen = False, False, 0
    for line in trace.read_text(errors="replace").splitlines():
        if ARRIVAL.search(line):
            pending, synced = True, False
        elif pending and SYNC.search(line):
            synced = True
        elif pending and ANSWER.search(line):
            assert synced, "an answer without a sync of the log before it"
            pending, seen = False, seen + 1
    assert seen == 5, f"{seen} answers in the trace"
