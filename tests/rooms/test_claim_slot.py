"""Claiming a slot: who may, what is refused and how, what the club's log says."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from app.clubs import live
from app.clubs.queries import seat_for
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, QuotaReached, Taken
from app.houses.models import House
from app.rooms.actions import Wish, claim_slot, close_room, release_claim
from app.rooms.models import MeetingSession, Room, Span
from app.rooms.queries import Booked, Slot, find_slot, rooms_of, slots_between
from tests.rooms.places import MONDAY, claims, club, house, room, slot
from tests.support.cast import Cast, Person

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)


def claim(person: Person, where: Slot, slug: str = "tilleul", key: str | None = None, **said: Any) -> Booked:
    return claim_slot(person.actor, Wish(where.id, slug, **{"title": "Relire son CV", **said}), key)


def changes(person: Person, slug: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = live.changes_since(seat_for(person.actor, slug), 0)["changes"]
    return told


def test_claim_slot(places: Cast) -> None:
    booked = claim(places.bruno, slot(), title="  Jouer   un entretien ", public=True, size=5)
    assert (booked.claim.title, booked.claim.public, booked.claim.size) == ("Jouer un entretien", True, 5)
    assert booked.claim.made_by_id == places.bruno.memberships["tilleul"]
    again = find_slot(slot().id)
    assert (again.state, again.claim.id) == ("claimed", booked.claim.id)
    span = db.session.query(Span).one()
    assert span.ends_at - span.starts_at == timedelta(hours=2, minutes=15)


def test_claim_slot_is_written_in_the_log(places: Cast) -> None:
    booked = claim(places.bruno, slot())
    release_claim(places.bruno.actor, booked.claim.id)
    made, released = changes(places.amina, "tilleul")
    assert (made["kind"], released["kind"]) == ("claim:made", "claim:released")
    assert made["data"] == {
        "claim": booked.claim.id,
        "slot": slot().id,
        "room": "salle-1",
        "start": "2026-11-10T18:30:00+01:00",
        "end": "2026-11-10T20:30:00+01:00",
        "title": "Relire son CV",
        "door_word": booked.claim.door_word,
    }
    assert released["data"] == {"claim": booked.claim.id}
    assert changes(places.dario, "romarin") == []


@pytest.mark.parametrize(
    ("who", "slug", "error", "code"),
    [
        ("amina", "tilleul", NotAllowed, "not_a_lead"),
        ("chloe", "tilleul", NotFound, "not_found"),
        ("bruno", "romarin", NotFound, "not_found"),
        ("bruno", "rien", NotFound, "not_found"),
        ("denis", "tilleul", NotFound, "not_found"),
        ("elise", "tilleul", NotFound, "not_found"),
    ],
)
def test_claim_slot_is_for_leads(places: Cast, who: str, slug: str, error: type[DomainError], code: str) -> None:
    with pytest.raises(error) as refused:
        claim(getattr(places, who), slot(), slug)
    assert refused.value.code == code
    assert claims() == []
    assert find_slot(slot().id).state == "free"


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"title": "   "}, "title_empty", "title"),
        ({"title": "x" * 81}, "title_too_long", "title"),
        ({"size": 3}, "size_unknown", "size"),
        ({"size": 20}, "size_too_big", "size"),
    ],
)
def test_claim_slot_with_bad_fields(places: Cast, said: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        claim(places.bruno, slot(), **said)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert claims() == []


def test_a_discreet_club_makes_no_public_meeting(places: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        claim(places.dario, slot(), "romarin", public=True)
    assert refused.value.field == "public"
    assert claim(places.dario, slot(), "romarin").claim.public is False


def test_claim_slot_when_past(places: Cast, monday: time_machine.Traveller) -> None:
    for day in (date(2026, 11, 1), date(2026, 11, 2)):
        gone = slot(day=day, clock="10:00")
        monday.move_to(gone.start)
        with pytest.raises(Gone) as refused:
            claim(places.bruno, gone)
        assert refused.value.code == "slot_past"
        monday.move_to(MONDAY)


def test_claim_slot_when_too_far(places: Cast) -> None:
    # 28 December, in winter time, is eight weeks after the Monday.
    last, beyond = slot(day=date(2026, 12, 27), clock="18:30"), slot(day=date(2026, 12, 28), clock="10:00")
    claim(places.bruno, last)
    with pytest.raises(Invalid) as refused:
        claim(places.bruno, beyond)
    assert refused.value.code == "too_far"


@pytest.mark.parametrize("text", ["", "x", "a" * 26, "A" * 26, "é" * 26, "../../etc"])
def test_a_slot_id_that_is_not_ours(places: Cast, text: str) -> None:
    with pytest.raises(NotFound):
        claim_slot(places.bruno.actor, Wish(text, "tilleul", "Titre"))


def test_a_slot_that_the_pattern_no_longer_lists(places: Cast) -> None:
    known = slot()
    with transaction():
        for window in (
            db.session.execute(db.text("SELECT id FROM opening_window WHERE starts = '18:30'")).scalars().all()
        ):
            db.session.execute(db.text("DELETE FROM opening_window WHERE id = :id"), {"id": window})
    with pytest.raises(NotFound):
        find_slot(known.id)


def test_claim_slot_when_taken(places: Cast) -> None:
    claim(places.bruno, slot())
    with pytest.raises(Taken) as refused:
        claim(places.chloe, slot(), "glycine")
    assert refused.value.code == "slot_taken"
    choices = refused.value.extra["alternatives"]
    assert [choice["kind"] for choice in choices] == ["later", "room", "house"]
    later, beside, away = (choice["slot"] for choice in choices)
    assert (later["room"], later["start"]) == ("salle-1", "2026-11-17T18:30:00+01:00")
    assert (beside["room"], beside["start"]) == ("atelier", "2026-11-10T18:30:00+01:00")
    assert away["room"] == "quai"
    for choice in (later, beside, away):
        assert find_slot(choice["id"]).open
        assert "claim" not in choice
    assert claim(places.chloe, find_slot(beside["id"]), "glycine").club.slug == "glycine"
    assert len(changes(places.chloe, "glycine")) == 1


def test_alternatives_have_room_enough_and_three_without_another_house(places: Cast) -> None:
    claim(places.bruno, slot("atelier"))
    with transaction():
        db.session.execute(db.text("DELETE FROM opening_window WHERE room_id = :id"), {"id": room("quai").id})
    with pytest.raises(Taken) as refused:
        claim(places.chloe, slot("atelier"), "glycine", size=20)
    choices = refused.value.extra["alternatives"]
    assert [(c["kind"], c["slot"]["room"]) for c in choices] == [("later", "atelier")] * 3


def test_claim_slot_inside_a_buffer(places: Cast) -> None:
    with transaction():
        close = house("canal")
        tight = Room(id="t" * 26, house_id=close.id, slug="tight", name="Petite", capacity=12, buffer_minutes=30)
        db.session.add(tight)
        db.session.flush()
        for starts, ends in (("10:00", "12:00"), ("12:15", "13:45")):
            db.session.execute(
                db.text(
                    "INSERT INTO opening_window (id, room_id, weekday, starts, ends, scarce)"
                    " VALUES (:id, :room, 1, :starts, :ends, false)"
                ),
                {"id": starts, "room": tight.id, "starts": starts, "ends": ends},
            )
    claim(places.bruno, slot("tight", clock="10:00"))
    second = slot("tight", clock="12:15")
    assert second.state == "closed"
    with pytest.raises(Taken):
        claim(places.bruno, second)


def test_a_closed_house_and_a_closed_room(places: Cast) -> None:
    canal = house("canal")
    evening = slot()
    close_room(canal, room("salle-1"), evening.start, evening.end, "Entretien du sol")
    close_room(canal, None, evening.start - timedelta(hours=6), evening.start + DAY, "Formation")
    for slug in ("salle-1", "atelier"):
        shut = slot(slug)
        assert shut.state == "closed"
        with pytest.raises(Taken) as refused:
            claim(places.bruno, shut)
        assert refused.value.code == "slot_taken"
    assert slot().why == "Entretien du sol"
    assert slot("atelier").why == "Formation"
    assert slot("salle-1", clock="10:00").state == "free"


def test_a_room_is_not_closed_over_a_claim(places: Cast) -> None:
    claim(places.bruno, slot())
    with pytest.raises(Taken):
        close_room(house("canal"), None, slot().start, slot().end, "Trop tard")
    assert slot("atelier").state == "free"


def test_a_public_holiday_is_closed(places: Cast) -> None:
    armistice = slot(day=date(2026, 11, 11))
    assert (armistice.state, armistice.why) == ("closed", "holiday")
    with pytest.raises(Taken):
        claim(places.bruno, armistice)
    assert slot("quai", date(2026, 11, 11)).state == "free"


def days_from(first: int, amount: int, clock: str = "10:00") -> list[Slot]:
    """Slots of one hour on days without a holiday."""
    found = [slot("atelier", MONDAY.date() + n * DAY, clock) for n in range(first, first + amount + 2)]
    return [each for each in found if each.state == "free"][:amount]


def test_quota(places: Cast) -> None:
    for each in days_from(10, 4):
        claim(places.bruno, each)
    with pytest.raises(QuotaReached) as refused:
        claim(places.bruno, days_from(20, 1)[0])
    assert refused.value.code == "quota_reached"
    assert len(claims()) == 4
    claim(places.chloe, days_from(20, 1)[0], "glycine")


def test_quota_of_evenings(places: Cast) -> None:
    for each in days_from(10, 2, "18:30"):
        claim(places.bruno, each)
    with pytest.raises(QuotaReached):
        claim(places.bruno, days_from(15, 1, "18:30")[0])
    claim(places.bruno, days_from(15, 1)[0])


def test_what_is_released_or_over_frees_the_quota(places: Cast, monday: time_machine.Traveller) -> None:
    booked = [claim(places.bruno, each) for each in days_from(10, 4)]
    release_claim(places.bruno.actor, booked[3].claim.id)
    claim(places.bruno, days_from(20, 1)[0])
    last = booked[0].claim
    monday.move_to(last.ends_at - timedelta(minutes=1))
    with pytest.raises(QuotaReached):
        claim(places.bruno, days_from(21, 1)[0])
    monday.move_to(last.ends_at)
    claim(places.bruno, days_from(21, 1)[0])


def test_the_last_72_hours_are_outside_the_quota(places: Cast) -> None:
    near = [slot("atelier", MONDAY.date() + n * DAY, clock) for n in (0, 1, 2) for clock in ("14:00", "18:30")]
    for each in near:
        claim(places.bruno, each)
    for each in days_from(10, 4):
        claim(places.bruno, each)
    claim(places.bruno, slot("salle-1", MONDAY.date() + DAY, "18:30"))
    assert len(claims()) == len(near) + 4 + 1
    with pytest.raises(QuotaReached):
        claim(places.bruno, days_from(21, 1)[0])


def test_a_session_counts_as_one(places: Cast) -> None:
    with transaction():
        session = MeetingSession(id="s" * 26, club_id=club("tilleul").id, name="Automne", granted_at=MONDAY)
        db.session.add(session)
    evenings = [claim(places.bruno, each) for each in days_from(10, 2, "18:30")]
    with transaction():
        for booked in evenings:
            booked.claim.session_id = "s" * 26
    claim(places.bruno, days_from(15, 1, "18:30")[0])
    with pytest.raises(QuotaReached):
        claim(places.bruno, days_from(16, 1, "18:30")[0])
    for each in days_from(17, 2):
        claim(places.bruno, each)
    with pytest.raises(QuotaReached):
        claim(places.bruno, days_from(20, 1)[0])


def test_the_same_key_gives_the_same_claim(places: Cast) -> None:
    first = claim(places.bruno, slot(), key="une clé")
    again = claim(places.bruno, slot(), key="une clé")
    assert first.claim.id == again.claim.id
    assert len(claims()) == 1
    assert len(changes(places.bruno, "tilleul")) == 1


@pytest.mark.parametrize("other", [{"title": "Autre"}, {"public": True}, {"size": 5}, {"where": "atelier"}])
def test_the_same_key_for_another_request(places: Cast, other: dict[str, Any]) -> None:
    claim(places.bruno, slot(), key="k")
    said = dict(other)
    where = slot(said.pop("where", "salle-1"))
    with pytest.raises(Invalid) as refused:
        claim(places.bruno, where, key="k", **said)
    assert refused.value.code == "idempotency_key_reused"


def test_the_same_key_leaves_no_hole_in_the_log(places: Cast) -> None:
    booked = claim(places.bruno, slot(), key="k")
    claim(places.bruno, slot(), key="k")
    release_claim(places.bruno.actor, booked.claim.id)
    assert [row["seq"] for row in changes(places.amina, "tilleul")] == [1, 2]
    assert live.head_of(club("tilleul").id) == 2


def test_a_key_belongs_to_a_person(places: Cast) -> None:
    claim(places.bruno, slot(), key="k")
    assert claim(places.chloe, slot("atelier"), "glycine", key="k").club.slug == "glycine"


def test_a_refused_request_leaves_its_key_free(places: Cast) -> None:
    with pytest.raises(Invalid):
        claim(places.bruno, slot(), title="", key="k")
    assert claim(places.bruno, slot(), key="k").club.slug == "tilleul"
    assert [row["seq"] for row in changes(places.bruno, "tilleul")] == [1]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_door_words_of_a_house_and_week_are_all_different(places: Cast) -> None:
    with transaction():
        for each in (house("canal"), house("port")):
            each.claim_quota = each.evening_quota = 99
    monday = date(2026, 11, 16)
    week = [
        claim(places.bruno, each)
        for each in slots_between(house("canal"), rooms_of(house("canal")), monday, monday + 7 * DAY)
        if each.state == "free"
    ]
    words = [booked.claim.door_word for booked in week]
    assert len(words) == len(set(words)) == 42
    assert all(re.fullmatch(r"[\w’ -]+", word) for word in words)


def test_release_claim(places: Cast) -> None:
    booked = claim(places.bruno, slot())
    for who, error in (("amina", NotAllowed), ("chloe", NotFound), ("dario", NotFound), ("denis", NotFound)):
        with pytest.raises(error):
            release_claim(getattr(places, who).actor, booked.claim.id)
    assert slot().state == "claimed"
    release_claim(places.bruno.actor, booked.claim.id)
    assert slot().state == "free"
    with pytest.raises(NotFound):
        release_claim(places.bruno.actor, booked.claim.id)
    assert claim(places.chloe, slot(), "glycine").club.slug == "glycine"


def test_release_claim_when_past(places: Cast, monday: time_machine.Traveller) -> None:
    booked = claim(places.bruno, slot())
    monday.move_to(booked.claim.ends_at)
    with pytest.raises(Gone):
        release_claim(places.bruno.actor, booked.claim.id)


def test_a_claim_keeps_its_wall_time_over_the_change(places: Cast, monday: time_machine.Traveller) -> None:
    monday.move_to("2027-03-01T08:00:00+00:00")
    with transaction():
        db.session.get_one(House, house("canal").id).claim_quota = 9
    for day in (date(2027, 3, 27), date(2027, 3, 30)):
        booked = claim(places.bruno, slot(day=day, clock="14:00"))
        assert find_slot(booked.slot_id).stretch.day == day
    told = [row["data"]["start"] for row in changes(places.bruno, "tilleul")]
    assert told == ["2027-03-27T14:00:00+01:00", "2027-03-30T14:00:00+02:00"]
