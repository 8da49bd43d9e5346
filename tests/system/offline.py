"""Commands over the data of a stopped server."""

import json
import subprocess

from daybook_server import binary, clean_environment


def run(*args, timeout_s=120):
    """The finished command: returncode, stdout, stderr as text."""
    return subprocess.run([str(binary()), *map(str, args)], env=clean_environment(), capture_output=True, text=True,
                          timeout=timeout_s)


def verify(data):
    return run("verify", "--data", data)


def digest(data):
    """{name: (sha256, count)} of the read models."""
    done = run("projections", "digest", "--data", data)
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    return {name: (sha256, int(count)) for name, sha256, count in lines}


def dump(data, output="json"):
    """The commits of the log, or its records as they stand; oldest first in each partition."""
    done = run("log", "dump", "--data", data, "--output", output)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
