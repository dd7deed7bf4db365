"""Mails and a real mail server that takes, refuses, hangs and dies."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select, update

from app.accounts.addresses import Address
from app.accounts.notices import send_mail
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job
from tests.support.mailbox import words_of
from tests.support.postmaster import Postmaster
from tests.support.process import free_port
from tests.support.tls_proxy import certificate

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TEXT = "Votre code : 123 456\n\nÀ bientôt, l’équipe.\n"


@pytest.fixture
def master() -> Postmaster:
    return Postmaster()


@pytest.fixture
def controller(master: Postmaster) -> Iterator[Controller]:
    started = Controller(master, hostname="127.0.0.1", port=free_port(), ready_timeout=20)
    started.start()
    yield started
    started.stop()


@pytest.fixture
def served(app: Flask, settle: Callable[..., None], controller: Controller) -> Flask:
    """The house sends its mails to that server."""
    settle(smtp_url=f"smtp://127.0.0.1:{controller.port}?timeout=5")
    return app


def send(app: Flask, *names: str) -> int:
    """Write to some people; how many mails left."""
    with app.app_context():
        for name in names:
            with transaction():
                send_mail(Address(f"{name}@exemple.fr"), "Votre code", TEXT)
        return jobs.run_due(100)


def again(app: Flask) -> int:
    """The pause of what failed is over."""
    with app.app_context():
        with transaction():
            db.session.execute(update(Job).where(Job.parked_at.is_(None)).values(run_at=now()))
        return jobs.run_due(100)


def waiting(app: Flask) -> list[tuple[str | None, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(Job).order_by(Job.run_at).execution_options(populate_existing=True))
        found = [(job.failure, job.parked_at is not None) for job in rows]
        db.session.rollback()
        return found


def test_a_mail_as_it_arrives(served: Flask, master: Postmaster) -> None:
    assert (send(served, "zoe"), waiting(served)) == (1, [])
    (mail,) = master.mails()
    assert (mail["To"], mail["Subject"], words_of(mail).replace("\r\n", "\n")) == ("zoe@exemple.fr", "Votre code", TEXT)
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert master.taken[0].isascii()


def test_what_is_refused_for_good_is_parked_at_once_and_stops_nobody_else(served: Flask, master: Postmaster) -> None:
    master.answers["RCPT"] = ["550 5.1.1 zoe@exemple.fr is unknown here"]
    assert (send(served, "zoe", "nina"), waiting(served)) == (1, [("SMTPRecipientsRefused 550", True)])
    assert [mail["To"] for mail in master.mails()] == ["nina@exemple.fr"]


def test_a_mail_that_is_not_liked_is_parked(served: Flask, master: Postmaster) -> None:
    master.answers["DATA"] = ["554 5.7.1 no"]
    assert (send(served, "zoe"), waiting(served)) == (0, [("SMTPDataError 554", True)])


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_what_is_refused_for_now_is_tried_again(served: Flask, master: Postmaster, command: str) -> None:
    master.answers[command] = ["451 4.3.0 later, zoe@exemple.fr"] * 2
    assert (send(served, "zoe"), waiting(served)) == (0, [("RefusedForNow", False)])
    assert (again(served), len(master.taken), again(served), len(master.taken)) == (0, 0, 1, 1)


def test_refused_for_now_is_not_tried_for_ever(served: Flask, master: Postmaster) -> None:
    master.answers["RCPT"] = ["451 later"] * 20
    send(served, "zoe")
    for _ in range(20):
        again(served)
    assert (waiting(served), len(master.answers["RCPT"])) == ([("RefusedForNow", True)], 20 - jobs.MAX_TRIES)


def test_a_server_that_dies_in_mid_mail(served: Flask, master: Postmaster) -> None:
    master.dies = True
    assert (send(served, "zoe"), waiting(served)) == (0, [("SMTPServerDisconnected", False)])
    assert (again(served), [mail["To"] for mail in master.mails()]) == (1, ["zoe@exemple.fr"])


def test_a_server_that_hangs(app: Flask, settle: Callable[..., None]) -> None:
    """It takes the call and says nothing."""
    import socket

    with closing(socket.create_server(("127.0.0.1", 0))) as mute:
        settle(smtp_url=f"smtp://127.0.0.1:{mute.getsockname()[1]}?timeout=0.2")
        assert (send(app, "zoe"), waiting(app)) == (0, [("SMTPServerDisconnected", False)])


def test_a_mail_that_is_tried_again_is_the_same_mail(served: Flask, master: Postmaster) -> None:
    with served.app_context(), transaction():
        send_mail(Address("nina@exemple.fr"), "Votre code", TEXT)
        db.session.flush()
        payload = db.session.scalars(select(Job.payload)).one()
        jobs.enqueue("mail:send", payload)
    with served.app_context():
        assert jobs.run_due(100) == 2
    assert len({mail["Message-ID"] for mail in master.mails()}) == 1


@pytest.mark.parametrize("trusted", [True, False])
def test_starttls_asks_for_a_certificate_it_knows(
    app: Flask,
    settle: Callable[..., None],
    master: Postmaster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
) -> None:
    context = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls.pem"))
    port = free_port()
    started = Controller(master, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    started.start()
    try:
        settle(smtp_url=f"smtp+starttls://127.0.0.1:{port}?timeout=5")
        assert (send(app, "zoe"), len(master.taken)) == ((1, 1) if trusted else (0, 0))
    finally:
        started.stop()
    assert waiting(app) == ([] if trusted else [("SSLCertVerificationError", False)])
