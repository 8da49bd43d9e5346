"""A real Kafka broker of a test's own, by deploy/kafka, through kills and restarts."""

import io
import os
import pathlib
import signal
import socket
import struct
import subprocess

from child import wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]


class KafkaBroker:
    """One broker, or three of which each topic has a replica. Ports, and so addresses, stay the same over restarts."""

    def __init__(self, directory, brokers=1):
        self.directory = pathlib.Path(directory)
        self.brokers = brokers

    def _deploy(self, command):
        subprocess.run([ROOT / "deploy" / "kafka", command, "--dir", self.directory, "--brokers", str(self.brokers),
                        "--port", "0"], check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    def start(self):
        """Returns when it answers."""
        self._deploy("start")
        return self

    def stop(self):
        self._deploy("stop")

    def _pid(self, number=1):
        return int((self.directory / str(number) / "pid").read_text())

    def leader(self, topic):
        """The number of the broker that leads the topic's first partition: a Metadata request of version 4 (Kafka
        protocol guide)."""
        host, port = self.addresses().split(",")[0].split(":")
        wanted = struct.pack(">hhih", 3, 4, 1, -1) + struct.pack(">ih", 1, len(topic)) + topic.encode() + b"\0"
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(struct.pack(">i", len(wanted)) + wanted)
            answer = connection.makefile("rb")
            answer = io.BytesIO(answer.read(*struct.unpack(">i", answer.read(4))))

        def number(form):
            return struct.unpack(">" + form, answer.read(struct.calcsize(">" + form)))[0]

        def text():
            return answer.read(max(0, number("h")))

        number("q")  # correlation, throttling
        for _ in range(number("i")):
            number("i"), text(), number("i"), text()
        text(), number("i")  # cluster, controller
        assert (number("i"), number("h"), text(), number("?")) == (1, 0, topic.encode(), False)
        assert (number("i"), number("h"), number("i")) == (1, 0, 0)
        return number("i")

    def pause(self, number=1):
        """Its connections stay, and what is sent to it waits there."""
        os.kill(self._pid(number), signal.SIGSTOP)

    def resume(self, number=1):
        os.kill(self._pid(number), signal.SIGCONT)

    def kill(self, number=1):
        """SIGKILL: nothing is finished or told to anybody."""
        pid = self._pid(number)
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not pathlib.Path(f"/proc/{pid}/cmdline").exists() or
                   not pathlib.Path(f"/proc/{pid}/cmdline").read_bytes(), f"the end of broker {pid}")

    def addresses(self):
        return (self.directory / "bootstrap").read_text().strip()

    def args(self, topic_prefix="daybook."):
        """For `daybook serve`."""
        return ["--log", "kafka", "--brokers", self.addresses(), "--topic-prefix", topic_prefix, "--create-topics"]
