"""Merging contacts: nothing live is left at the duplicate, and nothing that races with a merge can get there."""

import random
import threading

import pytest

import offline

TABS = ("deals", "notes", "activities", "projects", "tickets")
LINKED = ("deals", "notes", "activities", "projects", "tickets")


def made(answer):
    assert answer.status == 201, answer.body
    return answer.json


def read(client, path, **params):
    answer = client.get(path, params=params)
    assert answer.status == 200, f"{path}: {answer.body}"
    return answer.json


def every(client, path, **params):
    records = []
    while True:
        page = read(client, path, limit=500, **params)
        records += page["data"]
        if page["next_cursor"] is None:
            return records
        params["cursor"] = page["next_cursor"]


class Person:
    """A contact with one of everything that can stand on it."""

    def __init__(self, client, name, company, **fields):
        self.contact = made(client.post("/v1/contacts", {"first_name": name, "last_name": "Byron", "email": f"{name}@one.test",
                                                         "company_name": company, "tags": [f"tag-{name}", "shared"], **fields}))
        self.id = self.contact["id"]
        added = client.post(f"/v1/contacts/{self.id}/secondary-emails", {"email": f"{name}@two.test"})
        assert added.status == 200, added.body
        self.records = {
            "notes": made(client.post(f"/v1/contacts/{self.id}/notes", {"body": f"Note on {name}"})),
            "activities": made(client.post("/v1/activities", {"type": "call", "subject": f"Call {name}", "contact_id": self.id})),
            "tasks": made(client.post("/v1/activities", {"type": "task", "subject": f"Task {name}", "contact_id": self.id})),
            "deals": made(client.post("/v1/deals", {"title": f"Deal {name}", "stage": "lead", "contact_id": self.id})),
            "tickets": made(client.post("/v1/tickets", {"subject": f"Ticket {name}", "contact_id": self.id})),
            "projects": made(client.post("/v1/projects", {"title": f"Project {name}", "contact_id": self.id})),
        }
        self.contact = read(client, f"/v1/contacts/{self.id}")

    def paths(self):
        """The path of each record on the contact."""
        return {f"/v1/{'activities' if kind == 'tasks' else kind}/{record['id']}": record for kind, record in self.records.items()}


@pytest.fixture
def pair(workspace):
    ada = Person(workspace.client, "ada", "Engines Ltd", phone="1", city="London")
    twin = Person(workspace.client, "twin", "Looms Ltd", phone="2", job_title="Countess", birth_month=12, birth_day=10)
    return ada, twin


def merge(client, primary, duplicate, **body):
    return client.post(f"/v1/contacts/{primary}/merge", {"duplicate_id": duplicate, **body})


def test_nothing_live_points_to_the_duplicate(workspace, pair):
    client, (ada, twin) = workspace.client, pair
    merged = merge(client, ada.id, twin.id)
    assert merged.status == 200, merged.body
    survivor = merged.json
    assert survivor == read(client, f"/v1/contacts/{ada.id}")
    assert survivor["version"] == ada.contact["version"] + 1
    # The primary's values win, its empty fields take the duplicate's, what can be united is.
    assert (survivor["email"], survivor["phone"], survivor["city"], survivor["company_name"]) == ("ada@one.test", "1", "London", "Engines Ltd")
    assert (survivor["job_title"], survivor["birth_month"], survivor["birth_day"]) == ("Countess", 12, 10)
    assert sorted(survivor["secondary_emails"]) == ["ada@two.test", "twin@one.test", "twin@two.test"]
    assert sorted(survivor["tags"]) == ["shared", "tag-ada", "tag-twin"]
    for path, before in {**ada.paths(), **twin.paths()}.items():
        after = read(client, path)
        relinked = before["contact_id"] == twin.id
        assert (after["contact_id"], after["version"]) == (ada.id, before["version"] + relinked), path
    for kind in LINKED:
        assert {record["contact_id"] for record in every(client, f"/v1/{kind}")} == {ada.id}
        assert every(client, f"/v1/{kind}", contact_id=twin.id) == []
    for tab in TABS:
        assert len(every(client, f"/v1/contacts/{ada.id}/{tab}")) == (4 if tab == "activities" else 2)
    assert [contact["id"] for contact in every(client, "/v1/contacts")] == [ada.id]
    assert every(client, "/v1/contacts")[0]["deal_count"] == 2
    assert [contact["id"] for contact in every(client, "/v1/contacts", q="twin@two")] == [ada.id]
    assert read(client, "/v1/contacts", total="true")["total"] == 1


def test_the_duplicate_leads_to_the_survivor(workspace, pair):
    client, (ada, twin) = workspace.client, pair
    assert merge(client, ada.id, twin.id).status == 200
    for tail in ("", *(f"/{tab}" for tab in (*TABS, "timeline"))):
        answer = client.get(f"/v1/contacts/{twin.id}{tail}")
        assert (answer.status, answer.headers["Location"], answer.headers["Cache-Control"]) == (307, f"/v1/contacts/{ada.id}{tail}", "no-store")
        assert answer.json == {"merged_into": ada.id}
    hidden = read(client, f"/v1/contacts/{twin.id}", include_deleted="true")
    assert (hidden["merged_into"], hidden["version"]) == (ada.id, twin.contact["version"] + 1)
    assert hidden["deleted_at"] is not None
    for answer in (client.patch(f"/v1/contacts/{twin.id}", {"phone": "3"}),
                   client.post(f"/v1/contacts/{twin.id}/notes", {"body": "Too late"}),
                   merge(client, twin.id, ada.id)):
        assert (answer.status, answer.json["code"], answer.json["existing_id"]) == (409, "merged", ada.id)
    late = client.post("/v1/deals", {"title": "Late", "stage": "lead", "contact_id": twin.id})
    assert (late.status, late.json["errors"][0]["pointer"]) == (422, "/contact_id"), late.body
    again = merge(client, ada.id, twin.id)
    assert (again.status, again.json["version"]) == (200, ada.contact["version"] + 1)
    third = made(client.post("/v1/contacts", {"first_name": "Third", "last_name": "Byron"}))
    assert merge(client, third["id"], ada.id).status == 200
    assert client.get(f"/v1/contacts/{twin.id}").headers["Location"] == f"/v1/contacts/{third['id']}"


def test_an_import_with_the_duplicates_address_updates_the_survivor(workspace, pair):
    client, (ada, twin) = workspace.client, pair
    assert merge(client, ada.id, twin.id).status == 200
    rows = b"email,phone,country\nTWIN@one.test,77,Italy\ntwin@two.test,78,\n"
    report = client.post("/v1/imports?kind=contacts&commit=true", body=rows, headers={"Content-Type": "text/csv", "Prefer": "wait=30"})
    assert (report.json["created"], report.json["updated"]) == (0, 2), report.body
    (survivor,) = every(client, "/v1/contacts")
    assert (survivor["id"], survivor["email"], survivor["phone"], survivor["country"]) == (ada.id, "ada@one.test", "78", "Italy")
    assert client.get("/v1/contacts/by-email/twin%40one.test").json["id"] == ada.id
    taken = client.post("/v1/contacts", {"first_name": "Other", "email": "twin@two.test"})
    assert (taken.status, taken.json["code"], taken.json["existing_id"]) == (409, "email_taken", ada.id)


def test_the_audit_has_one_entry_that_names_every_relink(workspace, pair):
    client, (ada, twin) = workspace.client, pair
    position = int(merge(client, ada.id, twin.id).headers["Daybook-Position"])
    (entry,) = read(client, "/v1/audit", action="contact.merged")["data"]
    assert (entry["position"], entry["record"]) == (position, {"kind": "contact", "id": ada.id})
    assert entry["changes"]["job_title"] == {"before": None, "after": "Countess"}
    (event,) = read(client, "/v1/events", after=position - 1)["data"]
    assert event["type"] == "daybook.contact.merged.v1"
    assert event["data"]["event"]["duplicate_id"] == twin.id
    assert sorted(link["id"] for link in event["data"]["event"]["relinked"]) == sorted(record["id"] for record in twin.records.values())
    merges = [entry for entry in read(client, f"/v1/contacts/{ada.id}/timeline")["data"] if entry["kind"] == "merge"]
    assert len(merges) == 1


def test_a_side_is_chosen_field_by_field(workspace, pair):
    client, (ada, twin) = workspace.client, pair
    chosen = {"phone": "duplicate", "email": "duplicate", "job_title": "primary", "city": "duplicate", "company_name": "duplicate"}
    for fields, pointer in (({"shoe_size": "primary"}, "/fields/shoe_size"), ({"phone": "left"}, "/fields/phone"),
                            ({"birth_month": "primary", "birth_day": "duplicate"}, "/fields/birth_day")):
        refused = merge(client, ada.id, twin.id, fields=fields)
        assert refused.status == 422, refused.body
        assert pointer in [error["pointer"] for error in refused.json["errors"]]
    for side, versions in (("primary", {"primary": 99}), ("duplicate", {"duplicate": 99})):
        stale = merge(client, ada.id, twin.id, expected_versions=versions)
        assert (stale.status, stale.json["errors"][0]["pointer"]) == (412, f"/expected_versions/{side}")
    versions = {"primary": ada.contact["version"], "duplicate": twin.contact["version"]}
    merged = merge(client, ada.id, twin.id, fields=chosen, expected_versions=versions)
    assert merged.status == 200, merged.body
    survivor = merged.json
    assert (survivor["phone"], survivor["email"], survivor["job_title"], survivor["city"]) == ("2", "twin@one.test", None, None)
    assert (survivor["company_name"], survivor["company_id"]) == ("Looms Ltd", twin.contact["company_id"])
    assert (survivor["birth_month"], survivor["birth_day"]) == (12, 10)
    assert sorted(survivor["secondary_emails"]) == ["ada@one.test", "ada@two.test", "twin@two.test"]
    assert client.get("/v1/contacts/by-email/ada%40one.test").json["id"] == ada.id


def test_a_dry_run_shows_the_merge_and_changes_nothing(workspace, pair):
    client, (ada, twin) = workspace.client, pair
    paths = [f"/v1/contacts/{ada.id}", f"/v1/contacts/{twin.id}", *ada.paths(), *twin.paths()]
    before = [read(client, path) for path in paths]
    dry = client.post(f"/v1/contacts/{ada.id}/merge?dry_run=true", {"duplicate_id": twin.id, "fields": {"phone": "duplicate"}})
    assert (dry.status, dry.json["dry_run"], dry.json["event_count"]) == (200, True, 1)
    assert len(dry.json["events"][0]["data"]["event"]["relinked"]) == len(twin.records)
    assert [read(client, path) for path in paths] == before
    real = merge(client, ada.id, twin.id, fields={"phone": "duplicate"}).json
    told = dry.json["result"]
    stamps = ("updated_at",)
    assert {name: value for name, value in told.items() if name not in stamps} == {
        name: value for name, value in real.items() if name not in stamps}


class Race:
    """Threads that create, link and merge contacts, each with its own client and its own seed."""

    FINE = (200, 201, 409, 410, 422)

    def __init__(self, server, key, contacts):
        self.server = server
        self.key = key
        self.lock = threading.Lock()
        self.contacts = list(contacts)
        self.merges = 0
        self.strange = []

    def run(self, steps, threads):
        running = [threading.Thread(target=self.work, args=(seed, steps // threads)) for seed in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()

    def work(self, seed, steps):
        client, rng = self.server.client(self.key), random.Random(seed)
        deals = []
        for number in range(steps):
            answer = self.step(client, rng, deals, f"{seed}-{number}")
            if answer.status not in self.FINE:
                self.strange.append((answer.status, answer.body))

    def pick(self, rng, count):
        with self.lock:
            return [rng.choice(self.contacts) for _ in range(count)]

    def step(self, client, rng, deals, name):
        one, other = self.pick(rng, 2)
        what = rng.choice(("create", "deal", "deal", "relink", "note", "ticket", "merge", "merge", "delete"))
        if what == "create":
            answer = client.post("/v1/contacts", {"first_name": name, "last_name": "Racer", "email": f"{name}@race.test"})
            with self.lock:
                self.contacts += [answer.json["id"]] if answer.status == 201 else []
        elif what == "deal" or (what == "relink" and not deals):
            answer = client.post("/v1/deals", {"title": name, "stage": "lead", "contact_id": one})
            deals += [answer.json["id"]] if answer.status == 201 else []
        elif what == "relink":
            answer = client.patch(f"/v1/deals/{rng.choice(deals)}", {"contact_id": one})
        elif what == "note":
            answer = client.post(f"/v1/contacts/{one}/notes", {"body": name})
        elif what == "ticket":
            answer = client.post("/v1/tickets", {"subject": name, "contact_id": one})
        elif what == "merge":
            answer = merge(client, one, other)
            with self.lock:
                self.merges += answer.status == 200
        else:
            answer = client.delete(f"/v1/contacts/{one}") if rng.random() < 0.2 else client.post(f"/v1/contacts/{one}/restore")
            answer = answer if answer.status != 204 else client.get("/v1/me")
        return answer


def test_racing_merges_and_links_leave_no_reference_to_who_is_gone(daybook, workspace):
    client = workspace.client
    contacts = [made(client.post("/v1/contacts", {"first_name": f"C{number}", "last_name": "Racer", "email": f"c{number}@race.test"}))["id"]
                for number in range(40)]
    race = Race(daybook, workspace.key, contacts)
    race.run(steps=1008, threads=16)
    assert race.strange == []
    assert race.merges > 20
    live = {contact["id"] for contact in every(client, "/v1/contacts")}
    linked = 0
    for kind in LINKED:
        for record in every(client, f"/v1/{kind}"):
            assert record["contact_id"] is None or record["contact_id"] in live, (kind, record)
            linked += record["contact_id"] is not None
    assert linked > 100
    counts = {contact["id"]: contact["deal_count"] for contact in every(client, "/v1/contacts")}
    of_contact = [deal["contact_id"] for deal in every(client, "/v1/deals") if deal["contact_id"]]
    assert counts == {contact: of_contact.count(contact) for contact in live}
    addresses = [address for contact in every(client, "/v1/contacts") for address in (contact["email"], *contact["secondary_emails"]) if address]
    assert len(addresses) == len(set(addresses))
    for contact in every(client, "/v1/contacts", include_deleted="true"):
        assert contact["merged_into"] is None or contact["deleted_at"] is not None
    daybook.stop()
    done = offline.verify(daybook.data)
    assert done.returncode == 0, done.stdout + done.stderr
    before = offline.digest(daybook.data)
    rebuilt = offline.run("projections", "rebuild", "--data", daybook.data)
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert offline.digest(daybook.data) == before
