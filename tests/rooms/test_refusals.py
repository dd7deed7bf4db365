"""Every refusal names its rule, and three moments that the club can take at that moment."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.houses.models import House
from app.rooms.actions import Wish, claim_slot, close_room
from app.rooms.queries import Slot
from app.rooms.waiting.actions import hold_slot
from tests.rooms.places import MONDAY, house, make_room, room, slot
from tests.support.cast import Cast, Person

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]
FAR = date(2026, 12, 28)


def claim(person: Person, where: Slot, slug: str, **said: Any) -> Any:
    return claim_slot(person.actor, Wish(where.id, slug, "Relire son CV", **said)).claim


def refused(act: Callable[[], object]) -> DomainError:
    with pytest.raises(DomainError) as found:
        act()
    return found.value


def taken(places: Cast) -> Slot:
    claim(places.bruno, slot(), "tilleul")
    return slot()


def held(places: Cast) -> Slot:
    hold_slot(places.bruno.actor, slot().id, "tilleul")
    return slot()


def closed(places: Cast) -> Slot:
    close_room(house("canal"), room("salle-1"), slot().start, slot().end, "Peinture")
    return slot()


CASES = {
    "taken": (taken, {}, "slot_taken", "Ce moment vient d’être pris. Voici d’autres moments libres."),
    "held": (
        held, {}, "slot_taken", "Ce moment est gardé un moment pour un autre club. Voici d’autres moments libres.",
    ),
    "closed": (closed, {}, "slot_taken", "La salle est fermée : Peinture. Voici d’autres moments libres."),
    "holiday": (
        lambda _places: slot(day=date(2026, 11, 11)), {}, "slot_taken",
        "C’est un jour férié : la maison est fermée. Voici d’autres moments libres.",
    ),
    "past": (
        lambda _places: slot(day=date(2026, 11, 1)), {}, "slot_past",
        "Ce moment est passé. Choisissez-en un autre.",
    ),
    "too far": (
        lambda _places: slot(day=FAR, clock="10:00"), {}, "too_far",
        "C’est trop tôt : on réserve huit semaines à l’avance, au plus.",
    ),
    "too big": (
        lambda _places: slot(), {"size": 20}, "size_too_big", "Salle 1 : 12 places. Vous avez choisi 20 et plus.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_refusal_names_its_rule_and_three_moments_to_take(places: Cast, name: str) -> None:
    arrange, said, code, words = CASES[name]
    error = refused(lambda: claim(places.chloe, arrange(places), "glycine", **said))
    assert (error.code, str(error.detail)) == (code, words)
    choices = error.extra["alternatives"]
    assert len(choices) == 3
    with transaction():
        db.session.get_one(House, house("canal").id).evening_quota = 9
    for choice in choices:
        size = said.get("size", 1)
        assert claim_slot(places.chloe.actor, Wish(choice["slot"]["id"], "glycine", "Ailleurs", size=size)).claim


@pytest.mark.parametrize("evenings_only", [True, False])
def test_at_the_end_of_a_quota_the_choices_are_within_it(places: Cast, evenings_only: bool) -> None:
    with transaction():
        here = db.session.get_one(House, house("canal").id)
        here.evening_quota = 0
        here.claim_quota = 9 if evenings_only else 0
    error = refused(lambda: claim(places.chloe, slot(), "glycine"))
    assert error.code == "quota_reached"
    choices = error.extra["alternatives"]
    assert len(choices) == 3
    for choice in choices:
        evening = choice["slot"]["evening"]
        soon = choice["slot"]["start"] < (MONDAY + timedelta(hours=73)).isoformat()
        assert soon or (evenings_only and not evening)
        assert claim_slot(places.chloe.actor, Wish(choice["slot"]["id"], "glycine", "Ailleurs")).claim


def test_choices_lie_in_other_houses_too(places: Cast, monday: time_machine.Traveller) -> None:
    with transaction():
        make_room(house("port"), "phare")
    error = refused(lambda: claim(places.chloe, taken(places), "glycine"))
    assert {choice["kind"] for choice in error.extra["alternatives"]} == {"later", "room", "house"}
