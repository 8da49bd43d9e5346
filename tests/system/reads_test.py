"""What looks back or across records, shape by shape: feed, audit log, history, timeline, tabs, board, as_of."""

import json
import threading

import pytest
import requests


@pytest.fixture
def sales(workspace):
    """Ada with a note, a call and a won deal; the workspace's client beside."""
    client = workspace.client
    ada = made(client.post("/v1/contacts", {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.test", "tags": ["vip"]}))
    note = made(client.post(f"/v1/contacts/{ada['id']}/notes", {"body": "Likes engines"}))
    call = made(client.post("/v1/activities", {"type": "call", "subject": "Hello", "contact_id": ada["id"]}))
    deal = made(client.post("/v1/deals", {"title": "Engine", "value": "12500.00", "currency": "EUR", "stage": "lead",
                                          "contact_id": ada["id"]}))
    won = client.post(f"/v1/deals/{deal['id']}/move", {"stage": "won"})
    assert won.status == 200, won.body
    return {"client": client, "ada": ada, "note": note, "call": call, "deal": won.json, "workspace": workspace}


def made(answer):
    assert answer.status == 201, answer.body
    return answer.json


def read(client, path, **params):
    answer = client.get(path, params=params)
    assert answer.status == 200, answer.body
    return answer.json


def test_an_event_is_a_cloud_event(sales):
    client, ada = sales["client"], sales["ada"]
    events = read(client, "/v1/events", after=0, limit=500)
    assert set(events) == {"data", "next_position"}
    assert [int(event["sequence"]) for event in events["data"]] == list(range(1, events["next_position"] + 1))
    event = next(event for event in events["data"] if event["type"] == "daybook.contact.created.v1")
    assert set(event) == {"specversion", "type", "source", "subject", "datacontenttype", "partitionkey", "id", "time",
                          "sequence", "actor", "origin", "data"}
    assert event["specversion"] == "1.0"
    assert event["source"] == f"/workspaces/{sales['workspace'].id}"
    assert event["subject"] == ada["id"]
    assert len(event["sequence"]) == 20
    assert event["actor"].startswith("api_key:")
    assert event["origin"] == "POST /v1/contacts"
    assert set(event["data"]) == {"record", "changed", "event"}
    assert event["data"]["record"]["email"] == "ada@example.test"
    assert event["data"]["changed"]["email"] == {"before": None, "after": "ada@example.test"}
    tagged = next(event for event in events["data"] if event["type"] == "daybook.contact.tagged.v1")
    assert tagged["data"]["changed"] == {"tags": {"before": [], "after": ["vip"]}}
    assert event["data"]["event"]["first_name"] == "Ada"
    assert "phone" not in event["data"]["event"]
    assert len({event["id"] for event in events["data"]}) == len(events["data"])


def test_no_secret_is_in_the_feed(sales):
    answer = sales["client"].get("/v1/events?types=api_key.*")
    assert [event["type"] for event in answer.json["data"]] == ["daybook.api_key.created.v1"]
    assert b"secret" not in answer.body


def test_the_feed_goes_on_after_a_position_and_counts_what_it_passed_over(sales):
    client = sales["client"]
    end = read(client, "/v1/events", limit=500)["next_position"]
    won = read(client, "/v1/events", types="deal.won,note.*", limit=500)
    assert [event["type"] for event in won["data"]] == ["daybook.note.added.v1", "daybook.deal.won.v1"]
    assert won["next_position"] == end
    first = read(client, "/v1/events", limit=1)
    assert (len(first["data"]), first["next_position"]) == (1, 1)
    assert read(client, "/v1/events", after=end) == {"data": [], "next_position": end}
    assert_problem(client.get(f"/v1/events?after={end + 1}"), 409, "position_ahead")
    assert_problem(client.get("/v1/events?types=deal.wonn"), 400, "invalid_parameter")
    assert_problem(client.get("/v1/events?limit=501"), 400, "invalid_parameter")


def assert_problem(answer, status, code):
    assert (answer.status, answer.json["code"]) == (status, code), answer.body


def test_a_long_poll_waits_for_the_next_event(sales):
    client, key = sales["client"], sales["workspace"].key
    end = read(client, "/v1/events", limit=500)["next_position"]
    assert read(client, "/v1/events", after=end, wait=1) == {"data": [], "next_position": end}
    answers = []
    url = client._url() + "/v1/events"
    poll = threading.Thread(target=lambda: answers.append(requests.get(
        url, params={"after": end, "wait": 30, "types": "contact.*"}, headers={"Authorization": f"Bearer {key}"}, timeout=40).json()))
    poll.start()
    made(client.post("/v1/companies", {"name": "Passed over"}))
    made(client.post("/v1/contacts", {"first_name": "Late", "last_name": "Comer"}))
    poll.join(10)
    assert [event["type"] for event in answers[0]["data"]] == ["daybook.contact.created.v1"]
    assert answers[0]["next_position"] > end


def stream(client, key, **headers):
    return requests.get(client._url() + "/v1/events", stream=True, timeout=20, headers={
        "Authorization": f"Bearer {key}", "Accept": "text/event-stream", **headers})


def next_event(lines):
    event = {}
    for line in lines:
        if not line and "data" in event:
            return event
        if line and not line.startswith(":"):
            name, value = line.split(": ", 1)
            event[name] = value
    return None


def test_a_stream_goes_on_after_the_last_event_id_and_shows_what_happens(sales):
    client, key = sales["client"], sales["workspace"].key
    end = read(client, "/v1/events", limit=500)["next_position"]
    with stream(client, key, **{"Last-Event-ID": str(end - 1)}) as response:
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/event-stream"
        lines = response.iter_lines(chunk_size=1, decode_unicode=True)
        last = next_event(lines)
        assert (set(last), last["id"]) == ({"id", "data"}, str(end))
        made(client.post("/v1/contacts", {"first_name": "Live", "last_name": "Comer"}))
        live = next_event(lines)
        assert live["id"] == str(end + 1)
        assert json.loads(live["data"])["type"] == "daybook.contact.created.v1"


def test_a_stream_ends_when_the_server_stops(daybook, sales):
    with stream(sales["client"], sales["workspace"].key) as response:
        lines = response.iter_lines(chunk_size=1, decode_unicode=True)
        assert next_event(lines)["id"] == "1"
        daybook.stop()
        while next_event(lines):
            pass


def test_the_audit_log_says_who_changed_what(sales):
    client, ada = sales["client"], sales["ada"]
    path = f"/v1/contacts/{ada['id']}"
    assert client.patch(path, {"phone": "+49 1", "job_title": "CTO"}, headers={"X-Request-Id": "req-1"}).status == 200
    log = read(client, "/v1/audit", record_id=ada["id"])
    assert set(log) == {"data", "next_cursor"}
    assert [entry["action"] for entry in log["data"]] == ["contact.updated", "contact.tagged", "contact.created"]
    entry = log["data"][0]
    assert set(entry) == {"position", "at", "actor", "action", "record", "changes", "origin", "request_id", "command_id"}
    assert entry["actor"]["kind"] == "api_key"
    assert set(entry["actor"]) == {"kind", "id"}
    assert entry["record"] == {"kind": "contact", "id": ada["id"]}
    assert entry["changes"] == {"phone": {"before": None, "after": "+49 1"}, "job_title": {"before": None, "after": "CTO"}}
    assert entry["request_id"] == "req-1"
    assert entry["origin"] == "PATCH /v1/contacts/{id}"


def test_the_audit_log_is_filtered_and_paged(sales):
    client = sales["client"]
    everything = read(client, "/v1/audit", limit=500)["data"]
    positions = [entry["position"] for entry in everything]
    assert positions == list(range(len(positions), 0, -1))
    won = read(client, "/v1/audit", action="deal.won")["data"]
    assert [entry["record"]["id"] for entry in won] == [sales["deal"]["id"]]
    actor = won[0]["actor"]["id"]
    mine = read(client, "/v1/audit", actor_id=actor, action="contact.created")["data"]
    assert [entry["record"]["id"] for entry in mine] == [sales["ada"]["id"]]
    at = won[0]["at"]
    assert won[0] in read(client, "/v1/audit", **{"from": at, "to": at})["data"]
    assert read(client, "/v1/audit", to="2001-01-01")["data"] == []
    walked, cursor = [], None
    while True:
        page = client.get("/v1/audit", params={"limit": 4, **({"cursor": cursor} if cursor else {})})
        walked += page.json["data"]
        cursor = page.json["next_cursor"]
        assert ("Link" in page.headers) == (cursor is not None)
        if cursor is None:
            break
    assert walked == everything
    first = read(client, "/v1/audit", limit=4)
    assert_problem(client.get("/v1/audit", params={"action": "deal.won", "cursor": first["next_cursor"]}), 400, "invalid_cursor")


def test_history_shows_each_field_with_its_changes(sales):
    client, ada = sales["client"], sales["ada"]
    client.patch(f"/v1/contacts/{ada['id']}", {"phone": "1"})
    client.patch(f"/v1/contacts/{ada['id']}", {"phone": "2"})
    history = read(client, f"/v1/contacts/{ada['id']}/history", field="phone")
    assert [(change["before"], change["after"]) for change in history["data"]] == [("1", "2"), (None, "1")]
    assert set(history["data"][0]) == {"position", "at", "actor", "action", "field", "before", "after"}
    everything = read(client, f"/v1/contacts/{ada['id']}/history", limit=500)["data"]
    walked, params = [], {"limit": 2}
    while True:
        page = read(client, f"/v1/contacts/{ada['id']}/history", **params)
        walked += page["data"]
        params["cursor"] = page["next_cursor"]
        if page["next_cursor"] is None:
            break
    assert walked == everything
    stages = read(client, f"/v1/deals/{sales['deal']['id']}/history", field="stage")["data"]
    assert [change["after"] for change in stages] == ["won", "lead"]


def test_as_of_shows_what_was(sales):
    client, ada = sales["client"], sales["ada"]
    path = f"/v1/contacts/{ada['id']}"
    before = client.get(path)
    position = int(before.headers["Daybook-Position"])
    created = read(client, "/v1/audit", record_id=ada["id"])["data"][-1]
    client.patch(path, {"phone": "1"})
    then = client.get(path, params={"as_of": position})
    assert (then.status, then.json) == (200, before.json)
    assert "ETag" not in then.headers
    assert client.get(path, params={"as_of": created["at"]}).json["phone"] is None
    assert client.get(path, params={"as_of": "2100-01-01T00:00:00Z"}).json["phone"] == "1"
    assert_problem(client.get(path, params={"as_of": created["position"] - 1}), 404, "not_found")
    assert_problem(client.get(path, params={"as_of": "2001-01-01T00:00:00Z"}), 404, "not_found")
    assert_problem(client.get(path, params={"as_of": 10**9}), 409, "position_ahead")
    assert_problem(client.get(path, params={"as_of": "yesterday"}), 400, "invalid_parameter")
    assert_problem(client.get("/v1/contacts?as_of=1"), 400, "as_of_not_supported")
    assert client.delete(path).status == 204
    assert_problem(client.get(path), 410, "deleted")
    assert client.get(path, params={"as_of": position}).json == before.json


def test_tabs_as_of_a_moment_hold_what_was_linked_then(sales):
    client, ada, deal = sales["client"], sales["ada"], sales["deal"]
    bob = made(client.post("/v1/contacts", {"first_name": "Bob", "last_name": "Low"}))
    second = made(client.post("/v1/deals", {"title": "Mill", "stage": "lead", "contact_id": ada["id"]}))
    both = int(client.get(f"/v1/deals/{second['id']}").headers["Daybook-Position"])
    assert client.patch(f"/v1/deals/{deal['id']}", {"contact_id": bob["id"]}).status == 200
    moved = int(client.get(f"/v1/deals/{deal['id']}").headers["Daybook-Position"])
    assert client.delete(f"/v1/deals/{second['id']}").status == 204
    assert client.delete(f"/v1/notes/{sales['note']['id']}").status == 204

    def tab(contact, position, name="deals", **params):
        return read(client, f"/v1/contacts/{contact['id']}/{name}", as_of=position, **params)

    def titles(*args):
        return [one["title"] for one in tab(*args)["data"]]

    assert titles(ada, both) == ["Engine", "Mill"] and titles(bob, both) == []
    assert titles(ada, moved) == ["Mill"] and titles(bob, moved) == ["Engine"]
    assert read(client, f"/v1/contacts/{ada['id']}/deals")["data"] == []
    assert tab(ada, both)["data"][0]["stage"] == "won"
    assert [note["body"] for note in tab(ada, both, "notes")["data"]] == ["Likes engines"]
    first = tab(ada, both, limit=1)
    rest = tab(ada, both, limit=1, cursor=first["next_cursor"])
    assert [one["title"] for one in first["data"] + rest["data"]] == ["Engine", "Mill"] and rest["next_cursor"] is None
    path = f"/v1/contacts/{ada['id']}/deals"
    assert_problem(client.get(path, params={"as_of": 10**9}), 409, "position_ahead")
    assert_problem(client.get(path, params={"as_of": both, "stage": "won"}), 400, "unknown_parameter")
    assert_problem(client.get(f"/v1/contacts/{bob['id']}/deals", params={"as_of": 1}), 404, "not_found")


def test_a_company_has_the_contacts_that_it_had(sales):
    client = sales["client"]
    bob = made(client.post("/v1/contacts", {"first_name": "Bob", "last_name": "Low", "company_name": "Mill Ltd"}))
    then = int(client.get(f"/v1/contacts/{bob['id']}").headers["Daybook-Position"])
    assert client.patch(f"/v1/contacts/{bob['id']}", {"company_id": None}).status == 200
    path = f"/v1/companies/{bob['company_id']}/contacts"
    assert read(client, path)["data"] == []
    assert [contact["id"] for contact in read(client, path, as_of=then)["data"]] == [bob["id"]]


def test_tabs_of_a_merged_contact_are_there_as_of_before(sales):
    client, ada, deal = sales["client"], sales["ada"], sales["deal"]
    bob = made(client.post("/v1/contacts", {"first_name": "Bob", "last_name": "Low"}))
    before = int(client.get(f"/v1/contacts/{bob['id']}").headers["Daybook-Position"])
    merged = client.post(f"/v1/contacts/{bob['id']}/merge", {"duplicate_id": ada["id"]})
    assert merged.status == 200, merged.body
    then = read(client, f"/v1/contacts/{ada['id']}/deals", as_of=before)["data"]
    assert [one["id"] for one in then] == [deal["id"]]
    assert then[0]["contact_id"] == ada["id"]


def test_the_timeline_is_what_was_written_and_what_happened(sales):
    client, ada = sales["client"], sales["ada"]
    timeline = read(client, f"/v1/contacts/{ada['id']}/timeline")
    assert timeline["next_cursor"] is None
    won, call, note = timeline["data"]
    assert (won["kind"], won["deal_id"], won["deal"]["value"]) == ("deal_won", sales["deal"]["id"], "12500.00")
    assert (call["kind"], call["id"], call["subject"]) == ("activity", sales["call"]["id"], "Hello")
    assert (note["kind"], note["id"], note["body"]) == ("note", sales["note"]["id"], "Likes engines")
    assert all(entry["at"] for entry in timeline["data"])
    first = read(client, f"/v1/contacts/{ada['id']}/timeline", limit=2)
    second = read(client, f"/v1/contacts/{ada['id']}/timeline", limit=2, cursor=first["next_cursor"])
    assert first["data"] + second["data"] == timeline["data"]
    assert_problem(client.get("/v1/contacts/nobody/timeline"), 404, "not_found")


@pytest.mark.parametrize("tab", ["deals", "notes", "activities", "projects", "tickets"])
def test_a_tab_lists_what_names_the_contact(sales, tab):
    client, ada = sales["client"], sales["ada"]
    other = made(client.post("/v1/contacts", {"first_name": "Other", "last_name": "Comer"}))
    if tab in ("projects", "tickets"):
        name = "title" if tab == "projects" else "subject"
        expected = made(client.post(f"/v1/{tab}", {name: "Thing", "contact_id": ada["id"]}))["id"]
    else:
        expected = {"deals": sales["deal"], "notes": sales["note"], "activities": sales["call"]}[tab]["id"]
    page = read(client, f"/v1/contacts/{ada['id']}/{tab}", total="true")
    assert [record["id"] for record in page["data"]] == [expected]
    assert (page["next_cursor"], page["total"]) == (None, 1)
    assert read(client, f"/v1/contacts/{other['id']}/{tab}")["data"] == []
    now = client.get(f"/v1/contacts/{ada['id']}").headers["Daybook-Position"]
    assert read(client, f"/v1/contacts/{ada['id']}/{tab}", as_of=now)["data"] == page["data"]


def test_the_board_counts_sums_and_shows_cards(sales):
    client, ada = sales["client"], sales["ada"]
    later = made(client.post("/v1/deals", {"title": "Later", "value": "0.05", "currency": "EUR", "stage": "won", "contact_id": ada["id"]}))
    made(client.post("/v1/deals", {"title": "Yen", "value": "300", "currency": "JPY", "stage": "won"}))
    answer = client.get("/v1/pipelines/default/board?cards=2")
    board = answer.json
    assert set(board) == {"pipeline", "position", "stages"}
    assert board["position"] == int(answer.headers["Daybook-Position"])
    assert board["pipeline"]["id"] == read(client, "/v1/pipelines/default")["id"]
    assert [stage["key"] for stage in board["stages"]] == ["lead", "qualified", "proposal", "negotiation", "won", "lost"]
    won = board["stages"][4]
    assert set(won) == {"key", "label", "kind", "probability", "count", "totals", "deals"}
    assert (won["label"], won["kind"], won["count"]) == ("Won", "won", 3)
    assert won["totals"] == [{"currency": "EUR", "value": "12500.05"}, {"currency": "JPY", "value": "300"}]
    assert [card["title"] for card in won["deals"]] == ["Yen", "Later"]
    assert won["deals"][0]["contact"] is None
    card = won["deals"][1]
    assert (card["id"], card["value"], card["currency"], card["contact"]) == (
        later["id"], "0.05", "EUR", {"id": ada["id"], "name": "Ada Byron"})
    assert {"owner_id", "stage_entered_at"} <= set(card)
    assert board["stages"][0] == {**board["stages"][0], "count": 0, "totals": [], "deals": []}
    assert_problem(client.get("/v1/pipelines/default/board?cards=101"), 400, "invalid_parameter")
    assert_problem(client.get(f"/v1/pipelines/{ada['id']}/board"), 404, "not_found")


def test_a_dry_run_shows_its_events(sales):
    client, ada = sales["client"], sales["ada"]
    dry = client.patch(f"/v1/contacts/{ada['id']}?dry_run=true", {"phone": "1"}).json
    event, = dry["events"]
    assert (event["type"], event["subject"]) == ("daybook.contact.updated.v1", ada["id"])
    assert event["data"]["changed"] == {"phone": {"before": None, "after": "1"}}
    assert event["data"]["event"] == {"phone": "1"}
