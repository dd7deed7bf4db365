"""What leaving for good means for one of the team: their work is handed over, what they did stays with the house."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.leaving import hooks
from app.accounts.leaving.hooks import Farewell
from app.accounts.models import Account
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import DomainError
from app.core.privacy import Rows, declare, keep_back, take_away
from app.houses.journal import note
from app.houses.models import House, StaffPost
from app.houses.team.actions import ending
from app.houses.team.policy import can_leave_team
from app.houses.team.queries import houses_of, managers_in


def hand_over_first(actor: Actor) -> None:
    """A house never loses its last manager. Raises DomainError."""
    if not actor.is_staff:
        return
    counts = [managers_in(house_id) for house_id in houses_of(actor.account_id)]
    if not can_leave_team(actor, counts):
        words = _l("Vous êtes la seule personne qui gère la maison. Nommez d’abord quelqu’un d’autre.")
        raise DomainError("last_manager", words, status=409)


def team_farewells(actor: Actor) -> list[Farewell]:
    """What stays of somebody's work."""
    if not actor.is_staff:
        return []
    return [Farewell("shield-check", _("Ce que vous avez fait pour la maison reste dans le journal, sans votre nom."))]


def leave_team(account_id: str) -> None:
    """Visits and whatever else hangs on the work end as when a manager ends it; the journal says that somebody left."""
    account = db.session.get_one(Account, account_id)
    actor = Actor(account_id, "", account.role)
    theirs = select(House).join(StaffPost, StaffPost.house_id == House.id).where(StaffPost.account_id == account_id)
    for house in db.session.scalars(theirs.order_by(House.id)).all():
        for end in ending:
            end(actor, house, account_id)
        note("staff:removed", actor, house_id=house.id, about_id=account_id, subject_id=account_id)


def work_rows(account_id: str) -> Rows:
    """Where one of the team works, and under which name."""
    rows = db.session.execute(
        select(House.name, StaffPost)
        .join(StaffPost, StaffPost.house_id == House.id)
        .where(StaffPost.account_id == account_id)
        .order_by(House.name)
    )
    return [_work(name, post) for name, post in rows]


def _work(house: str, post: StaffPost) -> dict[str, Any]:
    return {"what": "work", "house": house, "name": post.name, "since": post.since}


hooks.holds.append(hand_over_first)
hooks.farewells.append(team_farewells)
declare("staff_post", "account_id", "the house a member of staff works in", erases=leave_team)
declare("journal_entry", "by_id", "who of the team did it: an id that leads nowhere once the account is gone")
declare("journal_entry", "about_key", "whom it concerns: a hash that nobody can read, and nobody asks for any more")
declare("assistance", "by_id", "who of the team helped at the desk: an id that leads nowhere, gone within the hour")
keep_back("assistance", "by_id", "another person, whose name stands on the receipt")
keep_back("assistance", "account_id", "gone within the hour: the receipt is on paper by then")
take_away("work", _l("Mon travail"), work_rows, ("staff_post", "account_id"))
keep_back("journal_entry", "by_id", "the record of the house, which nothing may change; one reads it at the desk")
keep_back("journal_entry", "about_key", "the record of the house: one reads it under /account/journal")
