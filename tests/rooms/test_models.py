"""What the database itself refuses, by direct inserts, on both engines."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.ids import new_id
from app.rooms.models import Closure, Room, Span
from tests.rooms.places import MONDAY, house, room
from tests.support.cast import Cast

START = MONDAY + timedelta(days=3)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("places", "context")


def add_span(place: Room, start: datetime, end: datetime) -> Span:
    closure = Closure(id=new_id(), house_id=place.house_id, room_id=place.id, starts_at=start, ends_at=end, reason="")
    span = Span(id=new_id(), room_id=place.id, starts_at=start, ends_at=end, closure_id=closure.id)
    with transaction():
        db.session.add(closure)
        db.session.flush()
        db.session.add(span)
    return span


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(0, 4), (1, 3), (-1, 1), (3, 5), (-1, 5), (0, 1), (3, 4)],
    ids=["same", "inside", "over the start", "over the end", "around", "same start", "same end"],
)
def test_two_overlapping_spans_of_a_room_are_refused(begins: int, ends: int) -> None:
    add_span(room("salle-1"), START, START + 4 * HOUR)
    with pytest.raises(IntegrityError) as refused:
        add_span(room("salle-1"), START + begins * HOUR, START + ends * HOUR)
    assert "span_overlaps" in constraint_of(refused.value)


def test_spans_may_touch_and_other_rooms_do_not_matter() -> None:
    add_span(room("salle-1"), START, START + HOUR)
    add_span(room("salle-1"), START + HOUR, START + 2 * HOUR)
    add_span(room("salle-1"), START - HOUR, START)
    add_span(room("atelier"), START, START + HOUR)
    assert db.session.query(Span).count() == 4


def test_a_span_moved_over_another_is_refused() -> None:
    add_span(room("salle-1"), START, START + HOUR)
    moved = add_span(room("salle-1"), START + 2 * HOUR, START + 3 * HOUR)
    with pytest.raises(IntegrityError) as refused, transaction():
        db.session.execute(update(Span).where(Span.id == moved.id).values(starts_at=START + HOUR / 2))
    assert "span_overlaps" in constraint_of(refused.value)
    with transaction():
        db.session.execute(update(Span).where(Span.id == moved.id).values(starts_at=START + HOUR))


def test_raw_sql_that_overlaps_is_refused() -> None:
    add_span(room("salle-1"), START, START + HOUR)
    add_span(room("salle-1"), START + HOUR, START + 2 * HOUR)
    columns = "room_id, starts_at, ends_at, closure_id"
    for said in (
        f"INSERT INTO span (id, {columns}) SELECT 'x', {columns} FROM span",
        "UPDATE span SET starts_at = (SELECT min(starts_at) FROM span)",
    ):
        with pytest.raises(IntegrityError) as refused, transaction():
            db.session.execute(text(said))
        assert "span_overlaps" in constraint_of(refused.value)


def test_a_span_belongs_to_one_thing_and_ends_after_it_starts() -> None:
    for wrong in ({"closure_id": None}, {"ends_at": START}):
        told = {"starts_at": START, "ends_at": START + HOUR, **wrong}
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Span(id=new_id(), room_id=room("salle-1").id, **told))


def test_rooms_are_numbered_in_order_and_a_number_never_comes_back() -> None:
    numbers = [room(slug).number for slug in ("salle-1", "atelier", "quai")]
    assert numbers == sorted(set(numbers))
    with transaction():
        last = Room(id=new_id(), house_id=house("canal").id, slug="x", name="X", capacity=1)
        db.session.add(last)
        db.session.flush()
        number = last.number
        db.session.delete(last)
    with transaction():
        fresh = Room(id=new_id(), house_id=house("canal").id, slug="y", name="Y", capacity=1)
        db.session.add(fresh)
        db.session.flush()
        assert fresh.number > number > numbers[-1]


def test_two_rooms_of_a_house_differ_by_their_slug(places: Cast) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Room(id=new_id(), house_id=places.houses["canal"], slug="atelier", name="Autre", capacity=3))


def test_erasing_a_closure_frees_the_room() -> None:
    span = add_span(room("salle-1"), START, START + HOUR)
    with transaction():
        db.session.execute(text("DELETE FROM closure WHERE id = :id"), {"id": span.closure_id})
    add_span(room("salle-1"), START, START + HOUR)
    assert now() < START
