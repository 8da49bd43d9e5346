"""A real Kafka broker of a test's own, by deploy/kafka, through kills and restarts."""

import os
import pathlib
import signal
import subprocess

from child import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]


class KafkaBroker:
    """Its ports, and so its address, stay the same over restarts."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)

    def _deploy(self, command):
        subprocess.run([ROOT / "deploy" / "kafka", command, "--dir", self.directory, "--port", "0"], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def start(self):
        """Returns when it answers."""
        self._deploy("start")
        return self

    def stop(self):
        self._deploy("stop")

    def _pid(self):
        return int((self.directory / "1" / "pid").read_text())

    def pause(self):
        """Its connections stay, and what is sent to it waits there."""
        os.kill(self._pid(), signal.SIGSTOP)

    def resume(self):
        os.kill(self._pid(), signal.SIGCONT)

    def kill(self):
        """SIGKILL: nothing is finished or told to anybody."""
        pid = self._pid()
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not pathlib.Path(f"/proc/{pid}/cmdline").exists() or
                   not pathlib.Path(f"/proc/{pid}/cmdline").read_bytes(), f"the end of broker {pid}")

    def addresses(self):
        return (self.directory / "bootstrap").read_text().strip()

    def args(self, topic_prefix="daybook."):
        """For `daybook serve`."""
        return ["--log", "kafka", "--brokers", self.addresses(), "--topic-prefix", topic_prefix, "--create-topics"]
