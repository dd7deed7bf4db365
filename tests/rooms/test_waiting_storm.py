"""An offer that is accepted as it lapses, and a claim that comes back as another is made: the database keeps one."""

import multiprocessing
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text

from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.models import Claim, Hold, OpeningWindow, Span
from app.rooms.presence.actions import they_are_here
from app.rooms.queries import find_slot, slots_between, today_in
from app.rooms.waiting.actions import Wait, accept_offer, wait_for_slot
from app.rooms.waiting.jobs import look
from tests.rooms.places import house, make_places, room
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_cast

ROUNDS = 4
FIRST_LAPSE = 10


@pytest.fixture
def installation(engine: str) -> Iterator[tuple[Flask, Cast]]:
    """A database of its own, with rooms and no quota."""
    app = make_app(databases.new_database(engine))
    with app.app_context():
        cast = make_cast()
        make_places()
        with transaction():
            db.session.execute(text("UPDATE house SET claim_quota = 99, evening_quota = 99"))
    yield app, cast
    databases.close(app)


def together(url: str, *crowd: list[tuple[Any, ...]]) -> list[list[str]]:
    """Each list of acts in a process of its own, one act a round, all at the same instant."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(len(crowd)), context.Queue()
    started = [
        context.Process(target=act, args=(barrier, answers, number, url, acts)) for number, acts in enumerate(crowd)
    ]
    for process in started:
        process.start()
    told = dict(answers.get(timeout=120) for _ in started)
    for process in started:
        process.join(30)
    return [told[number] for number in range(len(crowd))]


def act(barrier: Any, answers: Any, number: int, url: str, acts: list[tuple[Any, ...]]) -> None:
    """One thing each round, at the same instant as the others."""
    app, told = make_app(url), []
    for verb, *given in acts:
        with app.app_context():
            barrier.wait(60)
            try:
                VERBS[verb](*given)
                told.append("made")
            except DomainError as error:
                told.append(error.code)
    databases.close(app)
    answers.put((number, told))


def lapse(number: int) -> None:
    """The clock comes by when the offers up to this one have lapsed, as it sees the time."""
    with time_machine.travel(now() + timedelta(hours=FIRST_LAPSE + number, minutes=30)):
        look()


def claim(person: Person, club: str, slot: str) -> None:
    claim_slot(person.actor, Wish(slot, club, "Tempête"))


VERBS: dict[str, Any] = {
    "accept": lambda person, waiting: accept_offer(person.actor, waiting),
    "lapse": lapse,
    "claim": claim,
    "undo": lambda person, claim_id: they_are_here(person.actor, claim_id),
}


def no_overlap() -> None:
    spans = list(db.session.scalars(db.select(Span).order_by(Span.room_id, Span.starts_at)))
    for one, other in pairwise(spans):
        assert one.room_id != other.room_id or one.ends_at <= other.starts_at


def test_an_offer_accepted_as_it_lapses_has_one_end(installation: tuple[Flask, Cast]) -> None:
    app, cast = installation
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context():
        first = today_in(house("canal")) + timedelta(days=9)
        slots = [s.id for s in slots_between(house("canal"), [room("salle-1")], first, first + timedelta(days=9))
                 if s.open][:ROUNDS]  # fmt: skip
        offers = []
        for slot in slots:
            taken = claim_slot(cast.chloe.actor, Wish(slot, "glycine", "Avant")).claim.id
            offers.append(wait_for_slot(cast.bruno.actor, Wait(slot, "tilleul")).id)
            wait_for_slot(cast.dario.actor, Wait(slot, "romarin"))
            release_claim(cast.chloe.actor, taken)
        holds = {hold.starts_at: hold for hold in db.session.scalars(db.select(Hold))}
        with transaction():
            for number, start in enumerate(sorted(holds)):
                db.session.get_one(Hold, holds[start].id).until = now() + timedelta(hours=FIRST_LAPSE + number)
    accepts = [("accept", cast.bruno, each) for each in offers]
    told = together(url, accepts, [("lapse", number) for number in range(ROUNDS)], accepts)
    with app.app_context():
        no_overlap()
        for number, slot in enumerate(slots):
            found = find_slot(slot)
            mine = [answers[number] for answers in (told[0], told[2])]
            assert mine.count("made") == (found.state == "claimed")
            assert found.state in ("claimed", "held")
        assert db.session.query(Claim).filter(Claim.released_at.is_(None)).count() == sum(
            answers.count("made") for answers in (told[0], told[2])
        )


def test_a_claim_comes_back_or_another_is_made(installation: tuple[Flask, Cast]) -> None:
    app, cast = installation
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context():
        slot, unused = _a_slot_under_way(cast)
        db.session.rollback()
    told = together(
        url,
        [("claim", cast.chloe, "glycine", slot)],
        [("undo", cast.denis, unused)],
        [("claim", cast.dario, "romarin", slot)],
    )
    answers = sorted(answer for each in told for answer in each)
    # Once the claim is back, the slot is one that has begun.
    assert answers[0] == "made"
    assert set(answers[1:]) <= {"slot_taken", "slot_past"}
    with app.app_context():
        no_overlap()
        assert db.session.query(Span).count() == 1


def _a_slot_under_way(cast: Cast) -> tuple[str, str]:
    """A slot that has begun, whose claim was given back because nobody came; its id, and the claim's."""
    canal, atelier = db.session.get_one(House, house("canal").id), room("atelier")
    start = now().replace(second=0, microsecond=0) - timedelta(minutes=20)
    canal_start, canal_end = start, start + timedelta(minutes=40)
    with transaction():
        # On a clock on which both are of one day.
        zone = next(name for name in ("UTC", "Pacific/Auckland", "America/New_York") if _one_day(name, start))
        db.session.get_one(House, canal.id).timezone = zone
        db.session.get_one(House, canal.id).country = "XX"
        db.session.execute(db.delete(OpeningWindow).where(OpeningWindow.room_id == atelier.id))
        local, end = canal_start.astimezone(ZoneInfo(zone)), canal_end.astimezone(ZoneInfo(zone))
        db.session.add(
            OpeningWindow(
                id=new_id(), room_id=atelier.id, weekday=local.weekday(), starts=f"{local:%H:%M}", ends=f"{end:%H:%M}"
            )
        )
        claim = Claim(
            id=new_id(), club_id=cast.clubs["tilleul"], room_id=atelier.id, starts_at=start, ends_at=canal_end,
            title="Avant", door_word="Boussole", made_at=start, released_at=now(), unused_at=now(),
        )  # fmt: skip
        db.session.add(claim)
    slots = slots_between(
        db.session.get_one(House, canal.id), [atelier], local.date(), local.date() + timedelta(days=1)
    )
    return next(each.id for each in slots if each.start == start), claim.id


def _one_day(name: str, start: Any) -> bool:
    local = start.astimezone(ZoneInfo(name))
    return local.date() == (local + timedelta(minutes=60)).date()
