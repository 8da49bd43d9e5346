"""A workspace whose won deals are mailed: what the tests of the mail share."""

import collections

import pytest

from child import wait_until

PUBLIC_URL = "https://crm.acme.test"


class Sales:
    """A workspace whose won deals are mailed through `smtp`."""

    def __init__(self, server, workspace):
        self.server = server
        self.client = workspace.client
        self.key = workspace.key
        self.workspace_id = workspace.id
        self.owner = workspace.owner_id  # ann@acme.test

    def made(self, path, wish):
        answer = self.client.post(path, wish)
        assert answer.status == 201, answer.body
        return answer.json

    def deal(self, title="Fleet", **fields):
        return self.made("/v1/deals", {"title": title, "value": "12500.00", "stage": "lead", "owner_id": self.owner, **fields})

    def move(self, deal, stage="won"):
        answer = self.client.post(f"/v1/deals/{deal['id']}/move", {"stage": stage})
        assert answer.status == 200, answer.body
        return answer.json

    def win(self, title="Fleet", **fields):
        deal = self.deal(title, **fields)
        self.move(deal)
        return deal

    def emails(self, **query):
        answer = self.client.get("/v1/emails", params={"limit": 100, **query})
        assert answer.status == 200, answer.body
        return answer.json["data"]

    def settled(self, count):
        """The e-mails, once there are `count` and the mailer is done with all of them."""
        return wait_until(lambda: not self.emails(state="queued") and len(self.emails()) == count and self.emails(),
                          f"{count} e-mails that are queued no longer: {self.emails()}")

    def reported(self, state):
        """The only e-mail, once it is in that state."""
        return wait_until(lambda: self.emails(state=state), f"an e-mail that is {state}: {self.emails()}")[0]


@pytest.fixture
def start_sales(start_daybook, new_workspace):
    def start(smtp, *args):
        url = smtp if isinstance(smtp, str) else smtp.url
        tls = () if "--smtp-tls" in args else ("--smtp-tls", "off")
        server = start_daybook("--smtp-url", url, "--smtp-retry", "1", "--public-url", PUBLIC_URL, "--mail-from", "crm@acme.test", *tls, *args)
        return Sales(server, new_workspace(server, currency="EUR"))

    return start


def ids_of(mails):
    return collections.Counter(mail["message_id"] for mail in mails)
