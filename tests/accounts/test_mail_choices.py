"""Which mails leave, when, in which words; and the one click that stops a kind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.letters import as_html
from app.accounts.mail_choices import Choice, set_mails, stop_token
from app.accounts.models import Account, LoginSession, MailChoice, SignInCode
from app.accounts.notices import notify
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.models import Job, Revocation
from tests.support import factories as make
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.mailbox import Mailbox, words_of
from tests.support.page import Page, text_of

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # noon in the house
NIGHT = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def write(app: Flask, person: Person, kind: str = "decision", **how: Any) -> bool:
    with app.app_context(), transaction():
        return notify(person.account_id, kind, _l("Une décision vous concerne"), "decision", path="/decisions", **how)


def send(app: Flask) -> None:
    with app.app_context():
        jobs.run_due(100)


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@ENGINE
def test_text_and_html_say_the_same(noon: Any, app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    assert write(app, cast.amina) is True
    send(app)
    (mail,) = mailbox.mails()
    html = Page(mail.get_body(("html",)).get_content())
    assert text_of(html.all(".//body")[0]).split() == words_of(mail).split()
    assert (html.all(".")[0].get("lang"), html.all(".")[0].get("dir"), html.title) == ("fr", "ltr", mail["Subject"])
    assert html.links == ["http://127.0.0.1:5000/decisions", mail["List-Unsubscribe"].strip("<>")]
    assert [mail[name] for name in ("Subject", "From", "Auto-Submitted", "List-Unsubscribe-Post")] == [
        "Une décision vous concerne",
        "Maison du Canal <ne-pas-repondre@localhost>",
        "auto-generated",
        "List-Unsubscribe=One-Click",
    ]


@ENGINE
def test_the_reader_s_language_and_direction(noon: Any, app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Account, cast.amina.account_id).locale = "ar"
    write(app, cast.amina)
    send(app)
    (mail,) = mailbox.mails()
    html = Page(mail.get_body(("html",)).get_content())
    assert (html.all(".")[0].get("lang"), html.all(".")[0].get("dir"), mail["Content-Language"]) == ("ar", "rtl", "ar")


@ENGINE
def test_what_is_written_is_never_markup(app: Flask) -> None:
    with app.app_context():
        page = as_html("a < b", "Un <b>mot</b>\n\nhttps://maison.example/?a=1&b=2\n", "fr")
    assert ("<b>" in page, "a=1&amp;b=2" in page, Page(page).title) == (False, True, "a < b")


@ENGINE
def test_a_code_cannot_be_stopped_and_keeps_its_order_in_arabic(
    app: Flask, visitor: PageClient, mailbox: Mailbox
) -> None:
    visitor.set_cookie("reading", "m.auto..ar")
    visitor.submit("/sign-in", {"email": "zoe@exemple.fr", "way": "code"})
    send(app)
    (mail,) = mailbox.mails()
    assert (mail["List-Unsubscribe"], len(mailbox.code_for("zoe@exemple.fr"))) == (None, 6)
    assert "\u00a0" in words_of(mail)


@ENGINE
def test_at_night_it_waits_for_the_morning(app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    with time_machine.travel(NIGHT, tick=False) as clock:
        write(app, cast.amina)
        send(app)
        assert mailbox.mails() == []
        clock.move_to(datetime(2026, 11, 24, 7, 0, tzinfo=UTC))
        send(app)
        assert len(mailbox.mails()) == 1


# Both nights when the clock of Paris changes, and quiet hours over midnight, before it and none at all.
NIGHTS = [
    (Choice(), "2026-03-28T23:30", "2026-03-29T06:00"),
    (Choice(), "2026-10-24T23:30", "2026-10-25T07:00"),
    (Choice(quiet_until=2), "2026-03-29T00:30", "2026-03-29T01:00"),
    (Choice(quiet_until=3), "2026-10-25T01:30", "2026-10-25T02:00"),
    (Choice(quiet_from=1, quiet_until=5), "2026-11-23T01:30", "2026-11-23T04:00"),
    (Choice(quiet_from=20, quiet_until=20), "2026-11-23T22:30", "2026-11-23T22:30"),
    (Choice(), "2026-11-23T07:00", "2026-11-23T07:00"),
    (Choice(), "2026-11-23T19:00", "2026-11-24T07:00"),
]


@ENGINE
@pytest.mark.parametrize(("choice", "ready", "leaves"), NIGHTS)
def test_quiet_hours_end_by_the_clock_of_the_house(context: None, choice: Choice, ready: str, leaves: str) -> None:
    moments = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (ready, leaves)]
    assert choice.leaves_at(moments[0]) == moments[1]


@ENGINE
def test_opening_the_link_changes_nothing_one_click_stops_and_another_undoes(
    noon: Any, app: Flask, cast: Cast, visitor: PageClient, mailbox: Mailbox
) -> None:
    write(app, cast.amina)
    send(app)
    link = mailbox.mails()[0]["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:5000")
    assert (visitor.open(link).page.h1, write(app, cast.amina)) == ("Arrêter ces mails ?", True)
    # As a mail program does: no cookie, no token, no redirect.
    answer = app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Page(answer.text).h1) == (200, "C’est arrêté")
    assert (write(app, cast.amina), write(app, cast.amina, "team"), write(app, cast.bruno)) == (False, True, True)
    mailbox.empty()
    send(app)
    # What already waited for her of this kind does not leave any more.
    assert sorted(mail["To"] for mail in mailbox.mails()) == [cast.amina.email, cast.bruno.email]
    assert app.test_client().post(link, data={"again": "1"}).status_code == 200
    assert write(app, cast.amina) is True


@ENGINE
@pytest.mark.parametrize("token", ["x", "é", "a" * 5000])
def test_a_made_up_link_leads_nowhere(app: Flask, cast: Cast, token: str) -> None:
    assert app.test_client().get(f"/mails/{token}").status_code == 404
    assert app.test_client().post(f"/mails/{token}").status_code == 404


@ENGINE
def test_who_has_gone_is_written_to_no_more_and_the_link_does_not_tell(
    noon: Any, app: Flask, cast: Cast, mailbox: Mailbox
) -> None:
    with app.app_context():
        token = stop_token("nobody", "digest")
    assert app.test_client().post(f"/mails/{token}").status_code == 200
    write(app, cast.amina)
    with app.app_context(), transaction():
        db.session.execute(MailChoice.__table__.delete())
        db.session.execute(Account.__table__.delete().where(Account.id == cast.amina.account_id))
    send(app)
    assert mailbox.mails() == []


@ENGINE
def test_choosing_on_the_account_page(app: Flask, cast: Cast, client_of: Callable[..., PageClient]) -> None:
    amina = client_of(cast.amina)
    page = amina.open("/account/mails").page
    assert [box.get("value") for box in page.all(".//input[@name='wanted']")] == [
        "digest",
        "reminder",
        "request",
        "decision",
        "archive",
    ]
    fields = {"wanted": ["digest", "reminder"], "digest_hour": "12", "quiet_from": "22", "quiet_until": "7"}
    assert amina.send("/account/mails", fields, on="/account/mails").location == "/account"
    with app.app_context():
        row = db.session.get_one(MailChoice, cast.amina.account_id)
        assert (row.stopped, row.digest_hour, row.quiet_from, row.quiet_until) == (
            ["archive", "decision", "request"],
            12,
            22,
            7,
        )
    said = amina.open("/account").page.text.replace("\u00a0", " ")
    assert [said.count(each) for each in ("Un résumé par jour, à 12 h.", "Rien de 22 h à 7 h.")] == [1, 1]
    refused = amina.send("/account/mails", fields | {"digest_hour": "23"}, on="/account/mails")
    assert (refused.status_code, refused.page.all(".//*[@id='digest_hour-e']")[0].tag) == (422, "p")


@ENGINE
def test_a_summary_in_quiet_hours_is_refused(context: None, cast: Cast) -> None:
    with pytest.raises(Invalid):
        set_mails(cast.amina.actor, ["digest"], 21, 20, 8)
    set_mails(cast.amina.actor, [], 21, 20, 8)


@ENGINE
def test_one_of_a_kind_waits_at_a_time(noon: Any, app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    for _ in range(10):
        write(app, cast.bruno, "request", once=True, delay=timedelta(minutes=15))
    send(app)
    assert mailbox.mails() == []
    noon.shift(timedelta(minutes=15))
    send(app)
    assert len(mailbox.mails()) == 1


@ENGINE
def test_a_mail_that_came_too_late_is_not_sent(noon: Any, app: Flask, cast: Cast, mailbox: Mailbox) -> None:
    write(app, cast.amina, until=now() + timedelta(hours=1))
    noon.shift(timedelta(hours=2))
    send(app)
    with app.app_context():
        assert (mailbox.mails(), list(db.session.scalars(select(Job)))) == ([], [])


def test_what_is_over_is_thrown_away_but_not_by_a_clock_a_day_ahead(app: Flask, cast: Cast) -> None:
    def left() -> list[int]:
        return [len(db.session.scalars(select(each)).all()) for each in (LoginSession, SignInCode, Revocation)]

    with app.app_context():
        with transaction():
            make.make_session(cast.amina.account_id)
            code = {"browser_hash": "b", "email_sealed": "e", "code_hash": "c", "tries_left": 5}
            db.session.add(SignInCode(id="c", expires_at=now(), **code))
            db.session.add(Revocation(grant="session:x", at=now()))
        purge = next(each for name, each in _recurring() if name == "accounts:purge")
        with time_machine.travel(now() + timedelta(days=1)):
            purge.run()
            assert left() == [1, 1, 1]
        with time_machine.travel(now() + timedelta(days=4)):
            purge.run()
            assert left() == [0, 0, 0]


def _recurring() -> Any:
    from app.core import clockwork

    return clockwork._recurring.items()
