"""Said at the door, at a kiosk, at the desk or on one's phone: the club is there. What nobody uses is given back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.core.models import Job
from app.houses.devices.models import Device
from app.houses.models import JournalEntry
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.doors.codes import door_code
from app.rooms.models import Claim, Hold
from app.rooms.presence.actions import check_in, say_word, they_are_here
from app.rooms.presence.jobs import look
from app.rooms.presence.queries import awaited, counted_as, given_back
from app.rooms.queries import find_slot
from app.rooms.waiting.actions import Wait, accept_offer, wait_for_slot
from tests.rooms.places import house, slot
from tests.support.cast import Cast, Person

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]
MINUTE = timedelta(minutes=1)
TAKES = {"chloe": "glycine", "bruno": "tilleul"}


def take(person: Person) -> Claim:
    return claim_slot(person.actor, Wish(slot().id, TAKES[person.key], "Relire son CV")).claim


def fresh(claim: Claim) -> Claim:
    return db.session.get_one(Claim, claim.id, populate_existing=True)


def kiosk(slug: str = "canal") -> Device:
    with transaction():
        device = Device(
            id=new_id(),
            house_id=house(slug).id,
            secret_hash=new_id(),
            paired_at=slot().start,
            seen_at=slot().start - 60 * MINUTE,
        )
        db.session.add(device)
    return device


def minutes(clock: time_machine.Traveller, first: int, last: int, device: Device | None = None) -> None:
    """The house's clock from so many minutes after the start to so many; the device shows life each minute."""
    for minute in range(first, last + 1):
        clock.move_to(slot().start + minute * MINUTE, tick=False)
        if device is not None:
            with transaction():
                db.session.get_one(Device, device.id).seen_at = slot().start + minute * MINUTE
        look()


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def test_what_nobody_uses_is_given_back_after_15_minutes(places: Cast, monday: time_machine.Traveller) -> None:
    claim, device = take(places.bruno), kiosk()
    minutes(monday, -3, 14, device)
    assert fresh(claim).released_at is None
    assert [one.claim.id for one in awaited([house("canal")])] == [claim.id]
    minutes(monday, 15, 15, device)
    given = fresh(claim)
    assert given.unused_at == given.released_at == slot().start + 15 * MINUTE
    rest = find_slot(slot().id)
    assert (rest.state, rest.open) == ("free", True)
    assert db.session.query(JournalEntry).filter_by(act="claim:unused").count() == 1
    assert db.session.query(Job).filter_by(kind="mail:send").count() == 1
    again = claim_slot(places.chloe.actor, Wish(rest.id, "glycine", "Sur place")).claim
    minutes(monday, 16, 29, device)
    assert fresh(again).released_at is None


@pytest.mark.parametrize("seen", [(), range(-3, 6), range(5, 16)])
def test_without_a_door_all_that_time_nothing_is_given_back(
    places: Cast, monday: time_machine.Traveller, seen: tuple[int, ...] | range
) -> None:
    claim = take(places.bruno)
    device = kiosk() if seen else None
    for minute in range(-3, 17):
        minutes(monday, minute, minute, device if minute in seen else None)
    assert fresh(claim).released_at is None


def test_time_in_which_the_house_did_not_run_does_not_count(places: Cast, monday: time_machine.Traveller) -> None:
    claim, device = take(places.bruno), kiosk()
    minutes(monday, -2, 0, device)
    minutes(monday, 15, 29, device)
    assert fresh(claim).released_at is None
    minutes(monday, 30, 30, device)
    assert fresh(claim).released_at is not None


def test_a_kiosk_elsewhere_is_no_door(places: Cast, monday: time_machine.Traveller) -> None:
    claim, device = take(places.bruno), kiosk("port")
    minutes(monday, -3, 20, device)
    assert fresh(claim).released_at is None


def test_any_member_checks_in_once(places: Cast, monday: time_machine.Traveller) -> None:
    claim, device = take(places.bruno), kiosk()
    monday.move_to(slot().start - 16 * MINUTE, tick=False)
    assert refusal(lambda: check_in(places.amina.actor, claim.id)) == "not_now"
    monday.move_to(slot().start - 15 * MINUTE, tick=False)
    check_in(places.amina.actor, claim.id)
    monday.move_to(slot().start + MINUTE, tick=False)
    check_in(places.bruno.actor, claim.id)
    assert fresh(claim).checked_in_at == slot().start - 15 * MINUTE
    minutes(monday, 2, 30, device)
    assert fresh(claim).released_at is None


def test_the_code_of_the_door_is_of_this_minute(places: Cast, monday: time_machine.Traveller) -> None:
    claim, where = take(places.bruno), slot()
    monday.move_to(where.start, tick=False)
    old = door_code(where.room.id, where.start - 3 * MINUTE)
    for actor, typed in ((None, old), (None, ""), (places.chloe.actor, "000000")):
        assert refusal(lambda: check_in(actor, claim.id, typed, place="a")) == "code_wrong"  # noqa: B023
    assert refusal(lambda: check_in(None, "a" * 26, old, place="a")) == "code_wrong"
    check_in(None, claim.id, door_code(where.room.id, where.start), place="a")
    assert fresh(claim).checked_in_at == where.start


def test_tries_of_codes_and_words_are_few(places: Cast, monday: time_machine.Traveller) -> None:
    claim = take(places.bruno)
    monday.move_to(slot().start)
    codes = [refusal(lambda: check_in(None, claim.id, "1", place="b")) for _ in range(11)]
    words = [refusal(lambda: say_word(house("canal"), "rien", place="b")) for _ in range(21)]
    assert (codes[-2:], words[-2:]) == (["code_wrong", "too_many"], ["word_wrong", "too_many"])


def test_the_word_at_a_kiosk(places: Cast, monday: time_machine.Traveller) -> None:
    claim = take(places.bruno)
    assert refusal(lambda: say_word(house("canal"), claim.door_word, place="c")) == "word_wrong"
    monday.move_to(slot().start, tick=False)
    assert refusal(lambda: say_word(house("port"), claim.door_word, place="c")) == "word_wrong"
    say_word(house("canal"), f" {claim.door_word.upper()} ", place="c")
    assert fresh(claim).checked_in_at == slot().start


def test_the_desk_notes_who_is_there(places: Cast, monday: time_machine.Traveller) -> None:
    claim = take(places.bruno)
    monday.move_to(slot().start, tick=False)
    for stranger in (places.amina, places.chloe):
        assert refusal(lambda: they_are_here(stranger.actor, claim.id)) == "not_found"  # noqa: B023
    assert they_are_here(places.denis.actor, claim.id) is False
    assert fresh(claim).checked_in_at == slot().start
    assert db.session.query(JournalEntry).filter_by(act="claim:checked-in").count() == 1


def unused(places: Cast, monday: time_machine.Traveller) -> tuple[Claim, Device]:
    claim, device = take(places.bruno), kiosk()
    minutes(monday, -2, 15, device)
    return fresh(claim), device


def test_the_desk_undoes_it_while_nobody_has_the_room(places: Cast, monday: time_machine.Traveller) -> None:
    claim, device = unused(places, monday)
    word = claim.door_word
    assert [one.claim.id for one in given_back([house("canal")])] == [claim.id]
    assert they_are_here(places.denis.actor, claim.id) is True
    back = fresh(claim)
    assert (back.released_at, back.unused_at, back.door_word) == (None, None, word)
    assert find_slot(slot().id).claim.id == claim.id  # type: ignore[union-attr]
    minutes(monday, 16, 40, device)
    assert fresh(claim).released_at is None


def test_the_rest_is_among_the_choices_of_who_found_nothing(places: Cast, monday: time_machine.Traveller) -> None:
    _claim, _device = unused(places, monday)
    taken = Wish(slot("atelier").id, "glycine", "Rencontre")
    with pytest.raises(DomainError) as refused:
        claim_slot(places.chloe.actor, taken)
    named = [(choice["kind"], choice["slot"]["id"]) for choice in refused.value.extra["alternatives"]]
    assert ("room", slot().id) in named
    assert claim_slot(places.chloe.actor, Wish(slot().id, "glycine", "Sur place")).claim.starts_at == slot().start
    # Held by a club again, it is nobody else's choice; a slot under way that nobody gave back is none either.
    with pytest.raises(DomainError) as refused:
        claim_slot(places.chloe.actor, taken)
    assert slot().id not in [choice["slot"]["id"] for choice in refused.value.extra["alternatives"]]


def test_the_desk_cannot_undo_it_once_another_club_has_the_room(places: Cast, monday: time_machine.Traveller) -> None:
    claim, _device = unused(places, monday)
    take(places.chloe)
    assert given_back([house("canal")]) == []
    assert refusal(lambda: they_are_here(places.denis.actor, claim.id)) == "slot_taken"
    assert fresh(claim).unused_at is not None


def test_the_rest_is_offered_on_and_gives_way_to_who_was_there(places: Cast, monday: time_machine.Traveller) -> None:
    device = kiosk()
    claim = take(places.bruno)
    waiting = wait_for_slot(places.chloe.actor, Wait(slot().id, "glycine")).id
    minutes(monday, -2, 15, device)
    hold = db.session.scalars(db.select(Hold)).one()
    assert hold.until == slot().start + 25 * MINUTE
    assert they_are_here(places.denis.actor, claim.id) is True
    assert refusal(lambda: accept_offer(places.chloe.actor, waiting)) == "no_offer"


def test_what_counts_for_a_club(places: Cast, monday: time_machine.Traveller) -> None:
    early = take(places.chloe)
    release_claim(places.chloe.actor, early.id)
    claim, _device = unused(places, monday)
    assert (counted_as(fresh(early)), counted_as(claim)) == (0, 2)
    they_are_here(places.denis.actor, claim.id)
    assert counted_as(fresh(claim)) == 1
