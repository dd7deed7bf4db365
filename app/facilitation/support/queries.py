"""Reads of help requests: for who leads the club now, and for the team of its house."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.facilitation.models import HelpNote, HelpRequest
from app.houses.models import House, StaffPost


@dataclass(frozen=True)
class Helped:
    """A help request, its club, and as whom one reads it: a lead (their membership), or one of the team (None)."""

    request: HelpRequest
    club: Club
    lead: Membership | None


def help_for(actor: Actor, request_id: str) -> Helped:
    """A help request of a club that the actor leads, or of a house that they work in. Raises NotFound."""
    query = select(HelpRequest, Club, Membership).join(Club, Club.id == HelpRequest.club_id)
    leads = and_(Membership.club_id == Club.id, _leads(actor))
    works = Club.house_id.in_(select(StaffPost.house_id).where(StaffPost.account_id == actor.account_id))
    if actor.is_staff:
        query = query.outerjoin(Membership, leads).where(works)
    else:
        query = query.join(Membership, leads).where(func.coalesce(HelpRequest.about_id, "") != Membership.id)
    row = db.session.execute(query.where(HelpRequest.id == request_id)).first() if ID.fullmatch(request_id) else None
    if row is None:
        raise NotFound()
    return Helped(row[0], row[1], None if actor.is_staff else row[2])


def _leads(actor: Actor) -> ColumnElement[bool]:
    return and_(Membership.account_id == actor.account_id, Membership.role == "lead", ACTIVE, IN_CLUB)


def notes_of(request: HelpRequest) -> list[HelpNote]:
    """What was written, the first first; the caller has proved to be one of both sides."""
    said = select(HelpNote).where(HelpNote.request_id == request.id)
    return list(db.session.scalars(said.order_by(HelpNote.at, HelpNote.id)))


def help_of_club(club: Club, lead: Membership, *, limit: int = 20) -> list[HelpRequest]:
    """What a club asked, the last first, for one of its leads: not what is about that one."""
    mine = func.coalesce(HelpRequest.about_id, "") == lead.id
    asked = select(HelpRequest).where(HelpRequest.club_id == club.id, ~mine)
    return list(db.session.scalars(asked.order_by(HelpRequest.opened_at.desc(), HelpRequest.id).limit(limit)))


def open_help_in(houses: Sequence[House]) -> list[tuple[HelpRequest, Club]]:
    """What the clubs of some houses asked and nobody closed, the first first."""
    asked = select(HelpRequest, Club).join(Club, Club.id == HelpRequest.club_id)
    rows = asked.where(Club.house_id.in_([house.id for house in houses]), HelpRequest.closed_at.is_(None))
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(HelpRequest.opened_at))]


def other_leads(lead: Membership) -> list[Membership]:
    """Those whom a lead may ask the team about, by name."""
    leading = select(Membership).where(
        Membership.club_id == lead.club_id, Membership.id != lead.id, Membership.role == "lead", ACTIVE, IN_CLUB
    )
    return list(db.session.scalars(leading.order_by(Membership.name)))


def lead_meant(request: HelpRequest) -> Membership | None:
    """The lead whom a request is about, as long as they lead."""
    meant = db.session.get(Membership, request.about_id, populate_existing=True) if request.about_id else None
    return meant if meant is not None and meant.leads else None


def accounts_of_leads(club: Club, but: str | None = None) -> list[str]:
    """Whom a note of the team is told to. but: the membership of a lead whom it is about."""
    leading = select(Membership.account_id).where(
        Membership.club_id == club.id, Membership.role == "lead", ACTIVE, IN_CLUB, Membership.account_id.is_not(None),
        Membership.id != (but or ""),
    )  # fmt: skip
    return [account_id for account_id in db.session.scalars(leading) if account_id]
