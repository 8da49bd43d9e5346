"""GET /v1/search: what words find across kinds, in which order, and for whom."""

import pytest


@pytest.fixture
def client(workspace):
    client = workspace.client
    for path, body in (("/v1/contacts", {"first_name": "Ada", "last_name": "Stern", "email": "ada@stern.test"}),
                       ("/v1/contacts", {"first_name": "Bo", "last_name": "Lee", "company_name": "Stern"}),
                       ("/v1/deals", {"title": "Sternwarte", "stage": "lead"}),
                       ("/v1/projects", {"title": "A new Sternwarte"}),
                       ("/v1/tickets", {"subject": "Something else"})):
        answer = client.post(path, body)
        assert answer.status == 201, answer.body
    return client


def hits(client, q):
    answer = client.get("/v1/search", params={"q": q})
    assert answer.status == 200, answer.body
    return [(hit["kind"], hit["title"]) for hit in answer.json["data"]]


def test_exact_names_stand_before_those_that_begin_so_and_those_before_the_rest(client):
    assert hits(client, "stern") == [("company", "Stern"), ("deal", "Sternwarte"), ("project", "A new Sternwarte"),
                                     ("contact", "Bo Lee"), ("contact", "Ada Stern")]
    assert hits(client, "ADA@stern.test")[0] == ("contact", "Ada Stern")


def test_every_word_must_begin_a_word(client):
    assert hits(client, "ste ada") == [("contact", "Ada Stern")]
    assert hits(client, "warte") == []


def test_what_is_deleted_is_not_found(client):
    deal = client.get("/v1/deals").json["data"][0]["id"]
    assert client.delete(f"/v1/deals/{deal}").status == 204
    assert ("deal", "Sternwarte") not in hits(client, "stern")


def test_a_key_finds_what_its_scopes_let_it_read(client, daybook):
    key = client.post("/v1/keys", {"name": "ci", "role": "viewer", "scopes": ["deals:read"]}).json["api_key"]
    assert hits(daybook.client(key), "stern") == [("deal", "Sternwarte")]


def test_at_most_twenty_are_shown(client):
    for number in range(25):
        assert client.post("/v1/deals", {"title": f"Sternbild {number}", "stage": "lead"}).status == 201
    assert len(hits(client, "stern")) == 20


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=" + "+".join("abcdefghijklmnopqrstu")])
def test_words_are_needed_but_not_too_many(client, query):
    answer = client.get("/v1/search" + query)
    assert (answer.status, answer.json["code"]) == (400, "invalid_parameter")
