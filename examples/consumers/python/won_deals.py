"""Prints won deals from the public topic: python won_deals.py BROKERS TOPIC STATE_FILE."""

import json
import os
import signal
import sys

from confluent_kafka import Consumer

brokers, topic, state_file = sys.argv[1:]
last = {}  # source → sequence of its last event, kept so that a repeat is known after a restart as well
if os.path.exists(state_file):
    with open(state_file, encoding="utf-8") as file:
        last = json.load(file)

running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)

consumer = Consumer({"bootstrap.servers": brokers, "group.id": "won-deals-python", "auto.offset.reset": "earliest",
                     "enable.auto.commit": False, "session.timeout.ms": 10000})
consumer.subscribe([topic])
while running:
    message = consumer.poll(0.5)
    if message is None or message.error():
        continue
    header = {name: value.decode() for name, value in message.headers() or []}
    source, sequence = header["ce_source"], int(header["ce_sequence"])
    if sequence > last.get(source, 0):
        if header["ce_type"] == "daybook.deal.won.v1":  # every other type is passed over, those of later versions too
            deal = json.loads(message.value())["record"]
            print("won:", deal["title"], deal["value"], deal["currency"], flush=True)
        last[source] = sequence
        with open(state_file + ".new", "w", encoding="utf-8") as file:
            json.dump(last, file)
        os.replace(state_file + ".new", state_file)
    consumer.commit(message, asynchronous=False)
consumer.close()
