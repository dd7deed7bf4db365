"""Reads of visits: for the leads of the club, and for who is invited."""

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Account
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.actor import Actor
from app.core.db import NOW, db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.sealed import keyed_hash
from app.facilitation.models import Visit
from app.houses.models import StaffPost
from app.houses.queries import staff_name, team_of


@dataclass(frozen=True)
class Asked:
    """A visit that was asked for or is under way, and whose it is."""

    visit: Visit
    name: str


def open_visits_of(club: Club) -> list[Asked]:
    """The invitations and visits of a club that are not over; the caller has proved to lead."""
    living = select(Visit).where(Visit.club_id == club.id, Visit.ended_at.is_(None), Visit.until > NOW)
    return [Asked(one, staff_name(one.account_id)) for one in db.session.scalars(living.order_by(Visit.invited_at))]


def open_visits_for(actor: Actor) -> list[tuple[Visit, Club]]:
    """To what somebody of the team is invited, and where they are on a visit: in the houses where they work."""
    if not actor.is_staff:
        return []
    works = (StaffPost.house_id == Club.house_id) & (StaffPost.account_id == Visit.account_id)
    mine = select(Visit, Club).join(Club, Club.id == Visit.club_id).join(StaffPost, works)
    rows = mine.where(Visit.account_id == actor.account_id, Visit.ended_at.is_(None), Visit.until > NOW)
    return [(row[0], row[1]) for row in db.session.execute(rows.order_by(Visit.invited_at))]


def invitation_for(actor: Actor, visit_id: str) -> tuple[Visit, Club]:
    """A visit that the actor is invited to, and that is not over. Raises NotFound."""
    row = next((row for row in open_visits_for(actor) if row[0].id == visit_id), None)
    if row is None:
        raise NotFound()
    return row


def visit_in_own_club(actor: Actor, visit_id: str) -> Visit:
    """A visit to a club of the actor's. Raises NotFound."""
    here = select(Visit).join(Membership, Membership.club_id == Visit.club_id)
    mine = here.where(Visit.id == visit_id, Membership.account_id == actor.account_id, ACTIVE, IN_CLUB)
    found = db.session.scalars(mine).first() if ID.fullmatch(visit_id) else None
    if found is None:
        raise NotFound()
    return found


def key_of(club: Club, account_id: str) -> str:
    """By which a form names somebody of the team: the account's own id stands on no page."""
    return keyed_hash("visit", f"{club.id}:{account_id}")[:26]


def may_be_invited(club: Club) -> list[tuple[str, str]]:
    """Who of the team of the club's house has a name to be called by: ``(account, name)``."""
    working = {account_id: name for account_id, name in team_of([club.house_id]) if name}
    at_work = select(Account.id).where(Account.id.in_(working), Account.role != "member")
    there = set(db.session.scalars(at_work))
    return [(account_id, name) for account_id, name in working.items() if account_id in there]
