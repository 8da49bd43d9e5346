"""Random commands of every kind against one workspace, and what each of them came to."""

import dataclasses
import random
import threading
import typing
import urllib.parse
import uuid

FIRST = ["Ada", "Zoë", "Łukasz", "李", "O'Neil", "Ann-Marie", "Ümit", "Bo"]
LAST = ["Byron", "Müller", "Smith", "Nguyễn", "\"Quote\"", "van der Berg", "Østergård", "x" * 80]
TEXT = ["Likes engines.", "Line one\nline two\ttab", "ß ẞ ﬁ İ", "=1+1", "'; drop table", "", "🙂 emoji", "word " * 60]
COMPANIES = ["Acme Ltd", "acme  ltd", "Bolt GmbH", "Çelik A.Ş.", "Umbrella", "Globex"]
TAGS = ["vip", "VIP", "fair", "Straße", "late payer", "a,b"]
STATUSES = ["LEAD", "active", "Inactive"]
STAGES = ["lead", "qualified", "proposal", "negotiation", "won", "Won", "lost"]
CURRENCIES = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}
DELETABLE = ["contacts", "contacts", "companies", "deals", "notes", "activities", "projects", "tickets"]
EMAILS = 140  # addresses in play: few enough that they are often taken


@dataclasses.dataclass
class Sent:
    """One request and its answer."""

    method: str
    path: str
    json: typing.Any
    request_id: str
    key: typing.Optional[str]
    dry_run: bool
    answer: typing.Any = None


class Commander:
    """Sends commands, each with a request id of its own, some with an Idempotency-Key or as a dry run."""

    def __init__(self, new_client, chance):
        self.client = new_client()
        self.rival = new_client()  # sends the same at the same time
        self.chance = chance
        self.sent = []

    def send(self, method, path, json=None, key=None, dry_run=False, client=None, **options):
        sent = Sent(method, path, json, str(uuid.UUID(int=self.chance.getrandbits(128))), key, dry_run)
        headers = {"X-Request-Id": sent.request_id} | ({"Idempotency-Key": key} if key else {}) | options.pop("headers", {})
        target = path + (("&" if "?" in path else "?") + "dry_run=true" if dry_run else "")
        sent.answer = (client or self.client).request(method, target, json=json, headers=headers, **options)
        assert sent.answer.status < 500, (method, target, sent.answer.body)
        self.sent.append(sent)
        return sent

    def command(self, method, path, json=None):
        """Mostly once; sometimes with a key, then perhaps again or twice at once; sometimes dry before."""
        draw = self.chance.random()
        if draw < 0.08:
            self.send(method, path, json, dry_run=True)
        if draw > 0.7:
            key = str(uuid.UUID(int=self.chance.getrandbits(128)))
            if draw > 0.97:
                return self.at_once(method, path, json, key)
            first = self.send(method, path, json, key=key)
            if draw > 0.85:
                self.again(first)
            return first.answer
        return self.send(method, path, json).answer

    def again(self, first):
        repeated = self.send(first.method, first.path, first.json, key=first.key).answer
        if first.answer.status < 300:
            assert (repeated.status, shown(repeated)) == (first.answer.status, shown(first.answer)), first
            assert repeated.headers.get("Idempotency-Replayed") == "true"
            other = self.send(first.method, first.path, {**(first.json or {}), "nonsense": 1}, key=first.key).answer
            assert other.status == 422, other.body

    def at_once(self, method, path, json, key):
        answers = []
        rival = threading.Thread(target=lambda: answers.append(
            self.send(method, path, json, key=key, client=self.rival).answer))
        rival.start()
        answers.append(self.send(method, path, json, key=key).answer)
        rival.join()
        done = [answer for answer in answers if answer.status < 300]
        if not done:
            return answers[-1]
        running = {"request_in_progress"}
        assert all(answer.status < 300 or answer.json["code"] in running for answer in answers), answers
        assert all(shown(answer) == shown(done[0]) for answer in done), answers
        return done[0]


def shown(answer):
    """The body without the secret that an answer shows once."""
    return {name: value for name, value in (answer.json or {}).items() if name != "api_key"}


class Workload:
    """`run(count)` sends that many steps to the workspace of the key that `new_client` uses."""

    def __init__(self, new_client, seed, owner_id):
        self.chance = random.Random(seed)
        self.commander = Commander(new_client, self.chance)
        self.ids = {kind: [] for kind in ("contacts", "companies", "deals", "notes", "activities", "projects", "tickets")}
        self.ids |= {"members": [owner_id], "keys": []}
        self.deleted = {plural: [] for plural in DELETABLE}
        self.steps = [(weight, getattr(self, name)) for name, weight in STEPS]

    def run(self, count):
        weights, actions = zip(*self.steps)
        for _ in range(count):
            self.chance.choices(actions, weights)[0]()

    # Pieces of commands.

    def maybe(self, odds, value):
        return value if self.chance.random() < odds else None

    def pick(self, texts):
        return self.chance.choice(texts)

    def known(self, plural):
        """An id of the kind: mostly a late one, now and then one that does not exist."""
        if not self.ids[plural] or self.chance.random() < 0.02:
            return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        return self.chance.choice(self.ids[plural][-60:])

    def email(self):
        text = f"p{self.chance.randrange(EMAILS)}@example.com"
        return text if self.chance.random() < 0.8 else text.upper().replace("EXAMPLE", "Example")

    def money(self):
        code = self.pick(list(CURRENCIES))
        digits = CURRENCIES[code]
        amount = self.chance.choice([0, 1, 10**self.chance.randrange(12), self.chance.randrange(10**9)])
        text = str(amount).rjust(digits + 1, "0")
        return {"value": text[:-digits] + "." + text[-digits:] if digits else text, "currency": code}

    def some_of(self, fields, least=0):
        names = self.chance.sample(sorted(fields), self.chance.randint(least, len(fields)))
        return {name: fields[name] for name in names}

    def create(self, plural, body, path=None):
        answer = self.commander.command("POST", path or f"/v1/{plural}", body)
        if answer.status == 201:
            self.ids[plural].append(answer.json["id"])

    def change(self, plural, body):
        self.commander.command("PATCH", f"/v1/{plural}/{self.known(plural)}", body)

    # Contacts.

    def contact_fields(self):
        return {"first_name": self.pick(FIRST), "last_name": self.pick(LAST), "phone": self.pick(["+49 30 1", "", None]),
                "job_title": self.pick(["CTO", None]), "type": self.pick(["customer", "vendor", "partner", "other"]),
                "status": self.pick(STATUSES + ["unknown"] * (self.chance.random() < 0.1)), "notes": self.pick(TEXT),
                "lead_source": self.pick(["fair", None]), "city": self.pick(["Berlin", None]),
                "timezone": self.pick(["Europe/Berlin", "UTC", None]), "birth_month": 2, "birth_day": self.pick([1, 29]),
                "owner_id": self.maybe(0.7, self.known("members")), "country": self.pick(["DE", None])}

    def create_contact(self):
        body = self.some_of(self.contact_fields()) | {"email": self.maybe(0.85, self.email())}
        if self.chance.random() < 0.4:
            body["company_name"] = self.pick(COMPANIES)
        elif self.chance.random() < 0.3:
            body["company_id"] = self.known("companies")
        if self.chance.random() < 0.3:
            body["tags"] = self.chance.sample(TAGS, self.chance.randint(0, 3))
        self.create("contacts", body)

    def change_contact(self):
        body = self.some_of(self.contact_fields(), 1)
        if self.chance.random() < 0.2:
            body["email"] = self.maybe(0.9, self.email())
        if self.chance.random() < 0.2:
            body["company_name"] = self.maybe(0.7, self.pick(COMPANIES))
        if self.chance.random() < 0.1:
            body["company_id"] = self.maybe(0.6, self.known("companies"))
        self.change("contacts", body)

    def upsert_contact(self):
        address = urllib.parse.quote(self.email(), safe="")
        answer = self.commander.command("PUT", f"/v1/contacts/by-email/{address}", self.some_of(self.contact_fields()))
        if answer.status == 201:
            self.ids["contacts"].append(answer.json["id"])

    def add_email(self):
        self.commander.command("POST", f"/v1/contacts/{self.known('contacts')}/secondary-emails", {"email": self.email()})

    def remove_email(self):
        contact = self.known("contacts")
        found = self.commander.client.get(f"/v1/contacts/{contact}")
        emails = (found.json or {}).get("secondary_emails") or [self.email()]
        address = urllib.parse.quote(self.pick(emails), safe="")
        self.commander.command("DELETE", f"/v1/contacts/{contact}/secondary-emails/{address}")

    def tag(self):
        self.commander.command("POST", f"/v1/contacts/{self.known('contacts')}/tags", {"name": self.pick(TAGS)})

    def untag(self):
        name = urllib.parse.quote(self.pick(TAGS), safe="")
        self.commander.command("DELETE", f"/v1/contacts/{self.known('contacts')}/tags/{name}")

    def merge(self):
        choices = self.some_of({name: self.pick(["primary", "duplicate"]) for name in (
            "first_name", "phone", "notes", "email", "owner_id", "status", "city")})
        body = {"duplicate_id": self.known("contacts")} | ({"fields": choices} if self.chance.random() < 0.5 else {})
        self.commander.command("POST", f"/v1/contacts/{self.known('contacts')}/merge", body)

    # Companies and deals.

    def create_company(self):
        self.create("companies", {"name": self.pick(COMPANIES), "notes": self.pick(TEXT), "website": "https://acme.test"})

    def change_company(self):
        self.change("companies", self.some_of({"name": self.pick(COMPANIES), "domain": self.pick(["acme.test", None]),
                                               "owner_id": self.maybe(0.7, self.known("members")), "size": "10"}, 1))

    def create_deal(self):
        body = self.money() | {"title": self.pick(TEXT) or "Deal", "stage": self.pick(STAGES), "notes": self.pick(TEXT),
                               "owner_id": self.maybe(0.6, self.known("members")),
                               "contact_id": self.maybe(0.8, self.known("contacts")),
                               "expected_close_date": self.pick(["2026-03-31", None])}
        if self.chance.random() < 0.2:
            body |= {"notify": True, "closed_at": "2025-12-31T23:59:59.5Z"}
        self.create("deals", body)

    def change_deal(self):
        body = self.some_of({"title": self.pick(LAST), "probability": self.chance.randint(0, 100), "notes": self.pick(TEXT),
                             "owner_id": self.maybe(0.6, self.known("members")),
                             "contact_id": self.maybe(0.6, self.known("contacts"))}, 1)
        self.change("deals", body | (self.money() if self.chance.random() < 0.3 else {}))

    def move(self):
        body = {"stage": self.pick(STAGES)} | self.some_of({"probability": self.chance.randint(0, 100), "lost_reason": "price"})
        self.commander.command("POST", f"/v1/deals/{self.known('deals')}/move", body)

    def move_many(self):
        ids = [self.known("deals") for _ in range(self.chance.randint(1, 12))]
        self.commander.command("POST", "/v1/deals/bulk/move", {"ids": ids, "stage": self.pick(STAGES)})

    # Work.

    def target(self):
        plural, name = self.pick([("contacts", "contact_id"), ("contacts", "contact_id"), ("deals", "deal_id"),
                                  ("companies", "company_id")])
        return {name: self.known(plural)}

    def create_note(self):
        if self.chance.random() < 0.5:
            return self.create("notes", {"body": self.pick(TEXT) or "Note"}, f"/v1/contacts/{self.known('contacts')}/notes")
        return self.create("notes", {"body": self.pick(TEXT) or "Note"} | self.target() | self.target())

    def change_note(self):
        self.change("notes", {"body": self.pick(TEXT)})

    def create_activity(self):
        body = {"type": self.pick(["call", "email", "meeting", "task", "task", "note"]), "subject": self.pick(FIRST),
                "due_at": self.pick(["2026-02-01T09:00:00Z", None]), "assignee_id": self.maybe(0.5, self.known("members"))}
        self.create("activities", body | self.target() | self.target())

    def change_activity(self):
        self.change("activities", self.some_of({"body": self.pick(TEXT), "due_at": "2026-05-01T00:00:00.000001Z"} | self.target(), 1))

    def finish_activity(self):
        self.commander.command("POST", f"/v1/activities/{self.known('activities')}/{self.pick(['complete', 'complete', 'reopen'])}")

    def create_work(self):
        plural, name = self.pick([("projects", "title"), ("tickets", "subject")])
        self.create(plural, {name: self.pick(FIRST), "status": "open", "contact_id": self.maybe(0.7, self.known("contacts")),
                             "company_id": self.maybe(0.4, self.known("companies"))})

    def change_work(self):
        plural, name = self.pick([("projects", "title"), ("tickets", "subject")])
        self.change(plural, self.some_of({name: self.pick(LAST), "status": self.pick(["open", "done", None]),
                                          "contact_id": self.maybe(0.7, self.known("contacts"))}, 1))

    def delete(self):
        plural = self.pick(DELETABLE)
        record = self.known(plural)
        if self.commander.command("DELETE", f"/v1/{plural}/{record}").status == 204:
            self.deleted[plural].append(record)

    def restore(self):
        plural = self.pick(DELETABLE)
        record = self.pick(self.deleted[plural] or [self.known(plural)])
        self.commander.command("POST", f"/v1/{plural}/{record}/restore")

    # The workspace, and files.

    def manage(self):
        draw = self.chance.random()
        if draw < 0.3:
            self.create("members", {"name": self.pick(FIRST), "email": self.maybe(0.8, self.email()), "role": "member"})
        elif draw < 0.45:
            self.change("members", {"name": self.pick(LAST)})
        elif draw < 0.6:
            self.commander.command("DELETE", f"/v1/members/{self.known('members')}")
        elif draw < 0.75:
            self.create("keys", {"name": "ci", "role": "viewer", "scopes": ["contacts:read"], "expires_at": None})
        elif draw < 0.85:
            self.commander.command("DELETE", f"/v1/keys/{self.known('keys')}")
        else:
            self.commander.command("PATCH", "/v1/workspace", {"timezone": self.pick(["UTC", "Europe/Berlin"])})

    def upload(self, kind, lines):
        body = "\n".join(lines).encode()
        self.commander.send("POST", f"/v1/imports?kind={kind}&commit=true", body=body,
                            headers={"Content-Type": "text/csv", "Prefer": "wait=30"})

    def import_contacts(self):
        rows = [f"{self.pick(FIRST)},{self.pick(['Smith', 'Byron', ''])},{self.pick([self.email(), 'no address', ''])},"
                f"{self.pick(['vip', 'new', ''])},{self.pick(['Met at the fair', ''])}" for _ in range(25)]
        self.upload("contacts", ["first_name,last_name,email,tags,notes", *rows])

    def import_deals(self):
        rows = [f"D{n},{self.chance.randrange(10**6)}.50,{self.pick(['lead', 'won', 'lost', 'nowhere'])},{self.email()}"
                for n in range(20)]
        self.upload("deals", ["title,value,stage,email", *rows])


STEPS = [("create_contact", 12), ("change_contact", 12), ("upsert_contact", 5), ("add_email", 5), ("remove_email", 2),
         ("tag", 5), ("untag", 3), ("merge", 4), ("create_company", 3), ("change_company", 3), ("create_deal", 9),
         ("change_deal", 7), ("move", 8), ("move_many", 2), ("create_note", 6), ("change_note", 3), ("create_activity", 6),
         ("change_activity", 3), ("finish_activity", 5), ("create_work", 5), ("change_work", 3), ("delete", 7),
         ("restore", 6), ("manage", 4), ("import_contacts", 0.3), ("import_deals", 0.3)]
