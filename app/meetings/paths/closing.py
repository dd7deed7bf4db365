"""The end of a session: what was reached, and what comes next: another session, or a rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.clubs import live as log
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import spend
from app.meetings.paths.actions import MOVE, held, said_row
from app.meetings.paths.live import changed
from app.meetings.paths.models import MAX_REVIEW, REVIEW, ReviewLine
from app.meetings.paths.policy import can_lead_session, can_take_part
from app.meetings.paths.queries import PathView, path_for, review_in, today_of
from app.rooms.actions import NOT_A_LEAD
from app.rooms.calendar import stretch_at
from app.rooms.models import Claim, Room
from app.rooms.queries import Slot
from app.rooms.series.queries import WEEK, slots_alike
from app.rooms.sessions.actions import EVERY, LEAST, MOST, SessionWish, ask_session
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.queries import dates_of, why_refused
from app.web.forms import checked

LONGEST_REST = timedelta(days=184)
# How far the first date of the next session is looked for.
WEEKS_AHEAD = 8


class ReviewChanged(Taken):
    """Somebody else wrote meanwhile: both texts are shown, and none is lost."""

    code = "review_changed"
    detail = _l("Une autre personne vient d’écrire le bilan. Lisez son texte, puis complétez le vôtre.")


@dataclass(frozen=True)
class Review:
    """What a member writes. goals: the ids of those that were reached; version: of the writing that they read."""

    reached: Any
    ahead: Any
    goals: Collection[str]
    version: int


def write_review(actor: Actor, session_id: str, review: Review) -> PathView:
    """A member writes the closing review, from the last meeting on. Raises Invalid, Taken, ReviewChanged."""
    told = {kind: checked(getattr(review, kind), kind, MAX_REVIEW, lines=True) for kind in REVIEW}
    with transaction():
        seen = held(actor, session_id)
        if not can_take_part(seen.me):
            raise NotAllowed()
        if not seen.line.closing:
            raise Taken("review_early", _l("Le bilan s’écrit à la dernière rencontre."))
        if review.version != seen.said.version:
            raise ReviewChanged()
        spend(MOVE, seen.me.id)
        seq = log.next_seq(seen.club.id)
        for kind, text in told.items():
            _write_lines(seen, kind, text, seq)
        said_row(seen).version += 1
        for goal in seen.goals:
            goal.reached = goal.id in review.goals
        changed(seen.club.id, session_id, seq)
        return path_for(actor, session_id)


def _write_lines(seen: PathView, kind: str, text: str, seq: int) -> None:
    """A line that stays is still whose it was; what the writer may not read stays as it is, before the rest."""
    there = [line for line in review_in(seen.line.id) if line.kind == kind]
    order = [line for line in there if line.seq < seen.me.first_seq]
    known = [line for line in there if line not in order]
    for said in filter(None, (each.strip() for each in text.split("\n"))):
        same = next((line for line in known if line.text == said), None)
        if same is None:
            same = _line(seen, kind, said, seq)
            db.session.add(same)
        else:
            known.remove(same)
        order.append(same)
    for line in known:
        db.session.delete(line)
    for place, line in enumerate(order):
        line.place = place
    # With what the writer may not read too.
    checked("\n".join(line.text for line in order), kind, MAX_REVIEW, lines=True)


def _line(seen: PathView, kind: str, text: str, seq: int) -> ReviewLine:
    told = {"kind": kind, "place": 0, "text": text, "by_id": seen.me.id, "written_at": now(), "seq": seq}
    return ReviewLine(id=new_id(), session_id=seen.line.id, **told)


def rest_club(actor: Actor, session_id: str, until: date | None) -> None:
    """A lead says that the club rests until a day, after its session: nobody is called on meanwhile. Raises Invalid."""
    with transaction():
        seen = _ended(actor, session_id)
        today = today_of(seen.line)
        if until is None or not today < until <= today + LONGEST_REST:
            raise Invalid("rest_wrong", _l("Choisissez un jour d’ici six mois."), field="until")
        spend(MOVE, seen.me.id)
        said_row(seen).rest_until = until
        changed(seen.club.id, session_id)


def end_rest(actor: Actor, session_id: str) -> None:
    """A lead ends the rest. Raises NotFound when there is none."""
    with transaction():
        seen = _ended(actor, session_id)
        if seen.said.rest_until is None or seen.said.rest_until <= today_of(seen.line):
            raise NotFound()
        spend(MOVE, seen.me.id)
        said_row(seen).rest_until = None
        changed(seen.club.id, session_id)


def _ended(actor: Actor, session_id: str) -> PathView:
    seen = held(actor, session_id)
    if not can_lead_session(seen.me):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    if not seen.line.over:
        raise Taken("session_running", _l("La session n’est pas finie."))
    return seen


@dataclass(frozen=True)
class Next:
    """The session that would follow: the same room, hour, rhythm and name. dates: those that are free."""

    wish: SessionWish
    first: Slot
    dates: list[date]


def next_session(actor: Actor, session_id: str) -> Next | None:
    """What a lead would ask for in one tap; None when its time has no six free dates."""
    seen = path_for(actor, session_id)
    if not can_lead_session(seen.me) or not seen.line.steps or not seen.line.over:
        return None
    claim = db.session.get_one(Claim, seen.line.steps[-1].id)
    every = _rhythm(seen)
    first = _first_free(seen, claim, every)
    if first is None:
        return None
    found = [each for each in dates_of(first, every, MOST, seen.club) if each.why is None]
    kept = found[: max(LEAST, min(MOST, len(seen.line.steps)))]
    if len(kept) < LEAST:
        return None
    ids = [each.slot.id for each in kept]
    wish = SessionWish(first.id, seen.club.slug, seen.line.name, claim.size, every, MOST, ids)
    return Next(wish, first, [each.day for each in kept])


def _rhythm(seen: PathView) -> int:
    """Every how many weeks, by what most of its meetings did."""
    days = [step.start.date() for step in seen.line.steps]
    gaps = [(after - before).days for before, after in pairwise(days)]
    return EVERY[1] if gaps and sorted(gaps)[len(gaps) // 2] >= 14 else EVERY[0]


def _first_free(seen: PathView, claim: Claim, every: int) -> Slot | None:
    """The first date after it at the same time in the same room that may be asked for."""
    room = db.session.get_one(Room, claim.room_id)
    house = seen.line.house
    if house is None or room.closed_at is not None:
        return None
    stretch = stretch_at(room, claim.starts_at, claim.ends_at, ZoneInfo(house.timezone))
    gone, begin = Slot(stretch, house, "closed", why="none"), max(stretch.day, today_of(seen.line))
    passed = (begin - stretch.day).days // 7
    days = [stretch.day + (passed + number) * WEEK for number in range(1, WEEKS_AHEAD + 1)]
    free = (slot for slot in slots_alike(gone, days) if why_refused(slot, seen.club) is None)
    return next(free, None)


def reform_session(actor: Actor, session_id: str) -> SessionRequest:
    """A lead asks for the next session as the one before it was. Raises what ``ask_session`` does, and Taken."""
    seen = path_for(actor, session_id)
    if not can_lead_session(seen.me):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    found = next_session(actor, session_id)
    if found is None:
        raise Taken("session_unfree", _l("Ce moment n’a plus six dates libres. Choisissez un autre créneau."))
    spend(MOVE, seen.me.id)
    return ask_session(actor, found.wish)
