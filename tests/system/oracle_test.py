"""Everything the API says about a random history against a fold of the log by a program of another origin (tests/oracle).

DAYBOOK_SEED replays a run; each prints its own.
"""

import base64
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import sys
import urllib.parse
import uuid

import pytest

import offline
from child import wait_until
from client import Client
from daybook_server import DaybookServer
from smtp_server import SmtpServer
from workload import STATUSES, Workload
from workspaces import create_workspace

ORACLE = pathlib.Path(__file__).resolve().parents[1] / "oracle"
sys.path.insert(0, str(ORACLE))

import chain
import views
from fold import Workspace, fold, micros
from protos import Protos

SEED = int(os.environ.get("DAYBOOK_SEED", random.SystemRandom().randrange(10**9)))
WORKSPACES = 3
COMMANDS = 1000  # steps of each workspace: rather more requests
PLURALS = ("contacts", "companies", "deals", "notes", "activities", "projects", "tickets", "members", "keys", "tags",
           "pipelines", "emails", "imports")


def all_pages(client, path, **params):
    """The records of a list to its end, and its total where that was asked for."""
    records, total = [], None
    query = {"limit": 500, **params}
    while True:
        page = client.get(path, params=query)
        assert page.status == 200, (path, page.body)
        records += page.json["data"]
        total = page.json.get("total", total)
        if page.json["next_cursor"] is None:
            return records, total
        query = {**query, "cursor": page.json["next_cursor"]}


class Seen:
    """What the API answered about one workspace."""

    def __init__(self, client):
        self.lists = {plural: all_pages(client, f"/v1/{plural}", include_deleted="true")[0] for plural in PLURALS}
        self.live = {plural: all_pages(client, f"/v1/{plural}", total="true") for plural in PLURALS}
        self.single = {}
        for plural in PLURALS:
            if plural != "tags":  # a tag has no address of its own
                query = "" if plural == "imports" else "?include_deleted=true"  # an import is never deleted
                self.single |= {record["id"]: client.get(f"/v1/{plural}/{record['id']}{query}")
                                for record in self.lists[plural]}
        self.workspace = client.get("/v1/workspace").json
        self.board = client.get("/v1/pipelines/default/board?cards=100").json
        self.audit, _ = all_pages(client, "/v1/audit")
        self.events, after = [], 0
        while page := client.get("/v1/events", params={"after": after, "limit": 500}).json["data"]:
            self.events += page
            after = int(page[-1]["sequence"])


class Played:
    """One workspace with its workload, and what was read of it afterwards."""

    def __init__(self, server, number):
        self.workspace = create_workspace(server, name=f"W{number}")
        self.new_client = lambda: Client(lambda: server.url, self.workspace.key, timeout_s=60)
        self.work = Workload(self.new_client, f"{SEED}/{number}", self.workspace.owner_id)

    def run(self):
        self.work.run(COMMANDS)

    def read(self):
        client = self.new_client()
        wait_until(lambda: not client.get("/v1/emails?state=queued").json["data"], "mails to be sent", 60)
        self.seen = Seen(client)
        self.filtered = {query: all_pages(client, "/v1/" + query, total="true") for query in self.filters()}
        self.past, self.own_audit = self.look_back(client)

    def filters(self):
        owner = self.workspace.owner_id
        contact = self.work.ids["contacts"][0]
        return ([f"contacts?status={status.lower()}" for status in STATUSES] +
                ["contacts?type=customer", "contacts?source=import", "contacts?has_email=false", "contacts?tag=vip",
                 "contacts?owner_id=none", f"contacts?owner_id={owner}", "deals?kind=won", "deals?stage=lead,lost",
                 "deals?currency=JPY", f"deals?contact_id={contact}", f"deals?owner_id={owner}", "emails?state=sent"])

    def look_back(self, client):
        """Some records as of some positions, and their own audit logs."""
        chance = random.Random(f"{SEED}/past")
        past, own_audit = {}, {}
        for plural in ("contacts", "deals", "companies", "notes", "activities", "tickets"):
            for record in chance.sample(self.seen.lists[plural], min(12, len(self.seen.lists[plural]))):
                position = chance.randint(1, len(self.seen.events))
                path = f"/v1/{plural}/{record['id']}?include_deleted=true&as_of={position}"
                past[record["id"], position] = client.get(path)
                own_audit[record["id"]], _ = all_pages(client, "/v1/audit", record_id=record["id"])
        return past, own_audit


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """The run that all tests of this file look at: what was sent, what was read, and the dump of the stopped server."""
    print(f"DAYBOOK_SEED={SEED}")
    place = tmp_path_factory.mktemp("oracle")
    smtp = SmtpServer(place / "mails.jsonl", script={"rcpt": 550, "times": 4})
    server = DaybookServer(place / "data", ["--smtp-url", smtp.url, "--smtp-tls", "off", "--mail-from", "crm@daybook.test"])
    try:
        server.start()
        played = [Played(server, number) for number in range(WORKSPACES)]
        for step in (Played.run, Played.read):
            with concurrent.futures.ThreadPoolExecutor(WORKSPACES) as pool:
                list(pool.map(step, played))
        tenants, _ = all_pages(server.client(server.operator_key()), "/v1/workspaces")
        server.stop()
        commits = offline.dump(server.data)
        yield {"played": played, "tenants": tenants, "commits": commits, "folded": fold(commits), "data": server.data}
    finally:
        if server.is_running():
            server.kill()
        smtp.stop()


def pairs(history):
    return [(played, history["folded"][played.workspace.id]) for played in history["played"]]


def same(seen, said, what):
    if seen != said:
        lines = [f"  {name}: API {seen.get(name)!r}, log {said.get(name)!r}" for name in {**seen, **said}
                 if seen.get(name) != said.get(name)] if isinstance(seen, dict) else [f"  API {seen!r}, log {said!r}"]
        raise AssertionError(f"DAYBOOK_SEED={SEED} {what}:\n" + "\n".join(lines))


def test_every_event_is_described():
    """One line for each in docs/events.md, which auditors read, and its meaning in the oracle."""
    described = (ORACLE.parents[1] / "docs" / "events.md").read_text(encoding="utf-8")
    protos = Protos()
    own = [name for name in protos.events if name not in protos.generic]
    assert [name for name in own if f"`{name}`" not in described] == []
    assert [name for name in own if not hasattr(Workspace, "fold_" + name.replace(".", "_"))] == []


def test_the_history_holds_every_kind_of_event(history):
    """Else the rest of this file would say less than it seems to."""
    names = collections.Counter(event["name"] for commit in history["commits"] for event in commit["events"])
    wanted = {f"{kind}.{verb}" for kind in ("contact", "company", "deal", "project", "ticket")
              for verb in ("created", "updated", "deleted", "restored")}
    wanted |= {"contact.email_changed", "contact.secondary_email_added", "contact.secondary_email_removed",
               "contact.assigned", "contact.tagged", "contact.untagged", "contact.merged", "deal.stage_changed", "deal.won",
               "deal.lost", "deal.reopened", "deal.assigned", "deal.contact_linked", "deal.contact_unlinked", "note.added",
               "note.edited", "note.deleted", "note.restored", "activity.logged", "activity.updated", "activity.completed",
               "activity.reopened", "activity.deleted", "activity.restored", "tag.created", "member.created",
               "member.updated", "member.removed", "api_key.created", "api_key.revoked", "workspace.updated",
               "email.queued", "email.sent", "email.failed", "email.skipped", "import.uploaded", "import.remarked",
               "import.committed", "tenant.created"}
    assert wanted - names.keys() == set()
    assert sum(names.values()) > 2000


def test_every_record_is_what_the_log_says(history):
    for played, folded in pairs(history):
        seen = played.seen
        kinds = {kind.plural: kind.name for kind in folded.protos.kinds.values()}
        for plural in PLURALS:
            said = {record.id: record for record in folded.records.values() if record.kind == kinds[plural]}
            same(sorted(record["id"] for record in seen.lists[plural]), sorted(said), f"ids of {plural}")
            for record in seen.lists[plural]:
                shown = views.record_json(folded, said[record["id"]])
                if plural == "contacts":
                    shown["deal_count"] = views.deal_count(folded, record["id"])
                same(record, shown, f"{plural} {record['id']} in the list")
            live, total = seen.live[plural]
            wanted = [record.id for record in views.live(folded, kinds[plural])]
            same(sorted(record["id"] for record in live), sorted(wanted), f"live {plural}")
            same(total, len(wanted), f"total of {plural}")
        for record_id, answer in seen.single.items():
            record = folded.records[record_id]
            assert answer.status == 200, answer.body
            shown = {name: value for name, value in answer.json.items() if name in views.record_json(folded, record)}
            same(shown, views.record_json(folded, record), f"{record.kind} {record_id}")
            if record.kind != "import":
                same(answer.headers["ETag"], f'"{record.meta["version"]}"', f"ETag of {record.kind} {record_id}")
        same(seen.workspace, views.record_json(folded, folded.records[folded.id]), "the workspace")


def test_every_answer_shows_the_record_as_of_its_commit(history):
    commits = {commit["request_id"]: commit for commit in history["commits"]}
    checked = 0
    for played, folded in pairs(history):
        for sent in played.work.commander.sent:
            commit = commits.get(sent.request_id)
            if commit is None or sent.answer.status >= 300 or not sent.answer.json or "/imports" in sent.path:
                continue
            last = commit["position"] + len(commit["events"]) - 1
            same(int(sent.answer.headers["Daybook-Position"]), last, f"position of {sent.method} {sent.path}")
            record = folded.as_of(sent.answer.json.get("id"), last)
            if record is None:
                continue
            today = {"company_name"} if record.fields.get("company_id") else set()  # the company's own name, of then
            shown = {name: value for name, value in views.record_json(folded, record).items() if name not in today}
            same({name: sent.answer.json.get(name) for name in shown}, shown, f"answer to {sent.method} {sent.path}")
            checked += 1
    assert checked > 1000


def test_filters_and_totals_select_what_the_log_says(history):
    for played, folded in pairs(history):
        for query, (records, total) in played.filtered.items():
            plural, _, condition = query.partition("?")
            name, _, value = condition.partition("=")
            kind = {"contacts": "contact", "deals": "deal", "emails": "email"}[plural]
            wanted = sorted(record.id for record in views.live(folded, kind)
                            if selects(views.record_json(folded, record), name, urllib.parse.unquote(value)))
            same(sorted(record["id"] for record in records), wanted, query)
            same(total, len(wanted), f"total of {query}")


def selects(record, name, value):
    if name == "tag":
        return value in [tag.casefold() for tag in record["tags"]]
    if name == "has_email":
        return (record["email"] is not None) == (value == "true")
    if value == "none":
        return record[name] is None
    return (record[name] or "").casefold() in value.casefold().split(",")


def test_the_board_counts_and_sums_what_the_log_says(history):
    for played, folded in pairs(history):
        board = played.seen.board
        same(board["position"], folded.next_position - 1, "position of the board")
        pipeline = folded.records[board["pipeline"]["id"]]
        same(board["pipeline"], views.record_json(folded, pipeline), "pipeline of the board")
        same([stage["key"] for stage in board["stages"]], [stage["key"] for stage in pipeline.fields["stages"]], "stages")
        for stage in board["stages"]:
            wanted = views.board_stage(folded, pipeline.id, stage["key"])
            same({name: stage[name] for name in wanted}, wanted, f"stage {stage['key']}")
            entered = [micros(card["stage_entered_at"]) for card in stage["deals"]]
            assert entered == sorted(entered, reverse=True), stage["key"]
            assert len(stage["deals"]) == min(100, wanted["count"])
            for card in stage["deals"]:
                check_card(folded, card)


def check_card(folded, card):
    deal = views.record_json(folded, folded.records[card["id"]])
    same({name: value for name, value in card.items() if name != "contact"},
         {name: deal[name] for name in card if name != "contact"}, f"card {card['id']}")
    contact = folded.records.get(deal["contact_id"])
    same(card["contact"] and card["contact"]["id"], contact and contact.id, f"contact of the card {card['id']}")


def test_audit_and_feed_are_the_events_of_the_log(history):
    for played, folded in pairs(history):
        same(len(played.seen.audit), len(folded.entries), "audit entries")
        for seen, entry in zip(reversed(played.seen.audit), folded.entries):
            same(seen, views.audit_entry(folded, entry), f"audit entry {entry.event['position']}")
        same(len(played.seen.events), len(folded.entries), "events of the feed")
        for seen, entry in zip(played.seen.events, folded.entries):
            wanted = views.cloud_event(folded, entry)
            same(seen, wanted, f"event {entry.event['position']} {entry.event['name']}")


def test_the_past_and_each_records_own_log_are_what_the_log_says(history):
    for played, folded in pairs(history):
        for (record_id, position), answer in played.past.items():
            record = folded.as_of(record_id, position)
            same(answer.status, 200 if record else 404, f"{record_id} as of {position}")
            if record:
                same(answer.json, views.record_json(folded, record), f"{record_id} as of {position}")
        for record_id, audit in played.own_audit.items():
            at = [position for position, _ in folded.history[record_id]]
            wanted = [views.audit_entry(folded, folded.entries[position - 1], record_id) for position in reversed(at)]
            same(len(audit), len(wanted), f"audit log of {record_id}")
            for seen, entry in zip(audit, wanted):
                same(seen, entry, f"audit log of {record_id}")


def test_the_operator_sees_the_workspaces_that_the_log_begins(history):
    system = history["folded"]["00000000-0000-0000-0000-000000000000"]
    wanted = {record.id: views.record_json(system, record) for record in system.records.values()}
    same({tenant["id"]: tenant for tenant in history["tenants"]}, wanted, "workspaces")
    assert set(history["folded"]) == {system.id, *wanted}


def test_what_was_refused_or_tried_left_nothing_and_a_key_works_once(history):
    commits = collections.Counter(commit["request_id"] for commit in history["commits"])
    begun = collections.defaultdict(set)  # the keyed commits of a workspace
    for commit in history["commits"]:
        if commit["idempotency"]:
            begun[commit["workspace"]].add(commit["command"])
    refused = 0
    for played in history["played"]:
        by_key = collections.defaultdict(list)
        for sent in played.work.commander.sent:
            if sent.dry_run or sent.answer.status >= 300:
                same(commits[sent.request_id], 0, f"commits of the refused {sent.method} {sent.path}")
                refused += 1
            elif sent.key:
                by_key[sent.key].append(sent)
            elif sent.answer.status == 201:
                assert "/imports" in sent.path or commits[sent.request_id] == 1, sent
        for key, sends in by_key.items():
            same(sum(commits[sent.request_id] for sent in sends), 1, f"commits of the key {key}")
        same(len(begun[played.workspace.id]), len(by_key), "commits with a key")
    assert refused > 300
    assert {request: count for request, count in commits.items() if count > 1 and request} .keys() <= beginnings(history)


def beginnings(history):
    """Requests that made a workspace: they cause a commit in the system workspace and one in the new one."""
    return {commit["request_id"] for commit in history["commits"] if commit["origin"] == "POST /v1/workspaces"}


def partitions_of(data):
    """For each partition of a stopped server's log (offset, bytes) of every record."""
    partitions = collections.defaultdict(list)
    for line in offline.dump(data, "records"):
        partitions[line["partition"]].append((line["offset"], base64.b64decode(line["record"])))
    return list(partitions.values())


def ends_of_chains(program, records):
    return {str(bytes_as_uuid(workspace)): position for workspace, (position, _) in program["verify"](records).items()}


def test_the_program_of_the_format_finds_the_chain_whole(history):
    partitions = partitions_of(history["data"])
    program = chain.program()
    ends = {}
    for records in partitions:
        ends |= ends_of_chains(program, records)
    same(ends, {folded.id: folded.next_position for folded in history["folded"].values()},
         "ends of the chains")
    headers = chain.headers([record for records in partitions for record in records], program["fields"])
    for commit in history["commits"]:
        header = headers[bytes.fromhex(commit["command"].replace("-", ""))]
        same((header[3], header.get(4, 0), header[9], str(bytes_as_uuid(header[1]))),
             (commit["position"], len(commit["events"]), micros(commit["time"]), commit["workspace"]), commit["command"])
    records = max(partitions, key=len)
    for number in range(20):
        with pytest.raises((AssertionError, IndexError, KeyError, ValueError)):
            program["verify"](with_a_flipped_byte(records, program["fields"], random.Random(f"{SEED}/{number}")))


def test_the_program_of_the_format_reads_commands_in_parts(daybook, workspace):
    rows = "".join(f"Ann,Smith,ann{number}@example.com,{'note ' * 40}\n" for number in range(3_000))
    client = Client(lambda: daybook.url, workspace.key, timeout_s=90)
    answer = client.post("/v1/imports?kind=contacts&commit=true", headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
                         body=f"first_name,last_name,email,notes\n{rows}".encode())
    assert (answer.status, answer.json["created"]) == (201, 3_000), answer.body
    position = int(client.get("/v1/audit?limit=1").headers["Daybook-Position"])
    daybook.stop()
    program = chain.program()

    def count_parts(records):
        return sum(3 in program["fields"](record) for _, record in records)

    records = max(partitions_of(daybook.data), key=count_parts)
    assert count_parts(records) > 1
    assert ends_of_chains(program, records)[workspace.id] == position + 1
    part = next(index for index, (_, record) in enumerate(records) if 3 in program["fields"](record))
    offset, record = records[part]
    with pytest.raises(AssertionError):
        program["verify"]([*records[:part], (offset, record[:-1] + bytes([record[-1] ^ 1])), *records[part + 1:]])
    # What follows a hole does not count: the history ends before, as its last hash then shows.
    assert ends_of_chains(program, records[:part] + records[part + 1:])[workspace.id] < position


def bytes_as_uuid(octets):
    return uuid.UUID(bytes=octets)


def with_a_flipped_byte(records, read, chance):
    """The records with a byte changed inside of a header or a sealed body that another commit's hash covers."""
    commits = [index for index, (_, record) in enumerate(records) if 2 in read(record)]
    index = chance.choice(commits[:len(commits) // 2])
    offset, record = records[index]
    body = read(record)[2]
    covered = chance.choice([read(body)[2], read(body)[3]])
    at = record.index(covered) + chance.randrange(len(covered))
    changed = record[:at] + bytes([record[at] ^ 1 << chance.randrange(8)]) + record[at + 1:]
    return [*records[:index], (offset, changed), *records[index + 1:]]
