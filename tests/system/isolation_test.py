"""Two workspaces in one server: no route, cursor, error, event or mail gives one of them a byte of the other."""

import itertools
import json
import re
import uuid

import pytest
import requests

import offline
from child import wait_until
from contract import Contract
from daybook_server import DaybookServer
from smtp_server import SmtpServer
from workspaces import create_workspace

CANARY = "Quetzalcoatl"  # stands in every text of the victim
HERE = "@@"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
NO_REFERENCE = {"portal_user_id"}  # the workspace's own text

# What reaches the look-up of the id: bodies that are right in everything else.
PATCHES = {"contacts": {"phone": "1"}, "companies": {"domain": "a.test"}, "deals": {"notes": "n"}, "notes": {"body": "b"},
           "activities": {"body": "b"}, "projects": {"status": "open"}, "tickets": {"priority": "high"},
           "members": {"name": "Cy"}, "imports": {"options": {}}, "pipelines": {"name": "p"}}
ACTIONS = {"retry": None, "drop": None, "tags": {"name": "t"}, "secondary-emails": {"email": "s@example.com"}, "notes": {"body": "b"},
           "move": {"stage": "qualified"}, "restore": None, "complete": None, "reopen": None, "dry-run": None, "commit": None,
           "rotate": None, "contacts": {"email": "in@company.test"}}
STAGES = {"stages": [{"key": "lead", "label": "Lead", "kind": "open"}, {"key": "won", "label": "Won", "kind": "won"}]}
NEW = {"contacts": {"first_name": "Jo", "last_name": "Doe"}, "companies": {"name": "Co"}, "projects": {"title": "P"},
       "deals": {"title": "D", "stage": "lead", "value": "1.00", "currency": "EUR"}, "tickets": {"subject": "T"},
       "notes": {"body": "b"}, "activities": {"type": "task", "subject": "s"}, "members": {"name": "M", "role": "viewer"},
       "keys": {"name": "k", "role": "viewer", "scopes": ["contacts:read"], "expires_at": None}}


class Tenant:
    """A workspace with two of everything, every text of which begins with `word`. `ids` by the plural of the kind."""

    def __init__(self, server, word):
        self.word = word
        self.workspace = create_workspace(server, name=f"{word} Ltd", owner={"name": f"{word} Owner", "email": f"{word}@own.test"})
        self.client = self.workspace.client
        self.ids = {"members": [self.workspace.owner_id], "workspaces": [self.workspace.id]}
        for number in range(2):
            self.fill(number)
        for number in range(2):
            self.make("contacts", {"first_name": word, "last_name": f"{word}{number}"},
                      f"/v1/companies/{self.ids['companies'][0]}/contacts")
        self.upload()
        self.ids["pipelines"] = [self.client.get("/v1/pipelines").json["data"][0]["id"]]
        for plural in ("emails", "tags"):
            self.ids[plural] = [record["id"] for record in self.client.get(f"/v1/{plural}").json["data"]]

    def make(self, plural, body, path=None):
        answer = self.client.post(path or f"/v1/{plural}", body)
        assert answer.status == 201, answer.body
        self.ids.setdefault(plural, []).append(answer.json["id"])
        return answer.json["id"]

    def fill(self, number):
        word = f"{self.word}{number}"
        mailbox = "taken" if self.word == CANARY else "plain"  # the other may come to name it, and then has it too
        member = self.make("members", {"name": word, "email": f"{word}@member.test", "role": "member"})
        self.make("keys", {"name": word, "role": "member", "scopes": ["contacts:read"], "expires_at": None})
        contact = self.make("contacts", {"first_name": word, "last_name": word, "email": f"{mailbox}{number}@example.com", "notes": word,
                                         "company_name": f"{word} Co", "tags": [f"{word}-tag", "shared"], "owner_id": member})
        self.make("companies", {"name": f"{word} Inc", "notes": word, "owner_id": member})
        deal = self.make("deals", {"title": word, "value": "1.00", "currency": "EUR", "stage": "lead", "notes": word,
                                   "contact_id": self.ids["contacts"][0], "owner_id": self.workspace.owner_id})
        self.make("notes", {"body": word}, f"/v1/contacts/{self.ids['contacts'][0]}/notes")
        self.make("activities", {"type": "call", "subject": word, "contact_id": self.ids["contacts"][0]})
        self.make("projects", {"title": word, "contact_id": self.ids["contacts"][0]})
        self.make("tickets", {"subject": word, "contact_id": self.ids["contacts"][0]})
        assert self.client.post(f"/v1/deals/{deal}/move", {"stage": "won"}).status == 200
        assert self.client.patch(f"/v1/contacts/{contact}", {"phone": word, "job_title": word}).status == 200

    def upload(self):
        """One import that is committed, with errors and warnings, and one that only lies there."""
        rows = "".join(f"{self.word},{self.word},{address},{self.word}\n" for address in (
            "no address", "none at all", f"{self.word}@import.test", f"{self.word}@import.test", f"{self.word}@import.test"))
        body = ("first_name,last_name,email,notes\n" + rows).encode()
        for commit in ("true", "false"):
            answer = self.client.post(f"/v1/imports?kind=contacts&commit={commit}", body=body,
                                      headers={"Content-Type": "text/csv", "Prefer": "wait=30"})
            assert answer.status in (200, 201), answer.body
            self.ids.setdefault("imports", []).append(answer.json["id"])


class Stage:
    def __init__(self, place):
        self.smtp = SmtpServer(place / "mails.jsonl")
        self.server = DaybookServer(place / "data", ["--smtp-url", self.smtp.url, "--smtp-tls", "off",
                                                     "--mail-from", "crm@daybook.test"]).start()
        self.victim = Tenant(self.server, CANARY)
        self.other = Tenant(self.server, "Plain")
        self.victims_ids = {one for ids in self.victim.ids.values() for one in ids}

    def ask(self, method, path, body=None, **options):
        """What the other is answered: it holds no byte of the victim, but for what it sent itself."""
        answer = self.other.client.request(method, path, json=body, **options)
        sent = path + json.dumps(body)
        told = answer.body.decode() + json.dumps(dict(answer.headers))
        assert CANARY.lower() in sent.lower() or CANARY.lower() not in told.lower(), f"{method} {path}: {answer.body}"
        leaked = self.victims_ids & set(UUID.findall(told)) - set(UUID.findall(sent))
        assert not leaked, f"{method} {path}: {leaked}"
        return answer

    def assert_alike(self, method, path, foreign, unknown, body=None):
        """The foreign value, wherever HERE stands in path and body, is answered like one that nobody has."""
        seen = []
        for value in (foreign, unknown):
            sent = json.loads(json.dumps(body).replace(HERE, value))
            answer = self.ask(method, path.replace(HERE, value), sent)
            assert answer.status < 500, answer.body
            seen.append((answer.status, masked(answer, value)))
        assert seen[0] == seen[1], f"{method} {path} {body} with {foreign}: {seen}"
        return seen[0][0]


def masked(answer, value):
    """What may tell two values apart: the answer without ids, times, and the value that the client sent."""
    if answer.json is None:
        return answer.body.decode().replace(value, "VALUE")
    told = {name: part for name, part in answer.json.items() if name not in ("request_id", "instance")}
    return TIME.sub("TIME", UUID.sub("ID", json.dumps(told).replace(value, "VALUE")))


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    made = Stage(tmp_path_factory.mktemp("isolation"))
    try:
        yield made
    finally:
        made.server.kill()
        made.smtp.stop()


@pytest.fixture(scope="module")
def document():
    return Contract()


def routes():
    """(method, pattern) of every route that a workspace's key may open."""
    done = offline.run("routes")
    assert done.returncode == 0, done.stderr
    table = [line.split() for line in done.stdout.splitlines()]
    return [(method, pattern) for method, pattern, scope in table if scope not in ("public", "operator")]


def readable():
    return [pattern for method, pattern in routes() if method == "GET"]


def operation_of(document, method, template):
    """What is said of it; that everything is described is for another test to hold."""
    return document.document["paths"].get(template, {}).get(method.lower(), {})


def parameters_of(document, template):
    return [document.resolve(one) for one in operation_of(document, "GET", template).get("parameters", [])]


def body_of(method, pattern, stage):
    parts = pattern.split("/")
    if method == "PATCH":
        return PATCHES[parts[2]]
    if method == "PUT":
        return STAGES if parts[-1] == "stages" else {"phone": "1"}
    if method != "POST":
        return None
    return {"duplicate_id": stage.other.ids["contacts"][1]} if parts[-1] == "merge" else ACTIONS[parts[-1]]


def own_value(slot, pattern, stage):
    return {"{email}": "plain0@example.com", "{name}": "shared", "{key}": "lead"}.get(slot) or stage.other.ids[pattern.split("/")[2]][0]


def test_the_comparison_tells_a_known_id_from_an_unknown_one(stage):
    for path, plural in (("/v1/contacts/@@", "contacts"), ("/v1/audit?record_id=@@", "deals")):
        with pytest.raises(AssertionError):
            stage.assert_alike("GET", path, stage.other.ids[plural][0], str(uuid.uuid4()))


def test_every_id_in_a_path_is_answered_like_an_unknown_one(stage):
    walked = 0
    for method, pattern in routes():
        slots = re.findall(r"{\w+}", pattern)
        for slot in slots:
            path = pattern
            for other in slots:
                path = path.replace(other, HERE if other == slot else own_value(other, pattern, stage))
            body = body_of(method, pattern, stage)
            if slot == "{id}":
                for foreign in stage.victims_ids:
                    status = stage.assert_alike(method, path, foreign, str(uuid.uuid4()), body)
                    assert status == 404, f"{method} {path} → {status}: the id was not looked up"
                    walked += 1
            else:
                foreign, unknown = {"{email}": ("taken0@example.com", "nobody@example.com"), "{name}": (f"{CANARY}0-tag", "none"),
                                    "{key}": (CANARY, "none")}[slot]
                stage.assert_alike(method, path, foreign, unknown, body)
                walked += 1
    assert walked > 40 * len(stage.victims_ids)


def references(document):
    """(method, template, property, is a list) of every property of a request that may name a record."""

    def properties(schema):
        schema = document.resolve(schema)
        yield from schema.get("properties", {}).items()
        for part in itertools.chain(schema.get("allOf", ()), schema.get("oneOf", ()), schema.get("anyOf", ())):
            yield from properties(part)

    for method, template in routes():
        operation = operation_of(document, method, template)
        content = operation.get("requestBody", {}).get("content", {})
        for name, schema in properties(content.get("application/json", {}).get("schema", {})):
            if (name.endswith(("_id", "ids")) or name == "pipeline") and name not in NO_REFERENCE:
                yield method, template, name, document.resolve(schema).get("type") == "array"


def test_every_id_in_a_body_is_answered_like_an_unknown_one(stage, document):
    walked = set()
    for method, template, name, is_list in references(document):
        path = template.replace("{id}", stage.other.ids[template.split("/")[2]][0])
        if template.endswith(("/merge", "/bulk/move")):
            base = {} if template.endswith("/merge") else {"stage": "won"}
        elif template.endswith("/notes") and "{id}" in template:
            base = {"body": "b"}
        elif template.endswith("/contacts") and "{id}" in template:
            base = NEW["contacts"]
        elif "{email}" in template:
            path, base = template.replace("{email}", "plain0%40example.com"), {}
        else:
            base = {} if method == "PATCH" else NEW[template.split("/")[2]]
        for foreign in stage.victims_ids:
            status = stage.assert_alike(method, path, foreign, str(uuid.uuid4()), base | {name: [HERE] if is_list else HERE})
            assert status in (404, 422), f"{method} {path} {name} → {status}"
        walked.add((method, template, name))
    assert len(walked) > 25, sorted(walked)


def test_every_id_in_a_query_is_answered_like_an_unknown_one(stage, document):
    walked = 0
    for template in readable():
        if "{" in template:
            continue
        for parameter in parameters_of(document, template):
            if parameter["in"] != "query" or not (parameter["name"].endswith("_id") or parameter["name"] in ("pipeline", "tag")):
                continue
            foreign = [f"{CANARY}0-tag"] if parameter["name"] == "tag" else stage.victims_ids
            for value in foreign:
                unknown = "y" * len(value) if parameter["name"] == "tag" else str(uuid.uuid4())
                stage.assert_alike("GET", f"{template}?{parameter['name']}={HERE}", value, unknown)
                walked += 1
    assert walked > 100


def test_a_cursor_of_another_workspace_is_no_cursor(stage, document):
    checked = []
    for template in readable():
        if "cursor" not in [parameter["name"] for parameter in parameters_of(document, template)]:
            continue
        plural = template.split("/")[2]
        theirs = template.replace("{id}", stage.victim.ids.get(plural, [""])[0])
        page = stage.victim.client.get(theirs + "?limit=1")
        assert page.status == 200, page.body
        if page.json["next_cursor"] is None:
            assert plural == "pipelines", f"{theirs} has one page only"
            continue
        paths = {theirs, template.replace("{id}", stage.other.ids.get(plural, [""])[0])}
        for path in paths:
            answer = stage.ask("GET", path, params={"limit": 1, "cursor": page.json["next_cursor"]})
            wanted = (404, "not_found") if path == theirs and "{id}" in template else (400, "invalid_cursor")
            assert (answer.status, answer.json["code"]) == wanted, f"{path}: {answer.body}"
        checked.append(template)
    assert len(checked) > 18, checked


def test_what_is_taken_in_one_workspace_is_free_in_another(stage):
    key = {"Idempotency-Key": "the same"}
    body = {"email": "both@example.com", "first_name": "Jo"}
    first = stage.victim.client.post("/v1/contacts", body, headers=key)
    second = stage.ask("POST", "/v1/contacts", body, headers=key)
    assert (first.status, second.status) == (201, 201)
    assert "Idempotency-Replayed" not in second.headers
    assert first.json["id"] != second.json["id"]


def test_events_and_audit_hold_the_own_history_alone(stage):
    end = stage.ask("GET", "/v1/events?limit=500").json["next_position"]
    for path in ("/v1/events?limit=500", "/v1/audit?limit=500", "/v1/deals?q=" + CANARY, "/v1/contacts?q=" + CANARY):
        assert stage.ask("GET", path).status == 200
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {stage.other.workspace.key}", "Accept": "text/event-stream"}
        with session.get(stage.server.url + "/v1/events", headers=headers, stream=True, timeout=30) as stream:
            lines = []
            for line in stream.iter_lines():
                lines.append(line.decode())
                if line == b"id: %d" % end:
                    break
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert len(events) >= end - 1
    assert {event["source"] for event in events} == {f"/workspaces/{stage.other.workspace.id}"}
    assert CANARY.lower() not in "\n".join(lines).lower()


def test_a_mail_tells_of_the_own_deal_alone(stage):
    wait_until(lambda: len(stage.smtp.mails()) >= 4, "the mails of both workspaces")
    by_victim = {mail["to"][0] if isinstance(mail["to"], list) else mail["to"]: mail for mail in stage.smtp.mails()}
    assert len(by_victim) == 2, sorted(by_victim)
    for address, mail in by_victim.items():
        own, others = (CANARY, "Plain") if CANARY.lower() in str(address).lower() else ("Plain", CANARY)
        text = json.dumps(mail).lower()
        assert own.lower() in text and others.lower() not in text, mail
