"""api/openapi.yaml as a judge: what a client sends and what the server answers must be what it says."""

import pathlib
import re

import jsonschema
import referencing
import referencing.jsonschema
import yaml

DESCRIPTION = pathlib.Path(__file__).resolve().parents[2] / "api" / "openapi.yaml"
ROOT_URI = "urn:daybook:openapi"
FORMATS = jsonschema.Draft202012Validator.FORMAT_CHECKER


SYSTEM_COLUMNS = {"$ref": "#/components/schemas/SystemColumns"}


def parts_of(document, schema):
    """The schema, and those that it is made of (allOf)."""
    yield schema
    for part in schema.get("allOf", []):
        yield from parts_of(document, document["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]])


def record_validator(document):
    """A JSON Schema validator that knows our promise too: an answer shows every field of a record."""
    closed = jsonschema.Draft202012Validator.VALIDATORS["unevaluatedProperties"]

    def is_closed_and_whole(validator, keyword, instance, schema):
        yield from closed(validator, keyword, instance, schema)
        parts = list(parts_of(document, schema))
        if any(SYSTEM_COLUMNS in part.get("allOf", []) for part in parts):
            missing = {name for part in parts for name, member in part.get("properties", {}).items()
                       if not member.get("x-on-demand")} - set(instance)
            if missing:
                yield jsonschema.ValidationError(f"the record lacks {sorted(missing)}")

    return jsonschema.validators.extend(jsonschema.Draft202012Validator, {"unevaluatedProperties": is_closed_and_whole})


def registry_of(document):
    resource = referencing.Resource(contents=document, specification=referencing.jsonschema.DRAFT202012)
    return referencing.Registry().with_resource(ROOT_URI, resource)


def without_required(value):
    """The document, with no schema asking for a member."""
    if isinstance(value, dict):
        return {name: without_required(child) for name, child in value.items()
                if not (name == "required" and isinstance(child, list))}
    return [without_required(child) for child in value] if isinstance(value, list) else value


def pointer_of(*keys):
    """A JSON pointer as a URI fragment."""
    escaped = (key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D") for key in keys)
    return "#/" + "/".join(escaped)


class Contract:
    """`check` judges one exchange. `seen` holds the operationId and status of all that were judged."""

    def __init__(self, description=DESCRIPTION):
        self.document = yaml.safe_load(description.read_text(encoding="utf-8"))
        self._registry = registry_of(self.document)
        self._partial_registry = registry_of(without_required(self.document))
        self._validator = record_validator(self.document)
        self._templates = []
        for path in self.document["paths"]:
            pattern = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path))
            self._templates.append((path.count("{"), re.compile(pattern + "$"), path))
        self._templates.sort(key=lambda template: template[0])
        self.seen = set()

    def operations(self):
        """Every operationId."""
        return {operation["operationId"] for item in self.document["paths"].values() for name, operation in item.items()
                if name != "parameters"}

    def path_of(self, method, path):
        for _, pattern, template in self._templates:
            if pattern.match(path) and method.lower() in self.document["paths"][template]:
                return template
        raise AssertionError(f"{method} {path} is not described")

    def errors_of(self, schema, value, is_partial=False):
        """One line for each place where `value` is not what the schema at the pointer says. A partial one may lack members."""
        kind = jsonschema.Draft202012Validator if is_partial else self._validator
        registry = self._partial_registry if is_partial else self._registry
        validator = kind({"$ref": ROOT_URI + schema}, registry=registry, format_checker=FORMATS)
        return [line_of(error) for error in validator.iter_errors(value)]

    def check(self, method, path, answer, query=None, body=None):
        """Raises AssertionError on any difference; a body that was refused may be anything."""
        if answer.status == 405:
            assert self.errors_of("#/components/schemas/Problem", answer.json) == []
            return
        template = self.path_of(method, path)
        operation = self.document["paths"][template][method.lower()]
        where = f"{method} {path} → {answer.status}"
        status = str(answer.status) if str(answer.status) in operation["responses"] else f"{answer.status // 100}XX"
        assert status in operation["responses"], f"{where}: {answer.body}"
        self.check_answer(where, answer, self.place_of(template, method, status), set(query or {}))
        if answer.status < 400:
            self.check_request(where, template, method, query, body)
        self.seen.add((operation["operationId"], answer.status))

    def place_of(self, template, method, status):
        """Pointer and content of a response, wherever it stands."""
        keys = ("paths", template, method.lower(), "responses", status)
        response = self.document["paths"][template][method.lower()]["responses"][status]
        if "$ref" in response:
            keys = ("components", "responses", response["$ref"].rsplit("/", 1)[1])
            response = self.document["components"]["responses"][keys[-1]]
        return keys, response

    def check_answer(self, where, answer, place, asked):
        keys, response = place
        described = set(response.get("headers", {})) - {"Idempotency-Replayed", "Link", "Retry-After"}
        described -= {"ETag"} if asked & {"as_of", "dry_run", "fields", "expand"} else set()
        missing = [name for name in described if name not in answer.headers]
        assert not missing, f"{where}: lacks the headers {missing}"
        if "content" not in response:
            assert answer.body == b"", f"{where}: has a body: {answer.body}"
            return
        media = answer.headers["Content-Type"].split(";")[0]
        assert media in response["content"], f"{where}: is {media}"
        if answer.json is not None:
            errors = self.errors_of(pointer_of(*keys, "content", media, "schema"), answer.json, "fields" in asked)
            assert not errors, f"{where}: " + "\n".join(errors) + f"\n{answer.json}"

    def check_request(self, where, template, method, query, body):
        operation = self.document["paths"][template][method.lower()]
        known = {self.resolve(parameter)["name"] for parameter in operation.get("parameters", [])}
        unknown = {re.sub(r"\[\w+\]$", "", name) for name in query or {}} - known
        assert not unknown, f"{where}: takes {unknown}, which are not described"
        if body is not None:
            schema = pointer_of("paths", template, method.lower(), "requestBody", "content", "application/json", "schema")
            errors = self.errors_of(schema, body)
            assert not errors, f"{where}: took a body that is not described: {errors}"

    def resolve(self, value):
        if "$ref" not in value:
            return value
        _, _, section, name = value["$ref"].split("/")
        return self.document["components"][section][name]


def line_of(error):
    """Of alternatives that all failed, what was wrong with the one that came nearest."""
    nearest = jsonschema.exceptions.best_match([error])
    return f"{nearest.json_path}: {nearest.message}"


class CheckedClient:
    """A Client of which every exchange is judged."""

    def __init__(self, contract, client):
        self._contract = contract
        self._client = client

    def __call__(self, method, path, json=None, expect=None, **options):
        answer = self._client.request(method, path, json=json, **options)
        assert expect is None or answer.status == expect, f"{method} {path} → {answer.status}: {answer.body}"
        plain_path, _, query = path.partition("?")
        parameters = dict(part.partition("=")[::2] for part in query.split("&") if part)
        self._contract.check(method, plain_path, answer, parameters, json)
        return answer
