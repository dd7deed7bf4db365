"""Verbs of dates to choose: propose them, add one, answer, type a sheet that somebody filled in, cancel."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.clubs import live
from app.clubs.models import Club, Membership
from app.clubs.queries import IN_CLUB, settled_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import Bucket, Window, spend
from app.meetings.polls.holds import give_back, holds_of, keep_slots
from app.meetings.polls.models import ANSWERS, Poll, PollAnswer, PollDate
from app.meetings.polls.policy import can_add_date, can_answer_poll, can_cancel_poll, can_open_poll, can_type_answers
from app.meetings.polls.queries import is_open, my_poll, number_open
from app.meetings.polls.wishes import Asked, Proposal, Wish, checked_end, checked_title, checked_wishes
from app.messaging.queries import place_for

MOST_POLLS = 6
OPEN = Window("open-poll", 10, 60)
ADD = Window("add-date", 30, 60)
# A lead with a pile of sheets types one after the other.
ANSWER = Bucket("answer-poll", 20, 20)
CANCEL = Window("cancel-poll", 10, 60)
OVER = _l("Le vote est fini.")
TOO_LATE = _l("Le vote vient de finir : vos réponses ne sont pas gardées. Voyez le résultat ci-dessous.")
NOT_YOURS = _l("Seules les personnes responsables du club, et qui a proposé ces dates, font cela.")


def open_poll(actor: Actor, slug: str, proposal: Proposal) -> Poll:
    """A member proposes dates to a club; the slots among them are kept until the vote ends, all of them or none."""
    with transaction():
        club, me = settled_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        if not me.active:
            raise NotFound()
        if not can_open_poll(me):
            raise NotAllowed()
        if number_open(club) >= MOST_POLLS:
            raise Taken("polls_full", _l("Votre club vote déjà six fois. Attendez la fin d’un vote."))
        asked = checked_wishes(proposal.wishes)
        ends = checked_end(proposal.ends, asked)
        spend(OPEN, me.id)
        poll = Poll(
            id=new_id(), club_id=club.id, opened_by_id=me.id, thread_id=_thread_of(actor, club, proposal.thread),
            seq=0, title=checked_title(proposal.title), opened_at=now(), ends_at=ends,
        )  # fmt: skip
        db.session.add(poll)
        db.session.flush()
        _write_dates(poll, club, me, asked)
        poll.seq = live.record(club.id, "poll:opened", poll.id)
        return poll


def _thread_of(actor: Actor, club: Club, thread_id: str) -> str | None:
    """The discussion that it came out of, if it is one of that club that the actor may read. Raises NotFound."""
    if not thread_id:
        return None
    place = place_for(actor, thread_id)
    if place.club.id != club.id:
        raise NotFound()
    return place.thread.id


def _write_dates(poll: Poll, club: Club, by: Membership, asked: Sequence[Asked]) -> None:
    """Add dates after those that are there. The caller holds the club."""
    beside = [hold for _date, hold, _room in holds_of(poll.id) if hold.until > now()]
    holds = keep_slots(club, asked, poll.ends_at, beside)
    last = db.session.scalar(select(func.max(PollDate.number)).where(PollDate.poll_id == poll.id)) or 0
    for number, each in enumerate(asked, last + 1):
        db.session.add(
            PollDate(
                id=new_id(), poll_id=poll.id, number=number, kind=each.kind, starts_at=each.start, ends_at=each.end,
                place=each.place, added_by_id=by.id, room_id=each.slot.room.id if each.slot else None,
                hold_id=holds[each.slot.id].id if each.slot else None,
            )
        )  # fmt: skip
    db.session.flush()


def add_date(actor: Actor, poll_id: str, wish: Wish) -> Poll:
    """Who proposed the dates, or a lead, adds one while the vote is open."""
    with transaction():
        poll, club, me = my_poll(actor, poll_id)
        if not can_add_date(me, poll):
            raise NotAllowed("not_yours", NOT_YOURS)
        _still_open(poll)
        there = db.session.scalars(select(PollDate).where(PollDate.poll_id == poll.id)).all()
        asked = checked_wishes([wish], len(there), sum(each.hold_id is not None for each in there))
        if any(each.start < poll.ends_at for each in asked):
            raise Invalid("date_too_soon", _l("Cette date vient avant la fin des réponses."))
        if {_same(one.starts_at, one.ends_at, one.room_id, one.kind) for one in there} & {
            _same(one.start, one.end, one.slot.room.id if one.slot else None, one.kind) for one in asked
        }:
            raise Invalid("dates_twice", _l("Cette date est déjà proposée."))
        spend(ADD, me.id)
        _write_dates(poll, club, me, asked)
        live.record(club.id, "poll:changed", poll.id)
        return poll


def _same(start: datetime, end: datetime, room_id: str | None, kind: str) -> tuple[object, ...]:
    return start, end, room_id, kind


def answer_poll(actor: Actor, poll_id: str, says: Mapping[str, str]) -> Poll:
    """A member says of each date: yes, if need be, no; again as often as they wish until the end.

    says: by the id of a date; of a date that is not there, the answer stays as it was.
    """
    with transaction():
        poll, club, me = my_poll(actor, poll_id)
        if not can_answer_poll(me):
            raise NotAllowed()
        _still_open(poll, TOO_LATE)
        spend(ANSWER, me.id)
        _write_answers(poll, club, me, says)
        return poll


def type_answers(actor: Actor, poll_id: str, membership_id: str, says: Mapping[str, str]) -> Poll:
    """A lead copies the sheet of a member; that member may change it like their own answer."""
    with transaction():
        poll, club, me = my_poll(actor, poll_id)
        if not can_type_answers(me):
            raise NotAllowed("not_a_lead", _l("Les personnes responsables du club recopient les feuilles."))
        _still_open(poll)
        spend(ANSWER, me.id)
        theirs = select(Membership).where(Membership.id == membership_id, Membership.club_id == club.id, IN_CLUB)
        member = db.session.scalars(theirs).first()
        if member is None:
            raise Invalid("who_unknown", _l("Choisissez un nom."), field="who")
        _write_answers(poll, club, member, says)
        return poll


def _write_answers(poll: Poll, club: Club, member: Membership, says: Mapping[str, str]) -> None:
    ids = db.session.scalars(select(PollDate.id).where(PollDate.poll_id == poll.id)).all()
    said = {date_id: says[date_id] for date_id in ids if says.get(date_id)}
    if not said:
        raise Invalid("answer_empty", _l("Choisissez une réponse pour une date au moins, puis envoyez."))
    if not set(said.values()) <= set(ANSWERS):
        raise Invalid("answer_unknown", _l("Choisissez une réponse."))
    known = {
        one.date_id: one
        for one in db.session.scalars(
            select(PollAnswer).where(PollAnswer.date_id.in_(said), PollAnswer.membership_id == member.id)
        )
    }
    if all(date_id in known and known[date_id].answer == answer for date_id, answer in said.items()):
        return
    for date_id, answer in said.items():
        if date_id in known:
            known[date_id].answer = answer
        else:
            db.session.add(PollAnswer(date_id=date_id, membership_id=member.id, answer=answer))
    live.record(club.id, "poll:changed", poll.id)


def _still_open(poll: Poll, why: Any = OVER) -> None:
    if not is_open(poll):
        raise Gone("poll_over", why)


def cancel_poll(actor: Actor, poll_id: str) -> Poll:
    """Who proposed the dates, or a lead, takes the question back: what was kept is free for everyone."""
    with transaction():
        poll, _club, me = my_poll(actor, poll_id)
        if not can_cancel_poll(me, poll):
            raise NotAllowed("not_yours", NOT_YOURS)
        if poll.outcome is not None and not holds_of(poll.id):
            raise Gone("poll_over", OVER)
        spend(CANCEL, me.id)
        give_back(holds_of(poll.id))
        end_poll(poll, "cancelled")
        return poll


def end_poll(poll: Poll, outcome: str) -> None:
    """It is over, and who looks sees it. The caller holds the club."""
    poll.outcome, poll.ended_at = outcome, now()
    live.record(poll.club_id, "poll:changed", poll.id)
