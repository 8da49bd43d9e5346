"""Rules of style that need no compiler, held over the whole tree."""

import re
import unittest

import tree

CODE = (".h", ".cc", ".proto", ".py", ".mjs", ".cmake")
LINE_LIMIT = 400
# Files over the limit, each with its reason. Better split them.
LONGER = {}

BANNED_PART = r"(?:Manager|Helper|Util|Utils|Impl|Base)(?![a-z])"
DEFINED_NAME = re.compile(rf"\b(?:class|struct|union|enum(?: class)?|concept|using|namespace)\s+(\w*{BANNED_PART}\w*)")
BANNED_FILE = re.compile(r"(^|[_/])(managers?|helpers?|utils?|impl|base)([_./]|$)")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME)\b")
MACRO = re.compile(r"^\s*#\s*define\b", re.MULTILINE)
USING_NAMESPACE = re.compile(r"^\s*using namespace\b", re.MULTILINE)
SLEEP = re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\s*\(")
LEFT_OUT = re.compile(r"\bGTEST_SKIP\b|\bDISABLED_\w|\bpytest\.(?:skip|xfail|importorskip)\b|\bmark\.(?:skip|skipif|xfail)\b|\bunittest\.skip")
# Written so that this file does not name what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w")
REGISTRY = re.compile(r"(?:registry\.(?:npm|yarn)|\bpypi\.|pythonhosted\.|\bcrates\.io|\bdeb\.debian|maven\.(?:apache|org)|rubygems\.)")


def first_line_of_code(source):
    return next((line for line in source.splitlines() if line.strip() and not line.startswith("//")), "")


def violations(file, source, siblings=()):
    """What is wrong with one file; `siblings` are the names of the files beside it."""
    own_code = file.endswith(CODE)
    cpp = file.endswith((".h", ".cc"))
    in_tests = file.startswith("tests/")
    this_check = file == "tests/house/style_test.py"

    if own_code and source.count("\n") > LONGER.get(file, LINE_LIMIT):
        yield f"{file}: has {source.count(chr(10))} lines, more than {LINE_LIMIT}"
    if own_code and BANNED_FILE.search(file):
        yield f"{file}: the name says nothing about what the file is for"
    if file.endswith(".h") and first_line_of_code(source) != "#pragma once":
        yield f"{file}: does not start with #pragma once"
    header = file.removesuffix(".cc") + ".h"
    if file.endswith(".cc") and header.split("/")[-1] in siblings:
        if next(iter(tree.includes(source)), None) != (True, header):
            yield f"{file}: does not include its own header first"
    if cpp:
        for found in DEFINED_NAME.findall(source):
            yield f"{file}: {found} is no name of the domain"
        if file.endswith(".h") and USING_NAMESPACE.search(source):
            yield f"{file}: using namespace in a header"
        if not in_tests and MACRO.search(source):
            yield f"{file}: defines a macro"
        if in_tests and SLEEP.search(source):
            yield f"{file}: sleeps; wait for the thing itself"
    if this_check:
        return
    for what, pattern in (("unfinished work", UNFINISHED), ("a test left out", LEFT_OUT),
                          ("a path of one machine", MACHINE_PATH), ("a package registry", REGISTRY)):
        match = pattern.search(source)
        if match:
            yield f"{file}:{source.count(chr(10), 0, match.start()) + 1}: names {what}: {match.group()}"


class Style(unittest.TestCase):
    def test_of_the_tree(self):
        found = []
        for path in tree.files():
            siblings = {other.name for other in path.parent.iterdir()}
            found += violations(tree.name(path), tree.text(path), siblings)
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_files_are_short(self):
        lengths = sorted(tree.text(path).count("\n") for path in tree.files(".h", ".cc") if not tree.name(path).startswith("tests/"))
        self.assertLessEqual(lengths[len(lengths) // 2], 100, "median of lines a file")
        self.assertLessEqual(lengths[len(lengths) * 9 // 10], 250, "nine of ten files")


class TheCheckItself(unittest.TestCase):
    def found(self, file, source, siblings=()):
        return len(list(violations(file, source, siblings)))

    def test_accepts_good_files(self):
        self.assertEqual(0, self.found("api/x.h", "// What it is.\n#pragma once\nclass Database {};\nclass Based {};\n"))
        self.assertEqual(0, self.found("api/x.cc", '#include "api/x.h"\n#include <vector>\n', {"x.h"}))

    def test_finds_long_files(self):
        self.assertEqual(0, self.found("api/x.cc", "\n" * 400))
        self.assertEqual(1, self.found("api/x.cc", "\n" * 401))

    def test_finds_a_missing_pragma_once(self):
        self.assertEqual(1, self.found("api/x.h", "#include <vector>\n#pragma once\n"))

    def test_finds_the_own_header_in_second_place(self):
        self.assertEqual(1, self.found("api/x.cc", '#include <vector>\n#include "api/x.h"\n', {"x.h"}))

    def test_finds_names_that_say_nothing(self):
        for definition in ("class LogManager;", "struct LogImpl {", "enum class HelperKind {", "class LogBase final", "namespace StringUtils {"):
            self.assertEqual(1, self.found("api/x.cc", definition), definition)
        self.assertEqual(1, self.found("api/string_utils.cc", ""))

    def test_finds_macros_and_sleeps(self):
        self.assertEqual(1, self.found("api/x.cc", "#define X 1\n"))
        self.assertEqual(1, self.found("tests/api/x_test.cc", "std::this_thread::sleep_for(1s);"))

    def test_finds_unfinished_and_left_out_work(self):
        self.assertEqual(1, self.found("api/x.cc", "// TODO: later"))
        self.assertEqual(1, self.found("tests/api/x_test.cc", "GTEST_SKIP();"))
        self.assertEqual(1, self.found("tests/system/x_test.py", "@pytest.mark.skip"))

    def test_finds_paths_of_one_machine(self):
        self.assertEqual(1, self.found("README.md", "see /ho" "me/ann/daybook"))
        self.assertEqual(0, self.found("README.md", "see https://example.test/home/ann and deploy/root/x"))


if __name__ == "__main__":
    unittest.main()
