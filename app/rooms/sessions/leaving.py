"""What a person takes away, and takes along, of the sessions that they asked for."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from app.clubs.leaving import club_names
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.rooms.models import MeetingSession
from app.rooms.sessions.models import SessionRequest


def part_from_sessions(membership_id: str, messages: Messages) -> None:
    """The club keeps its session; who asked for it is nobody any more, and its name goes with the messages."""
    mine = SessionRequest.asked_by_id == membership_id
    if messages == "blank":
        with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
            plain = _("Session")
        named = select(SessionRequest.session_id).where(mine, SessionRequest.session_id.is_not(None))
        db.session.execute(update(MeetingSession).where(MeetingSession.id.in_(named)).values(name=plain))
        db.session.execute(update(SessionRequest).where(mine).values(name=plain))
    db.session.execute(update(SessionRequest).where(mine).values(asked_by_id=None))


def request_rows(account_id: str) -> Rows:
    """The sessions that a person asked for, and how they called them."""
    names = club_names(account_id)
    rows = db.session.scalars(
        select(SessionRequest)
        .join(Membership, Membership.id == SessionRequest.asked_by_id)
        .where(Membership.account_id == account_id)
        .order_by(SessionRequest.asked_at, SessionRequest.id)
    )
    return [{"title": each.name, "club": names[each.club_id], "asked": each.asked_at} for each in rows]


parting.append(part_from_sessions)
take_away("asked-sessions", _l("Les sessions que j’ai demandées"), request_rows, ("session_request", "asked_by_id"))
