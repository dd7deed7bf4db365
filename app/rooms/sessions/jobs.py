"""The clock's door of sessions: a request that nobody answered ends; what the desk shows of those that wait."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from app.clubs.cards import plant_name
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.retention import Lasting, by_key
from app.houses import desk
from app.houses.models import House
from app.rooms.sessions import leaving as leaving
from app.rooms.sessions.answers import end_lapsed
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.queries import Asked, waiting_in
from app.web.filters import day_long, span

ANSWERED_WITHIN = timedelta(days=3)
OVER = Lasting(months=12)


@jobs.handler("sessions:lapse")
def lapse(payload: dict[str, Any]) -> None:
    """The time of a request is over; running twice does nothing more."""
    end_lapsed(payload["request"])


def sessions_waiting(_actor: Actor, houses: Sequence[House]) -> list[desk.Case]:
    """One case for each: the club's plant name, the room, the dates. Not how the club calls it."""
    return [_case(asked) for asked in waiting_in(houses)]


def _case(asked: Asked) -> desk.Case:
    request, spans = asked.request, asked.left
    soon = request.asked_at + ANSWERED_WITHIN - timedelta(days=1) <= now()
    (start, end), (last, _end) = spans[0], spans[-1]
    text = _(
        "%(room)s, %(time)s, du %(first)s au %(last)s. C’est gardé. On leur a dit : une réponse sous 3 jours.",
        room=asked.room.name, time=span(start, end), first=day_long(start), last=day_long(last),
    )  # fmt: skip
    return desk.Case(
        urgency="today" if soon else "",
        kind="honey",
        icon="calendar-days",
        label=ngettext("Session de %(num)s rencontre", "Session de %(num)s rencontres", len(spans)),
        title=_("%(club)s demande une session", club=plant_name(asked.club)),
        text=text,
        since=request.asked_at,
        href=desk.address_of("sessions.grant_session", request_id=request.id),
        action=_("Accorder"),
        post=True,
        other=(desk.address_of("sessions.answer_session", request_id=request.id), _("Dire pourquoi non")),
    )


desk.waiting.append(sessions_waiting)

by_key(
    "rooms:asked", ("session_request",), OVER, SessionRequest.id,
    lambda moment: select(SessionRequest.id).where(
        SessionRequest.asked_at < OVER.before(moment), SessionRequest.session_id.is_(None)
    ),
)  # fmt: skip
