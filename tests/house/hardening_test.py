"""The release binary carries the hardening that docs and the packages promise.

    hardening_test.py BINARY
"""

import re
import subprocess
import sys
import unittest

BINARY = ""


def readelf(*options):
    return subprocess.run(["readelf", "--wide", *options, BINARY], check=True, capture_output=True, text=True).stdout


class Hardening(unittest.TestCase):
    def test_loads_at_a_random_address(self):
        self.assertRegex(readelf("--file-header"), r"Type:\s+DYN")
        self.assertRegex(readelf("--dynamic"), r"FLAGS_1.*\bPIE\b")

    def test_resolves_everything_at_start_and_then_closes_the_table(self):
        self.assertRegex(readelf("--program-headers"), r"\bGNU_RELRO\b")
        self.assertRegex(readelf("--dynamic"), r"FLAGS_1.*\bNOW\b")

    def test_has_no_executable_stack(self):
        stack = re.search(r"GNU_STACK.*", readelf("--program-headers")).group()
        self.assertNotIn("E", stack.split()[-2])

    def test_searches_no_library_folder_of_its_own(self):
        self.assertNotRegex(readelf("--dynamic"), r"\((RPATH|RUNPATH)\)")

    def test_guards_its_stack(self):
        self.assertIn("__stack_chk_fail", readelf("--dyn-syms"))

    def test_checks_the_bounds_of_copies(self):
        self.assertRegex(readelf("--dyn-syms"), r"\b__(mem\w+|str\w+|read|snprintf|vsnprintf)_chk\b")

    def test_checks_the_bounds_of_containers(self):
        self.assertIn("__glibcxx_assert_fail", readelf("--dyn-syms"))


if __name__ == "__main__":
    BINARY = sys.argv.pop(1)
    unittest.main()
