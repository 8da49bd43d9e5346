"""daybook doctor and the mail server: it is greeted as for a mail, and gets none."""

import time

import pytest

from command import DONE, REFUSED, run
from doctor import FAILURE, OK, PATIENCE_S, WARNING, look, stopped  # stopped is a fixture

pytestmark = pytest.mark.own_log


def test_mails_want_an_address_and_a_sender(stopped, smtp):
    mailing = ("--smtp-url", smtp.url, "--smtp-tls", "off")
    report = look(stopped, *mailing)
    assert (report.code, report.status("public_url"), report.status("mail_from")) == (DONE, WARNING, WARNING)
    assert f"{stopped.data}/daybook.toml: public_url = " in report.of("public_url")["remedy"]
    report = look(stopped, *mailing, "--public-url", "https://crm.test", "--mail-from", "crm@crm.test")
    assert not any(check["name"] in ("public_url", "mail_from") for check in report.checks)


def mail_check(server, url, *args):
    began = time.monotonic()
    check = look(server, "--smtp-url", url, *args).of("mail server")
    assert time.monotonic() - began < PATIENCE_S
    assert " ms" not in check["found"] and "milliseconds" not in check["found"]
    return check


def test_a_mail_server_is_greeted_and_gets_no_mail(stopped, smtp):
    assert mail_check(stopped, smtp.url, "--smtp-tls", "off") == {
        "name": "mail server", "status": OK, "remedy": None,
        "found": smtp.url.removeprefix("smtp://") + " takes a connection without TLS"}
    assert smtp.mails() == []


@pytest.mark.parametrize("script, said", [
    ({"greeting": 554}, "last reply: 554 scripted reply"),
    ({"greeting": "hang"}, "Timeout was reached"),
    ({"ehlo": "hang"}, "Timeout was reached"),
    ({"greeting": "garbage"}, "nonsense"),
    ({"ehlo": "drop"}, "last reply: 220"),
])
def test_a_mail_server_that_does_not_play_is_a_failure(stopped, start_smtp, script, said):
    check = mail_check(stopped, start_smtp(script=script).url, "--smtp-tls", "off")
    assert (check["status"], said in check["found"]) == (FAILURE, True), check


def test_a_mail_server_that_is_not_there_is_a_failure(stopped):
    check = mail_check(stopped, "smtp://127.0.0.1:1", "--smtp-tls", "off")
    assert (check["status"], check["found"]) == (FAILURE, "127.0.0.1:1: Couldn't connect to server")
    assert "--smtp-url" in check["remedy"]


def test_tls_is_wanted_and_its_certificate_checked(stopped, smtp, start_smtp, certificate):
    assert "STARTTLS" in mail_check(stopped, smtp.url)["found"]
    safe = start_smtp(**certificate)
    refused = mail_check(stopped, safe.url)
    assert (refused["status"], "certificate" in refused["found"], "--smtp" in refused["remedy"]) == (FAILURE, True, True)
    trusted = mail_check(stopped, safe.url, "--smtp-ca", certificate["cert"])
    assert (trusted["status"], trusted["found"]) == (
        OK, safe.url.removeprefix("smtp://") + " takes a connection with TLS and a certificate that is valid")
    assert mail_check(stopped, safe.url, "--smtp-tls", "try")["status"] == OK


def test_a_password_is_never_shown(stopped):
    done = run("doctor", "--data", stopped.data, "--smtp-url", "smtp://ann:hunter2@127.0.0.1:1", "--smtp-tls", "off")
    assert done.returncode == REFUSED
    assert "mail server: 127.0.0.1:1: " in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
