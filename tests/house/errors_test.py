"""The error codes of api/problem.cc, docs/errors.md and api/openapi.yaml are the same list, with the same statuses."""

import json
import re
import unittest

import tree

IN_CODE = re.compile(r'^\s*\{"(\w+)", (\d{3}), "[^"]+"\},$', re.MULTILINE)
IN_DOCS = re.compile(r"^## (\w+)\n(\d{3})\. \S.*\n\nWhat to do: \S", re.MULTILINE)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def codes_of_the_server():
    return {code: int(status) for code, status in IN_CODE.findall(tree.text(tree.ROOT / "api/problem.cc"))}


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


if __name__ == "__main__":
    unittest.main()
