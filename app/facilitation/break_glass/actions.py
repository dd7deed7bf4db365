"""Verbs of emergencies: one of the team asks, another one says yes, either ends it; the clock does at the latest."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from app.clubs import live
from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.facilitation.break_glass.models import MAX_REASON, MOST_DAYS, MOST_HOURS, BreakGlass
from app.facilitation.break_glass.policy import can_break_glass
from app.facilitation.break_glass.queries import A_DAY, case_for, club_to_read, reading_for, waiting_for
from app.facilitation.break_glass.words import GROUNDS, LATER
from app.houses.journal import note
from app.houses.models import House, StaffPost
from app.houses.team.actions import ending
from app.web.forms import checked

ASK = Window("break-glass", 10, 24 * 60)


@dataclass(frozen=True)
class Grounds:
    """Why, in a word of the list and in a sentence; for how long; and why the club is to know only later, if so."""

    ground: str
    reason: Any
    hours: int
    later_ground: str = ""
    notice_days: int = 0


def ask(actor: Actor, slug: str, why: Grounds) -> BreakGlass:
    """One of the team asks to read a club of their house. Nothing is open before another one says yes."""
    if not can_break_glass(actor):
        raise NotFound()
    try:
        with transaction():
            club = club_to_read(actor, slug)
            reason = _checked(why)
            spend(ASK, actor.account_id)
            live.hold(club.id)
            _close_what_is_over(club)
            row = BreakGlass(
                id=new_id(),
                club_id=club.id,
                asked_by_id=actor.account_id,
                ground=why.ground,
                reason=reason,
                hours=why.hours,
                later_ground=why.later_ground,
                notice_days=why.notice_days,
                asked_at=now(),
            )
            db.session.add(row)
            db.session.flush()
            _note("asked", actor, row, club)
            return row
    except IntegrityError as error:
        raise Taken("already_asked", _l("C’est déjà demandé pour ce club."), field="club") from error


def confirm(actor: Actor, row_id: str) -> BreakGlass:
    """A second person of the house says yes: from now on who asked reads, and the club is told as was set."""
    with transaction():
        row, club = waiting_for(actor, row_id)
        live.hold(club.id)
        db.session.refresh(row)
        if row.ended_at is not None or row.began_at is not None:
            raise NotFound()
        if db.session.get(StaffPost, (row.asked_by_id, club.house_id)) is None:
            raise Gone("asker_gone", _l("La personne qui l’a demandé ne travaille plus dans la maison."))
        row.confirmed_by_id, row.began_at = actor.account_id, now()
        row.until = row.began_at + timedelta(hours=row.hours)
        row.notice_at = row.began_at + timedelta(days=row.notice_days)
        if not row.notice_days:
            _pin(row)
        _note("began", actor, row, club, until=row.until.isoformat())
        return row


def end(actor: Actor, row_id: str) -> None:
    """Anybody of the house's team says no, takes it back or ends it early. What the club is told stays."""
    with transaction():
        row, club = case_for(actor, row_id)
        live.hold(club.id)
        db.session.refresh(row)
        if row.ended_at is not None:
            return
        if row.began_at is not None:
            act = "ended"
        else:
            act = "withdrawn" if row.asked_by_id == actor.account_id else "declined"
        _note(act, actor, row, club)
        _close(row)


def open_club(actor: Actor, row_id: str) -> None:
    """The first page that is read is written down, once for the club and not for each page."""
    with transaction():
        row, club = reading_for(actor, row_id)
        db.session.refresh(row, with_for_update=True)
        if row.read_at is None:
            row.read_at = now()
            _note("read", actor, row, club)


def keep_to_the_clock() -> None:
    """Tell the clubs whose day has come, and write down what is over. No one can take this off: it has no job."""
    moment = now()
    due = or_(
        and_(BreakGlass.told_at.is_(None), BreakGlass.notice_at <= moment),
        and_(BreakGlass.ended_at.is_(None), BreakGlass.until <= moment),
        and_(BreakGlass.ended_at.is_(None), BreakGlass.began_at.is_(None), BreakGlass.asked_at <= moment - A_DAY),
    )
    found = list(db.session.execute(select(BreakGlass.id, BreakGlass.club_id).where(due).order_by(BreakGlass.id)))
    db.session.rollback()
    for row_id, club_id in found:
        with transaction():
            live.hold(club_id)
            _settle(db.session.get_one(BreakGlass, row_id, populate_existing=True))


def _settle(row: BreakGlass) -> None:
    club, moment = db.session.get_one(Club, row.club_id), now()
    if row.ended_at is None and row.until is not None and row.until <= moment:
        _note("ended", None, row, club)
        _close(row)
    elif row.ended_at is None and row.began_at is None and row.asked_at <= moment - A_DAY:
        _close(row)
    if row.told_at is None and row.notice_at is not None and row.notice_at <= moment:
        _pin(row)
        # The acts of before stand in the journal of the house alone: this one is the club's.
        _note("told", None, row, club, until=row.ends.isoformat() if row.ends else None)


def end_what_they_asked(actor: Actor, house: House, account_id: str) -> None:
    """Who works no more in a house reads none of its clubs."""
    theirs = select(BreakGlass, Club).join(Club, Club.id == BreakGlass.club_id)
    rows = theirs.where(
        Club.house_id == house.id, BreakGlass.asked_by_id == account_id, BreakGlass.ended_at.is_(None)
    ).order_by(BreakGlass.club_id)
    for row, club in db.session.execute(rows).all():
        live.hold(club.id)
        db.session.refresh(row)
        if row.ended_at is None:
            _note("ended" if row.began_at else "withdrawn", actor, row, club)
            _close(row)


ending.append(end_what_they_asked)


def _checked(why: Grounds) -> str:
    if why.ground not in GROUNDS:
        raise Invalid("ground_unknown", _l("Choisissez une raison."), field="ground")
    if not 1 <= why.hours <= MOST_HOURS:
        raise Invalid("hours_out_of_range", _l("24 heures au plus."), field="hours")
    if why.later_ground and why.later_ground not in LATER:
        raise Invalid("later_ground_unknown", _l("Dites pourquoi le club doit le savoir plus tard."), field="later")
    if bool(why.later_ground) != bool(why.notice_days) or not 0 <= why.notice_days <= MOST_DAYS:
        raise Invalid("notice_out_of_range", _l("Choisissez aussi dans combien de jours : 30 au plus."), field="days")
    return checked(why.reason, "reason", MAX_REASON, empty=_l("Dites pourquoi, en une phrase."))


def _close_what_is_over(club: Club) -> None:
    """What the clock has ended and nobody has written down yet is no obstacle."""
    opened = select(BreakGlass).where(BreakGlass.club_id == club.id, BreakGlass.ended_at.is_(None))
    for row in db.session.scalars(opened).all():
        _settle(row)
    db.session.flush()


def _pin(row: BreakGlass) -> None:
    row.told_at = now()
    live.record(row.club_id, "emergency:pinned", row.id)


def _close(row: BreakGlass) -> None:
    row.ended_at = now()
    if row.told_at is not None:
        live.record(row.club_id, "emergency:ended", row.id)


def _note(act: str, actor: Actor | None, row: BreakGlass, club: Club, **facts: Any) -> None:
    """In the journal of the house at once; in the club's, from the moment that the club knows."""
    told = club.id if row.told_at is not None else None
    note(
        f"break-glass:{act}", actor, house_id=club.house_id, club_id=told, subject_id=row.id, ground=row.ground, **facts
    )
