"""The waiting list, its offers that hold a slot, and the short hold while a claim's page is filled."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.clubs.queries import member_club_by_id
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, QuotaReached, Taken, TooMany
from app.core.models import Job
from app.houses.models import House
from app.rooms.actions import Wish, claim_slot, close_room, release_claim
from app.rooms.claims import move_claim
from app.rooms.closures.actions import close
from app.rooms.closures.queries import Plan
from app.rooms.models import Claim, Hold, Span
from app.rooms.queries import Booked, Slot, find_slot
from app.rooms.spans import lock_rooms
from app.rooms.waiting.actions import Wait, accept_offer, hold_slot, leave_list, wait_for_slot
from app.rooms.waiting.jobs import look
from app.rooms.waiting.models import Waiting
from app.rooms.waiting.queries import number_before, place_for, places_of
from tests.rooms.places import MONDAY, TUESDAY, claims, club, house, room, slot
from tests.support.cast import Cast, Person

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]
TAKES = {"chloe": "glycine", "bruno": "tilleul", "dario": "romarin"}
MINUTE = timedelta(minutes=1)


def take(person: Person, where: Slot, **said: object) -> Booked:
    return claim_slot(person.actor, Wish(where.id, TAKES[person.key], "Relire son CV", **said))  # type: ignore[arg-type]


def wait(person: Person, where: Slot, **said: object) -> str:
    return wait_for_slot(person.actor, Wait(where.id, TAKES[person.key], **said)).id  # type: ignore[arg-type]


def give_back(person: Person, booked: Booked) -> None:
    release_claim(person.actor, booked.claim.id)


def holds() -> list[tuple[str, str]]:
    """Those that keep something: a page that was filled leaves its row behind."""
    kept = db.select(Hold).join(Span, Span.hold_id == Hold.id).order_by(Hold.made_at)
    return [(hold.kind, hold.club_id) for hold in db.session.scalars(kept)]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def test_what_is_given_back_is_held_for_who_waited_longest(places: Cast, monday: time_machine.Traveller) -> None:
    booked = take(places.chloe, slot())
    first = wait(places.dario, slot())
    monday.move_to(MONDAY + MINUTE)
    second = wait(places.bruno, slot())
    assert number_before(place_for(places.dario.actor, first)) == 0
    assert number_before(place_for(places.bruno.actor, second)) == 1
    give_back(places.chloe, booked)
    assert holds() == [("offer", club("romarin").id)]
    assert find_slot(slot().id).state == "held"
    place = place_for(places.dario.actor, first)
    assert place.offered
    assert refusal(lambda: take(places.chloe, slot())) == "slot_taken"
    accepted = accept_offer(places.dario.actor, first)
    assert (accepted.claim.title, accepted.claim.public) == ("Rencontre", False)
    assert find_slot(slot().id).claim.id == accepted.claim.id  # type: ignore[union-attr]
    assert holds() == []
    assert [one.club_id for one in db.session.scalars(db.select(Waiting))] == [club("tilleul").id]


def test_the_offer_is_written_to_the_leads_and_names_no_club(places: Cast) -> None:
    booked = take(places.chloe, slot())
    wait(places.dario, slot())
    before = db.session.query(Job).filter_by(kind="mail:send").count()
    give_back(places.chloe, booked)
    assert db.session.query(Job).filter_by(kind="mail:send").count() == before + 1


@pytest.mark.parametrize(
    ("hours", "lasts"),
    [(24 * 7, timedelta(hours=48)), (40, timedelta(hours=20)), (2, timedelta(hours=1))],
)
def test_an_offer_lasts_48_hours_or_half_the_time_left(
    places: Cast, monday: time_machine.Traveller, hours: int, lasts: timedelta
) -> None:
    booked = take(places.chloe, slot())
    waiting = wait(places.dario, slot())
    monday.move_to(slot().start - timedelta(hours=hours), tick=False)
    give_back(places.chloe, booked)
    hold = place_for(places.dario.actor, waiting).hold
    assert hold is not None
    assert hold.until - hold.made_at == lasts


def test_what_lapses_or_is_declined_goes_to_the_next(places: Cast, monday: time_machine.Traveller) -> None:
    booked = take(places.chloe, slot())
    first = wait(places.dario, slot())
    monday.move_to(MONDAY + MINUTE)
    second = wait(places.bruno, slot())
    give_back(places.chloe, booked)
    monday.move_to(MONDAY + timedelta(hours=49))
    look()
    assert holds() == [("offer", club("tilleul").id)]
    assert db.session.get(Waiting, first, populate_existing=True) is None
    leave_list(places.bruno.actor, second)
    assert holds() == []
    assert find_slot(slot().id).state == "free"
    assert db.session.query(Waiting).count() == db.session.query(Span).count() == 0


def test_an_offer_that_lapsed_is_not_accepted(places: Cast, monday: time_machine.Traveller) -> None:
    booked = take(places.chloe, slot())
    waiting = wait(places.dario, slot())
    give_back(places.chloe, booked)
    monday.move_to(MONDAY + timedelta(hours=49))
    with pytest.raises(Gone) as refused:
        accept_offer(places.dario.actor, waiting)
    assert refused.value.code == "offer_over"


def test_an_offer_counts_in_the_quota_when_it_is_accepted(places: Cast) -> None:
    booked = take(places.chloe, slot())
    waiting = wait(places.bruno, slot())
    with transaction():
        db.session.get_one(House, house("canal").id).claim_quota = 0
    give_back(places.chloe, booked)
    with pytest.raises(QuotaReached):
        accept_offer(places.bruno.actor, waiting)
    assert place_for(places.bruno.actor, waiting).offered


def test_an_evening_takes_any_room_that_is_large_enough(places: Cast) -> None:
    small, large = take(places.chloe, slot()), take(places.chloe, slot("atelier"))
    assert refusal(lambda: wait(places.bruno, slot(clock="14:00"), evening=True)) == "not_evening"
    waiting = wait(places.bruno, slot(), evening=True, size=20)
    give_back(places.chloe, small)
    assert holds() == []
    give_back(places.chloe, large)
    assert place_for(places.bruno.actor, waiting).slot_id == slot("atelier").id
    assert accept_offer(places.bruno.actor, waiting).claim.size == 20


def test_who_waits_for_what(places: Cast) -> None:
    assert refusal(lambda: wait(places.bruno, slot())) == "not_taken"
    assert refusal(lambda: wait(places.bruno, slot(), evening=True)) == "room_free"
    take(places.chloe, slot())
    assert refusal(lambda: wait(places.chloe, slot())) == "already_yours"
    assert refusal(lambda: wait(places.bruno, slot(), size=20)) == "size_too_big"
    first = wait(places.bruno, slot())
    assert wait(places.bruno, slot()) == first
    assert refusal(lambda: wait_for_slot(places.amina.actor, Wait(slot().id, "tilleul"))) == "not_a_lead"
    assert refusal(lambda: wait_for_slot(places.chloe.actor, Wait(slot().id, "tilleul"))) == "not_found"
    for stranger in (places.chloe, places.denis):
        assert refusal(lambda: place_for(stranger.actor, first)) == "not_found"  # noqa: B023
    assert refusal(lambda: leave_list(places.amina.actor, first)) == "not_a_lead"


def test_a_club_that_got_the_slot_otherwise_waits_no_more(places: Cast) -> None:
    booked = take(places.chloe, slot())
    wait(places.bruno, slot())
    give_back(places.chloe, booked)
    take(places.bruno, slot())
    assert (db.session.query(Waiting).count(), holds()) == (0, [])


def test_a_move_frees_the_old_place_for_who_waits(places: Cast) -> None:
    booked = take(places.chloe, slot())
    wait(places.bruno, slot())
    with transaction():
        lock_rooms([room("salle-1"), room("atelier")])
        move_claim(db.session.get_one(Claim, booked.claim.id), room("salle-1"), slot("atelier"))
    assert holds() == [("offer", club("tilleul").id)]


def test_what_no_verb_frees_is_offered_by_the_clock(places: Cast) -> None:
    closed = close_room(house("canal"), room("salle-1"), slot(clock="14:00").start, slot().end, "Travaux")
    with transaction():
        db.session.add(
            Waiting(
                id="w" * 26, club_id=club("tilleul").id, house_id=house("canal").id, room_id=room("salle-1").id,
                starts_at=slot().start, ends_at=slot().end, size=1, asked_at=MONDAY,
            )
        )  # fmt: skip
    look()
    assert holds() == []
    with transaction():
        db.session.delete(closed)
    look()
    assert holds() == [("offer", club("tilleul").id)]


def test_a_closure_that_waited_takes_the_place_of_an_offer_that_lapsed(
    places: Cast, monday: time_machine.Traveller
) -> None:
    hold_slot(places.bruno.actor, slot().id, "tilleul")
    close(places.denis.actor, "canal", Plan("salle-1", TUESDAY, TUESDAY, "Peinture"), {})
    monday.move_to(MONDAY + 6 * MINUTE)
    look()
    assert (find_slot(slot().id).state, find_slot(slot().id).why) == ("closed", "Peinture")


def test_a_place_ends_with_its_slot(places: Cast, monday: time_machine.Traveller) -> None:
    take(places.chloe, slot())
    waiting = wait(places.bruno, slot())
    monday.move_to(slot().end)
    look()
    assert db.session.get(Waiting, waiting, populate_existing=True) is None


def test_a_slot_is_kept_for_five_minutes_while_a_lead_types(places: Cast, monday: time_machine.Traveller) -> None:
    monday.move_to(MONDAY, tick=False)
    hold = hold_slot(places.bruno.actor, slot().id, "tilleul")
    assert hold.until == MONDAY + 5 * MINUTE
    assert refusal(lambda: take(places.chloe, slot())) == "slot_taken"
    monday.move_to(MONDAY + MINUTE, tick=False)
    assert hold_slot(places.bruno.actor, slot().id, "tilleul").until == MONDAY + 5 * MINUTE
    take(places.bruno, slot())
    assert (holds(), find_slot(slot().id).state) == ([], "claimed")


def test_a_lead_keeps_one_slot_at_a_time_and_three_an_hour(places: Cast, monday: time_machine.Traveller) -> None:
    clocks = ("10:00", "14:00", "18:30")
    for clock in clocks:
        hold_slot(places.bruno.actor, slot(clock=clock).id, "tilleul")
        assert [find_slot(slot(clock=each).id).state for each in clocks].count("held") == 1
    with pytest.raises(TooMany):
        hold_slot(places.bruno.actor, slot("atelier").id, "tilleul")
    assert find_slot(slot(clock="18:30").id).state == "held"
    monday.move_to(MONDAY + 5 * MINUTE + timedelta(seconds=10))
    assert find_slot(slot().id).state == "free"
    take(places.chloe, slot())
    look()
    assert holds() == []


def test_what_one_lead_keeps_is_kept_for_the_club(places: Cast) -> None:
    with transaction():
        member_club_by_id(places.amina.actor, club("tilleul").id)[1].role = "lead"
    kept = hold_slot(places.bruno.actor, slot().id, "tilleul")
    assert hold_slot(places.amina.actor, slot().id, "tilleul").id == kept.id
    booked = claim_slot(places.amina.actor, Wish(slot().id, "tilleul", "Relire son CV")).claim
    assert ([claim.id for claim in claims()], holds()) == ([booked.id], [])
    assert refusal(lambda: take(places.bruno, slot())) == "slot_taken"


def test_only_a_lead_keeps_a_slot(places: Cast) -> None:
    assert refusal(lambda: hold_slot(places.amina.actor, slot().id, "tilleul")) == "not_a_lead"
    assert refusal(lambda: hold_slot(places.chloe.actor, slot().id, "tilleul")) == "not_found"
    take(places.chloe, slot())
    with pytest.raises(Taken):
        hold_slot(places.bruno.actor, slot().id, "tilleul")


def test_the_leads_see_what_their_club_waits_for(places: Cast) -> None:
    booked = take(places.chloe, slot())
    waiting = wait(places.bruno, slot())
    tilleul, own = member_club_by_id(places.bruno.actor, club("tilleul").id)
    assert [(one.waiting.id, one.offered) for one in places_of(tilleul, own)] == [(waiting, False)]
    give_back(places.chloe, booked)
    assert [(one.waiting.id, one.offered) for one in places_of(tilleul, own)] == [(waiting, True)]
