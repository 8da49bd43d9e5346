"""clang-tidy with the checks of .clang-tidy over every source file outside the tests. From 22 on it leaves the system's
headers alone, and takes a third of the time.

    tidy_test.py BUILD_FOLDER    (with compile_commands.json and the generated protobuf headers)

A file that passed is not looked at again until it, one of the headers it includes, .clang-tidy, the flags or the tool
change: BUILD_FOLDER/tidy keeps a fingerprint of each.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import unittest

import tree

FOLDERS = ("model", "domain", "eventstore", "projections", "consumers", "api", "cli")
TIDY = tree.ROOT / "build" / "venv" / "bin" / "clang-tidy"
BUILD = pathlib.Path()


def included_files(path, seen):
    """The file and all of ours that it includes, directly or not, into `seen`."""
    if path in seen:
        return
    seen.add(path)
    for quoted, header in tree.includes(tree.text(path)):
        for start in (tree.ROOT, BUILD / "proto" / "generated"):
            if quoted and (start / header).is_file():
                included_files(start / header, seen)


def without_precompiled_header(command):
    """The command as clang reads it: GCC's precompiled header is none of its own, and hides a missing #include."""
    words = shlex.split(command)
    kept = [word for index, word in enumerate(words)
            if word not in ("-include", "-Winvalid-pch", "-fpch-preprocess") and words[index - 1] != "-include"]
    return shlex.join(kept)


def fingerprint(path, command):
    seen = set()
    included_files(path, seen)
    digest = hashlib.sha256(command.encode())
    for rules in (".clang-tidy", "tests/requirements.txt"):
        digest.update((tree.ROOT / rules).read_bytes())
    for file in sorted(seen):
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def check(path, command):
    """What clang-tidy says about the file; nothing if it is content."""
    stamp = BUILD / "tidy" / (tree.name(path) + ".ok")
    now = fingerprint(path, command)
    if stamp.is_file() and stamp.read_text() == now:
        return ""
    run = subprocess.run([TIDY, "-p", str(BUILD / "tidy"), "--quiet", str(path)], capture_output=True, text=True)
    if run.returncode != 0:
        return run.stdout or run.stderr
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now)
    return ""


class Tidy(unittest.TestCase):
    def test_of_every_source_file(self):
        entries = json.loads((BUILD / "compile_commands.json").read_text())
        for entry in entries:
            entry["command"] = without_precompiled_header(entry["command"])
        (BUILD / "tidy").mkdir(exist_ok=True)
        (BUILD / "tidy" / "compile_commands.json").write_text(json.dumps(entries))
        commands = {pathlib.Path(entry["file"]): entry["command"] for entry in entries}
        files = [path for folder in FOLDERS for path in tree.files(".cc", below=folder)]
        self.assertEqual([], [tree.name(path) for path in files if path not in commands], "not part of the build")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            complaints = list(pool.map(lambda path: check(path, commands[path]), files))
        self.assertEqual("", "\n".join(filter(None, complaints)))


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
