"""Every C++ file stands as clang-format 19 writes it. To repair: clang-format-19 -i FILE."""

import subprocess
import unittest

import tree


class Format(unittest.TestCase):
    def test_of_every_file(self):
        files = [tree.name(path) for path in tree.files(".h", ".cc")]
        run = subprocess.run(["clang-format-19", "--dry-run", "-Werror", *files], cwd=tree.ROOT, capture_output=True, text=True)
        wrong = sorted({line.split(":", 1)[0] for line in run.stderr.splitlines() if "clang-format-violations" in line})
        self.assertFalse(wrong, "\n" + "\n".join(wrong))
        self.assertEqual(0, run.returncode, run.stderr)


if __name__ == "__main__":
    unittest.main()
