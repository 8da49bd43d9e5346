"""Holds the table of who may include whom in ARCHITECTURE.md against every #include of the tree."""

import fnmatch
import re
import unittest

import tree

POSIX = re.compile(r"(sys|net|netinet|arpa|linux)/\w+\.h|(dirent|errno|fcntl|netdb|poll|pthread|pwd|sched|signal|termios|time|unistd)\.h")
# Generated headers belong to the folder of proto/daybook that they come from.
GENERATED = [("daybook/log/", "proto/log"), ("daybook/state/", "proto/state"), ("daybook/", "proto")]
# domain decides and folds: the same input gives the same output.
IMPURE = {"atomic", "chrono", "condition_variable", "filesystem", "fstream", "future", "iostream", "mutex", "random", "thread"}


class Rule:
    def __init__(self, folders, third_party):
        self.folders = folders  # or None: every one
        self.third_party = third_party  # header prefix -> globs of the files that may include it

    def allows_header(self, header, file):
        return any(
            header.startswith(prefix) and any(fnmatch.fnmatch(file, glob) for glob in globs)
            for prefix, globs in self.third_party.items()
        )


def read_table(markdown):
    """folder -> Rule, from the table whose header row is `| folder | may include | third party |`."""
    lines = markdown.split("| folder | may include | third party |", 1)[1].splitlines()[2:]
    rules = {}
    for line in lines:
        if not line.startswith("|"):
            break
        folder, may_include, third_party = (cell.strip() for cell in line.strip("|").split("|"))
        headers = {}
        for clause in filter(None, third_party.split(";")):
            quoted = re.findall(r"`([^`]+)`", clause)
            split = clause.count("`", 0, clause.index(" in ")) // 2 if " in " in clause else len(quoted)
            globs = [glob + "*" if glob.endswith("/") else glob for glob in quoted[split:]] or [folder + "/*"]
            headers.update({prefix: globs for prefix in quoted[:split]})
        folders = None if may_include == "everything" else {item.strip() for item in may_include.split(",")}
        rules[folder] = Rule(folders, headers)
    return rules


def owner_of(header):
    return next((owner for prefix, owner in GENERATED if header.startswith(prefix)), header.split("/")[0])


def violations(file, source, rules):
    folder = file.split("/")[0]
    rule = rules[folder]
    for quoted, header in tree.includes(source):
        if quoted:
            owner = owner_of(header)
            if owner != folder and rule.folders is not None and owner not in rule.folders:
                yield f"{file}: {folder} may not include {owner} ({header})"
        elif "." not in header:
            if folder == "domain" and header in IMPURE:
                yield f"{file}: domain is pure and may not include <{header}>"
        elif not POSIX.fullmatch(header):
            if not rule.allows_header(header, file):
                yield f"{file}: <{header}> is not among the third-party headers of {folder} here"
            if file.endswith(".h"):
                yield f"{file}: <{header}> belongs into a .cc file"


class WhoMayIncludeWhom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rules = read_table(tree.text(tree.ROOT / "ARCHITECTURE.md"))

    def test_the_tree_keeps_to_the_table(self):
        found = [
            violation
            for folder in self.rules
            for path in tree.files(".h", ".cc", below=folder)
            for violation in violations(tree.name(path), tree.text(path), self.rules)
        ]
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_every_folder_with_sources_is_in_the_table(self):
        folders = {tree.name(path).split("/")[0] for path in tree.files(".h", ".cc")}
        self.assertEqual(folders - {"tests", "bench", "examples"}, set(self.rules))

    def test_own_headers_are_named_from_the_root(self):
        missing = [
            f"{tree.name(path)}: {header}"
            for path in tree.files(".h", ".cc")
            for quoted, header in tree.includes(tree.text(path))
            if quoted and not header.endswith(".pb.h") and not (tree.ROOT / header).is_file()
        ]
        self.assertFalse(missing, "\n" + "\n".join(missing))


class TheCheckItself(unittest.TestCase):
    RULES = read_table(
        "| folder | may include | third party |\n|---|---|---|\n"
        "| domain | proto | `google/protobuf/` |\n"
        "| api | domain, proto | `boost/` in `api/server/`; `zlib.h`, `zstd.h` in `api/a.cc`, `api/b.cc` |\n"
        "| cli | everything | |\n"
    )

    def found(self, file, *lines):
        return list(violations(file, "\n".join(lines), self.RULES))

    def test_allows_what_the_table_names(self):
        self.assertEqual([], self.found("api/server/x.cc", '#include "domain/x.h"', "#include <boost/a.hpp>", "#include <vector>"))
        self.assertEqual([], self.found("api/b.cc", "#include <zlib.h>", "#include <unistd.h>", '#include "daybook/v1/x.pb.h"'))
        self.assertEqual([], self.found("cli/x.cc", '#include "api/x.h"'))

    def test_finds_the_wrong_folder(self):
        self.assertEqual(1, len(self.found("domain/x.cc", '#include "api/x.h"')))
        self.assertEqual(1, len(self.found("domain/x.cc", '#include "daybook/log/record.pb.h"')))

    def test_finds_a_third_party_header_elsewhere(self):
        self.assertEqual(1, len(self.found("api/x.cc", "#include <boost/a.hpp>")))
        self.assertEqual(1, len(self.found("api/server/x.cc", "#include <zlib.h>")))

    def test_finds_a_third_party_header_in_a_header(self):
        self.assertEqual(1, len(self.found("api/server/x.h", "#include <boost/a.hpp>")))

    def test_finds_clock_and_randomness_in_domain(self):
        self.assertEqual(2, len(self.found("domain/x.cc", "#include <chrono>", "#include <random>")))


if __name__ == "__main__":
    unittest.main()
