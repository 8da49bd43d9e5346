"""A server on a real broker: what the tests of the log on Kafka share. Its fixtures are imported by name."""

import uuid

import pytest

from child import Child
from daybook_server import DaybookServer, binary
from kafka_broker import KafkaBroker


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    broker = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture
def three_brokers(tmp_path):
    brokers = KafkaBroker(tmp_path / "three", 3)
    brokers.start()
    yield brokers
    brokers.stop()


@pytest.fixture
def prefix():
    return f"test-{uuid.uuid4()}."


@pytest.fixture
def server(start_daybook, broker, prefix):
    return start_daybook(*broker.args(prefix))


def create(client, email):
    return client.post("/v1/contacts", {"email": email}, headers={"Idempotency-Key": f"key of {email}"})


def emails_of(client):
    found, path = [], "/v1/contacts?limit=500"
    while path:
        page = client.get(path).json
        found += [(contact["email"], contact["id"]) for contact in page["data"]]
        cursor = page.get("next_cursor")
        path = f"/v1/contacts?limit=500&cursor={cursor}" if cursor else None
    return sorted(found)


def make(client, count, name):
    """{e-mail: id} of contacts that were created."""
    made = {}
    for number in range(count):
        answer = create(client, f"{name}{number}@example.com")
        assert answer.status == 201, answer.body
        made[answer.json["email"]] = answer.json["id"]
    return made


def log_state(server):
    return server.client().get("/readyz").json["checks"]["log"]["state"]


def refused_start(data, *args):
    """What a start that is refused says."""
    child = Child([binary(), "serve", "--data", data, "--listen", "127.0.0.1:0", *args], env=DaybookServer(data).env)
    assert child.process.wait(60) == 1
    child.end()
    return child.output()
