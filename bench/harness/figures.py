"""The figures, part by part. Targets are those of the product's goals; a `-` is for orientation."""

import json
import os
import re
import shutil
import subprocess
import time

from harness import csv_rows
from harness.server import Broker, Replies, Server, load
from harness.settings import show_rocksdb
from harness.table import Rounds

ALL = ("create", "latency", "reads", "moves", "slow_sync", "rebuild", "import", "rows", "lists", "kafka")
OWNERS = 1_000
DEALS = 2_000


class Filled:
    """A data directory with a workspace of `size` contacts, made through HTTP."""

    def __init__(self, options, scratch):
        self.options = options
        self.build = options.build
        self.scratch = scratch
        self.data = scratch / "filled"
        self.owners = scratch / "owners"
        self.contacts = scratch / "contacts"
        self.deals = scratch / "deals"
        self.made = 0  # contacts, so that no two loads make the same one
        self.moved = 0
        shutil.rmtree(self.data, ignore_errors=True)
        with self.serve() as server:
            self.key = server.workspace_key()
            load(self.build, "members", server.port, key=self.key, requests=OWNERS, ids=self.owners)
            self.fill = self.create(server, connections=256, requests=options.size, ids=self.contacts)
            load(self.build, "deals", server.port, key=self.key, requests=DEALS, records=self.contacts,
                 owners=self.owners, ids=self.deals)
        show_rocksdb(self.data)

    def serve(self, **given):
        return Server(self.build, self.data, **given)

    def create(self, server, **given):
        measured = load(self.build, "contacts", server.port, key=self.key, seed=self.options.seed + self.made,
                        first=self.made, owners=self.owners, **given)
        self.made += measured["answered"]
        return measured

    def move(self, server, **given):
        measured = load(self.build, "moves", server.port, key=self.key, first=self.moved, records=self.deals, **given)
        self.moved += measured["answered"]
        return measured


def durable_rows_limit(filled, seconds):
    directory = filled.scratch / "limits"
    shutil.rmtree(directory, ignore_errors=True)
    command = [filled.build / "bench" / "limits", "rows", directory, str(seconds)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def show_latency(table, name, measured, p99_to_p50=None, most_ms=None):
    table.add(f"{name}_p50", measured["p50_us"] / 1000, "ms")
    table.add(f"{name}_p90", measured["p90_us"] / 1000, "ms")
    table.add(f"{name}_p99", measured["p99_us"] / 1000, "ms")
    if p99_to_p50:
        table.at_most(f"{name}_p99_to_p50", measured["p99_us"] / measured["p50_us"], "ratio", p99_to_p50)
    if most_ms:
        table.at_most(f"{name}_max", measured["max_us"] / 1000, "ms", most_ms)
    else:
        table.add(f"{name}_max", measured["max_us"] / 1000, "ms")


def measure_create(filled, table, peak):
    rounds = Rounds()
    seconds = filled.options.seconds
    with filled.serve() as server:
        filled.create(server, connections=64, seconds=1)
        for _ in range(filled.options.rounds):
            rounds.add("limit", durable_rows_limit(filled, seconds))
            before = server.syncs()
            measured = filled.create(server, connections=64, seconds=seconds)
            rounds.add("syncs", (server.syncs() - before) / measured["answered"])
            rounds.add("create", measured["rate"])
            rounds.add("alone", filled.create(server, connections=1, seconds=min(seconds, 1))["p50_us"] / 1000)
    peak["create"] = rounds.median("create")
    table.add("limit_rows_c64", rounds.median("limit"), "creates/s")
    table.at_least("create_c64", rounds.median("create"), "creates/s", 5000)
    table.at_least("create_c64_to_limit", rounds.ratio("create", "limit"), "ratio", 0.55)
    table.at_most("syncs_per_create_c64", rounds.median("syncs"), "syncs", 0.0625)
    table.add("create_c1_p50", rounds.median("alone"), "ms")
    show_latency(table, "create_c64", measured)


def measure_latency(filled, table, peak):
    with filled.serve() as server:
        if "create" not in peak:
            peak["create"] = filled.create(server, connections=64, seconds=filled.options.seconds)["rate"]
        measured = filled.create(server, connections=256, seconds=3 * filled.options.seconds, rate=peak["create"] / 2)
    table.add("create_open_loop_rate", peak["create"] / 2, "creates/s")
    show_latency(table, "create_open_loop", measured, p99_to_p50=10, most_ms=100)


def measure_reads(filled, table, _):
    rounds = Rounds()
    given = {"connections": 64, "seconds": filled.options.seconds}
    reading = {"key": filled.key, "records": filled.contacts, "owners": filled.owners, "seed": filled.options.seed}
    with filled.serve() as server, Replies(filled.build) as replies:
        load(filled.build, "gets", server.port, **reading, connections=64, seconds=1)
        for _ in range(filled.options.rounds):
            rounds.add("limit", load(filled.build, "replies", replies.port, **given)["rate"])
            gets = load(filled.build, "gets", server.port, **reading, **given)
            pages = load(filled.build, "pages", server.port, **reading, **given)
            rounds.add("get", gets["rate"])
            rounds.add("page", pages["rate"])
    table.add("limit_replies_c64", rounds.median("limit"), "replies/s")
    table.add("get_c64", rounds.median("get"), "gets/s")
    table.at_least("get_c64_to_limit", rounds.ratio("get", "limit"), "ratio", 0.5)
    show_latency(table, "get_c64", gets)
    table.add("page_of_50_c64", rounds.median("page"), "pages/s")
    show_latency(table, "page_of_50_c64", pages)


def measure_moves(filled, table, _):
    with filled.serve() as server:
        rates = [filled.move(server, connections=64, seconds=filled.options.seconds) for _ in range(filled.options.rounds)]
    rates.sort(key=lambda measured: measured["rate"])
    middle = rates[len(rates) // 2]
    table.add("move_stage_c64", middle["rate"], "moves/s")
    show_latency(table, "move_stage_c64", middle)


def measure_slow_sync(filled, table, _):
    rounds = Rounds()
    for _ in range(max(1, filled.options.rounds // 2)):
        for name, delay in (("fast", 0), ("slow", 1000)):
            with filled.serve(sync_delay_us=delay) as server:
                filled.create(server, connections=256, seconds=0.5)
                rounds.add(name, filled.create(server, connections=256, seconds=filled.options.seconds)["rate"])
    table.add("create_c256", rounds.median("fast"), "creates/s")
    table.add("create_c256_sync_plus_1ms", rounds.median("slow"), "creates/s")
    table.at_least("create_c256_slow_to_fast_sync", rounds.ratio("slow", "fast"), "ratio", 0.6)


def measure_rebuild(filled, table, _):
    with filled.serve() as server:
        start_s = server.start_s
        table.add("memory_after_start", server.status("VmRSS"), "MiB")
    table.at_most("start_to_ready", start_s, "s", 1)
    began = time.monotonic()
    rebuild = subprocess.Popen([filled.build / "daybook", "projections", "rebuild", "--data", filled.data],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    digests = rebuild.stdout.read()
    _, status, usage = os.wait4(rebuild.pid, 0)
    seconds = time.monotonic() - began
    rebuild.returncode = os.waitstatus_to_exitcode(status)
    events = re.search(r"^audit \S+ (\d+)$", digests, re.MULTILINE)
    table.right("rebuild_exit_status", rebuild.returncode, "status", rebuild.returncode == 0 and events is not None)
    table.add("rebuild_events", int(events.group(1)), "events")
    table.add("rebuild", int(events.group(1)) / seconds, "events/s")
    table.at_most("rebuild_memory", usage.ru_maxrss / 1024, "MiB", 512)


def run_import(server, key, file, rows):
    began = time.monotonic()
    answer = server.request("POST", "/v1/imports?kind=contacts&commit=true", file, key, "text/csv", {"Prefer": "wait=60"})
    made = json.loads(answer.text)
    if answer.status not in (201, 202):
        raise RuntimeError(answer.text)
    while made["state"] == "running":
        made = json.loads(server.request("GET", "/v1/imports/" + made["id"], None, key, headers={"Prefer": "wait=60"}).text)
    if made["state"] != "committed" or made["created"] != rows:
        raise RuntimeError(f"the import ended as {made}")
    return time.monotonic() - began


def measure_import(options, scratch, table):
    data = scratch / "imported"
    shutil.rmtree(data, ignore_errors=True)
    with Server(options.build, data) as server:
        key = server.workspace_key()
        run_import(server, key, csv_rows.contacts(options.seed, 0, options.rows), options.rows)
        idle = server.status("VmRSS")
        server.reset_peak()
        seconds = run_import(server, key, csv_rows.contacts(options.seed, options.rows, options.rows), options.rows)
        above = server.status("VmHWM") - idle
    table.add("import", options.rows / seconds, "rows/s")
    table.add("import_idle_memory", idle, "MiB")
    table.at_most("import_memory_above_idle", above, "MiB", 128)


def measure_rows(options, table):
    text = subprocess.run([options.build / "bench" / "rows"], capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        name, rows, size, events, *types = line.split()
        if name == "contact":
            table.at_most(f"rows_{name}", int(rows), "rows", 12)
        else:
            table.add(f"rows_{name}", int(rows), "rows")
        table.add(f"bytes_{name}", int(size), "bytes")
        shown = ", ".join("{} {} ({} B)".format(*reversed(kind.split(":")[:2]), kind.split(":")[2]) for kind in types)
        print(f"#   {name}: {events} events; {shown}")


def measure_lists(options, scratch, table):
    command = [options.build / "bench" / "list_pages", scratch / "lists", str(max(5, options.rounds))]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in text.splitlines():
        what, name, *values = line.split()
        if what == "page":
            small, large, ratio, is_target = values
            table.add(f"page_{name}_1M", float(large), "us")
            if is_target == "yes":
                table.at_most(f"page_{name}_1M_to_10k", float(ratio), "ratio", 1.5)
        else:
            count, pages, ms, right = values
            table.right(f"walk_{name}", int(count), "rows", right == "yes")
            table.add(f"walk_{name}_pages", int(pages), "pages")
            table.add(f"walk_{name}_time", float(ms), "ms")


def producer_limit(build, broker):
    command = [build / "bench" / "kafka_append", broker.addresses, "records=10000", "bare=1"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"^kafka_producer_rate_64 (\S+)", text, re.MULTILINE).group(1))


def measure_kafka(options, scratch, table):
    """The log on a broker of its own that syncs each record, against a bare producer there."""
    data = scratch / "on-kafka"
    shutil.rmtree(data, ignore_errors=True)
    rounds = Rounds()
    made = 0
    owners = scratch / "owners"
    with Broker(scratch / "kafka") as broker:
        args = ["--log", "kafka", "--brokers", broker.addresses, "--create-topics"]
        with Server(options.build, data, args=args) as server:
            key = server.workspace_key()
            load(options.build, "members", server.port, key=key, requests=OWNERS, ids=owners)
            for number in range(options.rounds + 1):
                measured = load(options.build, "contacts", server.port, key=key, seed=options.seed + made, first=made,
                                owners=owners, connections=64, seconds=options.seconds)
                made += measured["answered"]
                if number == 0:
                    continue  # to warm up
                rounds.add("create", measured["rate"])
                rounds.add("limit", producer_limit(options.build, broker))
    table.add("kafka_limit_producer_c64", rounds.median("limit"), "records/s")
    table.add("kafka_create_c64", rounds.median("create"), "creates/s")
    table.at_least("kafka_create_c64_to_limit", rounds.ratio("create", "limit"), "ratio", 0.3)
    show_latency(table, "kafka_create_c64", measured)


OVER_HTTP = {"create": measure_create, "latency": measure_latency, "reads": measure_reads, "moves": measure_moves,
             "slow_sync": measure_slow_sync, "rebuild": measure_rebuild}


def measure(options, parts, scratch, table):
    over_http = [part for part in ALL if part in parts and part in OVER_HTTP]
    if over_http:
        filled = Filled(options, scratch)
        table.add("fill_c256", filled.fill["rate"], "creates/s")
        peak = {}
        for part in over_http:
            OVER_HTTP[part](filled, table, peak)
        shutil.rmtree(filled.data)
    if "import" in parts:
        measure_import(options, scratch, table)
    if "rows" in parts:
        measure_rows(options, table)
    if "lists" in parts:
        measure_lists(options, scratch, table)
    if "kafka" in parts:
        measure_kafka(options, scratch, table)
