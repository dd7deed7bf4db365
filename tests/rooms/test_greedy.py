"""A lead who wants more than their fair share: moves, holds, lapses and clocks give nothing that the rules do not."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.closures.actions import close, lift
from app.rooms.closures.queries import Plan
from app.rooms.draw.standings import minutes_of
from app.rooms.models import Claim, Hold, Span
from app.rooms.queries import Slot, viewer_for
from app.rooms.series.changes import move_part
from app.rooms.sessions.actions import SessionWish, ask_session, withdraw_session
from app.rooms.show import slot_json
from app.rooms.waiting.actions import Wait, accept_offer, hold_slot, wait_for_slot
from app.rooms.waiting.jobs import look
from app.rooms.waiting.models import Waiting
from tests.rooms.places import MONDAY, TUESDAY, claims, club, slot
from tests.support.cast import Cast, Person

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def take(person: Person, slug: str, where: Slot) -> Claim:
    return claim_slot(person.actor, Wish(where.id, slug, "Rencontre")).claim


def wait(person: Person, slug: str, where: Slot) -> str:
    return wait_for_slot(person.actor, Wait(where.id, slug)).id


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def by_day(day: date, clock: str = "10:00") -> Slot:
    return slot("atelier", day, clock)


def test_a_claim_of_the_last_days_never_becomes_one_more_of_the_others(
    places: Cast, monday: time_machine.Traveller
) -> None:
    """It is outside the quota where anyone may have it; moved from near to less near to far, it would be a fifth."""
    bruno, wednesday = places.bruno, date(2026, 11, 4)
    for n in (0, 2, 3, 6):
        take(bruno, "tilleul", by_day(TUESDAY + n * DAY))
    near = take(bruno, "tilleul", by_day(wednesday, "14:00"))
    monday.move_to(MONDAY + 2 * DAY)
    assert move_part(bruno.actor, near.id, "this", by_day(wednesday + 2 * DAY, "14:00").id) == (1, 0)
    assert refusal(lambda: move_part(bruno.actor, near.id, "this", by_day(TUESDAY + 7 * DAY).id)) == "quota_reached"
    assert len(claims()) == 5


def test_what_has_begun_moves_no_more(places: Cast, monday: time_machine.Traveller) -> None:
    """Else a room is used to the last minute, and its slot was never had."""
    claim = take(places.bruno, "tilleul", slot())
    monday.move_to(claim.starts_at + MINUTE)
    assert (
        refusal(lambda: move_part(places.bruno.actor, claim.id, "this", by_day(TUESDAY + 2 * DAY).id)) == "claim_begun"
    )
    assert claim.starts_at == slot().start


def test_a_slot_in_demand_is_not_left_in_the_last_days_by_a_move(places: Cast, monday: time_machine.Traveller) -> None:
    """Given back then it counts as had: moved it would not."""
    claim = take(places.bruno, "tilleul", slot())
    with transaction():
        claim.scarce = True
    monday.move_to(claim.starts_at - timedelta(hours=72) + MINUTE)
    assert (
        refusal(lambda: move_part(places.bruno.actor, claim.id, "this", by_day(TUESDAY + 2 * DAY).id)) == "scarce_near"
    )
    monday.move_to(claim.starts_at - timedelta(hours=72) - MINUTE)
    assert move_part(places.bruno.actor, claim.id, "this", by_day(TUESDAY + 2 * DAY).id) == (1, 0)
    assert not claim.scarce


def test_given_back_after_its_start_where_nobody_was_counts_as_a_no_show(places: Cast) -> None:
    start = MONDAY + 10 * DAY
    claim = Claim(starts_at=start, ends_at=start + timedelta(hours=2), released_at=start + 5 * MINUTE)
    assert minutes_of(claim) == 120
    # A door worked, so somebody could have said that they were there.
    claim.watched_since = start - MINUTE
    assert minutes_of(claim) == 240
    claim.checked_in_at = start
    assert minutes_of(claim) == 120
    claim.checked_in_at, claim.released_at = None, start - MINUTE
    assert minutes_of(claim) == 120


def test_a_claim_moves_onto_what_its_own_club_is_offered(places: Cast) -> None:
    mine = take(places.bruno, "tilleul", by_day(TUESDAY))
    theirs = take(places.chloe, "glycine", slot())
    wait(places.bruno, "tilleul", slot())
    release_claim(places.chloe.actor, theirs.id)
    assert move_part(places.bruno.actor, mine.id, "this", slot().id) == (1, 0)
    assert ([claim.id for claim in claims()], db.session.query(Hold).count()) == ([mine.id], 0)
    assert (db.session.query(Waiting).count(), slot().state) == (0, "claimed")


def test_who_waits_comes_before_who_watched_the_deadline(places: Cast, monday: time_machine.Traveller) -> None:
    """In the minute before the clock comes, what an offer leaves is for the next in the list."""
    theirs = take(places.chloe, "glycine", slot())
    wait(places.bruno, "tilleul", slot())
    monday.move_to(MONDAY + MINUTE)
    second = wait(places.dario, "romarin", slot())
    release_claim(places.chloe.actor, theirs.id)
    monday.move_to(MONDAY + 2 * DAY + 2 * MINUTE)
    assert slot().state == "free"
    other = take(places.chloe, "glycine", by_day(TUESDAY))
    for snatch in (
        lambda: take(places.chloe, "glycine", slot()),
        lambda: hold_slot(places.chloe.actor, slot().id, "glycine"),
        lambda: move_part(places.chloe.actor, other.id, "this", slot().id),
    ):
        assert refusal(snatch) == "slot_taken"
    look()
    assert accept_offer(places.dario.actor, second).claim.club_id == club("romarin").id


def test_the_next_in_the_list_may_take_it_at_once(places: Cast, monday: time_machine.Traveller) -> None:
    theirs = take(places.chloe, "glycine", slot())
    wait(places.bruno, "tilleul", slot())
    monday.move_to(MONDAY + MINUTE)
    wait(places.dario, "romarin", slot())
    release_claim(places.chloe.actor, theirs.id)
    monday.move_to(MONDAY + 2 * DAY + 2 * MINUTE)
    assert take(places.dario, "romarin", slot()).club_id == club("romarin").id


def test_until_when_a_slot_is_kept_is_said_to_the_club_alone(places: Cast) -> None:
    hold_slot(places.bruno.actor, slot().id, "tilleul")
    seen = {
        who: "held_until" in slot_json(slot(), viewer_for(actor))
        for who, actor in (("club", places.amina.actor), ("other", places.chloe.actor), ("team", places.denis.actor))
    }
    assert seen == {"club": True, "other": False, "team": False}


def test_three_holds_an_hour_whatever_process_is_asked(app: Flask, places: Cast) -> None:
    for clock in ("10:00", "14:00", "18:30"):
        hold_slot(places.bruno.actor, slot(clock=clock).id, "tilleul")
        # Another worker remembers nothing of this one.
        app.extensions["limiter"] = type(app.extensions["limiter"])()
    assert refusal(lambda: hold_slot(places.bruno.actor, slot("atelier").id, "tilleul")) == "too_many"
    assert slot(clock="18:30").state == "held"


def test_a_closure_ends_what_was_offered_there_and_who_waits_keeps_the_place(places: Cast) -> None:
    theirs = take(places.chloe, "glycine", slot())
    waiting = wait(places.bruno, "tilleul", slot())
    release_claim(places.chloe.actor, theirs.id)
    hold_slot(places.dario.actor, slot("atelier").id, "romarin")
    closure = close(places.denis.actor, "canal", Plan("", TUESDAY, TUESDAY, "Travaux"), {})
    assert (slot().state, slot("atelier").state) == ("closed", "closed")
    assert db.session.query(Span).filter(Span.hold_id.is_not(None)).count() == 0
    assert refusal(lambda: accept_offer(places.bruno.actor, waiting)) == "no_offer"
    lift(places.denis.actor, "canal", closure.id)
    look()
    assert accept_offer(places.bruno.actor, waiting).claim.club_id == club("tilleul").id


def test_dates_are_not_kept_for_ever_by_asking_again(places: Cast, monday: time_machine.Traveller) -> None:
    days = [slot("atelier", TUESDAY + 7 * n * DAY, "10:00").id for n in range(1, 7)]
    wish = SessionWish(days[0], "tilleul", "Six mardis", 1, 1, 6, days)
    for _time in range(3):
        withdraw_session(places.bruno.actor, ask_session(places.bruno.actor, wish).id)
    assert refusal(lambda: ask_session(places.bruno.actor, wish)) == "session_often"
    assert db.session.query(Span).count() == 0


def test_the_same_key_says_where_the_claim_is_now(places: Cast) -> None:
    wish = Wish(slot().id, "tilleul", "Rencontre")
    claim = claim_slot(places.bruno.actor, wish, "k").claim
    target = by_day(TUESDAY + 2 * DAY)
    move_part(places.bruno.actor, claim.id, "this", target.id)
    again = claim_slot(places.bruno.actor, wish, "k")
    assert (again.claim.id, again.room.slug, again.slot_id) == (claim.id, "atelier", target.id)
