"""A claim that moves, alone or with its series, and an exchange between two clubs."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from app.clubs.models import Change
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, QuotaReached, Taken
from app.meetings.actions import answer_meeting
from app.meetings.models import Rsvp
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.models import Claim, Span
from app.rooms.series import changes, swaps
from app.rooms.series.actions import claim_series
from app.rooms.series.models import ClaimSeries, ClaimSwap
from app.rooms.series.show import history_of
from app.rooms.series.swap_queries import waiting_swaps
from app.rooms.waiting.actions import Wait, wait_for_slot
from app.rooms.waiting.models import Waiting
from tests.rooms.places import MONDAY, TUESDAY, claims, club, slot
from tests.support.cast import Cast, Person
from tests.support.mailbox import Mailbox

WEEK = timedelta(days=7)
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def take(person: Person, slug: str, *where: Any, **said: Any) -> Claim:
    return claim_slot(person.actor, Wish(slot(*where).id, slug, **{"title": "Rencontre", **said})).claim


def kinds(slug: str) -> list[str]:
    rows = db.session.scalars(db.select(Change).where(Change.club_id == club(slug).id).order_by(Change.seq))
    return [row.kind for row in rows if row.kind.startswith(("claim:", "swap:"))]


def days(found: list[Claim]) -> list[int]:
    return [(claim.starts_at.date() - TUESDAY).days for claim in found]


@pytest.fixture
def weekly(context: None, places: Cast) -> list[Claim]:
    """Four Tuesdays of Tilleul."""
    with transaction():
        db.session.execute(text("UPDATE house SET claim_quota = 4, evening_quota = 4"))
    claim_series(places.bruno.actor, Wish(slot().id, "tilleul", "Chaque mardi"), "FREQ=WEEKLY;COUNT=4")
    return claims()


@pytest.mark.parametrize(("scope", "left"), [("this", [0, 14, 21]), ("following", [0]), ("all", [])])
def test_a_date_those_that_follow_or_all_are_given_back(
    places: Cast, weekly: list[Claim], scope: str, left: list[int]
) -> None:
    assert changes.release_part(places.bruno.actor, weekly[1].id, scope) == 4 - len(left)
    assert days(claims()) == left
    assert db.session.query(Span).count() == len(left)


def test_what_follows_is_changed_and_becomes_a_half_of_its_own(places: Cast, weekly: list[Claim]) -> None:
    old = weekly[0].series_id
    wish = Wish("", "", "Autre chose", True, 5)
    assert changes.change_part(places.bruno.actor, weekly[2].id, "following", wish) == 2
    assert [(c.title, c.public, c.size) for c in claims()] == [
        ("Chaque mardi", False, 1), ("Chaque mardi", False, 1), ("Autre chose", True, 5), ("Autre chose", True, 5),
    ]  # fmt: skip
    halves = [c.series_id for c in claims()]
    assert (halves[0] == halves[1] == old, halves[2] == halves[3] != old) == (True, True)
    assert db.session.get_one(ClaimSeries, halves[2]).continues_id == old
    told = [line for _icon, line in history_of([weekly[2].id], str(old))]
    assert [line.split(". ")[1].split(" : ")[0].replace("\u00a0", " ") for line in told] == [
        "Réservé", "Titre, nombre de personnes ou ouverture changés", "La série est coupée en deux",
    ]  # fmt: skip
    assert [name for name in ("Bruno", "bruno") if name in " ".join(told)] == []


def test_a_series_moves_by_as_much_on_each_date_and_says_what_stays(places: Cast, weekly: list[Claim]) -> None:
    take(places.chloe, "glycine", "salle-1", TUESDAY + timedelta(days=16), "18:30")
    target = slot("salle-1", TUESDAY + timedelta(days=2), "18:30").id
    assert changes.move_part(places.bruno.actor, weekly[0].id, "all", target) == (3, 1)
    assert days([c for c in claims() if c.title == "Chaque mardi"]) == [2, 9, 14, 23]


def test_a_series_may_move_onto_its_own_dates(places: Cast, weekly: list[Claim]) -> None:
    assert changes.move_part(places.bruno.actor, weekly[0].id, "all", slot("salle-1", TUESDAY + 3 * WEEK).id) == (4, 0)
    assert days(claims()) == [21, 28, 35, 42]
    assert changes.move_part(places.bruno.actor, weekly[0].id, "all", slot("salle-1", TUESDAY + 2 * WEEK).id) == (4, 0)
    assert days(claims()) == [14, 21, 28, 35]


def test_who_comes_goes_along_and_is_told(app: Flask, places: Cast, run_jobs: Any, mailbox: Mailbox) -> None:
    with app.app_context():
        claim = take(places.bruno, "tilleul")
        answer_meeting(places.amina.actor, claim.id, "yes")
        changes.move_part(places.bruno.actor, claim.id, "this", slot("quai", TUESDAY + WEEK, "10:00").id)
        (moved,) = claims()
        said = db.session.get_one(Rsvp, (claim.id, places.amina.memberships["tilleul"]))
        assert (moved.id, said.answer, kinds("tilleul")) == (
            claim.id, "yes", ["claim:made", "claim:released", "claim:made"],
        )  # fmt: skip
    run_jobs()
    (mail,) = mailbox.to(places.amina.email)
    told = mail.get_body(("plain",)).get_content().replace("\u00a0", " ")
    assert mail["Subject"] == "Le rendez-vous change"
    assert ("Salle 1, mardi 10 novembre, 18 h 30" in told, "Quai, mardi 17 novembre, 10 h" in told) == (True, True)
    assert [name for name in ("Tilleul", "Bruno", "Rencontre") if name in told] == []


@pytest.mark.usefixtures("context")
def test_a_move_is_asked_the_rules_of_a_claim(places: Cast) -> None:
    evenings = [take(places.bruno, "tilleul", "salle-1", TUESDAY + n * WEEK) for n in range(2)]
    daytime = take(places.bruno, "tilleul", "atelier", TUESDAY, "10:00", size=20)
    move = changes.move_part
    refusals: list[tuple[Claim, str, type[DomainError]]] = [
        (daytime, slot("atelier", TUESDAY).id, QuotaReached),
        (daytime, slot("salle-1", TUESDAY, "14:00").id, Invalid),
        (evenings[0], slot("salle-1", TUESDAY + WEEK).id, Taken),
        (evenings[0], slot("salle-1", date(2026, 10, 30)).id, Gone),
        (evenings[0], slot("salle-1", date(2027, 1, 20)).id, Invalid),
        (evenings[0], "x" * 26, NotFound),
    ]
    for claim, where, error in refusals:
        with pytest.raises(error):
            move(places.bruno.actor, claim.id, "this", where)
    assert move(places.bruno.actor, evenings[0].id, "this", slot("atelier", TUESDAY).id) == (1, 0)
    for who, refused in (("amina", NotAllowed), ("chloe", NotFound), ("denis", NotFound)):
        for act in (
            lambda actor: move(actor, daytime.id, "this", slot("atelier", TUESDAY, "14:00").id),
            lambda actor: changes.release_part(actor, daytime.id, "this"),
            lambda actor: changes.change_part(actor, daytime.id, "this", Wish("", "", "Titre")),
        ):
            with pytest.raises(refused):
                act(getattr(places, who).actor)


@pytest.fixture
def pair(context: None, places: Cast) -> tuple[Claim, Claim, str]:
    """A claim of Tilleul, one of Glycine, and the proposal of Tilleul."""
    ours, theirs = take(places.bruno, "tilleul"), take(places.chloe, "glycine", "atelier", TUESDAY + WEEK, "10:00")
    swap = swaps.ask_swap(places.bruno.actor, ours.id, slot("atelier", TUESDAY + WEEK, "10:00").id)
    return ours, theirs, swap.id


def test_both_claims_change_places_and_keep_who_comes(places: Cast, pair: tuple[Claim, Claim, str]) -> None:
    ours, theirs, swap = pair
    answer_meeting(places.amina.actor, ours.id, "yes")
    wait_for_slot(places.bruno.actor, Wait(slot("atelier", TUESDAY + WEEK, "10:00").id, "tilleul"))
    with transaction():
        db.session.get_one(Claim, ours.id).scarce = True
    assert [side for _s, side in waiting_swaps(club("glycine")) + waiting_swaps(club("tilleul"))] == ["theirs", "ours"]
    swaps.accept_swap(places.chloe.actor, swap)
    there = {claim.id: slot("atelier", TUESDAY + WEEK, "10:00").claim for claim in claims()}
    assert slot("atelier", TUESDAY + WEEK, "10:00").claim is db.session.get(Claim, ours.id) is there[ours.id]
    assert slot().claim is db.session.get(Claim, theirs.id)
    assert (db.session.query(Span).count(), db.session.query(Rsvp).one().meeting_id) == (2, ours.id)
    # What counts in the draw is where a claim stands, and who got it waits for it no more.
    assert [db.session.get_one(Claim, each.id).scarce for each in (ours, theirs)] == [False, True]
    assert db.session.query(Waiting).all() == []
    for slug in ("tilleul", "glycine"):
        assert kinds(slug) == ["claim:made", "swap:asked", "claim:released", "claim:made", "swap:ended"]
    with pytest.raises(Gone):
        swaps.accept_swap(places.chloe.actor, swap)


def test_a_no_ends_it_and_it_is_not_asked_again(places: Cast, pair: tuple[Claim, Claim, str]) -> None:
    ours, _theirs, swap = pair
    swaps.refuse_swap(places.chloe.actor, swap)
    with pytest.raises(Taken) as refused:
        swaps.ask_swap(places.bruno.actor, ours.id, slot("atelier", TUESDAY + WEEK, "10:00").id)
    assert (refused.value.code, waiting_swaps(club("glycine"))) == ("swap_refused", [])


def test_it_is_taken_back_by_the_club_that_asked(places: Cast, pair: tuple[Claim, Claim, str]) -> None:
    ours, _theirs, swap = pair
    with pytest.raises(Taken):
        swaps.ask_swap(places.bruno.actor, ours.id, slot("atelier", TUESDAY + WEEK, "10:00").id)
    with pytest.raises(NotFound):
        swaps.withdraw_swap(places.chloe.actor, swap)
    swaps.withdraw_swap(places.bruno.actor, swap)
    with pytest.raises(Gone):
        swaps.accept_swap(places.chloe.actor, swap)
    assert swaps.ask_swap(places.bruno.actor, ours.id, slot("atelier", TUESDAY + WEEK, "10:00").id).outcome is None


def test_it_lapses_a_day_before_the_first_of_both(
    places: Cast, pair: tuple[Claim, Claim, str], monday: time_machine.Traveller
) -> None:
    ours, theirs, swap = pair
    assert db.session.get_one(ClaimSwap, swap).until - MONDAY < timedelta(days=7, minutes=1)
    monday.move_to(ours.starts_at - timedelta(hours=23))
    with pytest.raises(Gone):
        swaps.accept_swap(places.chloe.actor, swap)
    with pytest.raises(Invalid) as refused:
        swaps.ask_swap(places.chloe.actor, theirs.id, slot().id)
    assert (refused.value.code, waiting_swaps(club("glycine"))) == ("swap_too_near", [])


@pytest.mark.parametrize("act", ["release_ours", "release_theirs", "move_theirs"])
def test_nothing_is_exchanged_when_one_has_changed(places: Cast, pair: tuple[Claim, Claim, str], act: str) -> None:
    ours, theirs, swap = pair
    {
        "release_ours": lambda: release_claim(places.bruno.actor, ours.id),
        "release_theirs": lambda: release_claim(places.chloe.actor, theirs.id),
        "move_theirs": lambda: changes.move_part(
            places.chloe.actor, theirs.id, "this", slot("atelier", TUESDAY + WEEK, "14:00").id
        ),
    }[act]()
    before = [(c.id, c.room_id, c.starts_at) for c in claims()]
    with pytest.raises(Gone) as refused:
        swaps.accept_swap(places.chloe.actor, swap)
    assert (refused.value.code, [(c.id, c.room_id, c.starts_at) for c in claims()]) == ("swap_changed", before)


def test_who_may_ask_and_answer(places: Cast, pair: tuple[Claim, Claim, str]) -> None:
    ours, theirs, swap = pair
    where = slot("atelier", TUESDAY + WEEK, "10:00").id
    for who, error in (("amina", NotAllowed), ("chloe", NotFound), ("dario", NotFound), ("denis", NotFound)):
        with pytest.raises(error):
            swaps.ask_swap(getattr(places, who).actor, ours.id, where)
    for who in ("bruno", "amina", "dario", "denis"):
        for act in (swaps.accept_swap, swaps.refuse_swap):
            with pytest.raises(NotFound):
                act(getattr(places, who).actor, swap)
    with pytest.raises(Taken):
        swaps.ask_swap(places.chloe.actor, theirs.id, slot("atelier", TUESDAY, "14:00").id)
