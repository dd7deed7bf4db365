"""Mails: sealed until they leave, to the outbox or to a mail server."""

import json
from typing import Any

import pytest
from flask import Flask

from app.accounts.addresses import Address
from app.accounts.notices import send_mail
from app.core.db import db, transaction
from app.core.models import Job
from tests.support.mailbox import Mailbox, words_of

TEXT = "Votre code : 123 456\n\nÀ bientôt, l’équipe.\n"


def send(app: Flask) -> None:
    with app.app_context(), transaction():
        send_mail(Address("zoe@exemple.fr"), "Votre code", TEXT)


def test_a_waiting_mail_shows_nothing(app: Flask) -> None:
    send(app)
    with app.app_context():
        kept = json.dumps(db.session.scalars(db.select(Job.payload)).one())
    assert [word for word in ("zoe", "exemple", "123") if word in kept] == []


def test_a_mail_that_was_not_committed_is_not_sent(app: Flask, run_jobs: Any, mailbox: Mailbox) -> None:
    with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
        send_mail(Address("zoe@exemple.fr"), "Votre code", TEXT)
        raise ZeroDivisionError
    assert (run_jobs(), mailbox.mails()) == (0, [])


def test_the_outbox(app: Flask, run_jobs: Any, mailbox: Mailbox) -> None:
    send(app)
    assert run_jobs() == 1
    (file,) = mailbox.folder.iterdir()
    assert (file.suffix, file.stat().st_mode & 0o777) == (".eml", 0o600)
    assert "zoe" not in file.name
    (mail,) = mailbox.mails()
    assert words_of(mail) == TEXT
    assert mail["From"] == "Pépinière <ne-pas-repondre@localhost>"
    assert mail["Date"].datetime.second == 0


def test_a_mail_sealed_with_another_key_is_dropped(app: Flask, run_jobs: Any, mailbox: Mailbox) -> None:
    from app.core import jobs

    with app.app_context(), transaction():
        jobs.enqueue("mail:send", {"sealed": "with another key"})
    assert (run_jobs(), mailbox.mails()) == (1, [])


def test_a_mail_server_that_is_away_is_tried_again(app: Flask, settle: Any, run_jobs: Any) -> None:
    settle(smtp_url="smtp://127.0.0.1:1")
    send(app)
    assert run_jobs() == 0
    with app.app_context():
        assert db.session.scalars(db.select(Job.tries)).one() == 1


def test_the_mail_is_in_the_language_of_who_asks(app: Flask, visitor: Any, run_jobs: Any, mailbox: Mailbox) -> None:
    visitor.set_cookie("reading", "m.auto..en")
    visitor.submit("/sign-in", {"email": "zoe@exemple.fr", "way": "code"})
    run_jobs()
    assert len(mailbox.code_for("zoe@exemple.fr")) == 6
