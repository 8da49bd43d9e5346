"""A sales team's real files: what the product says of them must equal what Python's csv and Decimal say."""

import datetime
import decimal
import json
import random
import subprocess
import sys

import pytest

import opportunities
from command import run_json
from daybook_server import ROOT, clean_environment
from opportunities import Deal, assert_board, assert_deals, assert_lists, assert_no_mail, every, get

CUSTOMERS_CSV = ROOT / "tests" / "data" / "contacts" / "customers-1000.csv"


def load(url, key, *arguments):
    environment = {**clean_environment(), "DAYBOOK_URL": url, "DAYBOOK_KEY": key, "no_proxy": "*"}
    done = subprocess.run([sys.executable, opportunities.EXAMPLE / "load.py", *arguments], env=environment,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout or "{}")


def import_csv(client, kind, body, options=None, wait=60, **params):
    query = {"kind": kind, "commit": "true", "options": json.dumps(options or {}), **params}
    return client.post("/v1/imports", body=body, params=query, headers={"Content-Type": "text/csv", "Prefer": f"wait={wait}"})


@pytest.fixture
def sales(daybook, workspace):
    """The workspace after the example script has filled it."""
    assert load(daybook.url, workspace.key)["created"] == 8800
    return workspace


def now():
    return datetime.datetime.now(datetime.UTC).isoformat()


def test_the_board_of_the_sample_equals_its_sums(daybook, sales):
    client, deals = sales.client, opportunities.deals_of_the_file()
    assert_board(client, deals)
    assert_deals(client, deals, now())
    assert_lists(client, deals)
    assert_no_mail(client)
    accounts = {row["account"]: row for row in opportunities.rows_of(opportunities.DATA / "accounts.csv")}
    companies = every(client, "/v1/companies")
    assert len(companies) == len(accounts) == 85
    assert {(company["name"], company["industry"], company["size"]) for company in companies} == {
        (name, row["sector"], row["employees"]) for name, row in accounts.items()}
    again = load(daybook.url, sales.key)
    assert again == get(client, f"/v1/imports/{again['id']}")
    assert_board(client, deals)
    assert (len(every(client, "/v1/companies")), len(every(client, "/v1/members"))) == (85, 36)


class Moves:
    """Moves of deals, done to the workspace and to the model beside it."""

    def __init__(self, client, deals, seed):
        self.client = client
        self.deals = deals
        self.random = random.Random(seed)
        self.ids = {deal["title"]: deal["id"] for deal in every(client, "/v1/deals")}
        self.titles = sorted(deals)
        self.wins = 0

    def note(self, title, stage):
        deal = self.deals[title]
        kind, before = opportunities.KINDS[stage], opportunities.KINDS[deal.stage]
        self.wins += kind == "won" and before != "won"
        deal.stage = stage
        if kind == "open":
            deal.closed_at = None
        elif kind != before:
            deal.closed_at = "moved"

    def single(self):
        title, stage = self.random.choice(self.titles), self.random.choice(list(opportunities.KINDS))
        answer = self.client.post(f"/v1/deals/{self.ids[title]}/move", {"stage": stage})
        assert answer.status == 200, answer.body
        self.note(title, stage)

    def bulk(self):
        titles, stage = self.random.sample(self.titles, self.random.randint(2, 20)), self.random.choice(list(opportunities.KINDS))
        answer = self.client.post("/v1/deals/bulk/move", {"ids": [self.ids[title] for title in titles], "stage": stage})
        changed = sum(self.deals[title].stage != stage for title in titles)
        assert answer.status == 200, answer.body
        assert (answer.json["changed"], answer.json["unchanged"]) == (changed, len(titles) - changed)
        for title in titles:
            self.note(title, stage)


def add_foreign_deals(client, deals):
    """50 deals in currencies of no and of three decimals, for 10 contacts and nobody."""
    contacts = []
    for number in range(10):
        made = client.post("/v1/contacts", {"first_name": f"Buyer {number}", "last_name": "Abroad"})
        assert made.status == 201, made.body
        contacts.append(made.json["id"])
    for number in range(50):
        currency, value = ("JPY", f"{number * 1000}") if number % 5 else ("KWD", f"{number}.125")
        wish = {"title": f"Foreign {number}", "stage": list(opportunities.KINDS)[number % 6], "value": value, "currency": currency,
                "contact_id": contacts[number % 7]}
        made = client.post("/v1/deals", wish)
        assert made.status == 201, made.body
        closed = made.json["closed_at"] and "moved"
        deals[wish["title"]] = Deal(wish["title"], wish["stage"], decimal.Decimal(value), currency, None, closed, wish["contact_id"])


def test_the_command_line_imports_the_same_file(daybook, workspace):
    load(daybook.url, workspace.key, "--without-deals")
    report = run_json("import", "deals", opportunities.PIPELINE_CSV, "--options", f"@{opportunities.OPTIONS_FILE}",
                      env={"DAYBOOK_URL": daybook.url, "DAYBOOK_KEY": workspace.key})
    assert (report["state"], report["created"], report["skipped"]) == ("committed", 8800, 0)
    deals = opportunities.deals_of_the_file()
    assert_board(workspace.client, deals)
    assert_deals(workspace.client, deals, now())
    assert_lists(workspace.client, deals)


def test_after_500_moves_and_with_foreign_deals_everything_adds_up(sales):
    client, deals, began_at = sales.client, opportunities.deals_of_the_file(), now()
    add_foreign_deals(client, deals)
    assert_board(client, deals)
    moves = Moves(client, deals, seed=20261126)
    for number in range(500):
        moves.bulk() if number % 4 == 3 else moves.single()
    assert_board(client, deals)
    assert_deals(client, deals, began_at)
    assert_lists(client, deals)
    for contact in every(client, "/v1/contacts"):
        of_contact = sorted(deal.title for deal in deals.values() if deal.contact_id == contact["id"])
        assert contact["deal_count"] == len(of_contact)
        assert sorted(deal["title"] for deal in every(client, f"/v1/contacts/{contact['id']}/deals")) == of_contact
    # Members of the sample have no address and foreign deals no owner: each win says why it is not mailed.
    emails = every(client, "/v1/emails")
    assert len(emails) == moves.wins > 100
    assert {(email["state"], email["reason"]) for email in emails} <= {("skipped", "no_address"), ("skipped", "no_owner")}


def test_the_customers_import_and_the_same_file_again_changes_nothing(workspace):
    client, body = workspace.client, CUSTOMERS_CSV.read_bytes()
    options = {"columns": {"phone": "Phone 1"}}
    first = import_csv(client, "contacts", body, options)
    assert first.status == 201, first.body
    assert counts_of(first.json) == {"rows": 1000, "created": 1000, "updated": 0, "unchanged": 0, "skipped": 0}
    rows = opportunities.rows_of(CUSTOMERS_CSV)
    expected = {row["Email"]: tuple(row[name] for name in ("First Name", "Last Name", "Company", "City", "Country", "Phone 1")) for row in rows}
    contacts = every(client, "/v1/contacts")
    fields = ("first_name", "last_name", "company_name", "city", "country", "phone")
    assert {contact["email"]: tuple(contact[name] for name in fields) for contact in contacts} == expected
    assert {contact["source"] for contact in contacts} == {"import"}
    position = position_of(client)
    again = import_csv(client, "contacts", body, options)
    assert counts_of(again.json) == {"rows": 1000, "created": 0, "updated": 0, "unchanged": 1000, "skipped": 0}
    events = every_event(client, position)
    assert {event["type"] for event in events} == {"daybook.import.uploaded.v1", "daybook.import.started.v1", "daybook.import.committed.v1"}
    assert {contact["id"]: contact["version"] for contact in every(client, "/v1/contacts")} == {
        contact["id"]: contact["version"] for contact in contacts}


def test_a_changed_file_changes_what_it_changed(workspace):
    client, options = workspace.client, {"columns": {"phone": "Phone 1"}}
    lines = CUSTOMERS_CSV.read_text(encoding="utf-8").splitlines(keepends=True)
    assert import_csv(client, "contacts", "".join(lines).encode(), options).status == 201
    changed = list(lines)
    for number in range(1, 11):
        changed[number] = changed[number].replace(opportunities.rows_of(CUSTOMERS_CSV)[number - 1]["Phone 1"], "+49 30 1")
    changed[11] = changed[11].replace("@", " at ")
    changed.append(lines[12].replace("@", "@new."))
    report = import_csv(client, "contacts", "".join(changed).encode(), options).json
    assert counts_of(report) == {"rows": 1001, "created": 1, "updated": 10, "unchanged": 989, "skipped": 1}
    errors = get(client, f"/v1/imports/{report['id']}/errors")["data"]
    assert [(error["row"], error["column"], error["code"]) for error in errors] == [(12, "email", "invalid_email")]
    assert sum(contact["phone"] == "+49 30 1" for contact in every(client, "/v1/contacts")) == 10


def counts_of(report):
    return {name: report[name] for name in ("rows", "created", "updated", "unchanged", "skipped")}


def position_of(client):
    return int(client.get("/v1/deals").headers["Daybook-Position"])


def every_event(client, after):
    events = []
    while True:
        page = get(client, "/v1/events", after=after, limit=500)
        events += page["data"]
        if not page["data"]:
            return events
        after = page["next_position"]


def test_a_dry_run_says_the_same_and_leaves_nothing(daybook, workspace):
    client, options = workspace.client, json.loads(opportunities.OPTIONS_FILE.read_text())
    position = position_of(client)
    body = opportunities.PIPELINE_CSV.read_bytes()
    dry = import_csv(client, "deals", body, options, dry_run="true")
    assert dry.status == 200, dry.body
    assert counts_of(dry.json) == {"rows": 8800, "created": 8800, "updated": 0, "unchanged": 0, "skipped": 0}
    # No member is there yet, so each deal would be without an owner, with a warning.
    assert (dry.json["warnings"], dry.json["errors"]) == (8800, [])
    assert position_of(client) == position
    assert (every(client, "/v1/deals"), every(client, "/v1/imports")) == ([], [])
    assert [path for path in (daybook.data / "blobs").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("file, pointers", [
    ("id,amount,stage\nA,1,lead\n", ["/columns/title"]),
    ("nothing,known\nA,1\n", ["/columns/title", "/columns/value", "/columns/stage"]),
    ('title,value,stage,closed_at\nA,"1.234",won,01/02/2026\nB,"5.678",won,03/04/2026\n', ["/date_order", "/number_format"]),
    ("title,value,stage,closed_at\nA,1,won,13/02/2026\nB,1,won,02/13/2026\n", ["/date_order"]),
])
def test_what_cannot_be_decided_is_asked_for_and_nothing_is_kept(daybook, workspace, file, pointers):
    client = workspace.client
    position = position_of(client)
    answer = import_csv(client, "deals", file.encode())
    assert (answer.status, answer.json["code"]) == (422, "import_needs_options")
    assert [error["pointer"] for error in answer.json["errors"]] == pointers
    assert position_of(client) == position
    assert [path for path in (daybook.data / "blobs").rglob("*") if path.is_file()] == []
