"""The Socket.IO server: the only place that knows it.

A connection holds *grants* (``session:<id>``, ``membership:<id>``…). When a grant is revoked, by a row that every
worker reads each second, what hung on it is closed. A socket grants nothing by itself: each event asks again.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import socketio as protocol
from engineio.packet import MESSAGE, Packet
from flask import Flask, current_app, g
from flask.ctx import RequestContext
from flask_socketio import SocketIO
from socketio.packet import EVENT
from sqlalchemy import select

from app.core import bus, metrics, wire
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, on_commit
from app.core.models import Revocation
from app.core.outbox import Outbox

MAX_SOCKETS = 50
PULSE_SECONDS = 25
# How long the end of a right is known by heart, and looked for among the rows.
REMEMBERED_SECONDS = 60
MAX_BAD_FRAMES = 30
UNKNOWN = "unknown"
RESERVED = frozenset({"connect", "disconnect", "connect_error", "*", "__disconnect_final"})


class Sockets(SocketIO):
    """Its handlers run in an application's context: a request's costs more than most events. See ``as_request``."""

    def _handle_event(self, handler: Callable[..., Any], message: str, _namespace: str, sid: str, *args: Any) -> Any:
        environ = self.server.get_environ(sid)
        if not environ:  # gone meanwhile
            return None
        with environ["flask.app"].app_context():
            g.socket = sid
            return handler(args[1] if len(args) > 1 else None) if message == "connect" else handler(*args)


socketio = Sockets()


def speaking() -> str:
    """The connection whose event is being handled; nothing outside of one."""
    return str(g.get("socket", ""))


def as_request() -> RequestContext:
    """The request by which this connection was opened, for what must read its headers: ``with as_request(): …``."""
    return current_app.request_context(socketio.server.get_environ(speaking()))


@dataclass
class Connection:
    """One open socket: what it hangs on, the rooms it is in, how often it sent nonsense.

    speaker: who it spoke for when last asked; nothing is done on the strength of that alone.
    """

    sid: str
    credential: str
    account: str = ""
    grants: dict[str, Callable[[], None]] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    bad_frames: int = 0
    speaker: Actor | None = None
    until: datetime | None = None


_connections: dict[str, Connection] = {}
# Of each room, who hears it and from which floor; of each account, how many sockets it holds.
_rooms: dict[str, dict[str, int]] = defaultdict(dict)
_held: Counter[str] = Counter()
# What hangs on a grant without being a socket: a long poll that waits.
_hanging: dict[str, set[Callable[[], None]]] = defaultdict(set)
# The rows that were heard of, and when, by the steady clock.
_seen_revocations: dict[int, float] = {}
# When grants ended here, by the steady clock: for who is asked for their rights at that very moment.
_ended: dict[str, float] = {}


def init_realtime(app: Flask, origins: list[str]) -> None:
    """Attach the server to the application. Only our own origins may open a socket with a cookie."""
    socketio.init_app(
        app,
        async_mode="gevent",
        async_handlers=False,
        manage_session=False,
        cors_allowed_origins=origins,
        transports=["websocket"],
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=wire.MAX_FRAME,
        logger=False,
        engineio_logger=False,
    )
    _bound_websockets(app, socketio.server)
    _refuse_reserved_events(socketio.server)
    _count_what_is_no_packet(socketio.server)


def _bound_websockets(app: Flask, server: protocol.Server) -> None:
    def connect(handler: Any, owner: Any) -> wire.BoundedWebSocket:
        return wire.BoundedWebSocket(float(app.config["LIMIT_FACTOR"]), handler, owner)

    server.eio._async = {**server.eio._async, "queue": Outbox, "websocket": connect}


def _refuse_reserved_events(server: protocol.Server) -> None:
    """Only the protocol says that somebody connects or leaves: an event of that name is an unknown one."""
    stock = server._handle_event

    def receive(eio_sid: str, namespace: str, number: int | None, data: Any) -> Any:
        if isinstance(data, list) and data and data[0] in RESERVED:
            data = [UNKNOWN, *data[1:]]
        return stock(eio_sid, namespace, number, data)

    server._handle_event = receive


def _count_what_is_no_packet(server: protocol.Server) -> None:
    """What cannot be read as a packet reaches no handler: it is counted here, else it would cost nothing.

    Who was refused, or has said goodbye, keeps no websocket: Socket.IO would leave it open for ever.
    """
    stock = server.eio.handlers["message"]

    def receive(eio_sid: str, frame: Any) -> None:
        try:
            stock(eio_sid, frame)
        except Exception:
            bad_frame(server.manager.sid_from_eio_sid(eio_sid, "/"))
        sid = server.manager.sid_from_eio_sid(eio_sid, "/")
        if sid is not None and not server.manager.is_connected(sid, "/"):
            # Its CONNECT failed on the way: neither let in nor refused.
            server.manager.disconnect(sid, "/", ignore_queue=True)
            sid = None
        engine = server.eio.sockets.get(eio_sid)
        if engine is not None and sid is None:
            engine.close(wait=False)

    server.eio.on("message", receive)


def may_open(account_grant: str) -> bool:
    """One account does not fill the house with sockets."""
    return _held[account_grant] < MAX_SOCKETS


def is_there(sid: str) -> bool:
    """Does the websocket of a connection still stand?"""
    return bool(socketio.server.get_environ(sid))


def ended_since(moment: float, *grants: str) -> bool:
    """Has one of these ended since then, as ``time.monotonic`` counts? Then what was read before does not hold.

    Nor does it where that was so long ago that we may have forgotten.
    """
    forgotten = time.monotonic() - moment > REMEMBERED_SECONDS / 2
    return forgotten or any(_ended.get(grant, moment) > moment for grant in grants)


def opened(sid: str, credential: str, account_grant: str, until: datetime | None = None) -> Connection:
    """Remember a connection; it closes when its credential or its account is revoked, or ``until`` has passed."""
    connection = Connection(sid, credential, account_grant, until=until)
    _held[account_grant] += 1
    for grant in (credential, account_grant):
        connection.grants[grant] = lambda: close(sid)
    _connections[sid] = connection
    metrics.SOCKETS.set(len(_connections))
    return connection


def closed(sid: str) -> None:
    """Forget a connection: it hears nothing any more, whatever becomes of its socket."""
    held = _connections.pop(sid, None)
    metrics.SOCKETS.set(len(_connections))
    if held is None:
        return
    _held[held.account] -= 1
    if not _held[held.account]:
        del _held[held.account]
    for room in held.rooms:
        _forget_in(room, sid)


def connection(sid: str) -> Connection | None:
    return _connections.get(sid)


def connections() -> list[Connection]:
    return list(_connections.values())


def enter(
    sid: str,
    room: str,
    grant: str,
    goodbye: tuple[str, dict[str, Any]],
    floor: int = 0,
    until: datetime | None = None,
) -> None:
    """Let a connection hear a room for as long as ``grant`` lasts, and no longer than ``until``.

    goodbye: the event said when it ends. floor: how far back this connection may read (see ``listeners``).
    """
    held = _connections[sid]
    socketio.server.enter_room(sid, room)
    held.rooms[room] = grant
    _rooms[room][sid] = floor

    def end() -> None:
        leave(sid, room)
        socketio.emit(*goodbye, to=sid)

    held.grants[grant] = end
    held.ends.pop(grant, None)
    if until is not None:
        held.ends[grant] = until


def leave(sid: str, room: str) -> None:
    """Stop hearing a room."""
    held = _connections.get(sid)
    if held is None:
        return
    grant = held.rooms.pop(room, "")
    held.grants.pop(grant, None)
    held.ends.pop(grant, None)
    _forget_in(room, sid)


def _forget_in(room: str, sid: str) -> None:
    _rooms[room].pop(sid, None)
    if not _rooms[room]:
        del _rooms[room]
    socketio.server.leave_room(sid, room)


def listeners(room: str) -> dict[str, int]:
    """The connections in a room, each with its floor."""
    return dict(_rooms.get(room, ()))


def publish(room: str, event: str, payload: dict[str, Any], only: Collection[str] | None = None) -> None:
    """Say an event to everyone in a room, or to some of them: encoded once, and framed once (see ``outbox``).

    Only in the server; elsewhere nobody listens.
    """
    if room not in _rooms:
        return
    server = socketio.server
    packet = Packet(MESSAGE, server.packet_class(EVENT, namespace="/", data=[event, payload]).encode())
    for sid, eio_sid in server.manager.get_participants("/", room):
        engine = server.eio.sockets.get(eio_sid) if only is None or sid in only else None
        # Who no longer answers is closed by the question.
        if engine is not None and not engine.closed and engine.check_ping_timeout():
            engine.queue.put(packet)


def tell(sid: str, event: str, payload: dict[str, Any]) -> None:
    """Say an event to one connection."""
    socketio.emit(event, payload, to=sid)


def bad_frame(sid: str | None) -> None:
    """Somebody sent what no client of ours would; thirty times, and their connection is cut."""
    held = _connections.get(sid or "")
    if held is None:
        return
    held.bad_frames += 1
    if held.bad_frames >= MAX_BAD_FRAMES:
        close(held.sid)


def close(sid: str) -> None:
    """Cut a connection: Socket.IO says goodbye, then the websocket under it ends."""
    closed(sid)
    server = socketio.server
    engine = server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, "/"))
    server.disconnect(sid, namespace="/")
    if engine is not None:
        engine.close(wait=False)


def send_away(sid: str) -> None:
    """Cut a connection that may come back at once, to another process: what was said to it before still arrives."""
    engine = socketio.server.eio.sockets.get(socketio.server.manager.eio_sid_from_sid(sid, "/"))
    closed(sid)
    if engine is not None:
        engine.close(wait=False)


def end_what_is_over() -> None:
    """Close what hung on a right whose time is over by the clock: no row says so."""
    moment = now()
    for held in connections():
        for grant in [grant for grant, until in held.ends.items() if until <= moment]:
            held.ends.pop(grant, None)
            end = held.grants.pop(grant, None)
            if end is not None:
                end()


def sweep(still_in: Callable[[str], datetime | None]) -> None:
    """Cut the sockets whose session has ended by time.

    still_in: until when a credential lets in; None once it has ended.
    """
    moment = now()
    for held in connections():
        if held.until is not None and held.until <= moment:
            held.until = still_in(held.credential)
            if held.until is None or held.until <= moment:
                close(held.sid)


def revoke(grant: str) -> None:
    """End a right, on every worker: a row in the present transaction, and a nudge to read it after that.

    The nudge does not name the right: an account and its memberships, ended at once, would be seen to be one person.
    """
    row = Revocation(grant=grant, at=now())
    db.session.add(row)
    on_commit(lambda: bus.nudge("revoked", {}))
    on_commit(lambda: _ended_here(row))


def _ended_here(row: Revocation) -> None:
    """Once is enough: read again a second later, it would end what was asked for anew meanwhile."""
    _seen_revocations[row.id] = time.monotonic()
    end_grant(row.grant)


@bus.on("revoked")
def _revoked_elsewhere(_told: bus.Payload) -> None:
    poll_revocations()


@contextmanager
def hanging_on(grants: Iterable[str], end: Callable[[], None]) -> Iterator[None]:
    """Have ``end`` called as soon as one of the grants is revoked."""
    held = list(grants)
    for grant in held:
        _hanging[grant].add(end)
    try:
        yield
    finally:
        for grant in held:
            _hanging[grant].discard(end)
            if not _hanging[grant]:
                _hanging.pop(grant, None)


def end_grant(grant: str) -> None:
    """Close what hangs on a grant, in this process."""
    _ended[grant] = time.monotonic()
    for end_wait in list(_hanging.get(grant, ())):
        end_wait()
    for held in connections():
        end = held.grants.pop(grant, None)
        if end is not None:
            end()


def poll_revocations() -> None:
    """Read the rows of the last minute; ids are not in commit order on PostgreSQL, so each is remembered."""
    for grant in [grant for grant, at in _ended.items() if at < time.monotonic() - REMEMBERED_SECONDS]:
        del _ended[grant]
    if not _connections and not _hanging:
        return
    since = now() - timedelta(seconds=REMEMBERED_SECONDS)
    rows = db.session.execute(select(Revocation.id, Revocation.grant).where(Revocation.at > since)).all()
    db.session.rollback()
    moment = time.monotonic()
    for row_id, grant in rows:
        if row_id not in _seen_revocations:
            _seen_revocations[row_id] = moment
            end_grant(grant)
    for row_id in [row_id for row_id, seen in _seen_revocations.items() if seen < moment - 2 * REMEMBERED_SECONDS]:
        del _seen_revocations[row_id]
