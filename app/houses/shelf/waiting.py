"""What the shelf asks of the desk: one line a house for what is proposed, told dead, or not checked for six months."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, or_, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.houses.desk import Case, address_of, waiting
from app.houses.models import House
from app.houses.shelf.models import DeadLink, ShelfItem
from app.houses.shelf.queries import STALE, today


def shelf_cases(_actor: Actor, houses: Sequence[House]) -> list[Case]:
    """How many things to look at in each house, in one question."""
    dead = select(DeadLink.item_id)
    old = or_(ShelfItem.checked_on < today() - STALE, ShelfItem.id.in_(dead))
    asks = or_(ShelfItem.state == "proposed", (ShelfItem.state == "shown") & old)
    query = select(ShelfItem.house_id, func.count()).where(ShelfItem.house_id.in_([one.id for one in houses]), asks)
    rows = db.session.execute(query.group_by(ShelfItem.house_id)).all()
    found = {row[0]: row[1] for row in rows}
    since = datetime.combine(now().date(), time(), UTC)
    return [_case(house, found[house.id], since, several=len(houses) > 1) for house in houses if house.id in found]


def _case(house: House, number: int, since: datetime, *, several: bool) -> Case:
    return Case(
        urgency="",
        kind="",
        icon="flag",
        label=_("Ressources"),
        title=ngettext("%(num)s ressource à regarder", "%(num)s ressources à regarder", number),
        text=house.name if several else "",
        since=since,
        href=address_of("shelf.keep_shelf", slug=house.slug),
        action=_("Regarder"),
    )


waiting.append(shelf_cases)
