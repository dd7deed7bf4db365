"""Back to back: two clubs follow each other in a room that needs no time between, and cannot in one that does."""

from datetime import timedelta

import pytest

from app.core.db import db, transaction
from app.core.errors import Taken
from app.rooms.actions import Wish, claim_slot
from app.rooms.models import Span
from tests.rooms.places import house, make_room, slot
from tests.support.cast import Cast

TIMES = ("10:00-12:00", "12:00-14:00")
pytestmark = pytest.mark.usefixtures("places", "context")


@pytest.mark.parametrize("first", ["10:00", "12:00"])
def test_back_to_back_works_without_a_buffer_and_fails_with_one(places: Cast, first: str) -> None:
    then = next(clock for clock in ("10:00", "12:00") if clock != first)
    with transaction():
        make_room(house("canal"), "serre", TIMES, buffer_minutes=0)
        make_room(house("canal"), "cave", TIMES, buffer_minutes=1)
    for room in ("serre", "cave"):
        claim_slot(places.bruno.actor, Wish(slot(room, clock=first).id, "tilleul", "Relire son CV"))
    claim_slot(places.chloe.actor, Wish(slot("serre", clock=then).id, "glycine", "Relire son CV"))
    with pytest.raises(Taken) as refused:
        claim_slot(places.chloe.actor, Wish(slot("cave", clock=then).id, "glycine", "Relire son CV"))
    assert refused.value.code == "slot_taken"
    lengths = [span.ends_at - span.starts_at for span in db.session.scalars(db.select(Span).order_by(Span.ends_at))]
    assert sorted(lengths) == [timedelta(hours=2), timedelta(hours=2), timedelta(hours=2, minutes=1)]
