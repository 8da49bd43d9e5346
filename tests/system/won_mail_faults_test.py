"""The mail for a won deal when its server or its sender fails: how often it may go out, and when it must not."""

import re
import shutil

import pytest

from child import wait_until
from command import DONE, REFUSED, WRONG_USAGE, run, run_json
from won_mail import Sales, ids_of, start_sales  # start_sales is a fixture


def test_a_temporary_refusal_is_tried_again_and_a_final_one_parked(start_smtp, start_sales):
    smtp = start_smtp(script=[{"rcpt": 450, "times": 1}, {"rcpt": 550, "times": 1}])
    sales = start_sales(smtp)
    sales.win("Later")
    failed = sales.reported("failed")
    assert failed["reason"] == "refused" and "550" in failed["detail"], failed
    assert smtp.mails() == []
    assert any("waits" in line and "450" in line for line in sales.server.child.lines)
    (said,) = [line for line in sales.server.child.lines if "is refused for good" in line]
    assert "warning" in said and f"mail {failed['id']} of workspace {sales.workspace_id} " in said, said
    assert "the mail server answered 550; see daybook dlq list" in said and "ann@acme.test" not in said
    assert sales.client.get(f"/v1/emails/{failed['id']}").json == failed
    sales.win("Next")
    assert sorted(record["state"] for record in sales.settled(2)) == ["failed", "sent"]
    assert [mail["subject"] for mail in smtp.mails()] == ["Deal won: Next (12500.00 EUR)"]


def test_a_parked_mail_is_retried_or_dropped_by_people(start_smtp, start_sales):
    smtp = start_smtp(script=[{"rcpt": 550, "times": 3}])
    sales = start_sales(smtp)
    for title in ("One", "Two", "Three"):
        sales.win(title)
    wait_until(lambda: len(sales.emails(state="failed")) == 3, "three refusals")
    env = {"DAYBOOK_URL": sales.server.url, "DAYBOOK_KEY": sales.key}
    parked = {email["id"] for email in run_json("dlq", "list", env=env)["data"]}
    assert parked == {email["id"] for email in sales.emails()}
    given_up = sorted(parked)[0]
    shown = run_json("dlq", "drop", given_up, env=env)
    assert (shown["state"], shown["reason"]) == ("skipped", "dropped")
    assert run_json("dlq", "show", given_up, env=env) == shown
    refused = run("dlq", "retry", given_up, env=env)
    assert (refused.returncode, "email_state" in refused.stderr) == (REFUSED, True), refused.stderr
    assert run("dlq", "retry", env=env).returncode == WRONG_USAGE
    done = run("dlq", "retry", "--all", env=env)
    assert (done.returncode, done.stdout) == (DONE, "2 mails\n")
    assert sorted(email["state"] for email in sales.settled(3)) == ["sent", "sent", "skipped"]
    assert {mail["message_id"] for mail in smtp.mails()} == {f"<{email['message_id']}>" for email in sales.emails(state="sent")}


def test_a_temporary_refusal_ends_in_one_mail(start_smtp, start_sales):
    smtp = start_smtp(script=[{"mail": 421, "times": 1}, {"data": 451, "times": 1}])
    sales = start_sales(smtp)
    sales.win()
    assert sales.settled(1)[0]["state"] == "sent"
    assert len(smtp.mails()) == 1


def test_a_mail_waits_for_its_server_and_takes_the_address_of_then(start_smtp, start_sales):
    first = start_smtp()
    first.stop()
    sales = start_sales(first)
    silent = sales.made("/v1/members", {"name": "Bo", "email": "bo@acme.test", "role": "member"})
    sales.win()
    sales.server.child.wait_for_line(re.compile(r"mail \S+ waits: .*--smtp-url"))
    assert sales.reported("queued")["sent_at"] is None
    assert sales.client.patch(f"/v1/members/{sales.owner}", {"email": "ann.new@acme.test"}).status == 200
    sales.win("Nobody's", owner_id=silent["id"])
    assert sales.client.patch(f"/v1/members/{silent['id']}", {"email": None}).status == 200
    smtp = start_smtp(port=first.port)
    assert {mail["member_id"]: mail["state"] for mail in sales.settled(2)} == {sales.owner: "sent", silent["id"]: "failed"}
    assert sales.reported("failed")["detail"] == "The owner has no address any more."
    assert [mail["to"] for mail in smtp.mails()] == [["ann.new@acme.test"]]


def test_a_kill_between_acceptance_and_report_sends_at_most_twice_under_one_id(start_smtp, start_sales):
    smtp = start_smtp(script={"after_data": "hang", "times": 1})
    sales = start_sales(smtp)
    sales.win()
    smtp.wait_for_mails(1)
    sales.server.kill()
    sales.server.start()
    (record,) = sales.settled(1)
    assert record["state"] == "sent"
    assert ids_of(smtp.mails()) == {f"<{record['message_id']}>": 2}
    for number in range(2):  # whenever the kill comes
        sales.win(f"Round {number}")
        smtp.wait_for_mails(3 + number)
        sales.server.kill()
        sales.server.start()
        sales.settled(2 + number)
    seen = ids_of(smtp.mails())
    assert set(seen) == {f"<{record['message_id']}>" for record in sales.emails()}
    assert set(seen.values()) <= {1, 2}


def test_a_lost_state_directory_sends_nothing_again(smtp, start_sales):
    sales = start_sales(smtp)
    for number in range(3):
        sales.win(f"Deal {number}")
    sales.settled(3)
    before = sales.emails()
    sales.server.stop()
    shutil.rmtree(sales.server.data / "state")
    sales.server.start()
    assert sales.emails() == before
    sales.win("Barrier")  # the mailer looks at the oldest first, so this one goes out last
    sales.settled(4)
    assert sorted(ids_of(smtp.mails()).values()) == [1, 1, 1, 1]


def test_a_stop_does_not_wait_for_a_silent_mail_server(start_smtp, start_sales):
    smtp = start_smtp(script={"after_data": "hang"})
    sales = start_sales(smtp)
    sales.win()
    smtp.wait_for_mails(1)
    sales.server.stop()  # within 30 s; the send itself would wait for a minute


def test_a_mail_that_is_left_waiting_holds_up_its_own_workspace_alone(start_smtp, start_sales, new_workspace):
    smtp = start_smtp(script={"rcpt": "hang", "times": 2})
    first = start_sales(smtp)
    second, third = (Sales(first.server, new_workspace(first.server, name=name)) for name in ("Second", "Third"))
    for waiting in (first, second):
        waiting.win("Waits")
    wait_until(lambda: smtp.child.lines.count("silent") == 2, "both to be left waiting")
    for number in range(3):
        third.win(f"Deal {number}")
    assert [mail["state"] for mail in third.settled(3)] == ["sent"] * 3
    assert [mail["state"] for mail in first.emails() + second.emails()] == ["queued"] * 2
    assert sorted(mail["subject"] for mail in smtp.mails()) == [f"Deal won: Deal {n} (12500.00 EUR)" for n in range(3)]


def test_required_tls_refuses_a_server_without_it(smtp, start_sales):
    sales = start_sales(smtp, "--smtp-tls", "required")
    sales.win()
    sales.server.child.wait_for_line(re.compile(r"mail \S+ waits: .*STARTTLS.*--smtp-tls off"))
    assert (sales.reported("queued")["sent_at"], smtp.mails()) == (None, [])


def test_required_tls_refuses_a_certificate_that_nobody_vouches_for(start_smtp, start_sales, certificate):
    smtp = start_smtp(**certificate)
    sales = start_sales(smtp, "--smtp-tls", "required")
    sales.win()
    sales.server.child.wait_for_line(re.compile(r"mail \S+ waits: .*certificate"))
    assert (sales.reported("queued")["sent_at"], smtp.mails()) == (None, [])


@pytest.mark.parametrize("tls", ["required", "try"])
def test_tls_is_used_where_it_is_offered(start_smtp, start_sales, certificate, tls):
    smtp = start_smtp(**certificate)
    trust = ("--smtp-ca", certificate["cert"]) if tls == "required" else ()
    sales = start_sales(smtp, "--smtp-tls", tls, *trust)
    sales.win()
    assert sales.settled(1)[0]["state"] == "sent"
    assert [mail["secure"] for mail in smtp.mails()] == [True]


@pytest.mark.parametrize("args, reason", [
    (("--smtp-url", "smtp://mail.acme.test:25", "--smtp-tls", "try"), "loopback"),
    (("--smtp-url", "http://127.0.0.1:25"), "smtp://"),
    (("--smtp-url", "smtp://127.0.0.1:25", "--smtp-retry", "0"), "--smtp-retry"),
    (("--smtp-url", "smtp://127.0.0.1:25", "--smtp-ca", "nowhere.pem"), "--smtp-ca"),
])
def test_settings_that_make_no_sense_stop_the_start(start_daybook, args, reason):
    with pytest.raises(AssertionError, match=reason):
        start_daybook(*args)
