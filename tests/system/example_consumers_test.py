"""examples/consumers: a program in each language prints every won deal once, over kills, repeats and unknown types."""

import re
import signal
import subprocess

import confluent_kafka
import pytest

from child import Child, wait_until
from daybook_server import ROOT
from kafka_server import broker, prefix  # the nouns are fixtures
from public_topic import messages, wait_for_all
from won_mail import Sales

pytestmark = pytest.mark.own_log

CONSUMERS = ROOT / "examples" / "consumers"
JARS = ROOT / "build" / "kafka" / "jars"  # deploy/kafka has fetched and checked them; Kafka's clients are among them
PYTHON = ROOT / "build" / "venv" / "bin" / "python"


def go_program():
    """Built once; Go's cache makes a second time quick."""
    program = ROOT / "build" / "examples" / "won-deals-go"
    subprocess.run(["go", "build", "-mod=readonly", "-o", program, "."], cwd=CONSUMERS / "go", check=True, timeout=240)
    return [program]


COMMANDS = {
    "python": lambda: [PYTHON, CONSUMERS / "python" / "won_deals.py"],
    "node": lambda: ["node", CONSUMERS / "node" / "won_deals.mjs"],
    "java": lambda: ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS}/*", CONSUMERS / "java" / "WonDeals.java"],
    "go": go_program,
}


def printed(child):
    """The titles of the deals, each with the value that all of them have."""
    return [match.group(1) for match in (re.match(r"won: (.+) 12500\.00 EUR$", line) for line in child.lines) if match]


def write_again(brokers, topic, first, **changes):
    """A message that stood on the topic, once more, with other headers."""
    producer = confluent_kafka.Producer({"bootstrap.servers": brokers, "partitioner": "murmur2_random"})
    headers = {**first.headers, **changes}
    producer.produce(topic, key=first.key, value=first.value, headers=list(headers.items()))
    assert producer.flush(30) == 0


@pytest.mark.parametrize("language", COMMANDS)
def test_it_prints_each_won_deal_once(language, start_daybook, broker, prefix, new_workspace, tmp_path):
    brokers, topic = broker.addresses(), prefix + "events"
    server = start_daybook("--brokers", brokers, "--create-topics", "--events-topic", topic)
    workspace = new_workspace(server, currency="EUR")
    sales = Sales(server, workspace)
    for number in range(3):
        sales.win(f"Deal {number}")
    there = wait_for_all(brokers, topic, workspace.client)
    won = [message for message in there if message.headers["ce_type"] == "daybook.deal.won.v1"]

    command = [*COMMANDS[language](), brokers, topic, tmp_path / "last"]
    first = Child(command)
    wait_until(lambda: len(printed(first)) == 3, f"three deals of {first.lines}", 60)
    write_again(brokers, topic, won[0])
    sales.win("Deal 3")
    wait_until(lambda: len(printed(first)) == 4, f"the fourth deal of {first.lines}", 60)
    # A kill between printing and saving may print once more, so the last event is to be saved first.
    there = wait_for_all(brokers, topic, workspace.client)
    last = max(message.sequence() for message in there if message.headers["ce_source"].endswith(workspace.id))
    wait_until(lambda: re.search(rf"\b0*{last}\b", (tmp_path / "last").read_text()), f"event {last} to be saved")
    first.end(signal.SIGKILL)
    assert printed(first) == [f"Deal {number}" for number in range(4)]

    next_sequence = max(message.sequence() for message in messages(brokers, topic)) + 1
    write_again(brokers, topic, won[1])
    sales.win("Deal 4")
    wait_for_all(brokers, topic, workspace.client)
    last = max(message.sequence() for message in messages(brokers, topic))
    assert last > next_sequence
    write_again(brokers, topic, won[2], ce_type="daybook.deal.celebrated.v9", ce_sequence=f"{last + 1:020}")
    write_again(brokers, topic, won[2], ce_sequence=f"{last + 2:020}")  # a mark: what came before it was read
    second = Child(command)
    wait_until(lambda: "Deal 2" in printed(second), f"the mark in {second.lines}", 90)
    second.end(signal.SIGTERM)
    assert printed(second) == ["Deal 4", "Deal 2"]
