"""What a run was measured on."""

import os
import pathlib
import platform
import re

CHECKED = ("authentication, validation, references, uniqueness, idempotency, audit, history, hash chain, sealing and a sync "
           "before each answer: on (there is no way to turn them off)")
SHOWN = {"wal_recovery_mode", "max_background_jobs", "db_write_buffer_size", "write_buffer_size", "compression",
         "max_total_wal_size", "allow_concurrent_memtable_write", "block_size", "filter_policy",
         "memtable_insert_with_hint_prefix_extractor"}


def show(options):
    cache = (options.build / "CMakeCache.txt").read_text()
    kind = re.search(r"CMAKE_BUILD_TYPE:\w+=(\w+)", cache).group(1)
    sanitize = re.search(r"DAYBOOK_SANITIZE:\w+=(.*)", cache).group(1)
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1))
    print(f"# build {kind}{' with sanitizers ' + sanitize if sanitize else ''}")
    print(f"# machine {len(os.sched_getaffinity(0))} cores ({cpu.group(1) if cpu else platform.machine()}), "
          f"{memory / 2**20:.0f} GiB, Linux {platform.release()}, load average {os.getloadavg()[0]:.1f}")
    print(f"# size {options.size} contacts, import {options.rows} rows, {options.rounds} rounds of {options.seconds:g} s, "
          f"seed {options.seed}; clients on the same cores")
    print(f"# checks {CHECKED}", flush=True)


def show_rocksdb(data):
    """The options that RocksDB itself wrote down, of the log and of the state."""
    for name in ("log", "state"):
        newest = max((data / name).glob("OPTIONS-*"), key=lambda file: file.stat().st_mtime)
        shown = {}
        for line in newest.read_text().splitlines():
            option, _, value = line.strip().partition("=")
            if option in SHOWN:
                shown.setdefault(option, []).append(value)
        text = ", ".join(f"{option}={'/'.join(dict.fromkeys(values))}" for option, values in sorted(shown.items()))
        print(f"# rocksdb {name}: {text}", flush=True)
