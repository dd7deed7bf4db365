"""What is arranged in the house of the stage: a closure far ahead, a line of the week, who waits for a room,
a session that is asked for, an evening's condition.
"""

from datetime import date, timedelta

from sqlalchemy import select

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.sealed import seal
from app.meetings.actions import Plan as Planned
from app.meetings.actions import plan_meeting
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.closures.actions import close
from app.rooms.closures.queries import Plan
from app.rooms.draw.actions import open_draws
from app.rooms.draw.models import Draw
from app.rooms.draw.queries import coming_draw, scarce_slots
from app.rooms.draw.record import record_of
from app.rooms.draw.rule import hash_of
from app.rooms.draw.weeks import next_week
from app.rooms.evenings.actions import Condition, set_rule
from app.rooms.evenings.queries import lists_an_evening
from app.rooms.models import Claim, OpeningWindow
from app.rooms.queries import slots_between, today_in
from app.rooms.sessions.actions import SessionWish, ask_session
from app.rooms.sessions.queries import dates_of
from app.rooms.waiting.actions import Wait, wait_for_slot
from app.rooms.week import week_of
from tests.rooms.places import house, room
from tests.rules import deciding
from tests.support.cast import Cast, Person


def arrange_draws(kept: int) -> dict[str, str]:
    """A draw to come, of one evening of the workshop, and the one before it, which had no wish.

    On whatever day this is made, the evening is free in that week: no holiday, nobody's, and not on a ``kept`` weekday.
    """
    canal = house("canal")
    week = next_week(canal)
    span = slots_between(canal, [room("atelier")], week, week + timedelta(days=7), evenings=True)
    free = next(slot for slot in span if slot.open and slot.stretch.day.weekday() != kept)
    with transaction():
        evenings = select(OpeningWindow).where(
            OpeningWindow.room_id == room("atelier").id,
            OpeningWindow.weekday == free.stretch.day.weekday(),
            OpeningWindow.starts == "18:30",
        )
        db.session.scalars(evenings).one().scarce = True
    open_draws()
    to_come = coming_draw(canal)
    assert to_come is not None
    seed, before = "00" * 32, to_come.week - timedelta(days=7)
    with transaction():
        db.session.add(
            Draw(
                id=new_id(), house_id=canal.id, week=before, closes_at=now() - timedelta(days=1),
                seed_sealed=seal(seed), seed_hash=hash_of(seed), made_at=now(), drawn_at=now(),
                record=record_of({}, seed, [], []),
            )
        )  # fmt: skip
    scarce = scarce_slots(canal, to_come.week)
    return {"draw_week": week_of(to_come.week), "drawn_week": week_of(before), "scarce": scarce[0].id}


def arrange(cast: Cast) -> dict[str, str]:
    """The ids that the rows about rooms name."""
    day = today_in(house("canal")) + timedelta(days=45)
    closure = close(cast.denis.actor, "canal", Plan("atelier", day, day, "Peinture"), {})
    windows = select(OpeningWindow.id).where(OpeningWindow.room_id == room("atelier").id)
    evening, conditional = condition(cast)
    return {
        **wait(cast),
        **deciding.ask(cast),
        **begin(cast),
        **plan(cast),
        **arrange_draws(evening.weekday()),
        "asked_session": ask_for_session(cast.bruno, "tilleul", "Six ateliers"),
        **conditional,
        "closure": closure.id,
        "window": db.session.scalars(windows.limit(1)).one(),
        "elise": cast.elise.account_id,
        "denis": cast.denis.account_id,
    }


def ask_for_session(lead: Person, slug: str, name: str) -> str:
    """A session of six dates, at the first hour that has as many ahead."""
    first = today_in(house("canal")) + timedelta(days=4)
    for slot in slots_between(house("canal"), [room("atelier")], first, first + timedelta(days=7)):
        free = [each.slot.id for each in dates_of(slot, 1, 10, None) if each.why is None]
        if slot.open and len(free) >= 6:
            return ask_session(lead.actor, SessionWish(slot.id, slug, name, 5, 1, 10, free[:6])).id
    raise LookupError("six dates")


def wait(cast: Cast) -> dict[str, str]:
    """Glycine holds an evening for which Tilleul waits; it gave back another one, which is offered to Tilleul."""
    first = today_in(house("canal")) + timedelta(days=20)
    span = slots_between(house("canal"), [room("atelier")], first, first + timedelta(days=9), evenings=True)
    slots = [slot.id for slot in span if slot.open]
    claims = [claim_slot(cast.chloe.actor, Wish(each, "glycine", "Un atelier")).claim.id for each in slots[:2]]
    places = [wait_for_slot(cast.bruno.actor, Wait(each, "tilleul")).id for each in slots[:2]]
    release_claim(cast.chloe.actor, claims[1])
    return {"taken_slot": slots[0], "waiting": places[0], "offer": places[1]}


def plan(cast: Cast) -> dict[str, str]:
    """A meeting of Tilleul outside the rooms, in four days."""
    soon = now() + timedelta(days=4)
    said = Planned("Au parc", soon, soon + timedelta(hours=2), area="Près du canal", address="3 quai des Lilas")
    return {"planned": plan_meeting(cast.bruno.actor, "tilleul", said).id}


def begin(cast: Cast) -> dict[str, str]:
    """A meeting of Tilleul that has begun in the workshop."""
    moment = now().replace(second=0, microsecond=0)
    claim = Claim(
        id="begun" + "a" * 21, club_id=cast.clubs["tilleul"], room_id=room("atelier").id, title="Rencontre",
        starts_at=moment - timedelta(minutes=5), ends_at=moment + timedelta(hours=1), door_word="Lanterne",
        made_at=moment,
    )  # fmt: skip
    with transaction():
        db.session.add(claim)
    return {"begun": claim.id, "begun_meeting": claim.id}


def condition(cast: Cast) -> tuple[date, dict[str, str]]:
    """An evening that waits for clubs, for which Tilleul has booked; its day first."""
    day = today_in(house("canal")) + timedelta(days=32)
    span = slots_between(house("canal"), [room("atelier")], day, day + timedelta(days=9), evenings=True)
    slot = next(slot for slot in span if slot.open)
    rule = set_rule(cast.denis.actor, "canal", Condition(slot.stretch.day, 3))[0]
    claim = claim_slot(cast.bruno.actor, Wish(slot.id, "tilleul", "Un soir", holder="Madame K.")).claim
    far = slot.stretch.day + timedelta(days=2)
    while not lists_an_evening(house("canal"), far):
        far += timedelta(days=1)
    return slot.stretch.day, {"rule": rule.id, "evening_claim": claim.id, "far_evening": far.isoformat()}
