"""The power goes while a mail is handed over: it arrives at least once, under one Message-ID, and none is lost."""

from collections.abc import Callable
from datetime import timedelta

from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update

from app.accounts.addresses import Address
from app.accounts.notices import send_mail
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job
from tests.support.postmaster import Postmaster
from tests.support.process import Server, free_port
from tests.support.waiting import wait_for

NAMES = [f"zoe{number}@exemple.fr" for number in range(5)]


def left(server: Server) -> int:
    with server.app.app_context():
        number = db.session.scalar(select(func.count()).select_from(Job).where(Job.kind == "mail:send")) or 0
        db.session.rollback()
        return number


def end_leases(server: Server) -> None:
    """As when the two minutes are over in which the dead server would have come back with an answer."""
    with server.app.app_context(), transaction():
        over = now() - timedelta(seconds=1)
        db.session.execute(update(Job).where(Job.leased_until.is_not(None)).values(leased_until=over))


def test_kill_9_between_the_mail_server_s_yes_and_the_end_of_the_job(start_server: Callable[..., Server]) -> None:
    master = Postmaster()
    controller = Controller(master, hostname="127.0.0.1", port=free_port(), ready_timeout=20)
    controller.start()
    server = start_server("sqlite", SMTP_URL=f"smtp://127.0.0.1:{controller.port}?timeout=5")
    killed: list[int] = []

    def kill_once() -> None:
        if not killed:
            killed.append(len(master.taken))
            server.kill()

    master.then = kill_once
    with server.app.app_context(), transaction():
        for name in NAMES:
            send_mail(Address(name), "Votre code", "Votre code : 123 456\n")
    wait_for(lambda: killed and server.process is None, "a mail leaves")
    assert left(server) == len(NAMES)
    server.start()
    end_leases(server)
    wait_for(lambda: not left(server), "all mails leave")
    controller.stop()
    ids: dict[str, set[str]] = {}
    for mail in master.mails():
        ids.setdefault(str(mail["To"]), set()).add(str(mail["Message-ID"]))
    assert (sorted(ids), {len(each) for each in ids.values()}) == (NAMES, {1})
    # One was taken twice: at least once is what is promised, and both say that they are the same.
    assert len(master.taken) == len(NAMES) + 1
    assert len(set.union(*ids.values())) == len(NAMES)
