"""Every command of api/openapi.yaml: a dry run writes nothing, If-Match is heeded, a repeated key gives the first answer."""

from contract import CheckedClient
from won_mail import start_sales  # a fixture

CSV = b"first_name,last_name,email\nJane,Smith,jane@csv.test\n"
DEAL = {"title": "Fleet", "value": "1.00", "currency": "EUR", "stage": "lead"}
STAGES = [{"key": "open", "label": "Open", "kind": "open"}, {"key": "late", "label": "Late", "kind": "open"},
          {"key": "won", "label": "Won", "kind": "won"}]

# operationId, method, path, body, name under which the id of the answer is known to what follows. In this order.
COMMANDS = [
    ("create_company", "POST", "/v1/companies", {"name": "Acme"}, "company"),
    ("update_company", "PATCH", "/v1/companies/{company}", {"industry": "Steel"}, None),
    ("create_company_contact", "POST", "/v1/companies/{company}/contacts", {"email": "jo@x.test"}, "jo"),
    ("create_contact", "POST", "/v1/contacts", {"email": "jane@x.test", "tags": ["vip"]}, "jane"),
    ("update_contact", "PATCH", "/v1/contacts/{jane}", {"phone": "1"}, None),
    ("upsert_contact", "PUT", "/v1/contacts/by-email/jane%40x.test", {"city": "Ulm"}, None),
    ("tag_contact", "POST", "/v1/contacts/{jane}/tags", {"name": "fair"}, None),
    ("untag_contact", "DELETE", "/v1/contacts/{jane}/tags/fair", None, None),
    ("add_secondary_email", "POST", "/v1/contacts/{jane}/secondary-emails", {"email": "j@home.test"}, None),
    ("remove_secondary_email", "DELETE", "/v1/contacts/{jane}/secondary-emails/j%40home.test", None, None),
    ("add_contact_note", "POST", "/v1/contacts/{jane}/notes", {"body": "Call."}, None),
    ("create_tag", "POST", "/v1/tags", {"name": "later"}, None),
    ("create_deal", "POST", "/v1/deals", {**DEAL, "contact_id": "{jane}"}, "deal"),
    ("update_deal", "PATCH", "/v1/deals/{deal}", {"notes": "Urgent", "contact_id": "{jo}"}, None),
    ("move_deal", "POST", "/v1/deals/{deal}/move", {"stage": "qualified"}, None),
    ("move_deals", "POST", "/v1/deals/bulk/move", {"ids": ["{deal}"], "stage": "proposal"}, None),
    ("create_note", "POST", "/v1/notes", {"body": "Hm.", "contact_id": "{jane}"}, "note"),
    ("update_note", "PATCH", "/v1/notes/{note}", {"body": "Hmm."}, None),
    ("create_activity", "POST", "/v1/activities", {"type": "call", "subject": "Ask", "contact_id": "{jane}"}, "activity"),
    ("update_activity", "PATCH", "/v1/activities/{activity}", {"body": "Asked."}, None),
    ("complete_activity", "POST", "/v1/activities/{activity}/complete", None, None),
    ("reopen_activity", "POST", "/v1/activities/{activity}/reopen", None, None),
    ("create_project", "POST", "/v1/projects", {"title": "Rollout"}, "project"),
    ("update_project", "PATCH", "/v1/projects/{project}", {"status": "open"}, None),
    ("create_ticket", "POST", "/v1/tickets", {"subject": "Broken"}, "ticket"),
    ("update_ticket", "PATCH", "/v1/tickets/{ticket}", {"priority": "high"}, None),
    ("merge_contact", "POST", "/v1/contacts/{jane}/merge", {"duplicate_id": "{jo}"}, None),
    *[(f"{verb}_{kind}", method, f"/v1/{plural}/{{{name}}}{tail}", None, None)
      for kind, plural, name in (("contact", "contacts", "jane"), ("company", "companies", "company"), ("deal", "deals", "deal"),
                                 ("note", "notes", "note"), ("activity", "activities", "activity"),
                                 ("project", "projects", "project"), ("ticket", "tickets", "ticket"))
      for verb, method, tail in (("delete", "DELETE", ""), ("restore", "POST", "/restore"))],
    ("create_pipeline", "POST", "/v1/pipelines", {"name": "Renewals"}, "pipeline"),
    ("update_pipeline", "PATCH", "/v1/pipelines/{pipeline}", {"name": "Renewal"}, None),
    ("set_stages", "PUT", "/v1/pipelines/{pipeline}/stages", {"stages": STAGES}, None),
    ("delete_stage", "DELETE", "/v1/pipelines/{pipeline}/stages/late?replacement=open", None, None),
    ("delete_pipeline", "DELETE", "/v1/pipelines/{pipeline}", None, None),
    ("restore_pipeline", "POST", "/v1/pipelines/{pipeline}/restore", None, None),
    ("create_member", "POST", "/v1/members", {"name": "Bo", "role": "member"}, "member"),
    ("update_member", "PATCH", "/v1/members/{member}", {"role": "viewer"}, None),
    ("remove_member", "DELETE", "/v1/members/{member}", None, None),
    ("create_key", "POST", "/v1/keys", {"name": "ci", "role": "member"}, "key"),
    ("rotate_key", "POST", "/v1/keys/{key}/rotate", None, None),
    ("revoke_key", "DELETE", "/v1/keys/{key}", None, None),
    ("create_import", "POST", "/v1/imports?kind=contacts", CSV, "import"),
    ("update_import", "PATCH", "/v1/imports/{import}", {"options": {"profile": "email"}}, None),
    ("commit_import", "POST", "/v1/imports/{import}/commit", None, None),
    ("create_import", "POST", "/v1/imports?kind=contacts", CSV, "other"),
    ("cancel_import", "DELETE", "/v1/imports/{other}", None, None),
    ("update_workspace", "PATCH", "/v1/workspace", {"timezone": "Europe/Berlin"}, None),
]
BY_THE_OPERATOR = [
    ("create_workspace", "POST", "/v1/workspaces", {"name": "Bolt", "owner": {"name": "Cy"}}, None),
    ("set_plan", "PATCH", "/v1/workspaces/{workspace}", {"limits": {"crm:contacts": 9}}, None),
    ("issue_owner_key", "POST", "/v1/workspaces/{workspace}/keys", {"name": "Recovery"}, None),
]
# Of mails that the mail server refused.
OF_PARKED_MAILS = [
    ("retry_email", "POST", "/v1/emails/{one}/retry", None, None),
    ("drop_email", "POST", "/v1/emails/{two}/drop", None, None),
]
# Said to be a trial by its own name, it has no key to repeat.
TRIALS = {"dry_run_import"}


def filled(value, ids):
    if isinstance(value, str):
        return value.format(**ids)
    if isinstance(value, list):
        return [filled(item, ids) for item in value]
    return {name: filled(item, ids) for name, item in value.items()} if isinstance(value, dict) else value


def with_parameter(path, parameter):
    return path + ("&" if "?" in path else "?") + parameter


def without_secret(body):
    return {**body, "api_key": None} if body and "api_key" in body else body


class Commander:
    """Sends commands of the table and looks at what they leave behind."""

    def __init__(self, contract, client, watcher):
        self.contract = contract
        self.client = client
        self.watcher = watcher  # sees the workspace that the commands are about

    def send(self, method, path, body, **headers):
        raw = isinstance(body, bytes)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.update({"Content-Type": "text/csv"} if raw else {}, Prefer="wait=20")
        answer = CheckedClient(self.contract, self.client)(
            method, path, None if raw else body, headers=headers, **({"body": body} if raw else {}))
        return answer

    def end(self):
        return self.watcher.get("/v1/me").headers["Daybook-Position"]

    def heeds(self, operation, name):
        parameters = (self.contract.resolve(parameter) for parameter in operation.get("parameters", []))
        return any(parameter["name"] == name for parameter in parameters)

    def walk(self, commands, ids):
        for number, (operation_id, method, path, body, name) in enumerate(commands):
            path, body = path.format(**ids), filled(body, ids) if not isinstance(body, bytes) else body
            before = self.end()
            dry = self.send(method, with_parameter(path, "dry_run=true"), body)
            assert (dry.status, dry.json and dry.json["dry_run"]) == (200, True), (operation_id, dry.body)
            careless = self.send(method, with_parameter(path, "dry_run=1"), body)
            assert (careless.status, careless.json["code"]) == (400, "invalid_parameter"), (operation_id, careless.body)
            operation = self.contract.document["paths"][self.contract.path_of(method, path.split("?")[0])][method.lower()]
            assert operation["operationId"] == operation_id
            if self.heeds(operation, "If-Match"):
                stale = self.send(method, path, body, If_Match='"99"')
                assert (stale.status, stale.json["code"]) == (412, "version_mismatch"), (operation_id, stale.body)
            assert self.end() == before, f"{operation_id}: something was written"
            first = self.send(method, path, body, Idempotency_Key=f"{operation_id} {number}")
            assert first.status in (200, 201, 204), (operation_id, first.body)
            again = self.send(method, path, body, Idempotency_Key=f"{operation_id} {number}")
            assert again.headers.get("Idempotency-Replayed") == "true", operation_id
            assert (again.status, again.json) == (first.status, without_secret(first.json)), operation_id
            assert again.headers["Daybook-Position"] == first.headers["Daybook-Position"], operation_id
            if name:
                ids[name] = first.json["id"]


def test_every_command_can_be_tried_guarded_and_repeated(contract, daybook, operator_key, workspace):
    ids = {"workspace": workspace.id}
    Commander(contract, workspace.client, workspace.client).walk(COMMANDS, ids)
    Commander(contract, daybook.client(operator_key), workspace.client).walk(BY_THE_OPERATOR, ids)
    commands = {operation["operationId"] for item in contract.document["paths"].values() for method, operation in item.items()
                if method != "parameters"
                and any(parameter.get("$ref", "").endswith("/DryRun") for parameter in operation.get("parameters", []))}
    assert {command[0] for command in COMMANDS + BY_THE_OPERATOR + OF_PARKED_MAILS} | TRIALS == commands


def test_so_can_those_about_parked_mails(contract, start_smtp, start_sales):
    sales = start_sales(start_smtp(script=[{"rcpt": 550, "times": 2}]))
    sales.win("One")
    sales.win("Two")
    one, two = (email["id"] for email in sales.settled(2))
    Commander(contract, sales.client, sales.client).walk(OF_PARKED_MAILS, {"one": one, "two": two})
    assert sorted(email["state"] for email in sales.settled(2)) == ["sent", "skipped"]
