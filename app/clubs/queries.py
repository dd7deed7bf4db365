"""Reads of clubs, always for someone: what is not theirs does not exist."""

from sqlalchemy import or_, select

from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound


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
    club = db.session.scalars(select(Club).where(Club.slug == slug)).first()
    if club is None:
        raise NotFound()
    if club.listed:
        return club
    mine = membership_of(actor, club.id)
    if mine is None or not mine.active:
        raise NotFound()
    return club


def member_club_for(actor: Actor | None, slug: str) -> tuple[Club, Membership]:
    """A club from inside: only for its members, who find their membership with it. Raises NotFound."""
    row = _member_club(actor, Club.slug == slug)
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
            Membership.began_at.is_not(None),
            Membership.ended_at.is_(None),
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
            Membership.began_at.is_not(None),
            Membership.ended_at.is_(None),
        )
        .order_by(Club.plant)
    )
    return [(club, membership) for club, membership in rows]


def visible_clubs(actor: Actor | None) -> list[Club]:
    """Listed clubs, and one's own, by name."""
    seen = Club.door != "discreet"
    if actor is not None:
        mine = select(Membership.club_id).where(
            Membership.account_id == actor.account_id,
            Membership.began_at.is_not(None),
            Membership.ended_at.is_(None),
        )
        seen = or_(seen, Club.id.in_(mine))
    return list(db.session.scalars(select(Club).where(seen).order_by(Club.name)))


def members_of(club: Club) -> list[Membership]:
    """Everyone in a club, leads first; the caller has proved to be a member."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.club_id == club.id, Membership.began_at.is_not(None), Membership.ended_at.is_(None))
            .order_by(Membership.role, Membership.name)
        )
    )
