"""Reads of the shelf: what is shown is public, the rest is for the team of its house."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.houses.models import House
from app.houses.partners.models import Partner
from app.houses.queries import OF_PEOPLE
from app.houses.shelf.models import DeadLink, ShelfItem, ShelfProposal

STALE = timedelta(days=183)
MOST_SHOWN = 100


def today() -> date:
    return now().date()


def is_stale(item: ShelfItem) -> bool:
    """Was it checked more than six months ago, or never?"""
    return item.checked_on is None or item.checked_on < today() - STALE


def has_own_text(item: ShelfItem) -> bool:
    """Does its text say more than what it is for? See ``ItemSaid.columns``."""
    return item.file is None or item.body != item.purpose


def _shown() -> Select[ShelfItem]:
    query = select(ShelfItem).join(House, House.id == ShelfItem.house_id).where(ShelfItem.state == "shown", OF_PEOPLE)
    return query.order_by(House.position, ShelfItem.title, ShelfItem.id)


def shown_items(need: str = "", trade: str = "", language: str = "") -> list[ShelfItem]:
    """What everybody may read, by three closed words; what is for every trade answers each."""
    query = _shown()
    if trade:
        query = query.where(ShelfItem.trade.in_((trade, "")))
    if language:
        query = query.where(ShelfItem.language == language)
    return [one for one in db.session.scalars(query) if not need or need in one.needs][:MOST_SHOWN]


def sheets_for_need(need: str, language: str = "", limit: int = 4) -> list[ShelfItem]:
    """What helps with a need: in that language first, then in others; what was checked lately first."""
    found = shown_items(need)
    return sorted(found, key=lambda one: (one.language != language, is_stale(one), one.title))[:limit]


def shown_item(item_id: str) -> ShelfItem:
    """One that everybody may read. Raises NotFound."""
    found = db.session.scalars(_shown().where(ShelfItem.id == item_id)).first() if ID.fullmatch(item_id) else None
    if found is None:
        raise NotFound()
    return found


def shown_ids(ids: Iterable[str | None]) -> set[str]:
    """Of these, what everybody may read."""
    return set(db.session.scalars(_shown().with_only_columns(ShelfItem.id).where(ShelfItem.id.in_(list(ids)))))


def partner_beside(item: ShelfItem) -> Partner | None:
    """Whose adviser put it there, while that partner is shown."""
    found = db.session.get(Partner, item.partner_id) if item.partner_id else None
    return found if found is not None and found.hidden_at is None else None


def item_in(house: House, item_id: str) -> ShelfItem:
    """One of a house, whatever its state; the house was loaded for its team. Raises NotFound."""
    query = select(ShelfItem).where(ShelfItem.id == item_id, ShelfItem.house_id == house.id)
    found = db.session.scalars(query).first() if ID.fullmatch(item_id) else None
    if found is None:
        raise NotFound()
    return found


def item_of_partner(partner: Partner, item_id: str) -> ShelfItem:
    """One that a partner put there and that is shown; the partner was loaded for who plans its hours. Raises NotFound.

    What the team has hidden, the team alone shows again.
    """
    query = select(ShelfItem).where(ShelfItem.id == item_id, ShelfItem.partner_id == partner.id)
    found = db.session.scalars(query.where(ShelfItem.state == "shown")).first() if ID.fullmatch(item_id) else None
    if found is None:
        raise NotFound()
    return found


def items_of_partner(partner: Partner) -> list[tuple[ShelfItem, int]]:
    """All that a partner put there, with how many told that it is dead; for who plans its hours."""
    return _with_dead(ShelfItem.partner_id == partner.id)


def items_of(house: House) -> list[tuple[ShelfItem, int]]:
    """All of a house with how many told that it is dead: what is proposed, told dead or stale first; for its team."""
    rows = _with_dead(ShelfItem.house_id == house.id)
    return sorted(rows, key=lambda row: (row[0].state != "proposed", not row[1], not is_stale(row[0])))


def _with_dead(where: ColumnElement[bool]) -> list[tuple[ShelfItem, int]]:
    told = select(func.count()).where(DeadLink.item_id == ShelfItem.id).scalar_subquery()
    query = select(ShelfItem, told).where(where).order_by(ShelfItem.title, ShelfItem.id)
    return [(item, int(dead)) for item, dead in db.session.execute(query)]


def proposals_by(hashes: Collection[str], since: date | None = None) -> list[ShelfProposal]:
    """What was proposed under these: what waits first, then the latest answers; since: those from that day on alone."""
    query = select(ShelfProposal).where(ShelfProposal.from_hash.in_(hashes))
    if since is not None:
        query = query.where(ShelfProposal.answered_on >= since)
    order = ShelfProposal.answered_on.is_not(None), ShelfProposal.answered_on.desc(), ShelfProposal.title
    return list(db.session.scalars(query.order_by(*order, ShelfProposal.id)))
