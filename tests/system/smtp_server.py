"""The mail server of smtp/server.mjs: real SMTP, with scripted faults."""

import json
import pathlib
import re

from child import Child, wait_until

SERVER = pathlib.Path(__file__).resolve().parent / "smtp" / "server.mjs"
LISTENING = re.compile(r"^listening (\d+)$")


class SmtpServer:
    """Runs until `stop`. `script` is a step or a list of steps, described at the top of server.mjs."""

    def __init__(self, out, script=None, cert=None, key=None, port=0):
        self.out = pathlib.Path(out)
        command = ["node", SERVER, "--out", self.out, "--port", port]
        if script is not None:
            command += ["--script", json.dumps(script)]
        if cert is not None:
            command += ["--cert", cert, "--key", key]
        self.child = Child(command)
        self.port = int(self.child.wait_for_line(LISTENING).group(1))
        self.url = f"smtp://127.0.0.1:{self.port}"

    def mails(self):
        """What came in whole so far, oldest first; "reply" is 250 where it was accepted."""
        if not self.out.exists():
            return []
        whole_lines = self.out.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole_lines.splitlines() if line]

    def wait_for_mails(self, count, timeout_s=30):
        return wait_until(lambda: len(self.mails()) >= count and self.mails(), f"{count} mails", timeout_s)

    def stop(self):
        self.child.end()
