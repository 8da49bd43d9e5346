"""What the API shows of a folded workspace: records, changes, audit entries, events, boards."""

import hashlib
import uuid

DIGITS = {"BHD": 3, "CLP": 0, "JPY": 0, "KRW": 0, "KWD": 3, "VND": 0}  # of ISO 4217, where they are not 2


def money(minor_units, currency):
    digits = DIGITS.get(currency, 2)
    text = str(abs(minor_units)).rjust(digits + 1, "0")
    whole, fraction = (text[:-digits], "." + text[-digits:]) if digits else (text, "")
    return ("-" if minor_units < 0 else "") + whole + fraction


def shown_value(protos, field, fields, currency):
    """One field as JSON: null where it is not set, [] where a list is empty."""
    value = fields.get(field.name, [] if field.repeated else None)
    nested = protos.messages.get(field.type)
    if value is None:
        return None
    if nested is not None:
        objects = [shown_fields(protos, nested, one, currency) for one in (value if field.repeated else [value])]
        return objects if field.repeated else objects[0]
    return money(value, fields.get("currency", currency)) if field.is_money else value


def shown_fields(protos, message, fields, currency=None):
    shown = {}
    for field in message.fields:
        if field.is_shown and field.name != "meta":
            shown[field.name] = shown_value(protos, field, fields, currency)
    if any(field.name == "meta" for field in message.fields):
        shown |= shown_fields(protos, protos.messages["Meta"], {})
    return shown


def tag_names(workspace, fields):
    return [workspace.records[tag].fields["name"] for tag in fields.get("tag_ids", ())]


def record_json(workspace, record):
    """The record as an answer shows it: names of its company and tags are today's."""
    protos = workspace.protos
    shown = {"id": record.id} | shown_fields(protos, protos.kinds[record.kind].message, record.fields)
    shown |= shown_fields(protos, protos.messages["Meta"], record.meta)
    if record.kind == "contact":
        company = workspace.records.get(record.fields.get("company_id"))
        if company is not None:
            shown["company_name"] = company.fields["name"]
        shown["tags"] = tag_names(workspace, record.fields)
    return shown


def changes(workspace, kind, before, after):
    """{field: {before, after}} of what an answer shows and what differs; `before` may be None."""
    protos = workspace.protos
    sides = [(record.fields if record else {}, record.meta if record else {}) for record in (before, after)]
    found = {}

    def note(name, values):
        if values[0] != values[1]:
            found[name] = {"before": values[0], "after": values[1]}

    note("deleted_at", [meta.get("deleted_at") for _, meta in sides])
    for field in protos.kinds[kind].message.fields:
        if field.is_shown and field.name != "meta":
            note(field.name, [shown_value(protos, field, fields, None) for fields, _ in sides])
    if kind == "contact":
        note("tags", [tag_names(workspace, fields) for fields, _ in sides])
    return found


def audit_entry(workspace, entry, asked=None):
    """The entry of one event; in the log of another record that the event wrote to, `asked`, what it did to that."""
    commit, event = entry.commit, entry.event
    record_id = asked or event["id"]
    after = workspace.as_of(record_id, event["position"])
    kind = after.kind if after else event["kind"]
    shown = {"position": event["position"], "at": commit["time"], "actor": commit["actor"], "action": event["name"],
             "record": {"kind": kind, "id": record_id}}
    if record_id != event["id"]:
        shown["caused_by"] = {"kind": event["kind"], "id": event["id"]}
    before = workspace.as_of(record_id, event["position"] - 1)
    return shown | {"changes": changes(workspace, kind, before, after), "origin": commit["origin"] or None,
                    "request_id": commit["request_id"] or None, "command_id": commit["command"]}


def event_id(workspace_id, command, index):
    """The first 16 bytes of SHA-256(workspace ‖ command ‖ index), as a UUID of version 8."""
    text = uuid.UUID(workspace_id).bytes + uuid.UUID(command).bytes + index.to_bytes(8, "big")
    octets = bytearray(hashlib.sha256(text).digest()[:16])
    octets[6] = octets[6] & 0x0F | 0x80
    octets[8] = octets[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(octets)))


def own_data(workspace, event, currency):
    """What the event itself says: of the facts of creating and updating the fields they set or clear, else all."""
    protos = workspace.protos
    shown = shown_fields(protos, protos.events[event["name"]], event["data"], currency)
    if protos.generic.get(event["name"]) in ("created", "updated"):
        return {name: value for name, value in shown.items() if name in event["data"] or name in event["cleared"]}
    return shown


def cloud_event(workspace, entry):
    commit, event = entry.commit, entry.event
    before = workspace.as_of(event["id"], event["position"] - 1)
    after = workspace.as_of(event["id"], event["position"])
    actor = commit["actor"]
    shown = {"specversion": "1.0", "type": f"daybook.{event['name']}.v1", "source": f"/workspaces/{workspace.id}",
             "subject": event["id"], "datacontenttype": "application/json", "partitionkey": workspace.id,
             "id": event_id(workspace.id, commit["command"], entry.index), "time": commit["time"],
             "sequence": f"{event['position']:020}", "actor": actor["kind"] + (":" + actor["id"] if actor["id"] else ""),
             "origin": commit["origin"]}
    if "bulk_id" in event["data"]:
        shown["correlationid"] = event["data"]["bulk_id"]
    currency = after.fields.get("currency") if after else None
    shown["data"] = {"record": record_json(workspace, after) if after else None,
                     "changed": changes(workspace, event["kind"], before, after),
                     "event": own_data(workspace, event, currency)}
    return shown


def live(workspace, kind):
    return [record for record in workspace.records.values() if record.kind == kind and not record.is_deleted]


def deal_count(workspace, contact_id):
    return sum(1 for deal in live(workspace, "deal") if deal.fields.get("contact_id") == contact_id)


def board_stage(workspace, pipeline_id, stage):
    """Count and totals of a column. A currency whose sum is nothing does not stand in the totals."""
    deals = [deal.fields for deal in live(workspace, "deal")
             if deal.fields["pipeline_id"] == pipeline_id and deal.fields["stage"] == stage]
    sums = {}
    for deal in deals:
        sums[deal["currency"]] = sums.get(deal["currency"], 0) + deal["value"]
    totals = [{"currency": code, "value": money(total, code)} for code, total in sorted(sums.items()) if total]
    return {"count": len(deals), "totals": totals}
