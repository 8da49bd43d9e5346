"""The running binary against api/openapi.yaml: every operation answers as described."""

from uploads import upload


def walk_records(call, plural, new, patch):
    """What every kind with the generic routes can do. Gives the id of a live record."""
    path = f"/v1/{plural}"
    call("POST", path + "?dry_run=true", new, expect=200)
    made = call("POST", path, new, expect=201)
    there = made.headers["Location"]
    assert there == f"{path}/{made.json['id']}"
    assert call("GET", there, expect=200).json == made.json
    call("GET", there, headers={"If-None-Match": made.headers["ETag"]}, expect=304)
    changed = call("PATCH", there, patch, headers={"If-Match": made.headers["ETag"]}, expect=200)
    assert {name: changed.json[name] for name in patch} == patch
    call("PATCH", there + "?dry_run=true", {name: new.get(name) for name in patch}, expect=200)
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
    bare = call("GET", there + "?fields=first_name,tags", expect=200)
    assert (set(bare.json), "ETag" in bare.headers) == ({"id", "first_name", "tags"}, False)
    wide = call("GET", there + "?expand=company,deals", expect=200)
    assert (wide.json["company"]["name"], wide.json["deals"], "ETag" in wide.headers) == ("Acme Ltd", [], False)
    rows = call("GET", "/v1/contacts?fields=email&expand=company", expect=200).json["data"]
    assert {frozenset(row) for row in rows} == {frozenset({"id", "email", "company"})}
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
    company = walk_records(call, "companies", {"name": "Bolt GmbH", "website": "https://bolt.test"}, {"domain": "bolt.test"})
    inside = call("POST", f"/v1/companies/{company}/contacts", {"email": "cy@bolt.test"}, expect=201)
    assert (inside.json["company_id"], inside.json["company_name"]) == (company, "Bolt GmbH")
    walk_records(call, "notes", {"body": "Budget is confirmed.", "contact_id": contact}, {"body": "No budget."})
    activity = {"type": "call", "subject": "Ask", "contact_id": contact, "due_at": "2026-02-01T09:00:00Z"}
    done = walk_records(call, "activities", activity, {"body": "Asked."})
    call("POST", f"/v1/activities/{done}/complete", expect=200)
    call("POST", f"/v1/activities/{done}/reopen", expect=200)
    walk_records(call, "projects", {"title": "Rollout", "contact_id": contact}, {"status": "open"})
    walk_records(call, "tickets", {"subject": "Broken", "contact_id": contact}, {"priority": "high"})
    call("POST", "/v1/tags", {"name": "later"}, expect=201)
    call("GET", "/v1/tags", expect=200)
    walk_pipelines(call)
    mails = call("GET", "/v1/emails?state=queued,skipped", expect=200).json["data"]
    call("GET", f"/v1/emails/{mails[0]['id']}", expect=200)
    queued = next(mail["id"] for mail in mails if mail["state"] == "queued")
    assert call("POST", f"/v1/emails/{queued}/retry", expect=200).json["state"] == "queued"
    call("POST", f"/v1/emails/{queued}/drop", expect=409)
    return first


def walk_pipelines(call):
    pipeline = call("GET", "/v1/pipelines", expect=200).json["data"][0]["id"]
    call("GET", f"/v1/pipelines/{pipeline}", expect=200)
    made = walk_records(call, "pipelines", {"name": "Renewals"}, {"name": "Renewal"})
    stages = [{"key": key, "label": key.title(), "kind": kind, "probability": None}
              for key, kind in (("open", "open"), ("late", "open"), ("won", "won"))]
    kept = call("PUT", f"/v1/pipelines/{made}/stages", {"stages": stages}, expect=200)
    assert [stage["key"] for stage in kept.json["stages"]] == ["open", "late", "won"]
    deal = call("POST", "/v1/deals", {"title": "Late", "stage": "late", "pipeline": made}, expect=201).json["id"]
    left = call("DELETE", f"/v1/pipelines/{made}/stages/late?replacement=open", expect=200)
    assert [stage["key"] for stage in left.json["stages"]] == ["open", "won"]
    assert call("GET", f"/v1/deals/{deal}", expect=200).json["stage"] == "open"
    call("DELETE", f"/v1/deals/{deal}", expect=204)


def walk_imports(call):
    done = upload(call, "/v1/imports?kind=contacts&commit=true", expect=201).json
    assert (done["state"], done["rows"], done["decided"], done["created"], done["skipped"]) == ("committed", 2, 2, 1, 1)
    there = f"/v1/imports/{done['id']}"
    assert call("GET", there, expect=200).json == done
    errors = call("GET", there + "/errors?limit=1", expect=200).json
    assert [(error["row"], error["column"], error["code"]) for error in errors["data"]] == [(3, "email", "invalid_email")]
    call("GET", there + "/warnings", expect=200)
    assert b"no-address" in call("GET", there + "/errors.csv", expect=200).body
    progress = call("GET", there + "/progress", expect=200).body.decode()
    assert progress.startswith("event: progress\ndata: {") and '"state":"committed"' in progress
    upload(call, "/v1/imports?kind=contacts&dry_run=true", expect=200)
    looked_at = upload(call, "/v1/imports?kind=contacts", expect=201).json
    assert (looked_at["state"], looked_at["decided"], looked_at["header"]) == ("uploaded", 0, ["first_name", "last_name", "email"])
    there = f"/v1/imports/{looked_at['id']}"
    call("GET", there, expect=200)
    call("PATCH", there, {"options": {"profile": "email"}}, expect=200)
    assert call("POST", there + "/dry-run", expect=200).json["unchanged"] == 1
    call("POST", there + "/commit?dry_run=true", expect=200)
    assert call("POST", there + "/commit", headers={"Prefer": "wait=20"}, expect=200).json["state"] == "committed"
    dropped = upload(call, "/v1/imports?kind=contacts", expect=201).json["id"]
    call("DELETE", f"/v1/imports/{dropped}", expect=204)
    call("GET", "/v1/imports?state=cancelled", expect=200)


def walk_reads(call, contact, deal):
    board = call("GET", "/v1/pipelines/default/board?cards=1", expect=200).json
    won = next(stage for stage in board["stages"] if stage["key"] == "won")
    assert (won["count"], won["totals"], len(won["deals"])) == (2, [{"currency": "EUR", "value": "25000.00"}], 1)
    timeline = call("GET", f"/v1/contacts/{contact}/timeline?limit=100", expect=200).json["data"]
    assert {entry["kind"] for entry in timeline} == {"note", "activity", "deal_won", "merge"}
    for tab in ("deals", "projects", "tickets", "notes", "activities"):
        assert call("GET", f"/v1/contacts/{contact}/{tab}", expect=200).json["data"], tab
    company = call("GET", "/v1/companies?limit=1", expect=200).json["data"][0]["id"]
    call("GET", f"/v1/companies/{company}/contacts", expect=200)
    call("GET", "/v1/tags/" + call("GET", "/v1/tags?limit=1", expect=200).json["data"][0]["id"], expect=200)
    for path in (f"/v1/contacts/{contact}", f"/v1/companies/{company}", f"/v1/deals/{deal}"):
        assert call("GET", path + "/history", expect=200).json["data"], path
    call("GET", f"/v1/contacts/{contact}/history?field=phone", expect=200)
    call("GET", f"/v1/contacts/{contact}?as_of=2100-01-01T00:00:00Z", expect=200)
    feed = call("GET", "/v1/events?limit=500", expect=200).json
    assert [int(event["sequence"]) for event in feed["data"]] == list(range(1, feed["next_position"] + 1))
    call("GET", "/v1/events?types=deal.*&after=1&wait=1", expect=200)
    call("GET", f"/v1/audit?record_id={contact}", expect=200)
    call("GET", "/v1/audit?action=deal.won&from=2020-01-01", expect=200)
    hits = call("GET", "/v1/search?q=jane", expect=200).json["data"]
    assert (hits[0]["kind"], hits[0]["id"], hits[0]["href"]) == ("contact", contact, f"/v1/contacts/{contact}")


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
    rotated = call("POST", f"/v1/keys/{key.json['id']}/rotate", expect=200).json
    assert rotated["api_key"] != key.json["api_key"]
    assert rotated["prefix"].endswith(rotated["api_key"].rsplit("_", 1)[1][:4])
    call("DELETE", f"/v1/keys/{key.json['id']}", expect=204)
    call("DELETE", there, expect=204)


def walk_operator(operator, workspace):
    operator("POST", "/v1/workspaces?dry_run=true", {"name": "Bolt", "owner": {"name": "Cy"}}, expect=200)
    operator("POST", "/v1/workspaces", {"name": "Bolt", "owner": {"name": "Cy"}}, expect=201)
    operator("GET", "/v1/workspaces", expect=200)
    there = f"/v1/workspaces/{workspace.id}"
    free = operator("PATCH", there, {"plan": "free", "limits": {"crm:contacts": 1000}}, expect=200).json
    assert (free["plan"], free["entitlements"], free["limits"]) == ("free", ["crm"], {"crm:contacts": 1000})
    seen = operator("GET", there, expect=200).json
    assert seen["usage"]["crm:contacts"] > 0
    key = operator("POST", there + "/keys", expect=201).json
    assert (key["role"], key["member_id"]) == ("owner", workspace.owner_id)
    operator("GET", "/v1/state/checkpoint", expect=200)


def walk_public(call):
    for path in ("/livez", "/readyz", "/metrics", "/version", "/openapi.yaml", "/openapi.json", "/docs", "/docs/errors", "/llms.txt"):
        call("GET", path, expect=200)
    call("GET", "/", expect=302)
    call("GET", "/contract", expect=200)
    for path in ("asyncapi.yaml", "daybook.binpb", "fields.txt", "schemas/daybook.deal.won.v1.json",
                 "samples/daybook.deal.won.v1.headers.json", "samples/daybook.deal.won.v1.event.json",
                 "proto/daybook/options.proto", "proto/daybook/v1/deal.proto"):
        tag = call("GET", f"/contract/{path}", expect=200).headers["ETag"]
        call("GET", f"/contract/{path}", headers={"If-None-Match": tag}, expect=304)


def test_every_operation_answers_as_described(contract, call, operator, workspace):
    contact = walk_contacts(call, workspace.owner_id)
    deal = walk_work(call, contact, workspace.owner_id)
    walk_reads(call, contact, deal)
    walk_imports(call)
    walk_workspace(call)
    walk_public(call)
    walk_operator(operator, workspace)
    answered = {operation for operation, status in contract.seen if status < 400}
    assert contract.operations() - answered == {"drop_email"}  # it takes a mail that failed: commands_test.py


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
