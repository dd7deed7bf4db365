"""The ways to get one slot of a room: what must stand there before, and what is then done, by its action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import update

from app.accounts.models import Account
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.sealed import seal
from app.houses.models import House
from app.rooms.actions import Wish, claim_slot
from app.rooms.closures.actions import close
from app.rooms.closures.queries import Plan
from app.rooms.draw.actions import hold_draw
from app.rooms.draw.models import Draw, DrawBid
from app.rooms.draw.rule import hash_of
from app.rooms.draw.weeks import monday_of
from app.rooms.evenings.deciding import decide
from app.rooms.evenings.models import EveningRule
from app.rooms.imports.actions import bring_calendar
from app.rooms.imports.reading import Moment
from app.rooms.models import Claim, Hold, OpeningWindow, Room, Span
from app.rooms.presence.actions import they_are_here
from app.rooms.queries import Slot, slots_between, today_in
from app.rooms.series.actions import claim_series
from app.rooms.series.changes import move_part
from app.rooms.sessions.actions import LEAST
from app.rooms.sessions.answers import grant_session
from app.rooms.sessions.models import SessionRequest
from app.rooms.waiting.actions import hold_slot
from tests.rooms.places import house, make_room
from tests.rooms.storm import PROCESSES, WON, Attempt
from tests.support import factories
from tests.support.cast import Cast, Person

CLUBS = 6
ROOMS = ("une", "deux", "trois")
# In a house of its own: there one door shuts the whole house.
ALONE = "quatre"
DAYS = 30
HOLD = timedelta(days=1)
# Beyond every slot of a round.
FAR = timedelta(days=60)


@dataclass(frozen=True)
class Lead:
    """Somebody who leads one club."""

    actor: Actor
    slug: str
    club_id: str


@dataclass(frozen=True)
class Target:
    """The slot of a round, without rows: they belong to the process that read them."""

    slot_id: str
    house: str
    house_id: str
    room_id: str
    room: str
    day: date
    start: datetime
    end: datetime
    until: datetime


@dataclass(frozen=True)
class Ground:
    """Where a storm goes over: the leads of some clubs, one of the team, and the slots.

    alone: those of a house that has no other.
    """

    leads: list[Lead]
    staff: Actor
    targets: list[Target]
    alone: list[Target]


# Prepares one attempt on a slot. number: the process that will make it.
Way = Callable[[Ground, Target, Lead, int], Attempt]


def make_ground(cast: Cast) -> Ground:
    """Three rooms with a slot a day, a house with one more, and six clubs.

    In an application context, which it leaves without rows.
    """
    with transaction():
        canal, away = house("canal"), factories.make_house("seule", name="Maison seule", position=2)
        factories.make_post(db.session.get_one(Account, cast.denis.account_id), away)
        canal.claim_quota = canal.evening_quota = 9999
        rooms = [make_room(canal, slug, ("19:00-21:00",)) for slug in ROOMS]
        alone = make_room(away, ALONE, ("19:00-21:00",))
        make_room(away, beside_alone(), ())
        for on in (*ROOMS, ALONE):
            for number in range(PROCESSES):
                make_room(canal, aside(on, number), ())
        leads = [_make_lead(str(number)) for number in range(CLUBS)]
        return Ground(leads, cast.denis.actor, _targets(canal, rooms), _targets(away, [alone]))


def _targets(its_house: House, rooms: list[Room]) -> list[Target]:
    first = today_in(its_house) + timedelta(days=5)
    last = first + timedelta(days=DAYS)
    # Whoever is refused is told what else is free: no more slots than the storm needs.
    here = update(OpeningWindow).where(OpeningWindow.room_id.in_([room.id for room in rooms]))
    db.session.execute(here.values(valid_until=last))
    slots = slots_between(its_house, rooms, first, last)
    return [_target(slot) for slot in slots if slot.open]


def aside(room: str, number: int) -> str:
    """A room without slots beside each room, for each process: there stands what is to come to the slot of a round."""
    return f"{room}-{number}"


def beside_alone() -> str:
    """Where another club stands in the house that has one slot a day."""
    return f"{ALONE}-autre"


def _make_lead(name: str) -> Lead:
    club = factories.make_club(f"club-{name}", house("canal"))
    account = factories.make_account(f"lead{name}@demo.example", demo=True)
    factories.make_membership(account, club, "Nom", "lead")
    return Lead(Person(f"lead{name}", account.id, "").actor, club.slug, club.id)


def _target(slot: Slot) -> Target:
    return Target(
        slot.id, slot.house.slug, slot.house.id, slot.room.id, slot.room.slug, slot.stretch.day, slot.start, slot.end,
        slot.stretch.occupied_until,
    )  # fmt: skip


def claim(_ground: Ground, on: Target, lead: Lead, _number: int) -> Attempt:
    """A lead claims the slot."""

    def act() -> str:
        claim_slot(lead.actor, Wish(on.slot_id, lead.slug, "Tempête"))
        return WON

    return act


def keep(_ground: Ground, on: Target, _lead: Lead, _number: int) -> Attempt:
    """A lead has the slot kept while the page of a claim is filled; who keeps another one lets go of the first."""
    asking = _make_lead(new_id()[:12])

    def act() -> str:
        hold_slot(asking.actor, on.slot_id, asking.slug)
        return "kept"

    return act


def shut(ground: Ground, on: Target, _lead: Lead, _number: int) -> Attempt:
    """One of the team shuts the room that day, and has no answer for a claim."""

    def act() -> str:
        close(ground.staff, on.house, Plan(on.room, on.day, on.day, "Travaux"), {})
        return "shut"

    return act


def shut_house(ground: Ground, on: Target, _lead: Lead, _number: int) -> Attempt:
    """One of the team shuts the whole house that day."""

    def act() -> str:
        close(ground.staff, on.house, Plan("", on.day, on.day, "Inventaire"), {})
        return "shut"

    return act


def grant(ground: Ground, on: Target, _lead: Lead, _number: int) -> Attempt:
    """One of the team grants a session of six dates, one of them on the slot; a club has one at a time."""
    asking = _make_lead(new_id()[:12])
    starts = [on.start + number * FAR for number in range(LEAST)]
    request = factories.add(
        SessionRequest(
            id=new_id(), club_id=asking.club_id, room_id=on.room_id, name="Tempête", size=1,
            dates=[[start.isoformat(), (start + (on.end - on.start)).isoformat()] for start in starts],
            asked_at=now(), until=now() + HOLD, lost=[],
        )
    )  # fmt: skip
    for start in starts:
        keep_for(asking, on, "series", start)
    request_id = request.id

    def act() -> str:
        grant_session(ground.staff, request_id)
        return WON

    return act


def allot(_ground: Ground, on: Target, lead: Lead, _number: int) -> Attempt:
    """The clock draws the week, in which the slot is scarce and the club alone wishes for it."""
    factories.add(
        OpeningWindow(
            id=new_id(), room_id=on.room_id, weekday=on.day.weekday(), starts="19:00", ends="21:00", scarce=True,
            valid_from=on.day, valid_until=on.day,
        )
    )  # fmt: skip
    seed, past = new_id(), now() - timedelta(minutes=1)
    draw = factories.add(
        Draw(
            id=new_id(), house_id=on.house_id, week=monday_of(on.day), closes_at=past, seed_sealed=seal(seed),
            seed_hash=hash_of(seed), made_at=past,
        )
    )  # fmt: skip
    bid = DrawBid(draw_id=draw.id, club_id=lead.club_id, label="tempete", wishes=[on.slot_id], changed_at=past)
    draw_id = factories.add(bid).draw_id

    def act() -> str:
        hold_draw(draw_id)
        outcome = db.session.get_one(DrawBid, (draw_id, lead.club_id), populate_existing=True).outcome
        return WON if outcome == "won" else "void"

    return act


def decide_evening(_ground: Ground, on: Target, lead: Lead, _number: int) -> Attempt:
    """The clock decides whether the evening opens: a club stands beside, and one more is needed."""
    stand(lead, on, beside_alone())
    rule = EveningRule(id=new_id(), house_id=on.house_id, day=on.day, clubs=2, set_at=now(), decides_at=now())
    rule_id = factories.add(rule).id

    def act() -> str:
        decide(rule_id)
        return "decided"

    return act


def send_there(ground: Ground, on: Target, lead: Lead, number: int) -> Attempt:
    """One of the team shuts another room and moves to the slot what stands there."""
    beside = aside(on.room, number)
    moved = stand(lead, on, beside)

    def act() -> str:
        close(ground.staff, "canal", Plan(beside, on.day, on.day, "Travaux"), {moved: f"move:{on.slot_id}"})
        return WON

    return act


def take_several(ground: Ground, on: Target, lead: Lead, _number: int) -> Attempt:
    """A lead claims two days in one go; the first that somebody asks for has the other day."""
    other = next(each for each in reversed([*ground.targets, *ground.alone]) if each.room == on.room)

    def act() -> str:
        days = [other.day.isoformat(), on.day.isoformat()]
        answer = claim_series(lead.actor, Wish(on.slot_id, lead.slug, "Tempête"), days).occurrences
        mine = next(one for one in answer if one["slot"] == on.slot_id)
        return WON if mine["state"] == "claimed" else str(mine["code"])

    return act


def come_late(ground: Ground, on: Target, lead: Lead, _number: int) -> Attempt:
    """One of the team sees a club that is there after all: its claim was given back because nobody had come."""
    unused = stand(lead, on)

    def act() -> str:
        they_are_here(ground.staff, unused)
        return WON

    return act


def move(_ground: Ground, on: Target, lead: Lead, number: int) -> Attempt:
    """A lead moves a claim from another room."""
    mine = stand(lead, on, aside(on.room, number))

    def act() -> str:
        move_part(lead.actor, mine, "this", on.slot_id)
        return WON

    return act


def bring(ground: Ground, on: Target, lead: Lead, _number: int) -> Attempt:
    """One of the team brings a calendar in which the room is taken."""

    def act() -> str:
        done = bring_calendar(ground.staff, on.house, on.room, [Moment(on.start, on.until, "Chorale", lead.club_id)])
        return "shut" if done.taken else "clash"

    return act


def stand(lead: Lead, on: Target, room: str = "") -> str:
    """The id of a claim of the club at the time of the slot: in a room, or else on the slot, and given back."""
    room_id = db.session.scalars(db.select(Room.id).filter_by(slug=room)).one() if room else on.room_id
    gone = None if room else now()
    made = factories.add(
        Claim(
            id=new_id(), club_id=lead.club_id, room_id=room_id, starts_at=on.start, ends_at=on.end, title="Tempête",
            door_word="boussole", made_at=now(), released_at=gone, unused_at=gone,
        )
    )  # fmt: skip
    if room:
        _span(on, room_id, claim_id=made.id)
    return str(made.id)


def _span(on: Target, room_id: str, start: datetime | None = None, **subject: str) -> None:
    begins = start or on.start
    until = begins + (on.until - on.start)
    factories.add(Span(id=new_id(), room_id=room_id, starts_at=begins, ends_at=until, **subject))


def keep_for(lead: Lead, on: Target, kind: str, start: datetime) -> str:
    """A slot's room kept for a club, at the time of the slot or as long at another."""
    hold = Hold(
        id=new_id(), club_id=lead.club_id, room_id=on.room_id, kind=kind, starts_at=start,
        ends_at=start + (on.end - on.start), until=now() + HOLD, made_at=now(),
    )  # fmt: skip
    _span(on, on.room_id, start, hold_id=factories.add(hold).id)
    return str(hold.id)
