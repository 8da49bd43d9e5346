"""Workspaces of a server under test."""

import dataclasses

from client import Client


@dataclasses.dataclass(frozen=True)
class Workspace:
    id: str
    slug: str
    owner_id: str
    key: str  # the owner's
    client: Client  # with that key


def create_workspace(server, name="Acme", **fields):
    """A workspace made with the server's operator key."""
    wish = {"name": name, "owner": {"name": "Ann", "email": "ann@acme.test"}, "currency": "EUR", **fields}
    answer = server.client(server.operator_key()).post("/v1/workspaces", wish)
    assert answer.status == 201, answer.body
    made = answer.json
    return Workspace(made["id"], made["slug"], made["owner"]["id"], made["api_key"], server.client(made["api_key"]))
