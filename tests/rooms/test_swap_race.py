"""An exchange and a release of one of its claims, from two processes at the same moment, on both engines."""

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

import time_machine

from app.core.db import db
from app.core.errors import DomainError
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.models import Claim, Span
from app.rooms.series import swaps
from tests.rooms.places import MONDAY, TUESDAY, make_places, slot
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Person, make_cast

DAYS = [TUESDAY + number * timedelta(days=2) for number in range(3)]


def take(person: Person, slug: str, *where: Any) -> str:
    return claim_slot(person.actor, Wish(slot(*where).id, slug, "Rencontre")).claim.id


def _act(barrier: Barrier, answer: Callable[[Any], None], url: str, actor: Any, what: str, subjects: list[str]) -> None:
    app = make_app(url)
    act: Callable[[Any, str], Any] = swaps.accept_swap if what == "accept" else release_claim
    told = []
    with time_machine.travel(MONDAY, tick=True):
        for subject in subjects:
            with app.app_context():
                barrier.wait(60)
                try:
                    act(actor, subject)
                    told.append("done")
                except DomainError as error:
                    told.append(error.code)
    with app.app_context():
        db.engine.dispose()
    answer((what, told))


def race(*crowd: tuple[Any, ...]) -> dict[str, list[str]]:
    """Forked, not spawned: what is imported already need not be again."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(len(crowd)), context.Queue()
    started = [context.Process(target=_act, args=(barrier, answers.put, *told)) for told in crowd]
    for process in started:
        process.start()
    found = dict(answers.get(timeout=120) for _ in started)
    for process in started:
        process.join(30)
    return found


def test_an_exchange_and_a_release_at_the_same_moment(engine: str, monday: Any) -> None:
    app = make_app(databases.new_database(engine))
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context():
        cast = make_cast()
        make_places()
        ours = [take(cast.bruno, "tilleul", "salle-1", day, "10:00") for day in DAYS]
        theirs = [take(cast.chloe, "glycine", "atelier", day, "14:00") for day in DAYS]
        asked = [
            swaps.ask_swap(cast.bruno.actor, claim, slot("atelier", day, "14:00").id).id
            for claim, day in zip(ours, DAYS, strict=True)
        ]
        db.session.remove()
        db.engine.dispose()
    told = race((url, cast.chloe.actor, "accept", asked), (url, cast.bruno.actor, "release", ours))
    accepted, released = told["accept"], told["release"]
    assert released == ["done"] * len(DAYS)
    assert set(accepted) <= {"done", "swap_changed"}
    with app.app_context():
        assert db.session.query(Span).count() == len(DAYS)
        for day, said, claim in zip(DAYS, accepted, theirs, strict=True):
            where = slot("salle-1", day, "10:00") if said == "done" else slot("atelier", day, "14:00")
            assert where.claim is db.session.get_one(Claim, claim)
