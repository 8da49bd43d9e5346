"""`daybook contract`: every event of a seeded workload is what its schema says, each type has a sample, no field that was
published changes, and a server serves the same."""

import json
import os
import random
import re
import subprocess

import jsonschema
import pytest
import yaml

from daybook_server import ROOT, binary
from public_topic import Message, feed
from workload import Workload

SEED = os.environ.get("DAYBOOK_SEED", "public-contract")
FIELDS = ROOT / "proto" / "fields.txt"
FORMATS = jsonschema.Draft202012Validator.FORMAT_CHECKER


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The directory that `daybook contract` writes."""
    out = tmp_path_factory.mktemp("contract")
    subprocess.run([binary(), "contract", "--out", out], check=True, capture_output=True, timeout=30)
    return out


def closed(schema):
    """The schema without room for what it does not name: readers pass over more, our own server has nothing more."""
    if isinstance(schema, dict):
        schema = {name: closed(value) for name, value in schema.items()}
        if "properties" in schema and "type" in schema:
            schema["additionalProperties"] = False
    elif isinstance(schema, list):
        schema = [closed(value) for value in schema]
    return schema


def schemas(published):
    return {file.stem: json.loads(file.read_text()) for file in (published / "schemas").iterdir()}


def test_every_schema_is_one(published):
    for schema in schemas(published).values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_event_of_a_workload_is_what_its_schema_says(published, daybook, new_workspace):
    workspace = new_workspace(daybook)
    Workload(lambda: daybook.client(workspace.key), random.Random(SEED).random(), workspace.owner_id).run(600)
    judges = {type_: jsonschema.Draft202012Validator(closed(schema), format_checker=FORMATS)
              for type_, schema in schemas(published).items()}
    events = feed(workspace.client)
    for event in events:
        errors = [f"{'/'.join(map(str, error.path))}: {error.message}"
                  for error in judges[event["type"]].iter_errors(event["data"])]
        assert not errors, f"DAYBOOK_SEED={SEED} {event['type']} {event['sequence']}: {errors}"
    types = {event["type"] for event in events}
    assert len(types) > 30, types
    assert {"daybook.deal.won.v1", "daybook.contact.merged.v1", "daybook.contact.deleted.v1"} <= types


def sample(published, type_):
    """An event as (its message on the topic, how the feed shows it)."""
    def file(what):
        return published / "samples" / f"{type_}.{what}.json"

    head = json.loads(file("headers").read_text())
    return Message(head["key"], head["headers"], file("value").read_bytes()), json.loads(file("event").read_text())


def test_each_type_has_a_sample_that_is_what_its_schemas_say(published):
    messages = yaml.safe_load((published / "asyncapi.yaml").read_text())["components"]["messages"]
    for type_, schema in schemas(published).items():
        message, event = sample(published, type_)
        jsonschema.Draft202012Validator(closed(messages[type_]["headers"])).validate(message.headers)
        jsonschema.Draft202012Validator(closed(schema), format_checker=FORMATS).validate(json.loads(message.value))
        assert (message.event(), message.key) == (event, event["partitionkey"])
    assert len(list((published / "samples").iterdir())) == 3 * len(messages)


def test_samples_are_of_one_workspace_and_tell_what_happened_there(published):
    events = {type_: sample(published, type_)[1] for type_ in schemas(published)}
    assert len({event["source"] for event in events.values()}) == 1
    assert len({event["id"] for event in events.values()}) == len(events)
    won, merged = events["daybook.deal.won.v1"], events["daybook.contact.merged.v1"]
    assert (won["data"]["record"]["stage"], won["data"]["event"]) == ("won", {"cause": "move", "stage": "won"})
    assert merged["data"]["changed"]["phone"] == {"before": None, "after": "+44 20 7946 0018"}


def test_the_contract_is_the_same_each_time(published, tmp_path):
    subprocess.run([binary(), "contract", "--out", tmp_path / "again"], check=True, capture_output=True, timeout=30)
    assert files_of(tmp_path / "again") == files_of(published)


def test_the_protos_are_those_of_the_descriptor_set(published, tmp_path):
    subprocess.run(["protoc", "--proto_path", published / "proto", "--include_imports", "--descriptor_set_out",
                    tmp_path / "set", "daybook/v1/contract.proto"], check=True, capture_output=True, timeout=30)

    def decoded(file):
        return subprocess.run(["protoc", "--decode", "google.protobuf.FileDescriptorSet", "google/protobuf/descriptor.proto"],
                              stdin=file.open("rb"), check=True, capture_output=True, timeout=30).stdout

    names = re.findall(rb'^  name: "(.*)"$', decoded(tmp_path / "set"), re.M)
    assert names == re.findall(rb'^  name: "(.*)"$', decoded(published / "daybook.binpb"), re.M)
    assert b"daybook/v1/contact.proto" in names


def files_of(directory):
    """{path below it: bytes}."""
    return {str(file.relative_to(directory)): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def test_a_server_serves_all_of_it_to_everybody(published, daybook):
    client = daybook.client()
    wanted = files_of(published)
    listed = client.get("/contract").json["files"]
    assert {file["path"].removeprefix("/contract/") for file in listed} == set(wanted)
    for file in listed:
        answer = client.get(file["path"])
        assert (answer.status, answer.headers["Content-Type"]) == (200, file["media_type"])
        assert answer.body == wanted[file["path"].removeprefix("/contract/")]
        assert len(answer.body) == file["bytes"]


@pytest.mark.parametrize("path, media_type", [
    ("/contract", "application/json"),
    ("/contract/asyncapi.yaml", "application/yaml"),
    ("/contract/daybook.binpb", "application/protobuf"),
    ("/contract/fields.txt", "text/plain; charset=utf-8"),
    ("/contract/proto/daybook/v1/deal.proto", "text/plain; charset=utf-8"),
    ("/contract/schemas/daybook.deal.won.v1.json", "application/schema+json"),
    ("/contract/samples/daybook.deal.won.v1.value.json", "application/json"),
    ("/contract/samples/daybook.deal.won.v1.event.json", "application/cloudevents+json"),
])
def test_what_a_client_has_is_not_sent_again(daybook, path, media_type):
    client = daybook.client()
    first = client.get(path)
    assert first.headers["Content-Type"] == media_type
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert client.get(path, headers={"If-None-Match": '"another"'}).body == first.body


@pytest.mark.parametrize("path", ["/contract/none.txt", "/contract/schemas", "/contract/schemas/none.json",
                                  "/contract/proto/daybook/log/record.proto"])
def test_what_is_no_part_of_it_is_not_found(daybook, path):
    assert daybook.client().get(path).status == 404


def test_asyncapi_names_every_type_and_its_schema(published):
    document = yaml.safe_load((published / "asyncapi.yaml").read_text())
    assert document["asyncapi"] == "3.0.0"
    messages = document["components"]["messages"]
    assert set(messages) == set(schemas(published))
    assert set(document["channels"]["events"]["messages"]) == set(messages)
    for type_, message in messages.items():
        assert (published / message["payload"]["$ref"]).is_file()
        assert message["headers"]["properties"]["ce_type"]["const"] == type_


def test_what_was_published_of_the_model_never_changes(published):
    """proto/fields.txt only grows. After an addition, `daybook contract` writes the new one."""
    before, now = FIELDS.read_text().splitlines(), (published / "fields.txt").read_text().splitlines()
    assert not set(before) - set(now), "these fields or values were changed or removed"
    assert before == now, f"copy {published / 'fields.txt'} to proto/fields.txt"
