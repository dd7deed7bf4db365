"""The clock's door of the light hand: what the day's summary says of decisions, and how long each thing is kept."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import ngettext
from sqlalchemy import and_, func, or_, select

from app.accounts import digests
from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.retention import Lasting, by_key
from app.facilitation import leaving as leaving
from app.facilitation.models import Decision, HelpNote, HelpRequest, Objection, Report, Visit
from app.messaging import keeping
from app.messaging.models import Message

DAY = timedelta(days=1)
KEPT = Lasting(months=12)
HELP_KEPT = Lasting(months=6)


def decisions_line(actor: Actor) -> list[Any]:
    """How many decisions of the last day are about somebody."""
    number = db.session.scalar(
        select(func.count())
        .select_from(Decision)
        .join(Membership, Membership.id == Decision.membership_id)
        .where(
            Membership.account_id == actor.account_id,
            Decision.decided_at > now() - DAY,
            Decision.outcome != "keep",
            Decision.undone_at.is_(None),
        )
    )
    return [ngettext("%(num)s décision à lire", "%(num)s décisions à lire", number)] if number else []


digests.waiting.append(decisions_line)


def _undecided() -> Any:
    """What waits for a decision, or may still be contested, or was: the message stays until that is settled."""
    reported = select(Report.id).where(Report.message_id == Message.id, Report.decided_at.is_(None))
    return or_(reported.exists(), _contested(Decision.message_id == Message.id))


def _contested(which: Any) -> Any:
    waiting = select(Objection.id).where(Objection.decision_id == Decision.id, Objection.answered_at.is_(None))
    running = select(Decision.id).where(which, Decision.objection_until > now())
    return or_(running.exists(), select(Decision.id).where(which, waiting.exists()).exists())


def _old_decisions(moment: datetime) -> Any:
    waiting = select(Objection.id).where(Objection.decision_id == Decision.id, Objection.answered_at.is_(None))
    over = or_(Decision.objection_until.is_(None), Decision.objection_until < moment)
    return select(Decision.id).where(
        Decision.decided_at < KEPT.before(moment), Decision.pause_id.is_(None), over, ~waiting.exists()
    )


def _old_help(moment: datetime) -> Any:
    """Closed for long, or silent for twice as long."""
    last = select(func.max(HelpNote.at)).where(HelpNote.request_id == HelpRequest.id).scalar_subquery()
    silent = func.coalesce(last, HelpRequest.opened_at) < KEPT.before(moment)
    closed = HelpRequest.closed_at < HELP_KEPT.before(moment)
    return select(HelpRequest.id).where(or_(closed, and_(HelpRequest.closed_at.is_(None), silent)))


keeping.held.append(_undecided)
by_key("facilitation:decisions", ("decision", "objection"), KEPT, Decision.id, _old_decisions)
by_key(
    "facilitation:reports", ("report", "reported_message"), KEPT, Report.id,
    lambda moment: select(Report.id).where(Report.decided_at < KEPT.before(moment)),
)  # fmt: skip
by_key("facilitation:help", ("help_request", "help_note"), HELP_KEPT, HelpRequest.id, _old_help)
by_key(
    "facilitation:visits", ("visit",), KEPT, Visit.id,
    lambda moment: select(Visit.id).where(Visit.until < KEPT.before(moment)),
)  # fmt: skip
