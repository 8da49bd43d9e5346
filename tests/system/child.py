"""A process under test: started, listened to, ended."""

import signal
import subprocess
import threading
import time


def wait_until(condition, what, timeout_s=30):
    """The first true value of `condition()`; asked every 20 ms, fails after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {timeout_s} s for {what}")


class Child:
    """Runs a command; its stdout and stderr together are `lines`, read by a thread of its own."""

    def __init__(self, command, env=None, cwd=None):
        self.command = [str(part) for part in command]
        self.lines = []
        self.process = subprocess.Popen(self.command, env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def output(self):
        return "\n".join(self.lines)

    def first(self, pattern):
        """The match of the first line with the pattern so far; None where there is none."""
        return next(filter(None, map(pattern.search, list(self.lines))), None)

    def wait_for_line(self, pattern, timeout_s=30):
        """The match of the first line with the pattern. Fails, with the output, if the process ends before."""

        def look():
            ended = self.process.poll() is not None
            if ended:
                self._reader.join()
            found = self.first(pattern)
            if not found and ended:
                raise AssertionError(f"{self.command[:2]} ended with {self.process.returncode}:\n{self.output()}")
            return found

        return wait_until(look, f"{pattern.pattern!r} in:\n{self.output()}", timeout_s)

    def end(self, with_signal=signal.SIGTERM, timeout_s=30):
        """Sends the signal and returns the exit code; a process that does not end is killed, and the test fails."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.command[:2]} did not end within {timeout_s} s:\n{self.output()}") from None
        finally:
            self._reader.join(5)
        return self.process.returncode
