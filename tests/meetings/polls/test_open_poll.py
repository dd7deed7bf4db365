"""Proposing dates: who may, what is kept, what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, NotAllowed, NotFound
from app.meetings.polls.actions import add_date, cancel_poll, open_poll
from app.meetings.polls.models import Poll, PollDate
from app.meetings.polls.queries import poll_for
from app.meetings.polls.wishes import Proposal
from app.rooms.actions import Wish as Claiming
from app.rooms.actions import claim_slot, release_claim
from app.rooms.models import Hold, OpeningWindow, Span
from app.rooms.waiting.jobs import look
from tests.meetings.polls.conftest import DAY, at, elsewhere, ends, in_room, online
from tests.rooms.places import house, slot
from tests.support.cast import Cast

Proposed = Callable[..., str]
NEXT = DAY + timedelta(days=2)


def holds() -> list[Hold]:
    return list(db.session.scalars(select(Hold).order_by(Hold.place)))


def test_open_poll(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    seen = poll_for(places.bruno.actor, poll_id)
    assert [(one.date.kind, one.date.place, one.held) for one in seen.moments] == [
        ("elsewhere", "Devant la gare", False), ("online", "", False), ("room", "", True),
    ]  # fmt: skip
    assert (seen.by, seen.open, seen.poll.title) == ("Ama", True, "Visite")
    assert [(one.kind, one.place, one.made_by_id) for one in holds()] == [("poll", 1, None)]
    assert holds()[0].until == ends() + timedelta(days=1)
    # To everybody else it is kept, whatever for.
    with pytest.raises(DomainError) as refused:
        claim_slot(places.chloe.actor, Claiming(slot().id, "glycine", "Atelier"))
    assert refused.value.code == "slot_taken"


@pytest.mark.parametrize("who", ["chloe", "dario", "denis", "elise"])
def test_open_poll_is_for_members(places: Cast, proposed: Proposed, who: str, context: None) -> None:
    poll_id = proposed()
    outsider = getattr(places, who).actor
    for act in (
        lambda: open_poll(outsider, "tilleul", Proposal("Visite", ends(), [elsewhere(), online()])),
        lambda: poll_for(outsider, poll_id),
        lambda: add_date(outsider, poll_id, elsewhere(NEXT)),
        lambda: cancel_poll(outsider, poll_id),
    ):
        with pytest.raises(NotFound):
            act()
    assert len(holds()) == 1


REFUSED: dict[str, Any] = {
    "title_empty": lambda: Proposal(" ", ends(), [elsewhere(), online()]),
    "title_too_long": lambda: Proposal("a" * 81, ends(), [elsewhere(), online()]),
    "ends_past": lambda: Proposal("Visite", now(), [elsewhere(), online()]),
    "ends_too_far": lambda: Proposal("Visite", ends(15), [elsewhere(NEXT), online(NEXT)]),
    "ends_too_late": lambda: Proposal("Visite", ends(9), [elsewhere(), online()]),
    "dates_few": lambda: Proposal("Visite", ends(), [online()]),
    "dates_many": lambda: Proposal("Visite", ends(), [online(DAY + timedelta(days=n)) for n in range(13)]),
    "dates_twice": lambda: Proposal("Visite", ends(), [online(), online()]),
    "holds_many": lambda: Proposal("Visite", ends(), [in_room(clock="10:00"), in_room(clock="14:00"), in_room(),
                                                     in_room("atelier")]),
    "kind_unknown": lambda: Proposal("Visite", ends(), [online(), replace(online(), kind="loin")]),
    "date_order": lambda: Proposal("Visite", ends(), [online(), replace(online(), end=at(DAY, 13))]),
    "date_past": lambda: Proposal("Visite", ends(), [online(), online(DAY - timedelta(days=10))]),
    "date_too_far": lambda: Proposal("Visite", ends(), [online(), online(DAY + timedelta(days=400))]),
    "place_empty": lambda: Proposal("Visite", ends(), [online(), elsewhere(place=" ")]),
    "place_too_long": lambda: Proposal("Visite", ends(), [online(), elsewhere(place="a" * 81)]),
    "not_found": lambda: Proposal("Visite", ends(), [online(), replace(in_room(), slot="a" * 26)]),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_proposed(places: Cast, code: str, context: None) -> None:
    with pytest.raises(DomainError) as refused:
        open_poll(places.amina.actor, "tilleul", REFUSED[code]())
    assert refused.value.code == code
    assert (db.session.query(Poll).count(), holds()) == (0, [])


def test_all_the_slots_are_kept_or_none(places: Cast, context: None) -> None:
    claim_slot(places.chloe.actor, Claiming(slot("atelier").id, "glycine", "Atelier"))
    with pytest.raises(DomainError) as refused:
        open_poll(places.amina.actor, "tilleul", Proposal("Visite", ends(), [in_room(), in_room("atelier")]))
    assert refused.value.code == "slot_taken"
    assert (db.session.query(Poll).count(), holds()) == (0, [])


def test_a_scarce_slot_is_not_kept(places: Cast, context: None) -> None:
    with transaction():
        db.session.execute(db.update(OpeningWindow).where(OpeningWindow.starts == "18:30").values(scarce=True))
    with pytest.raises(DomainError) as refused:
        open_poll(places.amina.actor, "tilleul", Proposal("Visite", ends(), [in_room(), online()]))
    assert refused.value.code in ("slot_in_draw", "slot_scarce")
    assert holds() == []


def test_a_club_that_has_all_its_claims_keeps_nothing(places: Cast, context: None) -> None:
    with transaction():
        house("canal").claim_quota = 1
    claim = claim_slot(places.bruno.actor, Claiming(slot(clock="10:00").id, "tilleul", "Atelier")).claim
    with pytest.raises(DomainError) as refused:
        open_poll(places.amina.actor, "tilleul", Proposal("Visite", ends(), [in_room(), online()]))
    assert refused.value.code == "quota_reached"
    release_claim(places.bruno.actor, claim.id)
    # Three that are kept count as the one that they become.
    open_poll(places.amina.actor, "tilleul", Proposal("Visite", ends(), [in_room(clock="14:00"), in_room()]))
    with pytest.raises(DomainError) as refused:
        claim_slot(places.bruno.actor, Claiming(slot(clock="10:00").id, "tilleul", "Atelier"))
    assert refused.value.code == "quota_reached"


def test_three_holds_of_a_club(places: Cast, proposed: Proposed, context: None) -> None:
    first = proposed(None, in_room(clock="10:00"), in_room(clock="14:00"))
    proposed(None, in_room(), online())
    with pytest.raises(DomainError) as refused:
        proposed(None, in_room("atelier"), online())
    assert refused.value.code == "holds_full"
    cancel_poll(places.amina.actor, first)
    proposed(None, in_room("atelier"), in_room("atelier", clock="10:00"))
    assert [one.place for one in holds()] == [1, 2, 3]
    # Another club has its own three.
    proposed(places.chloe, in_room("atelier", NEXT), online(NEXT), club="glycine")


def test_the_database_judges_the_number_of_holds(places: Cast, proposed: Proposed, context: None) -> None:
    proposed()
    kept = holds()[0]
    same = {
        name: getattr(kept, name) for name in ("club_id", "room_id", "kind", "starts_at", "ends_at", "until", "made_at")
    }
    for place in (1, 4, 0, None):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(insert(Hold).values(id="h" * 26, place=place, **same))


def test_what_has_lapsed_is_in_nobodys_way(places: Cast, proposed: Proposed, context: None) -> None:
    proposed(None, in_room(clock="10:00"), in_room(clock="14:00"), in_room())
    with time_machine.travel(ends() + timedelta(days=1, minutes=1)):
        open_poll(places.amina.actor, "tilleul", Proposal("Encore", ends(1), [in_room("atelier"), online()]))
        assert [one.place for one in holds() if one.until > now()] == [1]
        claim_slot(places.chloe.actor, Claiming(slot().id, "glycine", "Atelier"))
        look()
        assert len(holds()) == 1
        assert db.session.query(PollDate).filter(PollDate.hold_id.is_not(None)).count() == 1


def test_cancel_poll(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed(places.bruno)
    with pytest.raises(NotAllowed):
        cancel_poll(places.amina.actor, poll_id)
    assert len(holds()) == 1
    cancel_poll(places.bruno.actor, poll_id)
    assert (holds(), db.session.query(Span).count(), poll_for(places.amina.actor, poll_id).open) == ([], 0, False)
    with pytest.raises(DomainError) as refused:
        cancel_poll(places.bruno.actor, poll_id)
    assert refused.value.code == "poll_over"


def test_add_date(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed()
    add_date(places.amina.actor, poll_id, elsewhere(NEXT))
    add_date(places.bruno.actor, poll_id, in_room("atelier"))
    assert len(poll_for(places.amina.actor, poll_id).moments) == 5
    for wish, code in ((elsewhere(NEXT), "dates_twice"), (online(DAY - timedelta(days=6)), "date_too_soon")):
        with pytest.raises(DomainError) as refused:
            add_date(places.amina.actor, poll_id, wish)
        assert refused.value.code == code
    other = proposed(places.bruno, elsewhere(), online())
    with pytest.raises(NotAllowed):
        add_date(places.amina.actor, other, elsewhere(NEXT))


def test_six_votes_at_a_time(places: Cast, proposed: Proposed, context: None) -> None:
    for _number in range(6):
        proposed(None, elsewhere(), online())
    with pytest.raises(DomainError) as refused:
        proposed(None, elsewhere(), online())
    assert refused.value.code == "polls_full"
