"""`daybook contract`: every event of a seeded workload is what its schema says, and no field that was published changes."""

import json
import os
import random
import subprocess

import jsonschema
import pytest
import yaml

from daybook_server import ROOT, binary
from public_topic import feed
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
