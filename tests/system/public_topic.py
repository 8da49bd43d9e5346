"""The topic of public events, as a program of somebody else reads it."""

import collections
import dataclasses
import json

import confluent_kafka

from child import wait_until

NAMES = ("id", "type", "source", "subject", "time", "sequence", "partitionkey", "traceparent", "actor", "origin",
         "correlationid", "specversion")


@dataclasses.dataclass(frozen=True)
class Message:
    key: str
    headers: dict
    value: bytes

    def event(self):
        """The CloudEvent in its JSON form, as GET /v1/events has it."""
        event = {name: self.headers["ce_" + name] for name in NAMES if "ce_" + name in self.headers}
        return {**event, "datacontenttype": self.headers["content-type"], "data": json.loads(self.value)}

    def sequence(self):
        return int(self.headers["ce_sequence"])


def messages(brokers, topic):
    """Everything that stands on the topic now, each partition in order."""
    consumer = confluent_kafka.Consumer({"bootstrap.servers": brokers, "group.id": "unused", "enable.auto.commit": False})
    found, ends = [], {}
    try:
        for partition in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
            place = confluent_kafka.TopicPartition(topic, partition, confluent_kafka.OFFSET_BEGINNING)
            _, end = consumer.get_watermark_offsets(place, timeout=30)
            if end > 0:
                ends[partition] = end
        consumer.assign([confluent_kafka.TopicPartition(topic, partition, 0) for partition in ends])
        while ends:
            message = consumer.poll(30)
            assert message is not None and message.error() is None, message and message.error()
            headers = {name: value.decode() for name, value in message.headers()}
            found.append(Message(message.key().decode(), headers, message.value()))
            if message.offset() + 1 >= ends.get(message.partition(), 0):
                ends.pop(message.partition(), None)
    finally:
        consumer.close()
    return found


def without_repeats(found):
    """{source: [event, …]}: repeats of (source, sequence) dropped, and what is left must have no gap and be in order."""
    events, last = collections.defaultdict(list), collections.defaultdict(int)
    for message in found:
        source, sequence = message.headers["ce_source"], message.sequence()
        if sequence <= last[source]:
            again = events[source][sequence - 1]
            assert (again["id"], again["sequence"]) == (message.headers["ce_id"], message.headers["ce_sequence"])
            continue
        assert sequence == last[source] + 1, f"{source}: {sequence} comes after {last[source]}"
        assert message.key == message.headers["ce_partitionkey"]
        last[source] = sequence
        events[source].append(message.event())
    return dict(events)


def feed(client):
    """Every event of the workspace by HTTP."""
    events, after = [], 0
    while True:
        page = client.get(f"/v1/events?after={after}&limit=500").json
        events += page["data"]
        if after == page["next_position"]:
            return events
        after = page["next_position"]


def wait_for_all(brokers, topic, *clients, timeout=60):
    """Returns the messages when every event of these workspaces stands on the topic, equal to the feed's."""
    wanted = {events[0]["source"]: events for events in map(feed, clients)}
    found = []

    def is_there():
        try:
            found[:] = messages(brokers, topic)
        except confluent_kafka.KafkaException as error:
            if error.args[0].retriable() or error.args[0].code() == confluent_kafka.KafkaError.NOT_LEADER_FOR_PARTITION:
                return False  # a topic that was made just now
            raise
        last = collections.Counter()
        for message in found:
            last[message.headers["ce_source"]] = max(last[message.headers["ce_source"]], message.sequence())
        return all(last[source] >= len(events) for source, events in wanted.items())

    wait_until(is_there, "the public topic to have every event", timeout)
    published = without_repeats(found)
    for source, events in wanted.items():
        assert published[source][:len(events)] == events
    return found
