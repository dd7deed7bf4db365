"""Conditions of evenings in the words of pages: how many clubs, never which."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.houses.models import House
from app.rooms.evenings.models import EveningRule
from app.rooms.evenings.queries import number_of_clubs, rule_at, standing_on, undecided_between
from app.rooms.queries import ONE_DAY, Slot

Shown = dict[str, Any]


def shown_rule(rule: EveningRule, house: House, committed: int) -> Shown:
    """state: ``open`` while it waits, ``opens`` or ``dropped`` once it is decided."""
    return {
        "id": rule.id,
        "day": rule.day,
        "clubs": rule.clubs,
        "committed": min(committed, rule.clubs),
        "when": rule.decides_at.astimezone(ZoneInfo(house.timezone)),
        "state": "open" if rule.opens is None else "opens" if rule.opens else "dropped",
    }


def only_if(house: House, start: datetime) -> Shown | None:
    """The condition under which what begins then stands."""
    rule = rule_at(house, start)
    return shown_rule(rule, house, number_of_clubs(standing_on(house, rule.day))) if rule else None


def waits_for_clubs(slot: Slot) -> EveningRule | None:
    """The condition of a slot, while it is undecided."""
    rule = rule_at(slot.house, slot.start) if slot.stretch.evening else None
    return rule if rule and rule.opens is None else None


def say_on_slots(house: House, slots: list[Shown]) -> None:
    """Each evening slot that is free or taken says its condition, while it is undecided; one query."""
    evenings = [one for one in slots if one.get("evening") and one["state"] in ("free", "mine", "claimed", "wait")]
    if not evenings:
        return
    days = [one["start"].date() for one in evenings]
    rules = undecided_between(house, min(days), max(days) + ONE_DAY)
    for one in evenings:
        rule = rules.get(one["start"].date())
        if rule:
            said = _("si %(num)s clubs viennent", num=rule.clubs)
            one["only_if"] = said
            one["more"] = _("%(before)s, %(after)s", before=one["more"], after=said) if one.get("more") else said


def slots_in(days: list[Shown]) -> list[Shown]:
    """All slots of a week as its page has them."""
    return [one for day in days for one in day["slots"]]
