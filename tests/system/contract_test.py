"""The running binary against api/openapi.yaml: every operation answers as described, every code comes as described."""

import json
import socket

import pytest

from contract import CheckedClient, Contract

NOBODY = "0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a"
# Needs a failing disk, a race, a slow client or a plan that cannot be set yet; unit tests hold what they say.
NOT_PROVOKED = {
    "as_of_not_supported", "disk_full", "entitlement_required", "expectation_failed", "import_needs_options",
    "import_state", "in_use", "internal", "limit_reached", "not_acceptable", "outcome_unknown", "request_in_progress",
    "request_timeout", "slug_taken", "stage_in_use", "suppressed", "unavailable", "name_taken",
}


@pytest.fixture(scope="module")
def contract():
    return Contract()


@pytest.fixture
def call(contract, workspace):
    return CheckedClient(contract, workspace.client)


@pytest.fixture
def operator(contract, daybook, operator_key):
    return CheckedClient(contract, daybook.client(operator_key))


def walk_records(call, plural, new, patch):
    """What every kind with the generic routes can do. Gives the id of a live record."""
    path = f"/v1/{plural}"
    made = call("POST", path, new, expect=201)
    there = made.headers["Location"]
    assert there == f"{path}/{made.json['id']}"
    assert call("GET", there, expect=200).json == made.json
    call("GET", there, headers={"If-None-Match": made.headers["ETag"]}, expect=304)
    changed = call("PATCH", there, patch, headers={"If-Match": made.headers["ETag"]}, expect=200)
    assert {name: changed.json[name] for name in patch} == patch
    call("POST", path + "?dry_run=true", new, expect=200)
    call("PATCH", there + "?dry_run=true", {name: None for name in patch}, expect=200)
    call("DELETE", there + "?dry_run=true", expect=200)
    call("DELETE", there, expect=204)
    call("GET", there, expect=410)
    deleted = call("GET", there + "?include_deleted=true", expect=200)
    assert deleted.json["deleted_at"] is not None
    call("POST", there + "/restore", expect=200)
    listed = call("GET", path + "?limit=1&total=true&sort=-updated_at&created_at[gte]=2020-01-01", expect=200)
    assert listed.json["total"] >= 1
    position = listed.headers["Daybook-Position"]
    call("GET", f"{path}?min_position={position}", expect=200)
    return made.json["id"]


def walk_contacts(call, owner):
    jane = {"first_name": "Jane", "last_name": "Smith", "email": "Jane@Example.com", "company_name": "Acme Ltd",
            "tags": ["vip"], "type": "partner", "owner_id": owner, "birth_month": 2, "birth_day": 29}
    contact = walk_records(call, "contacts", jane, {"phone": "+49 30 1", "job_title": "CTO"})
    there = f"/v1/contacts/{contact}"
    call("GET", "/v1/contacts/by-email/jane%40example.com", expect=200)
    call("PUT", "/v1/contacts/by-email/jane%40example.com", {"city": "Berlin"}, expect=200)
    made = call("PUT", "/v1/contacts/by-email/jo%40example.com", {"first_name": "Jo"}, expect=201)
    call("POST", there + "/tags", {"name": "fair"}, expect=200)
    call("DELETE", there + "/tags/FAIR", expect=200)
    call("POST", there + "/secondary-emails", {"email": "jane@home.test"}, expect=200)
    call("DELETE", there + "/secondary-emails/jane%40home.test", expect=200)
    call("POST", there + "/notes", {"body": "Call in the morning."}, expect=201)
    found = call("GET", "/v1/contacts?q=smi&status=lead&type=customer,partner&tag=vip&has_email=true", expect=200)
    assert [row["deal_count"] for row in found.json["data"]] == [0]
    merged = call("POST", there + "/merge", {"duplicate_id": made.json["id"], "fields": {"city": "primary"}}, expect=200)
    assert merged.json["secondary_emails"] == ["jo@example.com"]
    moved = call("GET", f"/v1/contacts/{made.json['id']}", expect=307)
    assert moved.headers["Location"] == there
    return contact


def walk_work(call, contact, owner):
    deal = {"title": "Fleet", "value": "12500.00", "currency": "EUR", "stage": "lead", "contact_id": contact, "owner_id": owner}
    first = walk_records(call, "deals", deal, {"notes": "Urgent", "expected_close_date": "2026-03-31"})
    second = call("POST", "/v1/deals", {**deal, "title": "Parts"}, expect=201).json["id"]
    call("POST", f"/v1/deals/{first}/move", {"stage": "won"}, expect=200)
    moved = call("POST", "/v1/deals/bulk/move", {"ids": [first, second], "stage": "won"}, expect=200)
    assert (moved.json["changed"], moved.json["unchanged"]) == (1, 1)
    call("GET", "/v1/deals?pipeline=default&kind=won&value[gte]=1.00&sort=-value", expect=200)
    walk_records(call, "companies", {"name": "Bolt GmbH", "website": "https://bolt.test"}, {"domain": "bolt.test"})
    walk_records(call, "notes", {"body": "Budget is confirmed.", "contact_id": contact}, {"body": "No budget."})
    activity = {"type": "call", "subject": "Ask", "contact_id": contact, "due_at": "2026-02-01T09:00:00Z"}
    done = walk_records(call, "activities", activity, {"body": "Asked."})
    call("POST", f"/v1/activities/{done}/complete", expect=200)
    call("POST", f"/v1/activities/{done}/reopen", expect=200)
    walk_records(call, "projects", {"title": "Rollout", "contact_id": contact}, {"status": "open"})
    walk_records(call, "tickets", {"subject": "Broken", "contact_id": contact}, {"priority": "high"})
    call("POST", "/v1/tags", {"name": "later"}, expect=201)
    call("GET", "/v1/tags", expect=200)
    pipeline = call("GET", "/v1/pipelines", expect=200).json["data"][0]["id"]
    call("GET", f"/v1/pipelines/{pipeline}", expect=200)
    mails = call("GET", "/v1/emails?state=queued,skipped", expect=200).json["data"]
    call("GET", f"/v1/emails/{mails[0]['id']}", expect=200)
    return first


def walk_reads(call, contact, deal):
    board = call("GET", "/v1/pipelines/default/board?cards=1", expect=200).json
    won = next(stage for stage in board["stages"] if stage["key"] == "won")
    assert (won["count"], won["totals"], len(won["deals"])) == (2, [{"currency": "EUR", "value": "25000.00"}], 1)
    timeline = call("GET", f"/v1/contacts/{contact}/timeline?limit=100", expect=200).json["data"]
    assert {entry["kind"] for entry in timeline} == {"note", "activity", "deal_won", "merge"}
    for tab in ("deals", "projects", "tickets", "notes", "activities"):
        assert call("GET", f"/v1/contacts/{contact}/{tab}", expect=200).json["data"], tab
    company = call("GET", "/v1/companies?limit=1", expect=200).json["data"][0]["id"]
    for path in (f"/v1/contacts/{contact}", f"/v1/companies/{company}", f"/v1/deals/{deal}"):
        assert call("GET", path + "/history", expect=200).json["data"], path
    call("GET", f"/v1/contacts/{contact}/history?field=phone", expect=200)
    call("GET", f"/v1/contacts/{contact}?as_of=2100-01-01T00:00:00Z", expect=200)
    feed = call("GET", "/v1/events?limit=500", expect=200).json
    assert [int(event["sequence"]) for event in feed["data"]] == list(range(1, feed["next_position"] + 1))
    call("GET", "/v1/events?types=deal.*&after=1&wait=1", expect=200)
    call("GET", f"/v1/audit?record_id={contact}", expect=200)
    call("GET", "/v1/audit?action=deal.won&from=2020-01-01", expect=200)


def walk_workspace(call):
    call("GET", "/v1/me", expect=200)
    call("GET", "/v1/workspace", expect=200)
    call("PATCH", "/v1/workspace", {"timezone": "Europe/Berlin", "settings": {"contact_identity": "any"}}, expect=200)
    bo = call("POST", "/v1/members", {"name": "Bo", "email": "bo@acme.test", "role": "member"}, expect=201)
    there = bo.headers["Location"]
    call("GET", there, expect=200)
    call("PATCH", there, {"role": "viewer"}, expect=200)
    call("GET", "/v1/members?role=viewer", expect=200)
    key = call("POST", "/v1/keys", {"name": "ci", "role": "member", "scopes": ["contacts:read"], "expires_at": None}, expect=201)
    call("GET", f"/v1/keys/{key.json['id']}", expect=200)
    call("GET", "/v1/keys", expect=200)
    call("DELETE", f"/v1/keys/{key.json['id']}", expect=204)
    call("DELETE", there, expect=204)


def walk_public(call):
    for path in ("/livez", "/readyz", "/version", "/openapi.yaml", "/openapi.json", "/docs", "/docs/errors", "/llms.txt"):
        call("GET", path, expect=200)


def test_every_operation_answers_as_described(contract, call, operator, workspace):
    contact = walk_contacts(call, workspace.owner_id)
    deal = walk_work(call, contact, workspace.owner_id)
    walk_reads(call, contact, deal)
    walk_workspace(call)
    walk_public(call)
    operator("POST", "/v1/workspaces", {"name": "Bolt", "owner": {"name": "Cy"}}, expect=201)
    operator("GET", "/v1/workspaces", expect=200)
    answered = {operation for operation, status in contract.seen if status < 400}
    assert contract.operations() - answered == set()


def test_a_repeated_command_says_so(call):
    first = call("POST", "/v1/tags", {"name": "vip"}, headers={"Idempotency-Key": "one"}, expect=201)
    again = call("POST", "/v1/tags", {"name": "vip"}, headers={"Idempotency-Key": "one"}, expect=201)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json


def test_a_page_leads_to_the_next(call):
    for name in ("a", "b", "c"):
        call("POST", "/v1/tags", {"name": name}, expect=201)
    page = call("GET", "/v1/tags?limit=2", expect=200)
    assert page.headers["Link"] == f'</v1/tags?limit=2&cursor={page.json["next_cursor"]}>; rel="next"'
    rest = call("GET", f"/v1/tags?limit=2&cursor={page.json['next_cursor']}", expect=200)
    assert [tag["name"] for tag in page.json["data"] + rest.json["data"]] == ["a", "b", "c"]


def test_pages_for_people_explain_each_code(contract, daybook):
    page = daybook.client().get("/docs/errors").body.decode()
    for code in contract.document["components"]["schemas"]["ErrorCode"]["enum"]:
        assert f'<section id="{code}">' in page


def raw(server, request):
    """The answer to bytes that no HTTP client sends: its status and its body's text."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(answer.split(" ", 2)[1]), answer.partition("\r\n\r\n")[2]


RAW = {
    "malformed_request": b"GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "uri_too_long": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
    "header_too_large": b"GET /livez HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20000 + b"\r\n\r\n",
    "version_not_supported": b"GET /livez HTTP/2.0\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("code", RAW)
def test_bytes_that_are_no_request_get_a_problem(contract, daybook, code):
    status, body = raw(daybook, RAW[code])
    problem = json.loads(body)
    assert (problem["status"], problem["code"]) == (status, code)
    assert contract.errors_of("#/components/schemas/Problem", problem) == []


# code: method, path, body, headers, pointers and codes of `errors`. {contact}, {won} and so on are of `refusals`.
REFUSED = {
    "malformed_json": ("POST", "/v1/tags", b'{"name":"a","name":"b"}', {"Content-Type": "application/json"}, []),
    "unknown_parameter": ("GET", "/v1/tags?nmae=a", None, {}, [("nmae", "unknown_parameter")]),
    "invalid_parameter": ("GET", "/v1/tags?limit=501", None, {}, [("limit", "invalid_parameter")]),
    "invalid_cursor": ("GET", "/v1/tags?cursor=abc", None, {}, []),
    "unauthenticated": ("GET", "/v1/me", None, {"Authorization": "Bearer dbk_x"}, []),
    "forbidden": ("GET", "/v1/workspaces", None, {}, []),
    "not_found": ("GET", "/v1/contacts/none", None, {}, []),
    "method_not_allowed": ("DELETE", "/v1/me", None, {}, []),
    "email_taken": ("POST", "/v1/contacts", {"email": "JANE@example.com"}, {}, [("/email", "email_taken")]),
    "merged": ("PATCH", "/v1/contacts/{merged}", {"city": "Ulm"}, {}, []),
    "last_owner": ("DELETE", "/v1/members/{owner}", None, {}, []),
    "position_ahead": ("GET", "/v1/events?after=999999", None, {}, []),
    "deleted": ("GET", "/v1/contacts/{deleted}", None, {}, []),
    "version_mismatch": ("PATCH", "/v1/contacts/{contact}", {"city": "Ulm"}, {"If-Match": '"99"'}, []),
    "too_large": ("POST", "/v1/tags", b" " * 1_100_000, {"Content-Type": "application/json"}, []),
    "unsupported_media_type": ("POST", "/v1/tags", b"name=a", {"Content-Type": "text/plain"}, []),
    "idempotency_key_reused": ("POST", "/v1/tags", {"name": "other"}, {"Idempotency-Key": "one"}, []),
    "validation_failed": ("POST", "/v1/contacts", {"email": "no", "frist_name": "J", "birth_month": 13, "city": "x" * 5000}, {},
                          [("/birth_month", "invalid_value"), ("/city", "too_long"), ("/email", "invalid_email"),
                           ("/frist_name", "unknown_field")]),
}


@pytest.fixture
def refusals(call, workspace):
    """Ids that the paths of REFUSED name."""
    contact = call("POST", "/v1/contacts", {"email": "jane@example.com"}, expect=201).json["id"]
    merged = call("POST", "/v1/contacts", {"email": "jo@example.com"}, expect=201).json["id"]
    call("POST", f"/v1/contacts/{contact}/merge", {"duplicate_id": merged}, expect=200)
    deleted = call("POST", "/v1/contacts", {"email": "al@example.com"}, expect=201).json["id"]
    call("DELETE", f"/v1/contacts/{deleted}", expect=204)
    call("POST", "/v1/tags", {"name": "one"}, headers={"Idempotency-Key": "one"}, expect=201)
    return {"contact": contact, "merged": merged, "deleted": deleted, "owner": workspace.owner_id}


def test_every_refusal_comes_as_described(call, contract, refusals):
    statuses = {}
    for code, (method, path, body, headers, errors) in REFUSED.items():
        sent = {"body": body} if isinstance(body, bytes) else {"json": body}
        answer = call(method, path.format(**refusals), headers=headers, **sent)
        assert answer.json["code"] == code, (code, answer.body)
        assert answer.json["status"] == answer.status
        assert answer.json["type"] == f"/docs/errors#{code}"
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]
        assert sorted((error["pointer"], error["code"]) for error in answer.json["errors"]) == errors, code
        statuses[code] = answer.status
    assert statuses["email_taken"] == 409


def test_every_field_error_has_its_code(call, refusals):
    deal = call("POST", "/v1/deals", {"title": "Fleet", "stage": "lead"}, expect=201).json["id"]
    for method, path, body, pointer, code in (
            ("POST", "/v1/companies", {}, "/name", "required"),
            ("POST", "/v1/deals", {"title": "Fleet", "stage": "lead", "contact_id": NOBODY}, "/contact_id", "not_found"),
            ("PATCH", f"/v1/contacts/{refusals['contact']}", {"source": "form"}, "/source", "immutable"),
            ("PATCH", f"/v1/deals/{deal}", {"stage": "won"}, "/stage", "use_move"),
            ("POST", "/v1/deals/bulk/move", {"ids": [deal, NOBODY], "stage": "won"}, "/ids/1", "not_found"),
            ("POST", "/v1/deals", {"title": "Fleet", "stage": "lead", "value": 12.5}, "/value", "invalid_value")):
        answer = call(method, path, body, expect=422)
        assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [(pointer, code)]


def test_every_code_is_provoked_or_said_not_to_be(contract):
    codes = set(contract.document["components"]["schemas"]["ErrorCode"]["enum"])
    assert {"validation_failed", *REFUSED, *RAW} | NOT_PROVOKED == codes
    assert not NOT_PROVOKED & {*REFUSED, *RAW}
