"""Folds the commits of a dump into workspaces, by docs/events.md alone."""

import calendar
import dataclasses
import time

from protos import Protos


@dataclasses.dataclass(frozen=True)
class Record:
    kind: str
    id: str
    fields: dict  # what is set, by name, as the dump writes it
    meta: dict  # the system columns that are set

    @property
    def is_deleted(self):
        return "deleted_at" in self.meta


@dataclasses.dataclass
class Entry:
    """One event, with what it came in."""

    commit: dict
    event: dict
    index: int  # within its commit
    written: set = dataclasses.field(default_factory=set)  # ids of the records it wrote to


class Workspace:
    """`records` by id as they stand at the end, `entries` in the order of their positions, `history` of each record:
    the position of each event that is about it or wrote to it, and the record after it."""

    def __init__(self, workspace_id, protos):
        self.id = workspace_id
        self.protos = protos
        self.records = {}
        self.entries = []
        self.history = {}
        self.entry = None
        self.stamped = set()  # records that the command at work has given their version

    @property
    def next_position(self):
        return len(self.entries) + 1

    def as_of(self, record_id, position):
        """The record after that position; None where there was none yet."""
        found = None
        for at, record in self.history.get(record_id, ()):
            if at > position:
                break
            found = record
        return found

    # Folding: one commit, one event, one write.

    def add_commit(self, commit):
        assert commit["position"] == self.next_position, f"{self.id}: position {commit['position']}"
        self.stamped = set()
        for index, event in enumerate(commit["events"]):
            assert event["position"] == self.next_position, f"{self.id}: position {event['position']}"
            self.add_event(Entry(commit, event, index))

    def add_event(self, entry):
        name, data = entry.event["name"], entry.event["data"]
        unknown = data.keys() - {field.name for field in self.protos.events[name].fields}
        assert not unknown, f"{name} holds {unknown}"
        self.entry = entry
        self.entries.append(entry)
        meaning = self.protos.generic.get(name) or name.replace(".", "_")
        getattr(self, "fold_" + meaning)(entry.event, data)
        about = entry.event["id"]
        for record_id in entry.written | ({about} if about in self.records else set()):
            self.history.setdefault(record_id, []).append((entry.event["position"], self.records[record_id]))

    def write(self, kind, record_id, values=None, cleared=(), meta=None, unset=()):
        """Sets and clears fields and system columns of a record, and counts its version once per command."""
        before = self.records.get(record_id) or Record(kind, record_id, {}, {})
        assert before.kind == kind, f"{record_id} is a {before.kind}, not a {kind}"
        fields = {name: value for name, value in before.fields.items() if name not in cleared} | (values or {})
        columns = {name: value for name, value in before.meta.items() if name not in unset} | (meta or {})
        if record_id not in self.stamped:
            self.stamped.add(record_id)
            time, actor = self.entry.commit["time"], self.entry.commit["actor"]
            columns |= {"version": columns.get("version", 0) + 1, "updated_at": time, "updated_by": actor}
            if record_id not in self.records:
                columns |= {"created_at": time, "created_by": actor}
        self.records[record_id] = Record(kind, record_id, fields, columns)
        self.entry.written.add(record_id)

    @property
    def time(self):
        return self.entry.commit["time"]

    # Events of every kind.

    def fold_created(self, event, data):
        assert event["id"] not in self.records, f"{event['id']} begins twice"
        self.write(event["kind"], event["id"], data)

    def fold_updated(self, event, data):
        assert event["id"] in self.records, f"{event['id']} has not begun"
        self.write(event["kind"], event["id"], data, event["cleared"])

    def fold_deleted(self, event, data):
        self.hide(event["kind"], event["id"], None)
        self.fold_hidden(event, data)
        self.fold_unlinked(event, data)

    def fold_hidden(self, event, data):
        for name in data.get("hidden", ()):
            self.hide(self.protos.kind(name["kind"]).name, name["id"], event["id"])

    def fold_unlinked(self, event, data):
        for link in data.get("unlinked", ()):
            self.unlink(link, link.get("target", event["id"]))

    def fold_restored(self, event, data):
        self.show(event["kind"], event["id"])
        self.fold_shown(event, data)
        self.fold_relinked(event, data)

    def fold_shown(self, event, data):
        for name in data.get("shown", ()):
            self.show(self.protos.kind(name["kind"]).name, name["id"])
        for name in data.get("kept_hidden", ()):
            self.write(self.protos.kind(name["kind"]).name, name["id"], meta={"deleted_with": name["hidden_with"]})

    def fold_relinked(self, event, data):
        for link in data.get("relinked", ()):
            self.relink(link, link.get("target", event["id"]), data.get("previous_id"))

    def hide(self, kind, record_id, with_id):
        self.write(kind, record_id, meta={"deleted_at": self.time} | ({"deleted_with": with_id} if with_id else {}))

    def show(self, kind, record_id):
        self.write(kind, record_id, unset=("deleted_at", "deleted_with"))

    def place_of(self, link):
        kind = self.protos.kind(link["kind"])
        return kind.name, kind.message.field(link["field"])

    def unlink(self, link, target):
        kind, field = self.place_of(link)
        value = self.records[link["id"]].fields.get(field.name)
        left = [one for one in value if one != target] if field.repeated else None
        if left:
            self.write(kind, link["id"], {field.name: left})
        else:
            assert field.repeated or value == target, f"{link} did not lead to {target}"
            self.write(kind, link["id"], cleared=(field.name,))

    def relink(self, link, target, previous):
        kind, field = self.place_of(link)
        value = self.records[link["id"]].fields.get(field.name)
        if field.repeated:
            value = sorted({target, *(one for one in value or () if one != previous)})
        else:
            assert value == previous, f"{link} leads to {value}"
            value = target
        self.write(kind, link["id"], {field.name: value})

    # Events of their own: what each sets, and what it clears where its data lacks it.

    def take(self, event, names, cleared=(), **more):
        data = event["data"]
        self.write(event["kind"], event["id"], {name: data[name] for name in names if name in data} | more, cleared)

    def fold_workspace_plan_set(self, event, _):
        rest = tuple(field.name for field in self.protos.events[event["name"]].fields if field.name != "plan")
        self.take(event, ("plan", *rest), rest)

    def fold_member_removed(self, event, _):
        self.take(event, (), ("email_key",), state="removed")

    def fold_api_key_rotated(self, event, _):
        self.take(event, ("prefix",))

    def fold_api_key_revoked(self, event, _):
        self.take(event, (), revoked_at=self.time)

    def fold_contact_email_changed(self, event, _):
        self.take(event, ("email", "email_key"), ("email", "email_key"))

    def fold_contact_secondary_email_added(self, event, data):
        fields = self.records[event["id"]].fields
        self.take(event, (), secondary_emails=[*fields.get("secondary_emails", ()), data["email"]],
                  secondary_email_keys=[*fields.get("secondary_email_keys", ()), data["email_key"]])

    def fold_contact_secondary_email_removed(self, event, data):
        fields = self.records[event["id"]].fields
        at = fields["secondary_email_keys"].index(data["email_key"])
        left = {name: fields[name][:at] + fields[name][at + 1:] for name in ("secondary_emails", "secondary_email_keys")}
        self.write("contact", event["id"], left)

    def fold_contact_assigned(self, event, _):
        self.take(event, ("owner_id",), ("owner_id",))

    def fold_contact_tagged(self, event, data):
        tags = self.records[event["id"]].fields.get("tag_ids", ())
        self.take(event, (), tag_ids=sorted({*tags, *data["tag_ids"]}))

    def fold_contact_untagged(self, event, data):
        tags = self.records[event["id"]].fields.get("tag_ids", ())
        self.take(event, (), tag_ids=[tag for tag in tags if tag not in data["tag_ids"]])

    def fold_contact_merged(self, event, data):
        duplicate = self.records[data["duplicate_id"]]
        values, cleared = merged_fields(self.records[event["id"]].fields, duplicate.fields, data, self.protos)
        self.write("contact", duplicate.id, {"merged_into": event["id"]}, meta={"deleted_at": self.time})
        self.write("contact", event["id"], values, cleared)
        for name in data.get("hidden", ()):
            self.hide(self.protos.kind(name["kind"]).name, name["id"], duplicate.id)
        for link in data.get("relinked", ()):
            self.relink(link, event["id"], duplicate.id)

    def fold_deal_stage_changed(self, event, _):
        self.take(event, ("stage", "kind", "probability", "closed_at", "lost_reason"), ("closed_at",),
                  stage_entered_at=self.time)

    def fold_nothing(self, event, data):
        """Says what another event meant."""

    fold_deal_won = fold_deal_lost = fold_deal_reopened = fold_import_remarked = fold_nothing

    def fold_deal_assigned(self, event, _):
        self.take(event, ("owner_id",), ("owner_id",))

    def fold_deal_contact_linked(self, event, _):
        self.take(event, ("contact_id",))

    def fold_deal_contact_unlinked(self, event, _):
        self.take(event, (), ("contact_id",))

    def fold_activity_completed(self, event, _):
        self.take(event, (), completed_at=self.time)

    def fold_activity_reopened(self, event, _):
        self.take(event, (), ("completed_at",))

    def fold_email_skipped(self, event, _):
        self.take(event, ("template", "reason", "member_id", "deal_id"), state="skipped")

    def fold_email_sent(self, event, _):
        self.take(event, (), state="sent", sent_at=self.time)

    def fold_email_failed(self, event, _):
        self.take(event, ("detail",), state="failed", reason="refused")

    def fold_email_retried(self, event, _):
        self.take(event, (), ("reason", "detail"), state="queued")

    def fold_email_dropped(self, event, _):
        self.take(event, (), state="skipped", reason="dropped")

    def fold_import_started(self, event, _):
        self.take(event, (), state="running")

    def fold_import_committed(self, event, _):
        self.take(event, ("rows", "created", "updated", "unchanged", "skipped", "warnings"), state="committed")

    def fold_import_failed(self, event, _):
        self.take(event, ("failure",), state="failed")

    def fold_import_cancelled(self, event, _):
        self.take(event, (), state="cancelled")


def merged_fields(survivor, duplicate, data, protos):
    """What a merge sets and clears on the survivor."""
    names = [protos.kinds["contact"].message.field(number).name for number in data.get("taken", ())]
    values = {name: duplicate[name] for name in names if name in duplicate}
    theirs = [(duplicate.get("email"), duplicate.get("email_key")),
              *zip(duplicate.get("secondary_emails", ()), duplicate.get("secondary_email_keys", ()))]
    added = [(survivor["email"], survivor["email_key"])] if data.get("own_address_kept") else []
    added += [theirs[index] for index in data.get("addresses", ())]
    if added:
        values["secondary_emails"] = [*survivor.get("secondary_emails", ()), *(email for email, _ in added)]
        values["secondary_email_keys"] = [*survivor.get("secondary_email_keys", ()), *(key for _, key in added)]
    if data.get("tag_ids"):
        values["tag_ids"] = sorted({*survivor.get("tag_ids", ()), *data["tag_ids"]})
    if "sort_name" in data:
        values["sort_name"] = data["sort_name"]
    return values, names


def micros(text):
    """Microseconds since 1970 of a time with or without a fraction."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) * 1_000_000 + int(fraction.ljust(6, "0") or 0)


def fold(commits):
    """{workspace id: Workspace} of the parsed lines of a dump."""
    protos = Protos()
    workspaces, commands, last_times = {}, set(), {}
    for commit in commits:
        assert commit["command"] not in commands, f"the command {commit['command']} stands twice"
        commands.add(commit["command"])
        time = micros(commit["time"])
        assert time >= last_times.get(commit["workspace"], 0), f"time runs back at the command {commit['command']}"
        last_times[commit["workspace"]] = time
        workspaces.setdefault(commit["workspace"], Workspace(commit["workspace"], protos)).add_commit(commit)
    return workspaces
