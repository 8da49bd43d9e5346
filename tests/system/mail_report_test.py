"""What a mail came to is written down, also where the workspace could not be written to when it was sent."""

from child import wait_until


def test_a_report_that_meets_an_import_is_written_after_it(start_smtp, start_daybook, new_workspace):
    smtp = start_smtp(script={"hold_after_data_ms": 700})
    server = start_daybook("--smtp-url", smtp.url, "--smtp-tls", "off", "--mail-from", "crm@daybook.test")
    workspace = new_workspace(server)
    client = workspace.client
    won = {"title": "Fleet", "value": "1.00", "currency": "EUR", "stage": "won", "owner_id": workspace.owner_id, "notify": True}
    assert client.post("/v1/deals", won).status == 201
    rows = "".join(f"Ann,Smith,ann{number}@example.com\n" for number in range(10_000))
    started = client.post("/v1/imports?kind=contacts&commit=true", body=("first_name,last_name,email\n" + rows).encode(),
                          headers={"Content-Type": "text/csv"})
    assert started.status == 202, started.body
    smtp.wait_for_mails(1)
    wait_until(lambda: client.get(started.headers["Location"]).json["state"] == "committed", "the import", 60)
    wait_until(lambda: client.get("/v1/emails").json["data"][0]["state"] == "sent", "the report", 30)
    assert len(smtp.mails()) == 1
