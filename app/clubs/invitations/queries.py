"""Reads of invitations: by their secret, for the leads of the club, for the team of its house."""

from datetime import datetime

from sqlalchemy import or_, select

from app.accounts.models import Account
from app.clubs.invitations.models import Invitation, InvitationRequest
from app.clubs.invitations.words import secret_key
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB, kept_out
from app.core.actor import Actor
from app.core.apart import moment_after
from app.core.clock import now
from app.core.db import NOW, db
from app.core.errors import NotFound
from app.core.ids import ID
from app.houses.models import StaffPost

# As long as who made it leads the club, and its day has not come.
LIVING = (Membership.role == "lead", ACTIVE, IN_CLUB, Invitation.until > NOW)


def invitation_of(actor: Actor, secret: str) -> tuple[Invitation, Club] | None:
    """A living invitation, for somebody whom the club does not keep out.

    The same two questions whatever the secret is: made up, used, over, taken back, of a club that keeps them out, or
    made by who is locked: of two clubs that one person leads, each from a moment of its own on. Who leaves for good has
    no account any more, and leads until their moment in that club.
    """
    found = db.session.execute(
        select(Invitation, Club, Account.locked_at)
        .join(Club, Club.id == Invitation.club_id)
        .join(Membership, Membership.id == Invitation.made_by_id)
        .outerjoin(Account, Account.id == Membership.account_id)
        .where(Invitation.secret_hash == secret_key(secret), *LIVING)
        .where(or_(Invitation.once.is_(False), Invitation.uses == 0))
        .execution_options(populate_existing=True)
    ).first()
    held = kept_out(actor.account_id, found[1].id if found else "")
    if found is None or held is not None or _is_silent(found[0], found[2]):
        return None
    return found[0], found[1]


def _is_silent(invitation: Invitation, locked_at: datetime | None) -> bool:
    return locked_at is not None and moment_after(locked_at, invitation.made_by_id) <= now()


def invitations_of(club: Club) -> list[Invitation]:
    """What leads have made and is not over, used or not, the newest first; the caller has proved to lead."""
    made = select(Invitation).join(Membership, Membership.id == Invitation.made_by_id)
    rows = made.where(Invitation.club_id == club.id, *LIVING)
    return list(db.session.scalars(rows.order_by(Invitation.made_on.desc(), Invitation.id)))


def invitation_in(club: Club, invitation_id: str) -> Invitation:
    """An invitation of a club; the caller has proved to be one of its members. Raises NotFound."""
    here = select(Invitation).where(Invitation.id == invitation_id, Invitation.club_id == club.id)
    found = db.session.scalars(here).first() if ID.fullmatch(invitation_id) else None
    if found is None:
        raise NotFound()
    return found


def waiting_in(club: Club) -> list[InvitationRequest]:
    """What the desk has asked and no lead has answered, the first first; the caller has proved to lead."""
    waiting = select(InvitationRequest).where(
        InvitationRequest.club_id == club.id, InvitationRequest.answer.is_(None), InvitationRequest.until > NOW
    )
    return list(db.session.scalars(waiting.order_by(InvitationRequest.asked_at, InvitationRequest.id)))


def waiting_request_in(club: Club, request_id: str) -> InvitationRequest:
    """One of them, held until the transaction ends. Raises NotFound."""
    here = select(InvitationRequest).where(
        InvitationRequest.id == request_id,
        InvitationRequest.club_id == club.id,
        InvitationRequest.answer.is_(None),
        InvitationRequest.until > NOW,
    )
    found = db.session.scalars(here.with_for_update()).first() if ID.fullmatch(request_id) else None
    if found is None:
        raise NotFound()
    return found


def clubs_to_ask(actor: Actor) -> list[Club]:
    """The clubs that are not listed, of the houses where somebody of the team works, by plant name."""
    if not actor.is_staff:
        return []
    posts = select(StaffPost.house_id).where(StaffPost.account_id == actor.account_id)
    hidden = select(Club).where(Club.house_id.in_(posts), Club.door == "discreet")
    return list(db.session.scalars(hidden.order_by(Club.plant)))


def desk_requests_in(house_ids: list[str]) -> list[tuple[InvitationRequest, Club]]:
    """What the desk of some houses has asked and not closed, the first first."""
    asked = select(InvitationRequest, Club).join(Club, Club.id == InvitationRequest.club_id)
    rows = asked.where(Club.house_id.in_(house_ids), InvitationRequest.until > NOW)
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(InvitationRequest.asked_at))]


def desk_request_for(actor: Actor, request_id: str) -> tuple[InvitationRequest, Club]:
    """One of them, for the team of the club's house. Raises NotFound."""
    works = (StaffPost.house_id == Club.house_id) & (StaffPost.account_id == actor.account_id)
    asked = select(InvitationRequest, Club).join(Club, Club.id == InvitationRequest.club_id).join(StaffPost, works)
    here = asked.where(InvitationRequest.id == request_id, InvitationRequest.until > NOW)
    row = db.session.execute(here).first() if actor.is_staff and ID.fullmatch(request_id) else None
    if row is None:
        raise NotFound()
    return row[0], row[1]
