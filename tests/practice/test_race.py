"""Four people take the same quarter of an hour in the same instant, from processes of their own: one has it."""

from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.core.errors import Taken
from app.practice.actions import Asking, offer_to_listen, take_rehearsal
from app.practice.models import Rehearsal
from tests.rules.practising import listening
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import make_cast, make_person
from tests.support.race import race

PEOPLE = 4


def take(barrier: Any, url: str, actor: Any, offer_id: str) -> str:
    app = make_app(url)
    with app.test_request_context():
        db.session.execute(select(Rehearsal.id)).first()
        db.session.rollback()
        barrier.wait(60)
        try:
            take_rehearsal(actor, offer_id, 0, Asking("Alba", "house"))
            said = "taken"
        except Taken as error:
            said = error.code
        db.session.remove()
        db.engine.dispose()
    return said


def crowd(engine: str, *, fair: bool = True) -> tuple[list[str], int]:
    app = make_app(databases.new_database(engine))
    with app.test_request_context():
        cast = make_cast()
        offer = offer_to_listen(cast.bruno.actor, listening("Basile", "10:00", "10:15")).id
        if not fair:
            db.session.execute(db.text("DROP INDEX uq_rehearsal_listener"))
            db.session.commit()
        people = [make_person(f"person{number}") for number in range(PEOPLE)]
        db.session.remove()
        db.engine.dispose()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    said = race(take, *((url, person.actor, offer) for person in people))
    with app.app_context():
        count = len(db.session.scalars(select(Rehearsal.id)).all())
    databases.close(app)
    return sorted(said), count


def test_one_of_many_has_it(engine: str) -> None:
    assert crowd(engine) == (["quarter_taken"] * (PEOPLE - 1) + ["taken"], 1)


def test_without_the_index_all_would_have_it() -> None:
    assert crowd("sqlite", fair=False) == (["taken"] * PEOPLE, PEOPLE)
