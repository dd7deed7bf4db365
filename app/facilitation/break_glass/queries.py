"""Reads of emergencies: who may read a club now, what waits for a second person, what a club is told.

Here alone is it decided whether one of the team reads a club so: without a row that two people made, that has begun and
is not over, ``reading_for`` finds nothing, and there is no other way in.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Account
from app.clubs.models import Club
from app.clubs.queries import SLUG
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import NOW, UtcDateTime, db
from app.core.errors import NotFound
from app.core.ids import ID
from app.facilitation.break_glass.models import BreakGlass
from app.houses.models import House, StaffPost

A_DAY = timedelta(days=1)
PINNED = timedelta(days=14)
A_DAY_AGO: BindParameter[datetime] = bindparam("a_day_ago", callable_=lambda: now() - A_DAY, type_=UtcDateTime)
LATELY: BindParameter[datetime] = bindparam("pinned_from", callable_=lambda: now() - PINNED, type_=UtcDateTime)

WAITS = and_(BreakGlass.began_at.is_(None), BreakGlass.ended_at.is_(None), BreakGlass.asked_at > A_DAY_AGO)
# Two people, begun, not over.
UNDER_WAY = and_(
    BreakGlass.asked_by_id.is_not(None),
    BreakGlass.confirmed_by_id.is_not(None),
    BreakGlass.confirmed_by_id != BreakGlass.asked_by_id,
    BreakGlass.began_at <= NOW,
    BreakGlass.until > NOW,
    BreakGlass.ended_at.is_(None),
)
TOLD = BreakGlass.notice_at <= NOW


def reading_for(actor: Actor, row_id: str) -> tuple[BreakGlass, Club]:
    """The club that the actor reads now, because they asked and another one of its house said yes. Raises NotFound."""
    query = _of_team(actor).where(BreakGlass.asked_by_id == actor.account_id, UNDER_WAY)
    return _one(query, row_id)


def case_for(actor: Actor, row_id: str) -> tuple[BreakGlass, Club]:
    """One that waits or is under way, for the team of the club's house. Raises NotFound."""
    return _one(_of_team(actor).where(or_(WAITS, UNDER_WAY)), row_id)


def waiting_for(actor: Actor, row_id: str) -> tuple[BreakGlass, Club]:
    """One that waits for a second person, for anybody of the team but who asked. Raises NotFound."""
    return _one(_of_team(actor).where(BreakGlass.asked_by_id != actor.account_id, WAITS), row_id)


def cases_of(actor: Actor) -> list[tuple[BreakGlass, Club]]:
    """What waits or is under way in the houses where the actor works."""
    rows = db.session.execute(_of_team(actor).where(or_(WAITS, UNDER_WAY)).order_by(BreakGlass.asked_at))
    return [(row[0], row[1]) for row in rows]


def _of_team(actor: Actor) -> Select[*tuple[Any, ...]]:
    works = and_(StaffPost.house_id == Club.house_id, StaffPost.account_id == actor.account_id)
    query: Select[*tuple[Any, ...]] = select(BreakGlass, Club).join(Club, Club.id == BreakGlass.club_id)
    # A post alone is no right: an account that became a member's has none.
    return query.join(StaffPost, works).join(
        Account, and_(Account.id == StaffPost.account_id, Account.role != "member")
    )


def _one(query: Select[*tuple[Any, ...]], row_id: str) -> tuple[BreakGlass, Club]:
    row = db.session.execute(query.where(BreakGlass.id == row_id)).first() if ID.fullmatch(row_id) else None
    if row is None:
        raise NotFound()
    return row[0], row[1]


def clubs_for(actor: Actor) -> list[Club]:
    """The clubs of the houses where the actor works with somebody else, by plant name."""
    mine, other = aliased(StaffPost), aliased(StaffPost)
    shared = (
        select(mine.house_id)
        .join(other, and_(other.house_id == mine.house_id, other.account_id != mine.account_id))
        .join(Account, and_(Account.id == other.account_id, Account.role != "member"))
        .where(mine.account_id == actor.account_id)
    )
    return list(db.session.scalars(select(Club).where(Club.house_id.in_(shared)).order_by(Club.plant)))


def club_to_read(actor: Actor, slug: str) -> Club:
    """One of ``clubs_for``. Raises NotFound."""
    found = next((club for club in clubs_for(actor) if club.slug == slug), None) if SLUG.fullmatch(slug) else None
    if found is None:
        raise NotFound()
    return found


def alone_in(actor: Actor) -> list[House]:
    """The houses where the actor is the whole team: nobody can say yes there."""
    mine, other = aliased(StaffPost), aliased(StaffPost)
    somebody = (
        select(other.house_id)
        .join(Account, and_(Account.id == other.account_id, Account.role != "member"))
        .where(other.house_id == mine.house_id, other.account_id != mine.account_id)
        .correlate(mine)
    )
    houses = select(House).join(mine, mine.house_id == House.id).where(mine.account_id == actor.account_id)
    return list(db.session.scalars(houses.where(~somebody.exists()).order_by(House.position)))


def told_in(club: Club) -> list[BreakGlass]:
    """What the club knows now: from the moment that was set, until two weeks after the last one."""
    known = select(BreakGlass).where(BreakGlass.club_id == club.id, TOLD)
    lasting = or_(BreakGlass.until > LATELY, BreakGlass.notice_at > LATELY)
    return list(db.session.scalars(known.where(lasting).order_by(BreakGlass.began_at.desc(), BreakGlass.id)))
