"""The error codes of api/problem.cc, docs/errors.md and api/openapi.yaml are the same list, with the same statuses, and the
system tests provoke each of them from the running binary."""

import ast
import json
import re
import unittest

import tree

IN_CODE = re.compile(r'^\s*\{"(\w+)", (\d{3}), "[^"]+"\},$', re.MULTILINE)
IN_DOCS = re.compile(r"^## (\w+)\n(\d{3})\. \S.*\n\nWhat to do: \S", re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
# Tables of system tests whose keys are codes that a test expects one by one.
TABLES = {"REFUSED", "RAW"}
# code: why no system test provokes it.
NOT_PROVOKED = {"suppressed": "no command asks yet whether a person may be mailed"}


def codes_of_the_server():
    return {code: int(status) for code, status in IN_CODE.findall(tree.text(tree.ROOT / "api/problem.cc"))}


def words_of(node):
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def words_expected(source):
    """Texts that the assertions of a test hold against a "code" or hand to assert_problem, and the keys of TABLES."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "assert_problem":
            found |= words_of(node)
        if isinstance(node, ast.Assert) and "code" in words_of(node.test):
            found |= words_of(node.test)
        if isinstance(node, ast.Assign) and TABLES & {target.id for target in node.targets if isinstance(target, ast.Name)}:
            found |= {key.value for key in node.value.keys}
    return found


class Errors(unittest.TestCase):
    def test_docs_explain_each_code(self):
        text = tree.text(tree.ROOT / "docs/errors.md")
        explained = {code: int(status) for code, status in IN_DOCS.findall(text)}
        self.assertEqual(codes_of_the_server(), explained)
        self.assertEqual(list(explained), HEADING.findall(text), "each section: status, meaning, what to do")

    def test_openapi_names_each_code(self):
        document = json.loads(tree.text(tree.ROOT / "api/openapi.json"))
        named = document["components"]["schemas"]["ErrorCode"]["enum"]
        self.assertEqual(list(codes_of_the_server()), named)

    def test_the_system_tests_provoke_each_code(self):
        tests = (path for path in tree.files(".py", below="tests/system") if path.name.endswith("_test.py"))
        provoked = set().union(*(words_expected(tree.text(path)) for path in tests))
        missing = set(codes_of_the_server()) - provoked
        self.assertEqual(set(NOT_PROVOKED), missing, "provoke it in tests/system, or say above why not")


class TheCheckItself(unittest.TestCase):
    def test_counts_only_what_is_expected_of_a_code(self):
        self.assertIn("in_use", words_expected('assert answer.json["code"] == "in_use"'))
        self.assertIn("in_use", words_expected('assert_problem(answer, 409, "in_use")'))
        self.assertIn("in_use", words_expected('REFUSED = {"in_use": 1}'))
        self.assertNotIn("in_use", words_expected('assert answer.json["state"] == "in_use"'))
        self.assertNotIn("in_use", words_expected('code = "in_use"\nOTHERS = {"in_use": 1}'))


if __name__ == "__main__":
    unittest.main()
