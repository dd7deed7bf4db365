"""Reads of clubs, always for someone: what is not theirs does not exist."""

import re
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_

from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID

SLUG = re.compile(r"[a-z0-9-]{1,40}")
ACTIVE = and_(Membership.began_at.is_not(None), Membership.ended_at.is_(None))
ASKED = and_(Membership.began_at.is_(None), Membership.ended_at.is_(None))


def membership_of(actor: Actor | None, club_id: str) -> Membership | None:
    """The actor's living membership of a club, asked or begun."""
    if actor is None:
        return None
    return db.session.scalars(
        select(Membership).where(
            Membership.club_id == club_id,
            Membership.account_id == actor.account_id,
            Membership.ended_at.is_(None),
        )
    ).first()


def club_for(actor: Actor | None, slug: str) -> Club:
    """A club that the actor may see from outside: listed, or their own. Raises NotFound."""
    # One question, whatever the answer: a second one for a discreet club would tell by the clock that it exists.
    seen = select(Club).where(Club.slug == slug, _visible_to(actor))
    club = db.session.scalars(seen).first() if SLUG.fullmatch(slug) else None
    if club is None:
        raise NotFound()
    return club


def member_club_for(actor: Actor | None, slug: str) -> tuple[Club, Membership]:
    """A club from inside: only for its members, who find their membership with it. Raises NotFound."""
    row = _member_club(actor, Club.slug == slug) if SLUG.fullmatch(slug) else None
    if row is None:
        raise NotFound()
    return row


def member_club_by_id(actor: Actor | None, club_id: str) -> tuple[Club, Membership]:
    """As ``member_club_for``, from a club's id held by another row. Raises NotFound."""
    row = _member_club(actor, Club.id == club_id)
    if row is None:
        raise NotFound()
    return row


def _member_club(actor: Actor | None, which: object) -> tuple[Club, Membership] | None:
    if actor is None or actor.is_staff:
        return None
    found = db.session.execute(
        select(Club, Membership)
        .join(Membership, Membership.club_id == Club.id)
        .where(
            which,  # type: ignore[arg-type]
            Membership.account_id == actor.account_id,
            ACTIVE,
        )
    ).first()
    return (found[0], found[1]) if found else None


def memberships_of(actor: Actor) -> list[tuple[Club, Membership]]:
    """The actor's clubs, by plant name."""
    rows = db.session.execute(
        select(Club, Membership)
        .join(Membership, Membership.club_id == Club.id)
        .where(
            Membership.account_id == actor.account_id,
            ACTIVE,
        )
        .order_by(Club.plant)
    )
    return [(club, membership) for club, membership in rows]


def visible_clubs(actor: Actor | None, limit: int | None = None) -> list[Club]:
    """Listed clubs, and one's own, by name; the first of them if there is a limit."""
    return list(db.session.scalars(select(Club).where(_visible_to(actor)).order_by(Club.name).limit(limit)))


def _visible_to(actor: Actor | None) -> ColumnElement[bool]:
    listed = Club.door != "discreet"
    if actor is None:
        return listed
    return or_(listed, Club.id.in_(_clubs_of(actor)))


def _clubs_of(actor: Actor) -> Select[str]:
    """The ids of the actor's clubs, to ask for what is in them."""
    return select(Membership.club_id).where(Membership.account_id == actor.account_id, ACTIVE).correlate(None)


def members_of(club: Club) -> list[Membership]:
    """Everyone in a club, leads first; the caller has proved to be a member."""
    return list(
        db.session.scalars(
            select(Membership).where(Membership.club_id == club.id, ACTIVE).order_by(Membership.role, Membership.name)
        )
    )


def members_in(club: Club) -> int:
    """How many are in a club; the caller has proved to be one of them."""
    return int(db.session.scalar(select(func.count()).where(Membership.club_id == club.id, ACTIVE)) or 0)


def leads_of(club: Club) -> list[str | None]:
    """The names of who leads a club; the caller has proved to be a member."""
    leading = select(Membership.name).where(Membership.club_id == club.id, Membership.role == "lead", ACTIVE)
    return list(db.session.scalars(leading.order_by(Membership.name)))


def page_of_clubs(actor: Actor | None, after: str | None, limit: int) -> list[Club]:
    """Visible clubs in the order of their slugs, from the one after ``after``."""
    query = select(Club).where(_visible_to(actor)).order_by(Club.slug).limit(limit)
    return list(db.session.scalars(query.where(Club.slug > after) if after else query))


def membership_in(actor: Actor, membership_id: str) -> Membership:
    """A living member of a club that is also the actor's. Raises NotFound."""
    # One question too: who has left must not learn by the clock who is still there.
    shared = select(Membership).where(Membership.id == membership_id, ACTIVE, Membership.club_id.in_(_clubs_of(actor)))
    target = db.session.scalars(shared).first() if ID.fullmatch(membership_id) else None
    if target is None:
        raise NotFound()
    return target


def name_in_use(club: Club, key: str, but: str | None = None) -> bool:
    """Does somebody in the club, or who asks to enter it, bear a name of this key? ``but``: a membership left out."""
    found = db.session.scalar(select(Membership.id).where(Membership.club_id == club.id, Membership.name_key == key))
    return found not in (None, but)


def request_in(club: Club, request_id: str) -> Membership:
    """A request that waits in a club, held until the transaction ends. Raises NotFound."""
    if not ID.fullmatch(request_id):
        raise NotFound()
    asked = db.session.get(Membership, request_id, with_for_update=True)
    if asked is None or asked.club_id != club.id or asked.began_at is not None or asked.ended_at is not None:
        raise NotFound()
    return asked


def requests_of(club: Club, after: str | None = None, limit: int = 100) -> list[Membership]:
    """Who asks to enter, the first first; the caller has proved to lead. ``after``: the id of the last one read."""
    query = select(Membership).where(Membership.club_id == club.id, ASKED)
    if after is not None:
        last = db.session.get(Membership, after)
        if last is None or last.club_id != club.id:
            return []
        query = query.where(tuple_(Membership.asked_at, Membership.id) > (last.asked_at, last.id))
    return list(db.session.scalars(query.order_by(Membership.asked_at, Membership.id).limit(limit)))


def page_of_members(club: Club, after: str | None, limit: int) -> list[Membership]:
    """Members in the order of their ids, which says nothing of who came when; the caller has proved to be one."""
    query = select(Membership).where(Membership.club_id == club.id, ACTIVE).order_by(Membership.id).limit(limit)
    return list(db.session.scalars(query.where(Membership.id > after) if after else query))


def colleagues_of(membership: Membership) -> tuple[int, int]:
    """How many other leads and how many other members the club has."""
    others = select(Membership.role).where(
        Membership.club_id == membership.club_id, Membership.id != membership.id, ACTIVE
    )
    roles = list(db.session.scalars(others))
    return roles.count("lead"), len(roles)


def waiting_requests_for(actor: Actor) -> list[tuple[Club, datetime]]:
    """The clubs that the actor leads and where somebody waits, each with since when."""
    mine = select(Membership.club_id).where(
        Membership.account_id == actor.account_id, Membership.role == "lead", ACTIVE
    )
    rows = db.session.execute(
        select(Club, func.min(Membership.asked_at))
        .join(Membership, Membership.club_id == Club.id)
        .where(Club.id.in_(mine), ASKED)
        .group_by(Club.id)
        .order_by(Club.plant)
    )
    return [(club, since) for club, since in rows]


def own_requests_of(actor: Actor) -> list[tuple[Club, Membership]]:
    """What the actor asked and nobody has answered."""
    rows = db.session.execute(
        select(Club, Membership)
        .join(Membership, Membership.club_id == Club.id)
        .where(Membership.account_id == actor.account_id, ASKED)
        .order_by(Club.plant)
    )
    return [(club, membership) for club, membership in rows]
