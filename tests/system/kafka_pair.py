"""Two servers for one log on Kafka, of which one has it at a time: whoever started last."""

import shutil
import signal

from child import wait_until
from daybook_server import DaybookServer
from kafka_server import log_state


class Pair:
    def __init__(self, place, args):
        self.servers = [DaybookServer(place / name, args) for name in ("a", "b")]
        self.active, self.other = self.servers
        self.active.start()
        self.other.data.mkdir()
        shutil.copytree(self.active.data / "keys", self.other.data / "keys")
        shutil.copy(self.active.data / "operator.key", self.other.data / "operator.key")

    def url(self):
        return self.active.url

    def restart_after_kill(self):
        self.active.kill()
        self.active.start()

    def take_over(self):
        """The other one starts and has the log; the one before goes on running, and is now `other`."""
        self.other.start()
        self.active, self.other = self.other, self.active

    def end_other(self):
        """The one that was replaced notices, and is killed."""
        wait_until(lambda: log_state(self.other) == "replaced", "the server that was replaced to notice")
        self.other.kill()

    def pause_active(self):
        self.active.child.process.send_signal(signal.SIGSTOP)

    def wake_other(self):
        self.other.child.process.send_signal(signal.SIGCONT)

    def end(self):
        for server in self.servers:
            if server.is_running():
                server.child.process.send_signal(signal.SIGCONT)
                server.kill()
