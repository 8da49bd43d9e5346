"""The shortest way through the whole of it: what was answered once is there after every end of the process."""


def test_a_contact_outlives_restart_and_kill(daybook, workspace):
    created = workspace.client.post("/v1/contacts", {"first_name": "Jane", "last_name": "Smith", "email": "Jane@Example.com"})
    assert created.status == 201, created.body
    assert created.json["email"] == "Jane@Example.com"
    path = created.headers["Location"]
    before = workspace.client.get(path)
    assert (before.status, before.json) == (200, created.json)

    daybook.restart()
    after_restart = workspace.client.get(path)
    assert (after_restart.status, after_restart.json) == (200, before.json)
    assert after_restart.headers["ETag"] == before.headers["ETag"]

    daybook.kill()
    daybook.start()
    after_kill = workspace.client.get(path)
    assert (after_kill.status, after_kill.json) == (200, before.json)
    assert after_kill.headers["ETag"] == before.headers["ETag"]


def test_what_was_answered_just_before_a_kill_is_there(daybook, workspace):
    created = workspace.client.post("/v1/contacts", {"first_name": "Jo", "last_name": "Lee"})
    daybook.kill()
    assert created.status == 201, created.body
    daybook.start()
    assert workspace.client.get(f"/v1/contacts/{created.json['id']}").json == created.json
