"""api/openapi.yaml is valid, closed, and describes exactly the routes of the binary.

`openapi_test.py BINARY` checks; `openapi_test.py --write-json` makes api/openapi.json anew from the YAML.
"""

import json
import re
import subprocess
import sys
import unittest

import jsonschema
import referencing
import referencing.jsonschema
import tree
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

YAML = tree.ROOT / "api/openapi.yaml"
JSON = tree.ROOT / "api/openapi.json"
METHODS = ("get", "put", "post", "patch", "delete")
ROOT_URI = "urn:daybook:openapi"


def load():
    return yaml.safe_load(YAML.read_text(encoding="utf-8"))


def as_json(document):
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def operations(document):
    """(method, path, operation) of each operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def nodes(value, pointer=""):
    """(pointer, node) of every object below `value`, itself included."""
    if isinstance(value, dict):
        yield pointer, value
        for key, child in value.items():
            yield from nodes(child, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from nodes(child, f"{pointer}/{index}")


def properties_of(document, schema):
    """Names of the properties of a schema and of those that it is made of (allOf)."""
    names = set(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        names |= properties_of(document, document["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]])
    return names


class TheDescription(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = load()

    def test_is_valid_openapi(self):
        errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
                  for error in OpenAPIV31SpecValidator(self.document).iter_errors()]
        self.assertFalse(errors, "\n".join(errors))

    def test_is_the_same_in_json(self):
        self.assertEqual(as_json(self.document), JSON.read_text(encoding="utf-8"),
                         "make it anew with openapi_test.py --write-json")

    def test_is_closed(self):
        """Every object, but those that others are made of: they are open, and stand in allOf alone."""
        parts = {part["$ref"] for _, node in nodes(self.document) for part in node.get("allOf", [])}
        elsewhere = {node["$ref"] for pointer, node in nodes(self.document)
                     if isinstance(node.get("$ref"), str) and not re.search(r"/allOf/\d+$", pointer)}
        self.assertFalse(parts & elsewhere)
        is_schema = lambda node: node.get("type") == "object" and ("allOf" in node or isinstance(node.get("properties"), dict))
        is_open = lambda node: node.get("additionalProperties") is not False and node.get("unevaluatedProperties") is not False
        still_open = {f"#{pointer}" for pointer, node in nodes(self.document) if is_schema(node) and is_open(node)}
        self.assertEqual(parts, still_open)

    def test_requires_only_what_it_describes(self):
        for pointer, node in nodes(self.document):
            if isinstance(node.get("required"), list):
                self.assertLessEqual(set(node["required"]), properties_of(self.document, node), pointer)

    def test_uses_all_that_it_defines(self):
        used = {node["$ref"] for _, node in nodes(self.document) if isinstance(node.get("$ref"), str)}
        defined = {f"#/components/{section}/{name}" for section, members in self.document["components"].items()
                   if section != "securitySchemes" for name in members}
        self.assertEqual(defined, used)

    def test_names_each_operation_once(self):
        names = [operation["operationId"] for _, _, operation in operations(self.document)]
        self.assertEqual(sorted(set(names)), sorted(names))
        tags = {tag["name"] for tag in self.document["tags"]}
        for _, path, operation in operations(self.document):
            self.assertLessEqual(set(operation["tags"]), tags, path)

    def test_examples_are_what_they_show(self):
        resource = referencing.Resource(contents=self.document, specification=referencing.jsonschema.DRAFT202012)
        registry = referencing.Registry().with_resource(ROOT_URI, resource)
        shown = [(pointer, node["example"]) for pointer, node in nodes(self.document)
                 if "example" in node and isinstance(node.get("schema"), dict)]
        self.assertTrue(shown)
        for pointer, example in shown:
            schema = {"$ref": f"{ROOT_URI}#{pointer}/schema".replace("{", "%7B").replace("}", "%7D")}
            validator = jsonschema.Draft202012Validator(
                schema, registry=registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
            self.assertFalse([error.message for error in validator.iter_errors(example)], pointer)


class TheRoutes(unittest.TestCase):
    binary = None

    def test_are_the_operations(self):
        self.assertIsNotNone(self.binary, "the binary is the argument")
        lines = subprocess.run([self.binary, "routes"], capture_output=True, text=True, check=True).stdout.splitlines()
        served = {(method, pattern): scope for method, pattern, scope in map(str.split, lines)}
        described = {(method.upper(), path): operation["x-scope"] for method, path, operation in operations(load())}
        self.assertEqual(sorted(served.items()), sorted(described.items()))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write-json"]:
        JSON.write_text(as_json(load()), encoding="utf-8")
    else:
        TheRoutes.binary = sys.argv.pop(1) if sys.argv[1:] else None
        unittest.main()
