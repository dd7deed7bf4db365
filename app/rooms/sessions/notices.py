"""What the leads of a club are told of a session that they asked for: house and room, and no club's name."""

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.clubs.models import Club
from app.core.db import db
from app.houses.models import House
from app.rooms.leads import accounts_leading
from app.rooms.models import Room
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.queries import Asked

SUBJECTS = {
    "granted": _l("Votre demande est acceptée"),
    "refused": _l("Une réponse à votre demande"),
    "lapsed": _l("Votre demande est finie"),
}


def answered(asked: Asked) -> None:
    """The session is granted, refused, or nobody answered in time."""
    request = asked.request
    for account_id in accounts_leading(asked.club.id):
        notify(
            account_id, "request", SUBJECTS[request.outcome or ""], "session_answer",
            path=f"/session-requests/{request.id}", house=asked.house.name, room=asked.room.name,
            outcome=request.outcome, start=asked.spans[0][0], end=asked.spans[0][1], lost=len(request.lost),
        )  # fmt: skip


def asked_of(request: SessionRequest) -> Asked:
    """A request with what is said of it, for the clock."""
    room = db.session.get_one(Room, {"id": request.room_id})
    house = db.session.get_one(House, room.house_id)
    return Asked(request, db.session.get_one(Club, request.club_id), room, house)
