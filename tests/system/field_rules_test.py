"""What a newcomer gets wrong first: each is refused where it stands, and all of it at once."""

import pytest

NOBODY = "0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a"


def pointers(answer):
    return {(error["pointer"], error["code"]) for error in answer.json["errors"]}


def test_all_that_is_wrong_is_said_at_once(call):
    body = {"title": "Fleet", "stage": "nowhere", "contact_id": NOBODY, "owner_id": NOBODY, "currency": "EURO", "id": NOBODY}
    answer = call("POST", "/v1/deals", body, expect=422)
    assert pointers(answer) == {("/stage", "invalid_value"), ("/contact_id", "not_found"), ("/owner_id", "not_found"),
                                ("/currency", "invalid_value"), ("/id", "immutable")}
    answer = call("POST", "/v1/deals", {"title": " ", "stage": "lead", "pipeline_id": NOBODY, "value": "1"}, expect=422)
    assert pointers(answer) == {("/title", "required"), ("/pipeline_id", "not_found"), ("/value", "invalid_value")}
    assert call("GET", "/v1/deals", expect=200).json["data"] == []


def test_a_refused_body_changes_nothing_and_keeps_no_key(call):
    jane = call("POST", "/v1/contacts", {"email": " jane@x.test "}, expect=201).json
    assert jane["email"] == "jane@x.test"
    path, key = f"/v1/contacts/{jane['id']}", {"Idempotency-Key": "one"}
    refused = call("PATCH", path, {"city": "Ulm", "company_id": NOBODY, "version": 7}, headers=key, expect=422)
    assert pointers(refused) == {("/company_id", "not_found"), ("/version", "immutable")}
    assert call("GET", path, expect=200).json["city"] is None
    assert call("PATCH", path, {"city": "Ulm"}, headers=key, expect=200).json["version"] == 2


def test_another_currency_needs_the_amount(call):
    deal = call("POST", "/v1/deals", {"title": "Fleet", "stage": "lead", "value": "12500.00"}, expect=201).json
    path = f"/v1/deals/{deal['id']}"
    assert pointers(call("PATCH", path, {"currency": "JPY"}, expect=422)) == {("/value", "required")}
    changed = call("PATCH", path, {"currency": "JPY", "value": "12500"}, expect=200).json
    assert (changed["value"], changed["currency"]) == ("12500", "JPY")


def test_another_setting_leaves_contacts_writable(call):
    jane = call("POST", "/v1/contacts", {"email": "jane@x.test", "status": "LEAD"}, expect=201).json
    call("PATCH", "/v1/workspace", {"settings": {"contact_statuses": ["NEW"], "contact_identity": "names"}}, expect=200)
    changed = call("PATCH", f"/v1/contacts/{jane['id']}", {"phone": "1"}, expect=200).json
    assert (changed["status"], changed["phone"]) == ("LEAD", "1")
    call("PATCH", f"/v1/contacts/{jane['id']}", {"status": "ACTIVE"}, expect=422)
    refused = call("PATCH", "/v1/workspace", {"settings": {"contact_statuses": []}}, expect=422)
    assert pointers(refused) == {("/settings/contact_statuses", "required")}


def test_the_path_names_the_address(call):
    call("PUT", "/v1/contacts/by-email/jane@x.test", {"email": "JANE@x.test", "city": "Ulm"}, expect=201)
    for email in ("jo@x.test", None):
        refused = call("PUT", "/v1/contacts/by-email/jane@x.test", {"email": email}, expect=422)
        assert pointers(refused) == {("/email", "invalid_value")}


@pytest.mark.parametrize("path, parameter, known", [
    ("/v1/contacts?status=HOT", "status", "LEAD"), ("/v1/contacts?type=client", "type", "customer"),
    ("/v1/deals?stage=nowhere", "stage", "negotiation"), ("/v1/audit?action=contact.*", "action", "contact.updated"),
    ("/v1/audit?action=contact.moved", "action", "contact.updated"), ("/v1/events?wait=9999", "wait", "60"),
    ("/v1/audit?actor_id=me", "actor_id", "UUID"), ("/v1/pipelines/default/board?cards=x", "cards", "100")])
def test_a_parameter_that_means_nothing_is_refused(call, path, parameter, known):
    answer = call("GET", path, expect=400)
    assert pointers(answer) == {(parameter, "invalid_parameter")}
    assert known in answer.json["detail"]


def test_a_version_that_is_no_etag_is_refused(call):
    jane = call("POST", "/v1/contacts", {"email": "jane@x.test"}, expect=201).json
    path = f"/v1/contacts/{jane['id']}"
    for malformed in ("1", "\"1", "", "1, \"2\""):
        answer = call("PATCH", path, {"city": "Ulm"}, headers={"If-Match": malformed}, expect=400)
        assert pointers(answer) == {("If-Match", "invalid_parameter")}
    for moved_on in ("\"9\"", "W/\"1\""):
        call("PATCH", path, {"city": "Ulm"}, headers={"If-Match": moved_on}, expect=412)
    call("PATCH", path, {"city": "Ulm"}, headers={"If-Match": "\"9\", \"1\""}, expect=200)


def test_tags_companies_contacts_and_days_are_found(call):
    company = call("POST", "/v1/companies", {"name": "Acme"}, expect=201).json["id"]
    jane = call("POST", "/v1/contacts", {"email": "jane@x.test", "company_id": company, "tags": ["vip"]}, expect=201).json
    call("POST", "/v1/contacts", {"email": "jo@x.test"}, expect=201)
    rows = call("GET", f"/v1/companies/{company}/contacts?fields=email,deal_count", expect=200).json["data"]
    assert rows == [{"id": jane["id"], "email": "jane@x.test", "deal_count": 0}]
    tag = call("GET", "/v1/tags", expect=200).json["data"][0]
    assert call("GET", f"/v1/tags/{tag['id']}", expect=200).json == tag
    today = jane["created_at"][:10]
    assert call("GET", f"/v1/contacts/{jane['id']}?as_of={today}", expect=200).json["email"] == "jane@x.test"
    call("GET", f"/v1/contacts/{jane['id']}?as_of=2020-02-29", expect=404)
    assert call("GET", "/", expect=302).headers["Location"] == "/docs"


def test_a_single_contact_has_its_deal_count_where_it_is_asked_for(call):
    jane = call("POST", "/v1/contacts", {"email": "jane@x.test"}, expect=201).json["id"]
    call("POST", "/v1/deals", {"title": "Fleet", "stage": "lead", "contact_id": jane}, expect=201)
    assert call("GET", f"/v1/contacts/{jane}?fields=email,deal_count", expect=200).json["deal_count"] == 1
