"""A volume whose size a test changes: a tmpfs that nobody else sees, in a mount namespace of its own.

Needs what `unshare --mount` needs: root, or user namespaces.
"""

import os
import pathlib
import subprocess

# Takes a size per line and says "sized" when it holds; ends, and the volume with it, when there are no more lines.
KEEP = """mount -t tmpfs -o size=1g,mode=755 tmpfs "$0" && echo ready
while read -r size; do mount -o "remount,size=$size" "$0" && echo sized; done"""


class Volume:
    """Mounted on the directory; `path` is the way in from outside the namespace, for this process and its children."""

    def __init__(self, directory):
        directory.mkdir()
        as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
        self._keeper = subprocess.Popen(
            ["unshare", "--mount", *as_root, "sh", "-c", KEEP, str(directory)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._expect("ready")
        self.path = pathlib.Path(f"/proc/{self._keeper.pid}/root{directory}")

    def leave(self, free_bytes):
        """From here on so much is free, rounded down to whole blocks."""
        stats = os.statvfs(self.path)
        used = (stats.f_blocks - stats.f_bfree) * stats.f_frsize
        self._keeper.stdin.write(f"{used + free_bytes // stats.f_frsize * stats.f_frsize}\n")
        self._keeper.stdin.flush()
        self._expect("sized")

    def end(self):
        self._keeper.stdin.close()
        self._keeper.wait(30)
        self._keeper.stdout.close()

    def _expect(self, word):
        said = self._keeper.stdout.readline().strip()
        assert said == word, f"no volume of its own for this test, which takes root or user namespaces: {said}"
