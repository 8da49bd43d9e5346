"""The binary as people call it: with arguments, an environment, standard input."""

import json
import os
import pty
import subprocess
import threading

from daybook_server import binary, clean_environment

DONE, REFUSED, WRONG_USAGE, NOT_REACHABLE = 0, 1, 64, 69


def run(*args, env=None, stdin=None, cwd=None, timeout_s=60):
    """The finished command: returncode, stdout, stderr as text."""
    return subprocess.run([str(binary()), *map(str, args)], env={**clean_environment(), **(env or {})}, input=stdin,
                          stdin=None if stdin is not None else subprocess.DEVNULL, capture_output=True, text=True,
                          cwd=cwd, timeout=timeout_s)


def run_json(*args, env=None, **options):
    """What the command printed with --output json; it must have succeeded."""
    done = run(*args, "--output", "json", env=env, **options)
    assert done.returncode == DONE, done.stderr + done.stdout
    return json.loads(done.stdout)


def run_on_terminal(*args, env=None, timeout_s=60, stream="stderr"):
    """(exit code, what a terminal showed of that stream)."""
    ours, theirs = pty.openpty()
    shown = []

    def read():
        try:
            while chunk := os.read(ours, 4096):
                shown.append(chunk)
        except OSError:  # the other side is closed
            pass

    process = subprocess.Popen([str(binary()), *map(str, args)], env={**clean_environment(), **(env or {})},
                               **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                                  "stderr": subprocess.DEVNULL, stream: theirs})
    os.close(theirs)
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        code = process.wait(timeout_s)
    finally:
        process.kill()
        reader.join(5)
        os.close(ours)
    return code, b"".join(shown).decode()
