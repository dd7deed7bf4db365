"""What becomes of a person's points and things when they leave for good, and what they take away of them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from app.clubs import live
from app.clubs.leaving import club_names, memberships_of, still_inside
from app.clubs.partings import Messages, parting
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.programme.models import AgendaPoint, Thing

SAID = (AgendaPoint.added_by_id, Thing.asked_by_id)


def part_from_programmes(membership_id: str, messages: Messages) -> None:
    """Nobody counts on what they bring. What they added goes with their messages, or stays without a name."""
    touched: set[tuple[str, str]] = set()
    for column in (*SAID, Thing.taker_id):
        table = column.class_
        theirs = select(table.club_id, table.meeting_id).where(column == membership_id)
        touched |= {(club, meeting) for club, meeting in db.session.execute(theirs)}
    for column in SAID:
        if messages == "blank":
            db.session.execute(delete(column.class_).where(column == membership_id))
    for column in (*SAID, Thing.taker_id):
        db.session.execute(update(column.class_).where(column == membership_id).values({column.key: None}))
    for club_id, meeting_id in sorted(touched):
        live.record(club_id, "programme:changed", meeting_id)


def programme_rows(account_id: str) -> Rows:
    """The points they added and the things they asked for; what they bring for another, without the other's words.

    Who brings it now in a club that they may not read any more is not theirs to learn.
    """
    names, mine, inside = club_names(account_id), memberships_of(account_id), still_inside(account_id)
    points = db.session.scalars(select(AgendaPoint).where(AgendaPoint.added_by_id.in_(mine)).order_by(AgendaPoint.seq))
    told: Rows = [{"what": "point", "club": names[one.club_id], "text": one.text} for one in points]
    wanted = select(Thing).where(Thing.asked_by_id.in_(mine) | Thing.taker_id.in_(inside)).order_by(Thing.seq)
    return told + [_thing_row(one, names, mine, inside) for one in db.session.scalars(wanted)]


def _thing_row(one: Thing, names: dict[str, str], mine: set[str], inside: set[str]) -> dict[str, Any]:
    what = "brings" if one.taker_id in inside else "thing"
    return {"what": what, "club": names[one.club_id], "text": one.text if one.asked_by_id in mine else None}


parting.append(part_from_programmes)
take_away(
    "programmes",
    _l("Ce que j’ai ajouté aux rencontres, et ce que j’y apporte"),
    programme_rows,
    ("agenda_point", "added_by_id"),
    ("thing", "asked_by_id"),
    ("thing", "taker_id"),
)
