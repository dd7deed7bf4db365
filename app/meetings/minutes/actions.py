"""Verbs of minutes. Each is one transaction; the club's log says that something was written, never what."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.clubs import live
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound
from app.core.ids import new_id
from app.core.limits import Bucket, spend
from app.meetings.ballots.queries import decided_ballot_for
from app.meetings.minutes import policy
from app.meetings.minutes.models import MAX_DECISION, MAX_MINUTES, MinutesVersion, NotedDecision
from app.meetings.minutes.queries import decision_for, is_readable, latest_of, texts_until, version_of
from app.meetings.minutes.texts import first_writers, lines_of, said
from app.meetings.models import Meeting
from app.meetings.queries import is_off, my_meeting, said_of, start_of
from app.meetings.tasks.actions import add_task, leave_room
from app.meetings.tasks.models import MAX_TASK, Task
from app.web.forms import checked

MOST_LINES = 400
MOST_VERSIONS = 300
MOST_DECISIONS = 50
WRITE = Bucket("minutes", 20, 10)


class Superseded(DomainError):
    """Somebody saved another text meanwhile: latest, which the one who writes has not read."""

    status, code = 409, "minutes_changed"
    detail = _l("Quelqu’un a enregistré un autre texte pendant que vous écriviez. Rien n’est perdu : voici les deux.")

    def __init__(self, latest: MinutesVersion) -> None:
        super().__init__()
        self.latest = latest


def write_minutes(actor: Actor, meeting_id: str, base: int, text: Any) -> MinutesVersion:
    """A member writes the next version of what they have read, ``base``. Raises Superseded when that is not the last.

    The database says so: a number is taken once. The same text sent twice is stored once.
    """
    body = checked_minutes(text)
    try:
        with transaction():
            return _write(actor, meeting_id, base, body)
    except IntegrityError as error:
        if "number" not in constraint_of(error):
            raise
    my_meeting(actor, meeting_id)
    latest = latest_of(meeting_id)
    if latest is None:
        raise NotFound()
    if latest.text == body:
        return latest
    raise Superseded(latest)


def checked_minutes(text: Any) -> str:
    """Trimmed, of a length that people read. Raises Invalid."""
    body = checked(text, "text", MAX_MINUTES, empty=_l("Écrivez d’abord quelque chose."), lines=True)
    if len(lines_of(body)) > MOST_LINES:
        raise Invalid("text_too_many_lines", _l("C’est trop long : 400 lignes au plus."), field="text")
    return body


def _write(actor: Actor, meeting_id: str, base: int, body: str) -> MinutesVersion:
    meeting, club, me = begun_meeting(actor, meeting_id)
    before = version_of(meeting.id, me, base) if base else None
    if before is not None and before.text == body:
        return latest_of(meeting.id) or before
    if base >= MOST_VERSIONS:
        raise DomainError("minutes_full", _l("Ce compte rendu a été changé trop souvent."), status=409)
    spend(WRITE, me.id)
    seq = live.next_seq(club.id)
    version = MinutesVersion(
        id=new_id(), meeting_id=meeting.id, club_id=club.id, number=base + 1, text=body, written_by_id=me.id,
        written_at=now(), seq=seq,
    )  # fmt: skip
    db.session.add(version)
    db.session.flush()
    live.record(club.id, "minutes:written", meeting.id, seq=seq)
    return version


def pick_decision(actor: Actor, meeting_id: str, number: int, line: int) -> NotedDecision:
    """A member picks a line of the minutes: the club decided it. The same line twice is one."""
    with transaction():
        meeting, club, _me, text, writer = _picked(actor, meeting_id, number, line, MAX_DECISION)
        noted = select(NotedDecision).where(NotedDecision.meeting_id == meeting.id)
        known = db.session.scalars(noted.where(NotedDecision.text == text)).first()
        if known is not None:
            return known
        return _note(meeting, club, text=text, written_by_id=writer)


def pick_ballot(actor: Actor, meeting_id: str, ballot_id: str) -> NotedDecision:
    """A member keeps what a ballot came to among what was decided at a meeting. The same one twice is one."""
    with transaction():
        meeting, club, me = begun_meeting(actor, meeting_id)
        live.hold(club.id)
        ballot = decided_ballot_for(me, ballot_id)
        noted = select(NotedDecision).where(NotedDecision.meeting_id == meeting.id)
        known = db.session.scalars(noted.where(NotedDecision.ballot_id == ballot.id)).first()
        if known is not None:
            return known
        spend(WRITE, me.id)
        return _note(meeting, club, ballot_id=ballot.id)


def _note(meeting: Meeting, club: Club, **what: Any) -> NotedDecision:
    """In the present transaction, which holds the club."""
    there = select(func.count()).where(NotedDecision.meeting_id == meeting.id)
    if int(db.session.scalar(there) or 0) >= MOST_DECISIONS:
        raise DomainError("decisions_full", _l("Cette rencontre a déjà 50 décisions."), status=409)
    seq = live.next_seq(club.id)
    values = {"text": "", **what}
    decision = NotedDecision(
        id=new_id(), club_id=club.id, meeting_id=meeting.id, noted_at=now(), seq=seq, **values
    )  # fmt: skip
    db.session.add(decision)
    live.record(club.id, "decision:noted", decision.id, seq=seq)
    return decision


def pick_task(actor: Actor, meeting_id: str, number: int, line: int) -> Task:
    """A member picks a line of the minutes: it is to be done, by whoever takes it. Twice is once, while it is open."""
    with transaction():
        _meeting, club, _me, text, writer = _picked(actor, meeting_id, number, line, MAX_TASK)
        waiting = select(Task).where(Task.club_id == club.id, Task.text == text, Task.done_at.is_(None))
        known = db.session.scalars(waiting).first()
        if known is not None:
            return known
        leave_room(club)
        return add_task(club, writer, text)


def drop_decision(actor: Actor, decision_id: str) -> NotedDecision:
    """Who wrote the line, or a lead, takes it off the list; the minutes stay as they are."""
    with transaction():
        decision, me = decision_for(actor, decision_id)
        if not policy.can_drop_decision(me, decision):
            raise NotAllowed()
        spend(WRITE, me.id)
        db.session.delete(decision)
        live.record(decision.club_id, "decision:gone", decision.id)
        return decision


def begun_meeting(actor: Actor, meeting_id: str) -> tuple[Meeting, Club, Membership]:
    """A meeting that has begun, for one of the club who may read what is written of it."""
    meeting, club, me = my_meeting(actor, meeting_id)
    if me.visit_until is not None or not is_readable(meeting.id, me):
        raise NotFound()
    if is_off(said_of(meeting)):
        raise Gone("meeting_released", _l("Cette rencontre n’a plus lieu."))
    if start_of(said_of(meeting)) > now():
        raise DomainError("meeting_not_begun", _l("La rencontre n’a pas commencé."), status=409)
    return meeting, club, me


def _picked(
    actor: Actor, meeting_id: str, number: int, line: int, most: int
) -> tuple[Meeting, Club, Membership, str, str | None]:
    """The words of a line and who wrote it; the club is held, so that it is picked once."""
    meeting, club, me = begun_meeting(actor, meeting_id)
    live.hold(club.id)
    version = version_of(meeting.id, me, number)
    lines = lines_of(version.text)
    text = said(lines[line], most) if 0 <= line < len(lines) else ""
    if not text:
        raise NotFound()
    spend(WRITE, me.id)
    return meeting, club, me, text, first_writers(texts_until(version)).get(lines[line])
