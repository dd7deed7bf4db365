"""Fifteen minutes with somebody: found at once, taken by one, cancelled by either; nobody learns who belongs where."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotFound, Taken
from app.core.privacy import erase_holdings
from app.practice import actions, queries
from app.practice.actions import Asking
from app.practice.models import PracticeRefusal, Rehearsal
from tests.practice.conftest import MORNING
from tests.rules.practising import listening
from tests.support.cast import Cast, make_person
from tests.support.clients import client_of
from tests.support.mailbox import Mailbox, words_of
from tests.support.queries import counted

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
CALL = Asking("Alba", "phone", "+33 6 12 34 56 78", "vente")


def starts(found: list[Any]) -> list[str]:
    return [f"{each.start:%d %H:%M} {each.offer.kind}" for each in found]


def code_of(error: pytest.ExceptionInfo[DomainError]) -> str:
    return error.value.code


def test_a_moment_is_found_within_fifteen_minutes_of_asking(app: Flask, today: dict[str, str], cast: Cast) -> None:
    with app.app_context():
        found = queries.free_quarters(cast.amina.actor)
        quarters = ["24 09:15 peer", "24 09:30 peer", "24 09:45 peer", "25 14:00 adviser", "25 14:15 adviser"]
        assert starts(found) == quarters
        assert found[0].start - now() <= timedelta(minutes=15)
        # Nobody rehearses with themselves.
        assert starts(queries.free_quarters(cast.bruno.actor)) == quarters[3:]
        assert starts(queries.free_quarters(cast.amina.actor, kind="peer", way="phone")) == quarters[:3]
        assert starts(queries.free_quarters(cast.amina.actor, kind="adviser", way="phone")) == []


def test_who_takes_it_is_seen_by_the_other_under_the_chosen_name(
    app: Flask, today: dict[str, str], cast: Cast, client_of: Any
) -> None:
    amina, bruno = client_of(cast.amina), client_of(cast.bruno)
    address = f"/rehearsals/offers/{today['peer']}/0"
    answer = amina.send(address, {"name": "Alba", "way": "phone", "phone": "06 12 34 56 78", "trade": "vente"})
    assert answer.status_code == 303
    page = answer.headers["Location"]
    theirs, mine = bruno.get(page).page.main, amina.get(page).page.main
    assert ("Avec Alba" in theirs, "0612345678" in theirs) == (True, True)
    assert ("Avec Basile" in mine, "0612345678" in mine) == (True, False)
    assert "Alba" in bruno.get("/rehearsals").page.main
    assert page in bruno.get("/rehearsals").page.links
    # The names used in clubs stand nowhere in it, and nothing of it is anybody else's.
    assert [name for name in ("Ama ", "Sacha", "Bruno", "Tilleul") if name in theirs + mine] == []
    assert client_of(cast.chloe).get(page).status_code == 404


def test_the_number_is_sealed_seen_until_the_end_and_then_gone(
    app: Flask, today: dict[str, str], cast: Cast, clock: time_machine.Traveller
) -> None:
    with app.app_context():
        taken = actions.take_rehearsal(cast.amina.actor, today["peer"], 0, CALL)
        assert "612345678" not in (taken.phone_sealed or "")
        assert queries.rehearsal_for(cast.bruno.actor, taken.id).phone == "+33612345678"
        assert queries.rehearsal_for(cast.amina.actor, taken.id).phone == ""
        clock.move_to(MORNING + timedelta(minutes=26))
        assert queries.rehearsal_for(cast.bruno.actor, taken.id).phone == ""
        jobs.run_due(50)
        db.session.expire_all()
        assert db.session.get_one(Rehearsal, taken.id).phone_sealed is None


def test_one_moment_goes_to_one_person(app: Flask, today: dict[str, str], cast: Cast) -> None:
    with app.app_context():
        actions.take_rehearsal(cast.amina.actor, today["peer"], 0, CALL)
        with pytest.raises(Taken) as second:
            actions.take_rehearsal(cast.chloe.actor, today["peer"], 0, Asking("Carla", "house"))
        assert code_of(second) == "quarter_taken"
        other = actions.offer_to_listen(cast.dario.actor, listening("Diego", "09:15", "09:30", day=MORNING.date()))
        with pytest.raises(Taken) as busy:
            actions.take_rehearsal(cast.amina.actor, other.id, 0, CALL)
        assert code_of(busy) == "already_busy"
        assert starts(queries.free_quarters(cast.amina.actor, kind="peer"))[0] == "24 09:15 peer"  # Dario's


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Asking("", "house"), "name_invalid"),
        (Asking("L’équipe", "house"), "name_reserved"),
        (Asking("Alba", "phone", "12"), "phone_invalid"),
        (Asking("Alba", "pigeon"), "way_invalid"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    app: Flask, today: dict[str, str], cast: Cast, told: Asking, code: str
) -> None:
    with app.app_context(), pytest.raises(Invalid) as refused:
        actions.take_rehearsal(cast.amina.actor, today["peer"], 0, told)
    assert code_of(refused) == code


def test_an_offer_is_of_today_or_tomorrow_and_has_a_quarter_to_come(app: Flask, today: Any, cast: Cast) -> None:
    with app.app_context():
        for starts_at, ends, day, code in (
            ("10:00", "11:00", MORNING.date() + timedelta(days=2), "day_invalid"),
            ("08:00", "09:00", MORNING.date(), "span_empty"),
            ("10:00", "19:00", MORNING.date(), "span_long"),
        ):
            with pytest.raises(Invalid) as refused:
                actions.offer_to_listen(cast.amina.actor, listening("Alba", starts_at, ends, day=day))
            assert code_of(refused) == code


def test_either_cancels_in_one_tap_and_the_moment_is_free_again(
    app: Flask, today: dict[str, str], cast: Cast, mailbox: Mailbox
) -> None:
    with app.test_request_context():
        for canceller, told in ((cast.amina, cast.bruno), (cast.bruno, cast.amina)):
            taken = actions.take_rehearsal(cast.amina.actor, today["peer"], 1, CALL)
            jobs.run_due(50)
            mailbox.empty()
            actions.cancel_rehearsal(canceller.actor, taken.id)
            actions.cancel_rehearsal(canceller.actor, taken.id)
            jobs.run_due(50)
            assert [mail["Subject"] for mail in mailbox.to(told.email)] == ["Un rendez-vous n’a plus lieu"]
            assert db.session.get_one(Rehearsal, taken.id).phone_sealed is None
        assert "24 09:30 peer" in starts(queries.free_quarters(cast.amina.actor))


def test_the_mail_says_when_and_names_nobody(app: Flask, today: dict[str, str], cast: Cast, mailbox: Mailbox) -> None:
    with app.test_request_context():
        actions.take_rehearsal(cast.amina.actor, today["peer"], 0, CALL)
        jobs.run_due(50)
    (mail,) = mailbox.to(cast.bruno.email)
    said = words_of(mail)
    assert "mardi 24 novembre, à 9 h 15" in said.replace("\u00a0", " ")
    assert [word for word in ("Alba", "Basile", "612345678", "vente", "Tilleul") if word in said] == []


def test_withdrawing_cancels_what_was_taken(app: Flask, today: dict[str, str], cast: Cast) -> None:
    with app.app_context():
        taken = actions.take_rehearsal(cast.amina.actor, today["peer"], 0, CALL)
        actions.withdraw_offer(cast.bruno.actor, today["peer"])
        db.session.expire_all()
        assert db.session.get_one(Rehearsal, taken.id).cancelled_by == "listener"
        assert starts(queries.free_quarters(cast.amina.actor, kind="peer")) == []
        with pytest.raises(NotFound):
            actions.take_rehearsal(cast.amina.actor, today["peer"], 1, CALL)


@pytest.mark.parametrize("who", ["amina", "bruno"])
def test_not_with_this_person_hides_each_from_the_other_and_tells_nobody(
    app: Flask, today: dict[str, str], cast: Cast, who: str
) -> None:
    with app.app_context():
        taken = actions.take_rehearsal(cast.amina.actor, today["peer"], 0, CALL)
        actions.offer_to_listen(cast.amina.actor, listening("Alba", "16:00", "16:15"))
        actions.avoid_person(getattr(cast, who).actor, taken.id)
        assert starts(queries.free_quarters(cast.amina.actor, kind="peer")) == []
        assert starts(queries.free_quarters(cast.bruno.actor, kind="peer")) == []
        with pytest.raises(NotFound):
            actions.take_rehearsal(cast.amina.actor, today["peer"], 1, CALL)
        assert len(db.session.scalars(select(PracticeRefusal)).all()) == 1
        assert queries.rehearsals_for_agenda(cast.amina.actor) == []


def test_signed_out_nobody_reads_whether_anybody_listens(
    app: Flask, today: dict[str, str], cast: Cast, visitor: Any
) -> None:
    """Who was told no could compare it with what they see signed in."""
    found = visitor.get("/rehearsals").page
    assert "/sign-in?next=/rehearsals" in found.links
    own = [link for link in client_of(app, cast.amina).get("/rehearsals").page.links if "/offers/" in link]
    assert len(own) > 0
    with app.app_context():
        actions.withdraw_offer(cast.bruno.actor, today["peer"])
        actions.withdraw_offer(cast.denis.actor, today["adviser"])
        assert queries.free_quarters(cast.amina.actor) == []
    assert visitor.get("/rehearsals?kind=peer").page.main == found.main


def test_who_leaves_for_good_takes_all_of_it_along(
    app: Flask, today: dict[str, str], cast: Cast, mailbox: Mailbox
) -> None:
    with app.test_request_context():
        actions.take_rehearsal(cast.amina.actor, today["peer"], 0, CALL)
        jobs.run_due(50)
        mailbox.empty()
        with transaction():
            erase_holdings(cast.bruno.account_id)
        jobs.run_due(50)
        assert [mail["Subject"] for mail in mailbox.to(cast.amina.email)] == ["Un rendez-vous n’a plus lieu"]


def test_the_list_asks_as_much_for_one_as_for_three(app: Flask, today: dict[str, str], cast: Cast) -> None:
    with app.app_context():
        with counted(app) as one:
            queries.free_quarters(cast.amina.actor)
        for name in ("nora", "omar"):
            actions.offer_to_listen(make_person(name).actor, listening(name.title(), "10:00", "10:30"))
        with counted(app) as three:
            queries.free_quarters(cast.amina.actor)
        assert len(one) == len(three)


def test_the_agenda_of_both_has_it_and_says_nothing_of_the_other(
    app: Flask, today: dict[str, str], cast: Cast, client_of: Any
) -> None:
    with app.test_request_context():
        taken = actions.take_rehearsal(cast.amina.actor, today["peer"], 0, CALL).id
    for person in (cast.amina, cast.bruno):
        page = client_of(person).get("/agenda").page
        assert f"/rehearsals/{taken}" in page.links
        assert [name for name in ("Alba", "Basile", "612345678") if name in page.main] == []
    with app.test_request_context():
        actions.cancel_rehearsal(cast.amina.actor, taken)
    assert f"/rehearsals/{taken}" not in client_of(cast.bruno).get("/agenda").page.links
