"""Error codes, provoked from the running binary: each comes as described. tests/house/errors_test.py says that all are."""

import json
import socket
import threading

import pytest

from contract import CheckedClient
from uploads import upload

NOBODY = "0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a"


def raw(server, request):
    """The answer to bytes that no HTTP client sends: its status and its body's text."""
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(answer.split(" ", 2)[1]), answer.partition("\r\n\r\n")[2]


RAW = {
    "expectation_failed": b"GET /livez HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n",
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
    "as_of_not_supported": ("GET", "/v1/contacts?as_of=1", None, {}, []),
    "not_acceptable": ("GET", "/v1/me", None, {"Accept": "text/csv"}, []),
    "name_taken": ("POST", "/v1/tags", {"name": "ONE"}, {}, [("/name", "name_taken")]),
    "in_use": ("DELETE", "/v1/pipelines/default", None, {}, []),
    "stage_in_use": ("DELETE", "/v1/pipelines/default/stages/lead", None, {}, []),
    "import_state": ("POST", "/v1/imports/{imported}/commit", None, {}, []),
    "email_state": ("POST", "/v1/emails/{skipped}/retry", None, {}, []),
    "import_needs_options": ("POST", "/v1/imports?kind=contacts", b"colour,size\nred,9\n", {"Content-Type": "text/csv"},
                             [("/columns/email", "import_needs_options")]),
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
    call("POST", "/v1/deals", {"title": "Fleet", "stage": "lead"}, expect=201)
    sold = call("POST", "/v1/deals", {"title": "Sold", "stage": "lead"}, expect=201).json["id"]
    call("POST", f"/v1/deals/{sold}/move", {"stage": "won"}, expect=200)  # of nobody, so nobody is mailed
    skipped = call("GET", "/v1/emails", expect=200).json["data"][0]["id"]
    imported = upload(call, "/v1/imports?kind=contacts&commit=true", expect=201).json["id"]
    return {"contact": contact, "merged": merged, "deleted": deleted, "owner": workspace.owner_id, "imported": imported, "skipped": skipped}


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
            ("POST", f"/v1/deals/{deal}/restore", {"stage": "won"}, "/stage", "unknown_field"),
            ("POST", "/v1/keys", {"name": "ci", "role": "member", "scopes": ["contacts:read", "contact:read"]}, "/scopes/1",
             "invalid_value"),
            ("PATCH", "/v1/workspace", {"slug": "other"}, "/slug", "immutable"),
            ("POST", "/v1/deals/bulk/move", {"ids": [deal, NOBODY], "stage": "won"}, "/ids/1", "not_found"),
            ("POST", "/v1/deals", {"title": "Fleet", "stage": "lead", "value": 12.5}, "/value", "invalid_value")):
        answer = call(method, path, body, expect=422)
        assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [(pointer, code)]


def test_a_plan_is_held(call, operator, workspace):
    there = f"/v1/workspaces/{workspace.id}"
    call("POST", "/v1/contacts", {"email": "jane@x.test"}, expect=201)
    operator("PATCH", there, {"plan": "free", "limits": {"crm:contacts": 1}}, expect=200)
    refused = call("POST", "/v1/contacts", {"email": "jo@x.test"}, expect=403).json
    assert (refused["code"], refused["limit"], refused["use"]) == ("limit_reached", 1, 1)
    call("PATCH", "/v1/contacts/" + call("GET", "/v1/contacts", expect=200).json["data"][0]["id"], {"phone": "1"}, expect=200)
    assert upload(call, "/v1/imports?kind=contacts", expect=403).json["code"] == "entitlement_required"
    operator("PATCH", there, {"limits": {"crm:contacts": None}}, expect=200)
    call("POST", "/v1/contacts", {"email": "jo@x.test"}, expect=201)


def test_a_workspace_may_keep_its_contacts_to_admins(contract, call, daybook):
    keys = {role: call("POST", "/v1/keys", {"name": role, "role": role}, expect=201).json["api_key"] for role in ("member", "admin")}
    member, admin = (CheckedClient(contract, daybook.client(keys[role])) for role in ("member", "admin"))
    for path in ("/v1/contacts", "/v1/deals"):
        member("GET", path, expect=200)
    call("PATCH", "/v1/workspace", {"settings": {"crm_access": "admins"}}, expect=200)
    for path in ("/v1/contacts", "/v1/deals"):
        assert member("GET", path, expect=403).json["code"] == "forbidden"
        admin("GET", path, expect=200)
    assert member("POST", "/v1/contacts", {"email": "jo@x.test"}, expect=403).json["code"] == "forbidden"


def test_a_slug_is_one_workspace_s(operator):
    operator("POST", "/v1/workspaces", {"name": "A", "slug": "mine", "owner": {"name": "Al"}}, expect=201)
    answer = operator("POST", "/v1/workspaces", {"name": "B", "slug": "mine", "owner": {"name": "Bo"}}, expect=409)
    assert answer.json["code"] == "slug_taken"


def test_what_is_not_reached_in_time_is_unavailable(call):
    answer = call("GET", "/v1/tags?min_position=999999", expect=503)
    assert (answer.json["code"], answer.headers["Retry-After"]) == ("unavailable", "1")


def test_a_request_that_still_runs_is_said_to(contract, workspace, daybook):
    clients = [CheckedClient(contract, daybook.client(workspace.key)) for _ in range(4)]
    gate = threading.Barrier(len(clients))

    def repeat(client, seen):
        for number in range(100):
            gate.wait(30)
            answer = client("POST", "/v1/tags", {"name": f"tag {number}"}, headers={"Idempotency-Key": f"key {number}"})
            seen.append((answer.status, (answer.json or {}).get("code")))

    seen = []
    threads = [threading.Thread(target=repeat, args=(client, seen)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(seen) == 400
    assert set(seen) == {(201, None), (409, "request_in_progress")}


def test_an_old_secret_stops_at_once(call, daybook):
    made = call("POST", "/v1/keys", {"name": "ci", "role": "viewer"}, expect=201).json
    assert daybook.client(made["api_key"]).get("/v1/me").status == 200
    rotated = call("POST", f"/v1/keys/{made['id']}/rotate", expect=200).json
    assert daybook.client(made["api_key"]).get("/v1/me").status == 401
    assert daybook.client(rotated["api_key"]).get("/v1/me").json["actor"]["id"] == made["id"]


def test_nobody_grants_what_they_do_not_hold(call, contract, daybook):
    wish = {"name": "narrow", "role": "owner", "scopes": ["keys:write", "members:write", "contacts:read"]}
    narrow = CheckedClient(contract, daybook.client(call("POST", "/v1/keys", wish, expect=201).json["api_key"]))
    other = call("POST", "/v1/keys", {"name": "all", "role": "owner"}, expect=201).json["id"]
    bo = call("POST", "/v1/members", {"name": "Bo", "role": "viewer"}, expect=201).json["id"]
    for method, path, body, scope in (
            ("POST", "/v1/keys", {"name": "ci", "role": "owner"}, "contacts:write"),
            ("POST", "/v1/keys", {"name": "ci", "role": "member", "scopes": ["contacts:read", "deals:write"]}, "deals:write"),
            ("POST", f"/v1/keys/{other}/rotate", None, "contacts:write"),
            ("POST", "/v1/members", {"name": "Al", "role": "owner"}, "contacts:write"),
            ("PATCH", f"/v1/members/{bo}", {"role": "admin"}, "contacts:write")):
        refused = narrow(method, path, body, expect=403).json
        assert refused["code"] == "forbidden" and scope in refused["detail"], refused
    narrow("POST", "/v1/keys", {"name": "ci", "role": "viewer", "scopes": ["contacts:read"]}, expect=201)
    refused = call("POST", "/v1/keys", {"name": "ci", "role": "viewer", "scopes": ["deals:write"]}, expect=422).json
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [("/scopes/0", "invalid_value")]
    assert "deals:write" in refused["errors"][0]["detail"]
