"""The club's log: one numbered row for each change, pushed in order after commit, read again on catch-up.

``record`` gives the number inside the transaction, from the club's row, which it locks: 1, 2, 3 with no hole and never
visible out of order. What a row says is read when it is sent: each feature registers how with ``renders``.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from app.clubs import waiting
from app.clubs.models import Club, Membership
from app.clubs.queries import Seat
from app.clubs.returns import Returns
from app.clubs.waiting import wake
from app.clubs.written import CLUBS, ROWS, TAKE, WRITE_ROW, given
from app.core import bus, metrics, realtime
from app.core.clock import now
from app.core.db import db, give_connection_back, on_commit
from app.core.questions import Question
from app.web.api import stamp

MAX_CHANGES = 200
# One answer, of at least one row: what a slow network takes before it is asked whether it is still there.
MAX_ANSWER = 256 * 1024
HEAD = Question(select(CLUBS.c.seq).where(CLUBS.c.id == bindparam("which")))
READ = Question(
    select(ROWS.c.seq, ROWS.c.kind, ROWS.c.subject_id, ROWS.c.at, CLUBS.c.slug)
    .join(CLUBS, CLUBS.c.id == ROWS.c.club_id)
    .where(ROWS.c.club_id == bindparam("which"), ROWS.c.seq > bindparam("since"))
    .order_by(ROWS.c.seq)
    .limit(bindparam("most"))
)


class Row(NamedTuple):
    """A row of a club's log, and the name that this club has in addresses."""

    seq: int
    kind: str
    subject_id: str
    at: datetime
    slug: str


@dataclass(frozen=True)
class Shown:
    """What a row says today. ``since``: the row of the log that made its subject readable (0 = to every member)."""

    data: dict[str, Any] | None
    since: int = 0


@dataclass(frozen=True)
class Said:
    """What the transaction that writes a row knows of it already: the club's slug, and what it shows.

    head: the number of the log when that was read. Every change of a name or a right moves the log: if the row's own
    number is the next one, nothing of what was read has changed meanwhile.
    """

    slug: str
    head: int
    show: Callable[[], Shown]


Fresh = tuple[Row, Callable[[], Shown]]
Renderer = Callable[[Club, Sequence[str]], dict[str, Shown]]
LeanRenderer = Callable[[str, Sequence[str]], dict[str, Shown]]
_renderers: dict[str, Any] = {}
_by_id: set[Any] = set()
_heads: dict[str, int] = {}
_returns = Returns()
_locks: dict[str, threading.Lock] = defaultdict(threading.Lock)


def renders(*kinds: str) -> Callable[[Renderer], Renderer]:
    """Declare how rows of these kinds are read, many subjects at once."""

    def declare(renderer: Renderer) -> Renderer:
        _renderers.update(dict.fromkeys(kinds, renderer))
        return renderer

    return declare


def renders_by_id(*kinds: str) -> Callable[[LeanRenderer], LeanRenderer]:
    """As ``renders``, for what needs nothing of the club but its id: for these kinds its row is not read."""

    def declare(renderer: LeanRenderer) -> LeanRenderer:
        _renderers.update(dict.fromkeys(kinds, renderer))
        _by_id.add(renderer)
        return renderer

    return declare


def hold(club_id: str) -> None:
    """Lock a club until the transaction ends, without taking a number: for who may find that nothing is to be said."""
    # Not its key: rows that refer to the club may be written meanwhile. SQLite has one writer anyway.
    db.session.execute(select(Club.id).where(Club.id == club_id).with_for_update(key_share=True))


def next_seq(club_id: str) -> int:
    """Take the next number of a club's log, locking the club until the transaction ends.

    Whoever takes one writes its row, or fails: a number without a row is a hole in the log.
    """
    return _take(club_id, 1)


def _take(club_id: str, many: int) -> int:
    """The last of so many numbers. What the unit of work still holds comes first: the log refers to it."""
    db.session.flush()
    return int(db.session.execute(TAKE, {"which": club_id, "many": many}).scalar_one())


def record(club_id: str, kind: str, subject_id: str, seq: int | None = None, said: Said | None = None) -> int:
    """Write a row of the log in the present transaction, and push it once committed. Returns its number.

    said: what it shows, where that is known, so that this process need not read what it has just written.
    """
    number = seq if seq is not None else next_seq(club_id)
    moment = now()
    row = {"club_id": club_id, "seq": number, "kind": kind, "subject_id": subject_id, "at": moment}
    if seq is not None:
        db.session.flush()
    db.session.execute(WRITE_ROW, row)
    _told_once_committed(club_id, kind, subject_id, moment, number, said)
    return number


def record_with(
    together: Select[int], club_id: str, kind: str, subject_id: str, values: dict[str, Any], said: Said
) -> int:
    """PostgreSQL: as ``record``, by a statement of ``written.together``, which writes more than the row."""
    db.session.flush()
    moment = now()
    row = {"which": club_id, "many": 1, "log_kind": kind, "log_subject": subject_id, "log_at": moment}
    number = int(db.session.execute(together, {**row, **given(values)}).scalar_one())
    _told_once_committed(club_id, kind, subject_id, moment, number, said)
    return number


def _told_once_committed(
    club_id: str, kind: str, subject_id: str, moment: datetime, number: int, said: Said | None
) -> None:
    fresh = None
    if said is not None and said.head == number - 1:
        fresh = Row(number, kind, subject_id, moment, said.slug), said.show
    on_commit(lambda: metrics.changed(kind))
    on_commit(lambda: push(club_id, fresh))


def record_all(club_id: str, rows: Sequence[tuple[str, str]]) -> range:
    """As ``record``, for many rows ``(kind, subject)`` of one act: their numbers, in the same order."""
    if not rows:
        return range(0)
    last = _take(club_id, len(rows))
    numbers, moment = range(last - len(rows) + 1, last + 1), now()
    told = zip(numbers, rows, strict=True)
    db.session.execute(
        WRITE_ROW,
        [
            {"club_id": club_id, "seq": n, "kind": kind, "subject_id": subject, "at": moment}
            for n, (kind, subject) in told
        ],
    )
    on_commit(lambda: metrics.all_changed(kind for kind, _subject in rows))
    on_commit(lambda: push(club_id))
    return numbers


def room_of(club_id: str) -> str:
    return f"club:{club_id}"


def watch(sid: str, seat: Seat) -> int:
    """Let a connection hear a club for as long as the membership lasts: every row after the one that is returned."""
    give_connection_back()
    with _locks[seat.club_id]:
        realtime.enter(
            sid,
            room_of(seat.club_id),
            seat.grant,
            ("club:closed", {"club": seat.slug}),
            seat.first_seq,
            seat.visit_until,
        )
        if seat.club_id not in _heads:
            _heads[seat.club_id] = head_of(seat.club_id)
        return _heads[seat.club_id]


def head_of(club_id: str) -> int:
    """The number of the last committed row."""
    found = HEAD.first(which=club_id)
    return int(found[0]) if found else 0


def push(club_id: str, fresh: Fresh | None = None) -> None:
    """Something was committed in a club: tell those who watch it here, and the other processes."""
    bus.nudge("club", {"club": club_id})
    push_here(club_id, fresh)


@bus.on("club")
def _moved_elsewhere(told: bus.Payload) -> None:
    push_here(str(told["club"]))


def push_here(club_id: str, fresh: Fresh | None = None) -> None:
    """Send every committed row that this process has not sent yet, in order. Nobody listening: nothing to do.

    fresh: the row that was just committed. It is read from there if it is the next one; else the log says what is.
    """
    wake(club_id)
    give_connection_back()
    with _locks[club_id]:
        listeners = realtime.listeners(room_of(club_id))
        if not listeners:
            _heads.pop(club_id, None)
            return
        sent = _heads.get(club_id)
        if sent is None:
            _heads[club_id] = head_of(club_id)
        elif fresh is not None and fresh[0].seq == sent + 1:
            _send(club_id, fresh[0], fresh[1](), listeners)
        elif fresh is None or fresh[0].seq > sent:
            rows = _rows(club_id, sent, 10_000)
            shown = _shown(club_id, rows)
            for row in rows:
                _send(club_id, row, shown[row.seq], listeners)


def _send(club_id: str, row: Row, shown: Shown, listeners: dict[str, int]) -> None:
    room, told = room_of(club_id), {**_line(row), "data": shown.data}
    if not shown.since or max(listeners.values()) <= shown.since:
        realtime.publish(room, "change", told)
    else:
        # Someone here may not read that far back: they learn that something changed, not what.
        reading = {sid for sid, floor in listeners.items() if floor <= shown.since}
        realtime.publish(room, "change", told, reading)
        realtime.publish(room, "change", {**told, "data": None}, listeners.keys() - reading)
    _heads[club_id] = row.seq
    metrics.pushed(len(listeners), (now() - row.at).total_seconds())


def changes_since(seat: Seat, since: int | None, limit: int = MAX_CHANGES) -> dict[str, Any]:
    """``{seq, changes, more, gap}`` for one member, from the row after ``since`` (0 = from the member's floor).

    None: where the log stands, for who has read nothing yet.

    A row that is kept no more is below everybody's floor. Who comes back to the same rows at the same moment is told
    the same: they are read once.
    """
    floor = max(seat.first_seq, seat.kept)
    after = seat.head if since is None else max(since, floor - 1)
    gap = since is not None and (since > seat.head or 0 < since < floor - 1)
    if gap or after >= seat.head:
        return {"seq": seat.head, "changes": [], "more": False, "gap": gap}
    # A session of this request may see the house as it was before this head, and holds what others wait for.
    give_connection_back()
    # Whatever changes in a club moves its head, so what was read for this head still holds.
    return _returns.get((seat.club_id, after, seat.head, seat.first_seq, limit), lambda: _read(seat, after, limit))


def _read(seat: Seat, after: int, limit: int) -> dict[str, Any]:
    rows = _rows(seat.club_id, after, limit + 1)
    shown = _shown(seat.club_id, rows[:limit])
    page = _fitting(rows[:limit], shown)
    changes = [{**_line(row), "data": _for_floor(shown[row.seq], seat.first_seq)} for row in page]
    more = len(rows) > len(page)
    return {
        "seq": page[-1].seq if more else max(seat.head, page[-1].seq if page else 0),
        "changes": changes,
        "more": more,
        "gap": False,
    }


def _fitting(rows: list[Row], shown: dict[int, Shown]) -> list[Row]:
    """The first of them, as many as make one answer."""
    left = MAX_ANSWER
    for number, row in enumerate(rows):
        left -= _weight(shown[row.seq].data or {})
        if left < 0 and number:
            return rows[:number]
    return rows


def _weight(data: dict[str, Any]) -> int:
    """Bytes as JSON, at most: a letter that is not ASCII is three times as long there as in UTF-8."""
    return sum(3 * len((data.get(name) or "").encode()) for name in ("body", "html"))


def _for_floor(shown: Shown, floor: int) -> dict[str, Any] | None:
    return shown.data if not shown.since or shown.since >= floor else None


def _rows(club_id: str, since: int, limit: int) -> list[Row]:
    return [Row(*row) for row in READ.all(which=club_id, since=since, most=limit)]


def _line(row: Row) -> dict[str, Any]:
    return {"club": row.slug, "seq": row.seq, "kind": row.kind, "at": stamp(row.at)}


def _shown(club_id: str, rows: Sequence[Row]) -> dict[int, Shown]:
    """Read the subjects of many rows with one call for each renderer; the club's own row only if one needs it."""
    wanted: dict[Any, list[str]] = defaultdict(list)
    for row in rows:
        if row.kind in _renderers:
            wanted[_renderers[row.kind]].append(row.subject_id)
    club = None if _by_id.issuperset(wanted) else db.session.get(Club, club_id, populate_existing=True)
    read = {each: each(club_id if each in _by_id else club, ids) for each, ids in wanted.items()}
    nothing = Shown(None)
    return {
        row.seq: read[_renderers[row.kind]].get(row.subject_id, nothing) if row.kind in _renderers else nothing
        for row in rows
    }


@renders("membership:began")
def _membership_named(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(select(Membership.id, Membership.name).where(Membership.id.in_(ids)))
    return {row.id: Shown({"id": row.id, "name": row.name}) for row in rows}


@renders("membership:renamed")
def _membership_renamed(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.scalars(
        select(Membership).where(Membership.id.in_(ids)).execution_options(populate_existing=True)
    )
    return {one.id: Shown({"id": one.id, "name": one.name, "former_name": one.shown_former_name}) for one in rows}


@renders("membership:role")
def _membership_role(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(select(Membership.id, Membership.role).where(Membership.id.in_(ids)))
    return {row.id: Shown({"id": row.id, "role": row.role}) for row in rows}


@renders("membership:ended")
def _membership_ended(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {membership_id: Shown({"id": membership_id}) for membership_id in ids}


@renders("visit:began", "visit:ended")
def _visit(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.scalars(select(Membership).where(Membership.id.in_(ids)))
    return {one.id: Shown({"id": one.id, "name": one.name, "until": stamp(one.visit_until)}) for one in rows}


def pulse() -> None:
    """Tell each connection the head of the clubs it watches, so that a lost push is noticed."""
    _returns.forget()
    watched = _watched()
    if not watched:
        return
    rows = db.session.execute(select(Club.id, Club.slug, Club.seq).where(Club.id.in_(watched))).all()
    db.session.rollback()
    heads = {row.id: (row.slug, row.seq) for row in rows}
    for club_id, (_slug, seq) in heads.items():
        if _heads.get(club_id, seq) < seq:
            push_here(club_id)
    for held in realtime.connections():
        mine = [heads[room.removeprefix("club:")] for room in held.rooms if room.removeprefix("club:") in heads]
        if mine:
            realtime.tell(held.sid, "pulse", dict(mine))


def look() -> None:
    """Where other processes write too: read the heads of all clubs that anyone watches or waits for here, in one query.

    So what they commit is heard within two seconds when nobody nudges.
    """
    wanted = _watched() | waiting.waited_for()
    if not wanted:
        return
    heads = db.session.execute(select(Club.id, Club.seq).where(Club.id.in_(wanted))).all()
    db.session.rollback()
    waiting.looked(heads)
    for club_id, seq in heads:
        if _heads.get(club_id, seq) < seq:
            push_here(club_id)


def _watched() -> set[str]:
    return {room.removeprefix("club:") for held in realtime.connections() for room in held.rooms}
