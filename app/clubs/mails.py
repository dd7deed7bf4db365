"""What leaves about requests to enter: one mail to who leads, however many come before they answer."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select

from app.accounts import digests
from app.accounts.notices import notify
from app.clubs.models import Club, Membership
from app.clubs.queries import ASKED, LEADS, clubs_of
from app.core.actor import Actor
from app.core.db import db

# Who asks for several clubs, or changes their mind, makes one mail of it.
GATHER = timedelta(minutes=15)


def tell_leads(club: Club) -> None:
    """Somebody has just asked to enter, in the present transaction. While others wait already, the leads know."""
    if _waiting(Membership.club_id == club.id) > 1:
        return
    leads = select(Membership.account_id).where(Membership.club_id == club.id, LEADS)
    for account_id in db.session.scalars(leads):
        if account_id is not None:
            subject = _l("Quelqu’un attend votre réponse")
            notify(account_id, "request", subject, "request", path="/", delay=GATHER, once=True)


def _waiting(where: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(Membership).where(where, ASKED)) or 0)


def requests_line(actor: Actor) -> list[Any]:
    """How many people wait for somebody's answer, for the day's summary."""
    number = _waiting(Membership.club_id.in_(clubs_of(actor, LEADS)))
    return [ngettext("%(num)s demande à lire", "%(num)s demandes à lire", number)] if number else []


digests.waiting.append(requests_line)
