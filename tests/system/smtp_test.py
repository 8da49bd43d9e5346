"""The mail server that other tests rely on: it takes mail over real SMTP, and fails as its script says."""

import smtplib

import pytest

MAIL = "Message-ID: <one@daybook.test>\r\nFrom: a@daybook.test\r\nTo: b@daybook.test\r\nSubject: Won\r\n\r\nFleet\r\n"


def send(server):
    with smtplib.SMTP("127.0.0.1", server.port, timeout=30) as connection:
        connection.sendmail("a@daybook.test", ["b@daybook.test"], MAIL)


def test_keeps_what_it_accepted(smtp):
    send(smtp)
    (mail,) = smtp.wait_for_mails(1)
    assert (mail["message_id"], mail["subject"], mail["reply"]) == ("<one@daybook.test>", "Won", 250)


def test_refuses_as_its_script_says_and_then_accepts(start_smtp):
    server = start_smtp(script={"rcpt": 450, "times": 1})
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(server)
    send(server)
    assert len(server.wait_for_mails(1)) == 1
