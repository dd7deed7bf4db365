"""The club's log: one numbered row for each change, pushed in order after commit, read again on catch-up.

``record`` gives the number inside the transaction, from the club's row, which it locks: 1, 2, 3 with no hole and never
visible out of order. What a row says is read when it is sent: each feature registers how with ``renders``.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from app.clubs.models import Change, Club, Membership
from app.clubs.waiting import wake
from app.core import realtime
from app.core.clock import now
from app.core.db import db, give_connection_back, on_commit
from app.web.api import stamp

MAX_CHANGES = 200


@dataclass(frozen=True)
class Shown:
    """What a row says today. ``since``: the row of the log that made its subject readable (0 = to every member)."""

    data: dict[str, Any] | None
    since: int = 0


Renderer = Callable[[Club, Sequence[str]], dict[str, Shown]]
_renderers: dict[str, Renderer] = {}
_heads: dict[str, int] = {}
_locks: dict[str, threading.Lock] = defaultdict(threading.Lock)


def renders(*kinds: str) -> Callable[[Renderer], Renderer]:
    """Declare how rows of these kinds are read, many subjects at once."""

    def declare(renderer: Renderer) -> Renderer:
        for kind in kinds:
            _renderers[kind] = renderer
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
    seq = db.session.execute(
        update(Club).where(Club.id == club_id).values(seq=Club.seq + 1).returning(Club.seq),
        execution_options={"synchronize_session": False},
    ).scalar_one()
    return int(seq)


def record(club_id: str, kind: str, subject_id: str, seq: int | None = None) -> int:
    """Write a row of the log in the present transaction, and push it once committed. Returns its number."""
    number = seq if seq is not None else next_seq(club_id)
    db.session.add(Change(club_id=club_id, seq=number, kind=kind, subject_id=subject_id, at=now()))
    on_commit(lambda: push(club_id))
    return number


def room_of(club_id: str) -> str:
    return f"club:{club_id}"


def watch(sid: str, club: Club, membership: Membership) -> None:
    """Let a connection hear a club for as long as the membership lasts."""
    give_connection_back()
    with _locks[club.id]:
        realtime.enter(
            sid,
            room_of(club.id),
            f"membership:{membership.id}",
            ("club:closed", {"club": club.slug}),
            membership.first_seq,
        )
        if club.id not in _heads:
            _heads[club.id] = head_of(club.id)


def head_of(club_id: str) -> int:
    """The number of the last committed row."""
    return int(db.session.scalar(select(Club.seq).where(Club.id == club_id)) or 0)


def push(club_id: str) -> None:
    """Send every committed row that this process has not sent yet, in order. Nobody listening: nothing to do."""
    wake(club_id)
    give_connection_back()
    with _locks[club_id]:
        listeners = realtime.listeners(room_of(club_id))
        if not listeners:
            _heads.pop(club_id, None)
            return
        club = db.session.get(Club, club_id, populate_existing=True)
        if club is None:
            return
        rows = _rows(club_id, _heads.get(club_id, club.seq), 10_000)
        shown = _shown(club, rows)
        for row in rows:
            _send(club, row, shown[row.seq], listeners)
            _heads[club_id] = row.seq


def _send(club: Club, row: Change, shown: Shown, listeners: dict[str, int]) -> None:
    told = {**_line(club, row), "data": shown.data}
    if all(floor <= shown.since or not shown.since for floor in listeners.values()):
        realtime.publish(room_of(club.id), "change", told)
        return
    # Someone here may not read that far back: they learn that something changed, not what.
    for sid, floor in listeners.items():
        realtime.tell(sid, "change", told if floor <= shown.since else {**told, "data": None})


def changes_since(club: Club, membership: Membership, since: int, limit: int = MAX_CHANGES) -> dict[str, Any]:
    """``{seq, changes, more, gap}`` for one member, from the row after ``since`` (0 = from the member's floor)."""
    head = head_of(club.id)
    floor = membership.first_seq
    if since > head or (since != 0 and since < floor - 1):
        return {"seq": head, "changes": [], "more": False, "gap": True}
    rows = _rows(club.id, max(since, floor - 1), limit + 1)
    page = rows[:limit]
    shown = _shown(club, page)
    changes = [{**_line(club, row), "data": _for_floor(shown[row.seq], floor)} for row in page]
    more = len(rows) > limit
    return {
        "seq": page[-1].seq if more else max(head, page[-1].seq if page else 0),
        "changes": changes,
        "more": more,
        "gap": False,
    }


def _for_floor(shown: Shown, floor: int) -> dict[str, Any] | None:
    return shown.data if not shown.since or shown.since >= floor else None


def _rows(club_id: str, since: int, limit: int) -> list[Change]:
    return list(
        db.session.scalars(
            select(Change).where(Change.club_id == club_id, Change.seq > since).order_by(Change.seq).limit(limit)
        )
    )


def _line(club: Club, row: Change) -> dict[str, Any]:
    return {"club": club.slug, "seq": row.seq, "kind": row.kind, "at": stamp(row.at)}


def _shown(club: Club, rows: Iterable[Change]) -> dict[int, Shown]:
    """Read the subjects of many rows with one call for each renderer."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        wanted[row.kind].append(row.subject_id)
    read = {kind: _renderers[kind](club, ids) for kind, ids in wanted.items() if kind in _renderers}
    return {row.seq: read.get(row.kind, {}).get(row.subject_id, Shown(None)) for row in rows}


@renders("membership:began", "membership:renamed")
def _membership_named(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(select(Membership.id, Membership.name).where(Membership.id.in_(ids)))
    return {row.id: Shown({"id": row.id, "name": row.name}) for row in rows}


@renders("membership:role")
def _membership_role(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(select(Membership.id, Membership.role).where(Membership.id.in_(ids)))
    return {row.id: Shown({"id": row.id, "role": row.role}) for row in rows}


@renders("membership:ended")
def _membership_ended(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {membership_id: Shown({"id": membership_id}) for membership_id in ids}


def pulse() -> None:
    """Tell each connection the head of the clubs it watches, so that a lost push is noticed."""
    watched = {room.removeprefix("club:") for held in realtime.connections() for room in held.rooms}
    if not watched:
        return
    rows = db.session.execute(select(Club.id, Club.slug, Club.seq).where(Club.id.in_(watched))).all()
    db.session.rollback()
    heads = {row.id: (row.slug, row.seq) for row in rows}
    for club_id, (_slug, seq) in heads.items():
        if _heads.get(club_id, seq) < seq:
            push(club_id)
    for held in realtime.connections():
        mine = [heads[room.removeprefix("club:")] for room in held.rooms if room.removeprefix("club:") in heads]
        if mine:
            realtime.tell(held.sid, "pulse", dict(mine))
