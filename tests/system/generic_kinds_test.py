"""Projects and tickets: no line of C++ is theirs, so what they can do is what any simple kind can."""

import pytest

import generic_kind
from generic_kind import got, ids, made, new_contact

KINDS = [("projects", "title"), ("tickets", "subject")]


@pytest.fixture
def client(workspace):
    return workspace.client


@pytest.mark.parametrize("plural, word_field", KINDS)
@pytest.mark.parametrize("check", [
    generic_kind.check_changes, generic_kind.check_lists, generic_kind.check_deletion_of_the_contact,
    generic_kind.check_merge_of_the_contact])
def test_a_generic_kind(client, check, plural, word_field):
    check(client, plural, word_field)


@pytest.mark.parametrize("plural, word_field", KINDS)
def test_the_tab_of_a_contact_follows_it(client, plural, word_field):
    ada, twin = new_contact(client, "ada"), new_contact(client, "twin")
    first = made(client.post(f"/v1/{plural}", {word_field: "First", "contact_id": ada}))["id"]
    second = made(client.post(f"/v1/{plural}", {word_field: "Second", "contact_id": twin}))["id"]
    assert ids(client, f"/v1/contacts/{ada}/{plural}") == [first]
    assert ids(client, f"/v1/contacts/{ada}/{plural}", q="second") == []
    assert client.delete(f"/v1/contacts/{ada}").status == 204
    assert client.get(f"/v1/contacts/{ada}/{plural}").status == 410
    got(client.post(f"/v1/contacts/{ada}/restore"))
    assert ids(client, f"/v1/contacts/{ada}/{plural}") == [first]
    got(client.post(f"/v1/contacts/{ada}/merge", {"duplicate_id": twin}))
    assert sorted(ids(client, f"/v1/contacts/{ada}/{plural}")) == sorted([first, second])
    moved = client.get(f"/v1/contacts/{twin}/{plural}")
    assert (moved.status, moved.headers["Location"]) == (307, f"/v1/contacts/{ada}/{plural}")


@pytest.mark.parametrize("plural, word_field", KINDS)
def test_another_workspace_sees_none_of_it(daybook, new_workspace, client, plural, word_field):
    other = new_workspace(daybook, name="Bolt", owner={"name": "Cy", "email": "cy@bolt.test"}).client
    record = made(client.post(f"/v1/{plural}", {word_field: "Secret plan"}))["id"]
    foreign, unknown = (other.get(f"/v1/{plural}/{id}") for id in (record, "0199f2a4-7c10-7c3e-8b1a-2f6d5e4c3b2a"))
    assert foreign.status == unknown.status == 404
    assert foreign.json["detail"] == unknown.json["detail"]
    assert ids(other, f"/v1/{plural}") == ids(other, f"/v1/{plural}", q="secret") == []
    assert other.patch(f"/v1/{plural}/{record}", {word_field: "Mine"}).status == 404
    assert other.delete(f"/v1/{plural}/{record}").status == 404
