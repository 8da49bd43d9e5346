"""One definition of the model, proved: two patches of the kind that a new field and a new entity take are applied to a
copy of the tree, counted, built, and the binary does everything with them that it does with the fields and kinds it had.

The copy is built with the flags of the binary under test, so that ccache gives back the object files that do not change.
"""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import uuid

import pytest

import generic_kind
from contract import CheckedClient, Contract
from contract_test import walk_records
from daybook_server import ROOT, binary
from generic_kind import got, ids, made

pytestmark = pytest.mark.own_log

PATCHES = ROOT / "tests" / "model_patches"
# What a patch may add, by file. api/openapi.json is made of the YAML and is no part of it.
A_FIELD = {"proto/daybook/v1/contact.proto": 1, "api/openapi.yaml": 1}
AN_ENTITY = {"proto/daybook/v1/work.proto": 9, "proto/daybook/v1/contract.proto": 1, "api/openapi.yaml": 160}
NOT_COPIED = shutil.ignore_patterns(".git", "build", "node_modules", "__pycache__")


def lines_of(patch):
    """Lines added and removed, by file."""
    added, removed, file = {}, 0, None
    for line in patch.read_text(encoding="utf-8").splitlines():
        if line.startswith("+++ b/"):
            file = line.removeprefix("+++ b/")
            added[file] = 0
        elif line.startswith("+"):
            added[file] += 1
        elif line.startswith("-") and not line.startswith("--- a/"):
            removed += 1
    return added, removed


def assert_within(patch, bound):
    added, removed = lines_of(patch)
    assert removed == 0
    assert set(added) == set(bound)
    assert {file: count for file, count in added.items() if count > bound[file]} == {}


def run(*command, cwd, **options):
    done = subprocess.run([str(part) for part in command], cwd=cwd, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-8000:]}"
    return done.stdout


def same_settings():
    """-D… of the build that the tests run on."""
    cache = (binary().parent / "CMakeCache.txt").read_text(encoding="utf-8")
    return [f"-D{name}={re.search(rf'^{name}:[A-Z]+=(.*)$', cache, re.M).group(1)}"
            for name in ("CMAKE_BUILD_TYPE", "DAYBOOK_SANITIZE", "DAYBOOK_WERROR")]


@dataclasses.dataclass(frozen=True)
class Patched:
    tree: pathlib.Path
    binary: pathlib.Path

    def contract(self):
        return Contract(self.tree / "api" / "openapi.yaml")


@pytest.fixture(scope="module")
def patched(tmp_path_factory):
    """A copy of the tree with both patches, built: a build is what costs."""
    tree = tmp_path_factory.mktemp("patched") / "daybook"
    shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
    for patch in ("add_contact_field.patch", "add_entity.patch"):
        run("patch", "-p1", "--forward", "-i", PATCHES / patch, cwd=tree)
    run(sys.executable, "-B", "tests/house/openapi_test.py", "--write-json", cwd=tree)
    there = tree / "build" / "release"  # as deep as ours: ccache sees paths relative to it
    run("cmake", "-S", tree, "-B", there, "-G", "Ninja", "-DBUILD_TESTING=OFF", *same_settings(), cwd=tree)
    run("cmake", "--build", there, "--target", "daybook", "--parallel", os.cpu_count() or 2, cwd=tree)
    return Patched(tree, there / "daybook")


@pytest.fixture
def serve(monkeypatch, start_daybook, new_workspace):
    """serve(patched): a server of that binary, a workspace in it, and its client judged by that description."""

    def start(patched):
        monkeypatch.setenv("DAYBOOK_BINARY", str(patched.binary))
        server = start_daybook()
        workspace = new_workspace(server)
        return server, workspace, CheckedClient(patched.contract(), workspace.client)

    return start


def test_a_field_is_one_line_in_the_proto_and_one_in_the_description():
    assert_within(PATCHES / "add_contact_field.patch", A_FIELD)


def test_an_entity_is_its_message_its_name_and_its_description():
    assert_within(PATCHES / "add_entity.patch", AN_ENTITY)


def first_error(answer):
    assert answer.status == 422, answer.body
    return answer.json["errors"][0]["pointer"], answer.json["errors"][0]["code"]


def check_commands(call):
    """Created, updated, cleared, refused. Gives the contact's id; its nickname is Zaphod."""
    call("POST", "/v1/contacts", {"first_name": "Ford", "last_name": "P"}, expect=201)
    jane = call("POST", "/v1/contacts", {"first_name": "Jane", "last_name": "Smith", "nickname": "Trillian"}, expect=201)
    there = jane.headers["Location"]
    assert jane.json["nickname"] == "Trillian"
    assert call("PATCH", there, {"nickname": None}, expect=200).json["nickname"] is None
    assert call("PATCH", there, {"nickname": "Zaphod"}, expect=200).json["nickname"] == "Zaphod"
    same = call("PATCH", there, {"nickname": "Zaphod"}, expect=200)
    assert same.json["version"] == 3
    assert call("GET", there, expect=200).json == same.json
    assert first_error(call("PATCH", there, {"nickname": "x" * 101})) == ("/nickname", "too_long")
    assert first_error(call("PATCH", there, {"nickname": 5})) == ("/nickname", "invalid_value")
    assert first_error(call("POST", "/v1/contacts", {"first_name": "A", "last_name": "B", "nickname": ["x"]})) == (
        "/nickname", "invalid_value")
    return jane.json["id"]


def check_reads(call, client, jane):
    """In lists, by its words, in history, in the audit log, in events, and as it was."""
    assert ids(client, "/v1/contacts", q="zaph") == [jane]
    assert ids(client, "/v1/contacts", q="trillian") == []
    row = call("GET", "/v1/contacts?q=ZAPHOD", expect=200).json["data"][0]
    assert row["nickname"] == "Zaphod"
    assert got(client.get("/v1/contacts?q=zaphod&fields=nickname"))["data"] == [{"id": jane, "nickname": "Zaphod"}]
    history = call("GET", f"/v1/contacts/{jane}/history?field=nickname", expect=200).json["data"]
    assert [(change["before"], change["after"]) for change in history] == [
        (None, "Zaphod"), ("Trillian", None), (None, "Trillian")]
    log = call("GET", f"/v1/audit?record_id={jane}", expect=200).json["data"]
    assert log[0]["changes"] == {"nickname": {"before": None, "after": "Zaphod"}}
    event = call("GET", "/v1/events?types=contact.updated&limit=500", expect=200).json["data"][-1]
    assert event["data"]["event"] == {"nickname": "Zaphod"}
    then = history[-1]["position"]
    assert call("GET", f"/v1/contacts/{jane}?as_of={then}", expect=200).json["nickname"] == "Trillian"


def check_import(client):
    """A CSV column of its name, in any way of writing it, and the row's error where the cell is too long."""
    csv = f"Email,First Name,Nick-Name\nmarvin@example.test,Marvin,Paranoid\nlong@example.test,Long,{'x' * 101}\n"
    upload = {"params": {"kind": "contacts"}, "headers": {"Content-Type": "text/csv", "Prefer": "wait=30"}}
    planned = made(client.request("POST", "/v1/imports", body=csv.encode(), **upload))
    tried = got(client.post(f"/v1/imports/{planned['id']}/dry-run"))
    assert "nickname" in str(tried["errors"]) and "too_long" in str(tried["errors"]), tried
    upload["params"]["commit"] = "true"
    made(client.request("POST", "/v1/imports", body="\n".join(csv.splitlines()[:2]).encode(), **upload))
    assert got(client.get("/v1/contacts/by-email/marvin%40example.test"))["nickname"] == "Paranoid"


def check_merge(call, client, jane):
    """Taken where the survivor has none, chosen where both have one, refused where the side is none."""
    empty = made(client.post("/v1/contacts", {"first_name": "Jane", "last_name": "Smith"}))["id"]
    second = made(client.post("/v1/contacts", {"first_name": "J", "last_name": "Smith", "nickname": "Tricia"}))["id"]
    wrong = client.post(f"/v1/contacts/{jane}/merge", {"duplicate_id": second, "fields": {"nickname": "both"}})
    assert first_error(wrong) == ("/fields/nickname", "invalid_value")
    merged = call("POST", f"/v1/contacts/{empty}/merge", {"duplicate_id": jane}, expect=200)
    assert merged.json["nickname"] == "Zaphod"
    chosen = {"duplicate_id": second, "fields": {"nickname": "duplicate"}}
    assert call("POST", f"/v1/contacts/{empty}/merge", chosen, expect=200).json["nickname"] == "Tricia"
    return empty


def bytes_of(folder):
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_field_is_everywhere_that_a_field_is(patched, serve):
    server, workspace, call = serve(patched)
    client = workspace.client
    jane = check_commands(call)
    check_reads(call, client, jane)
    check_import(client)
    survivor = check_merge(call, client, jane)
    server.stop()
    log = bytes_of(server.data / "log")
    assert uuid.UUID(workspace.id).bytes in log  # the clear header, so that a text would be seen as well
    assert [name for name in (b"Trillian", b"Zaphod", b"Tricia", b"Paranoid") if name in log] == []
    shutil.rmtree(server.data / "state")
    server.start()
    assert call("GET", f"/v1/contacts/{survivor}", expect=200).json["nickname"] == "Tricia"
    assert ids(client, "/v1/contacts", q="tric") == [survivor]


def check_filters(client):
    path = "/v1/assets"
    old, new = (made(client.post(path, {"name": name, "category": category, "bought_on": day}))["id"] for name, category, day in (
        ("Loom", "Machine", "2020-02-29"), ("Desk", "furniture", "2026-01-01")))
    assert ids(client, path, category="MACHINE") == [old]
    assert ids(client, path, category="machine,furniture", **{"bought_on[gte]": "2021-01-01"}) == [new]
    assert ids(client, path, sort="-bought_on", category="machine,furniture") == [new, old]
    assert first_error(client.post(path, {"name": "Lamp", "bought_on": "2026-02-29"})) == ("/bought_on", "invalid_value")
    assert first_error(client.post(path, {"category": "none"})) == ("/name", "required")
    unknown = "0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a"
    assert first_error(client.post(path, {"name": "Lamp", "contact_id": unknown})) == ("/contact_id", "not_found")


def test_the_entity_does_all_that_a_simple_kind_does(patched, serve, new_workspace):
    server, workspace, call = serve(patched)
    client = workspace.client
    asset = walk_records(call, "assets", {"name": "Pump", "category": "spare"}, {"bought_on": "2026-01-31"})
    generic_kind.check_all(client, "assets", "name")
    check_filters(client)
    other = new_workspace(server, name="Bolt", owner={"name": "Cy", "email": "cy@bolt.test"}).client
    assert other.get(f"/v1/assets/{asset}").status == 404
    assert ids(other, "/v1/assets") == []


def test_the_description_names_every_route_of_the_entity(patched):
    served = {tuple(line.split()[:2]) for line in run(patched.binary, "routes", cwd=patched.tree).splitlines()}
    described = {(method.upper(), path) for path, item in patched.contract().document["paths"].items()
                 for method in item if method != "parameters"}
    of_assets = lambda routes: sorted(route for route in routes if "assets" in route[1])
    assert len(of_assets(served)) == 6
    assert of_assets(served) == of_assets(described)


def test_the_entity_has_samples_of_its_events(patched, tmp_path):
    run(patched.binary, "contract", "--out", tmp_path, cwd=patched.tree)
    created = json.loads((tmp_path / "samples" / "daybook.asset.created.v1.event.json").read_text())
    assert created["data"]["record"]["name"] == "Example name"
    assert (tmp_path / "samples" / "daybook.asset.deleted.v1.value.json").is_file()
