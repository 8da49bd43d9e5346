"""System calls of a running server that fail, or are held, on files that a test names."""

import re
import signal

from child import Child

ATTACHED = re.compile(r"Process \d+ attached")


class Injection:
    """Each of `what` is strace's, such as fdatasync:error=EIO, on these files, or on all where none is named. It begins at
    once and lasts until `end`, which lets go what is held."""

    def __init__(self, server, *what, paths=()):
        calls = ",".join(one.partition(":")[0] for one in what)
        named = [part for path in paths for part in ("-P", path)]
        injected = [part for one in what for part in ("-e", f"inject={one}")]
        self._tracer = Child(["strace", "-f", "-o", "/dev/null", "-p", server.child.process.pid, *named,
                              "-e", f"trace={calls}", *injected])
        self._tracer.wait_for_line(ATTACHED)

    def end(self):
        self._tracer.end(signal.SIGINT)


def write_ahead_logs(server):
    """The files that a commit is written to before it is answered."""
    found = sorted((server.data / "log").glob("*.log"))
    assert found, f"no write-ahead log in {server.data / 'log'}"
    return found
