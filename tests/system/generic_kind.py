"""What every kind on the generic routes does with the contact that it names, from outside: said once, for any kind."""


def made(answer):
    assert answer.status == 201, answer.body
    return answer.json


def got(answer):
    assert answer.status == 200, answer.body
    return answer.json


def ids(client, path, **params):
    return [record["id"] for record in got(client.get(path, params=params))["data"]]


def new_contact(client, name):
    return made(client.post("/v1/contacts", {"first_name": name, "last_name": "Byron", "email": f"{name}@example.test"}))["id"]


def unlinks_of(client, contact):
    """The records that the last deletion of the contact says it unlinked."""
    events = got(client.get("/v1/events", params={"types": "contact.deleted", "limit": 500}))["data"]
    mine = [event["data"]["event"] for event in events if event["subject"] == contact]
    return [link["id"] for link in mine[-1]["unlinked"]]


def check_lists(client, plural, word_field):
    """By contact, by none, by words in any order and case, and with a total."""
    path = f"/v1/{plural}"
    ada = new_contact(client, "lister")
    hers = made(client.post(path, {word_field: "Analytical Engine", "contact_id": ada}))["id"]
    free = made(client.post(path, {word_field: "Difference engine"}))["id"]
    assert ids(client, path, contact_id=ada) == [hers]
    assert free in ids(client, path, contact_id="none") and hers not in ids(client, path, contact_id="none")
    assert ids(client, path, q="engi ANALYT") == [hers]
    assert set(ids(client, path, q="engine")) == {hers, free}
    assert ids(client, path, q="engine loom") == []
    assert got(client.get(path, params={"contact_id": ada, "total": "true"}))["total"] == 1
    got(client.patch(f"{path}/{hers}", {word_field: "Loom"}))
    assert ids(client, path, q="analytical") == []
    assert ids(client, path, q="loom") == [hers]


def check_deletion_of_the_contact(client, plural, word_field):
    """The records lose their contact and live on; restored, it gets back those that nobody linked elsewhere since."""
    path = f"/v1/{plural}"
    ada, bob = new_contact(client, "deleted"), new_contact(client, "keeper")
    stays, moves = (made(client.post(path, {word_field: text, "contact_id": ada}))["id"] for text in ("Stays", "Moves"))
    assert client.delete(f"/v1/contacts/{ada}").status == 204
    for record in (stays, moves):
        now = got(client.get(f"{path}/{record}"))
        assert (now["contact_id"], now["deleted_at"], now["version"]) == (None, None, 2)
    assert sorted(unlinks_of(client, ada)) == sorted([stays, moves])
    assert ids(client, path, contact_id=ada) == []
    got(client.patch(f"{path}/{moves}", {"contact_id": bob}))
    refused = client.patch(f"{path}/{stays}", {"contact_id": ada})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/contact_id"), refused.body
    got(client.post(f"/v1/contacts/{ada}/restore"))
    assert ids(client, path, contact_id=ada) == [stays]
    assert ids(client, path, contact_id=bob) == [moves]


def check_merge_of_the_contact(client, plural, word_field):
    """Every record of the duplicate names the survivor, deleted ones too, and contact.merged says which."""
    path = f"/v1/{plural}"
    ada, twin = new_contact(client, "survivor"), new_contact(client, "twin")
    live, deleted = (made(client.post(path, {word_field: text, "contact_id": twin}))["id"] for text in ("Live", "Gone"))
    assert client.delete(f"{path}/{deleted}").status == 204
    got(client.post(f"/v1/contacts/{ada}/merge", {"duplicate_id": twin}))
    assert ids(client, path, contact_id=ada) == [live]
    assert ids(client, path, contact_id=twin, include_deleted="true") == []
    merged = got(client.get("/v1/events", params={"types": "contact.merged", "limit": 500}))["data"][-1]
    assert live in [link["id"] for link in merged["data"]["event"]["relinked"]]
    got(client.post(f"{path}/{deleted}/restore"))
    assert sorted(ids(client, path, contact_id=ada)) == sorted([live, deleted])


def check_changes(client, plural, word_field):
    """Each change is a version, an audit entry and an event, and what was can be read."""
    path = f"/v1/{plural}"
    created = client.post(path, {word_field: "First"})
    there = created.headers["Location"]
    then = created.headers["Daybook-Position"]
    changed = client.patch(there, {word_field: "Second"}, headers={"If-Match": created.headers["ETag"]})
    assert got(changed)["version"] == 2
    assert client.patch(there, {word_field: "Third"}, headers={"If-Match": created.headers["ETag"]}).status == 412
    assert got(client.get(there, params={"as_of": then}))[word_field] == "First"
    log = got(client.get("/v1/audit", params={"record_id": created.json["id"]}))["data"]
    singular = log[0]["record"]["kind"]
    assert [entry["action"] for entry in log] == [f"{singular}.updated", f"{singular}.created"]
    assert log[0]["changes"] == {word_field: {"before": "First", "after": "Second"}}
    events = got(client.get("/v1/events", params={"types": f"{singular}.*", "limit": 500}))["data"]
    assert events[-1]["data"]["changed"] == log[0]["changes"]
    assert events[-1]["data"]["event"] == {word_field: "Second"}


def check_all(client, plural, word_field):
    check_changes(client, plural, word_field)
    check_lists(client, plural, word_field)
    check_deletion_of_the_contact(client, plural, word_field)
    check_merge_of_the_contact(client, plural, word_field)
