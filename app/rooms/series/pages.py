"""A week of a house as a list, to pick where a claim goes: for its leads, and for the team that acts for a club."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from app.houses.models import House
from app.houses.queries import house_by_slug
from app.rooms.models import Claim
from app.rooms.queries import ONE_DAY, Slot, rooms_of, slots_between, today_in
from app.rooms.series import show
from app.rooms.week import SEVEN_DAYS, label_of, monday_of, neighbours, week_of


def pick_page(
    claim: Claim,
    home: House,
    houses: Sequence[House],
    fits: Callable[[Slot], bool],
    url: Callable[[str, str], str],
    /,
    **values: Any,
) -> str:
    """houses: those that may be looked at · fits: which slots are listed · url: of a house and a week."""
    slug = request.args.get("house") or home.slug
    house = home if slug == home.slug or len(houses) < 2 else house_by_slug(slug)
    rooms = rooms_of(house)
    asked = request.args.get("week") or week_of(claim.starts_at.astimezone(ZoneInfo(house.timezone)).date())
    monday = monday_of(asked, house, rooms)
    slots = [slot for slot in slots_between(house, rooms, monday, monday + SEVEN_DAYS) if fits(slot)]
    before, after = neighbours(monday, house)
    days = show.by_day([show.slot_shown(slot) for slot in slots])
    return render_template(
        "series/pick_slot.html",
        houses=[(url(h.slug, asked), h.name, "", h.id == house.id) for h in houses],
        label=label_of(monday, monday + SEVEN_DAYS - ONE_DAY),
        before=url(house.slug, before) if before else "",
        after=url(house.slug, after) if after else "",
        days=days,
        strip=[{"date": day, "today": day == today_in(house)} for day, _slots in days],
        **values,
    )
