"""The mail for a won deal at a real SMTP server: who gets it, and when it does not go out."""

import email.utils
import json

from won_mail import PUBLIC_URL, ids_of, start_sales  # start_sales is a fixture


def test_a_move_to_won_mails_the_owner_once(smtp, start_sales):
    sales = start_sales(smtp)
    buyer = sales.made("/v1/contacts", {"first_name": "Jane", "last_name": "Smith", "email": "jane@buyer.test"})
    deal = sales.deal("Flotte für „Grün“\u00a0& Co", contact_id=buyer["id"])
    sales.move(deal, "negotiation")
    assert sales.emails() == []
    sales.move(deal)
    (record,) = sales.settled(1)
    assert (record["state"], record["template"], record["deal_id"], record["member_id"]) == ("sent", "deal_won", deal["id"], sales.owner)
    assert record["sent_at"] is not None
    (mail,) = smtp.mails()
    assert (mail["to"], mail["from"]) == (["ann@acme.test"], "crm@acme.test")
    assert mail["subject"] == "Deal won: Flotte für „Grün“\u00a0& Co (12500.00 EUR)"
    assert mail["message_id"] == f"<{record['message_id']}>"
    assert mail["headers"]["auto-submitted"] == "auto-generated"
    assert mail["headers"]["content-type"].startswith("multipart/alternative")
    date = email.utils.parsedate_to_datetime(mail["headers"]["date"])
    assert date.strftime("%Y-%m-%dT%H:%M:%S") == record["created_at"][:19]
    link = f"{PUBLIC_URL}/v1/deals/{deal['id']}"
    assert link in mail["text"] and f'href="{link}"' in mail["html"]
    assert "Jane Smith" in mail["text"] and "&amp; Co" in mail["html"]
    # Won already: nothing new. Reopened and won again: a new fact, a new mail.
    sales.move(deal)
    sales.move(deal, "lead")
    sales.move(deal)
    sales.settled(2)
    assert sorted(ids_of(smtp.mails()).values()) == [1, 1]
    types = [event["type"] for event in sales.client.get("/v1/events?types=deal.won,email.*&limit=500").json["data"]]
    assert types == ["daybook.deal.won.v1", "daybook.email.queued.v1", "daybook.email.sent.v1"] * 2


def test_created_or_imported_as_won_mails_only_if_asked_to(smtp, start_sales):
    sales = start_sales(smtp)

    def import_one(title, **options):
        answer = sales.client.post("/v1/imports", body=f"title,value,stage,owner\n{title},1,won,ann@acme.test\n".encode(),
                                   params={"kind": "deals", "commit": "true", "options": json.dumps(options)},
                                   headers={"Content-Type": "text/csv", "Prefer": "wait=30"})
        assert (answer.status, answer.json["created"]) == (201, 1), answer.body

    sales.deal("Created", stage="won")
    import_one("Imported")
    assert sales.emails() == []
    sales.deal("Created aloud", stage="won", notify=True)
    import_one("Imported aloud", notify=True)
    sales.settled(2)
    assert sorted(mail["subject"] for mail in smtp.mails()) == ["Deal won: Created aloud (12500.00 EUR)", "Deal won: Imported aloud (1.00 EUR)"]


def test_who_cannot_be_mailed_is_skipped_with_the_reason(smtp, start_sales):
    sales = start_sales(smtp)
    silent = sales.made("/v1/members", {"name": "Cy", "role": "member"})
    expected = {}
    for reason, owner in (("no_owner", None), ("no_address", silent["id"])):
        expected[sales.win(reason, owner_id=owner)["id"]] = ("skipped", reason, owner)
    left = sales.made("/v1/members", {"name": "Di", "email": "di@acme.test", "role": "member"})
    deal = sales.deal("left", owner_id=left["id"])
    assert sales.client.delete(f"/v1/members/{left['id']}").status == 204
    sales.move(deal)
    expected[deal["id"]] = ("skipped", "owner_removed", left["id"])
    assert {mail["deal_id"]: (mail["state"], mail["reason"], mail["member_id"]) for mail in sales.emails()} == expected
    skipped = sales.client.get("/v1/events?types=email.*").json["data"]
    assert [event["type"] for event in skipped] == ["daybook.email.skipped.v1"] * 3
    sales.win("Barrier")
    sales.settled(4)
    assert [mail["subject"] for mail in smtp.mails()] == ["Deal won: Barrier (12500.00 EUR)"]


def test_a_bulk_move_of_20_sends_20_mails(smtp, start_sales):
    sales = start_sales(smtp)
    deals = [sales.deal(f"Deal {number}") for number in range(20)]
    won = sales.client.post("/v1/deals/bulk/move", {"ids": [deal["id"] for deal in deals], "stage": "won"})
    assert (won.status, won.json["changed"]) == (200, 20)
    assert {record["state"] for record in sales.settled(20)} == {"sent"}
    assert {mail["subject"] for mail in smtp.mails()} == {f"Deal won: Deal {number} (12500.00 EUR)" for number in range(20)}
    assert set(ids_of(smtp.mails()).values()) == {1} and len(smtp.mails()) == 20
