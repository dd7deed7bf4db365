"""The Socket.IO server: the only place that knows it.

A connection holds *grants* (``session:<id>``, ``membership:<id>``…). When a grant is revoked, by a row that every
worker reads each second, what hung on it is closed. A socket grants nothing by itself: each event asks again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import socketio as protocol
from flask import Flask
from flask_socketio import SocketIO
from sqlalchemy import select

from app.core import wire
from app.core.clock import now
from app.core.db import db, on_commit
from app.core.models import Revocation

MAX_BACKLOG = 2_000
MAX_SOCKETS = 50
PULSE_SECONDS = 25
MAX_BAD_FRAMES = 30
UNKNOWN = "unknown"
RESERVED = frozenset({"connect", "disconnect", "connect_error", "*", "__disconnect_final"})

socketio = SocketIO()


@dataclass
class Connection:
    """One open socket: what it hangs on, the rooms it is in, how often it sent nonsense."""

    sid: str
    credential: str
    grants: dict[str, Callable[[], None]] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    floors: dict[str, int] = field(default_factory=dict)
    bad_frames: int = 0
    until: datetime | None = None


_connections: dict[str, Connection] = {}
_seen_revocations: set[int] = set()


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
    driver = dict(server.eio._async)
    driver["websocket"] = wire.bounded(driver["websocket"], lambda: float(app.config["LIMIT_FACTOR"]))
    server.eio._async = driver


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
        engine = server.eio.sockets.get(eio_sid)
        if engine is not None and server.manager.sid_from_eio_sid(eio_sid, "/") is None:
            engine.close(wait=False)

    server.eio.on("message", receive)


def may_open(account_grant: str) -> bool:
    """One account does not fill the house with sockets."""
    return sum(account_grant in held.grants for held in connections()) < MAX_SOCKETS


def opened(sid: str, credential: str, account_grant: str, until: datetime | None = None) -> Connection:
    """Remember a connection; it closes when its credential or its account is revoked, or ``until`` has passed."""
    connection = Connection(sid, credential, until=until)
    for grant in (credential, account_grant):
        connection.grants[grant] = lambda: close(sid)
    _connections[sid] = connection
    return connection


def closed(sid: str) -> None:
    """Forget a connection: it hears nothing any more, whatever becomes of its socket."""
    held = _connections.pop(sid, None)
    for room in held.rooms if held else ():
        socketio.server.leave_room(sid, room)


def connection(sid: str) -> Connection | None:
    return _connections.get(sid)


def connections() -> list[Connection]:
    return list(_connections.values())


def enter(sid: str, room: str, grant: str, goodbye: tuple[str, dict[str, Any]], floor: int = 0) -> None:
    """Let a connection hear a room for as long as ``grant`` lasts.

    goodbye: the event said when it ends. floor: how far back this connection may read (see ``listeners``).
    """
    held = _connections[sid]
    socketio.server.enter_room(sid, room)
    held.rooms[room] = grant
    held.floors[room] = floor

    def end() -> None:
        leave(sid, room)
        socketio.emit(*goodbye, to=sid)

    held.grants[grant] = end


def leave(sid: str, room: str) -> None:
    """Stop hearing a room."""
    held = _connections.get(sid)
    if held is None:
        return
    held.grants.pop(held.rooms.pop(room, ""), None)
    held.floors.pop(room, None)
    socketio.server.leave_room(sid, room)


def listeners(room: str) -> dict[str, int]:
    """The connections in a room, each with its floor."""
    return {held.sid: held.floors[room] for held in connections() if room in held.floors}


def publish(room: str, event: str, payload: dict[str, Any], *, skip: str | None = None) -> None:
    """Say an event to everyone in a room. Only in the server; elsewhere nobody listens."""
    if _connections:
        socketio.emit(event, payload, to=room, skip_sid=skip)


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


def sweep(still_in: Callable[[str], datetime | None]) -> None:
    """Cut the sockets whose session has ended by time, and those that no longer take what is sent to them.

    still_in: until when a credential lets in; None once it has ended.
    """
    moment = now()
    for held in connections():
        if held.until is not None and held.until <= moment:
            held.until = still_in(held.credential)
            if held.until is None or held.until <= moment:
                close(held.sid)
    for stalled in list(socketio.server.eio.sockets.values()):
        if stalled.queue.qsize() > MAX_BACKLOG:
            stalled.close(wait=False, abort=True)


def revoke(grant: str) -> None:
    """End a right, on every worker: a row in the present transaction, and a nudge to this process after it."""
    db.session.add(Revocation(grant=grant, at=now()))
    on_commit(lambda: end_grant(grant))


def end_grant(grant: str) -> None:
    """Close what hangs on a grant, in this process."""
    for held in connections():
        end = held.grants.pop(grant, None)
        if end is not None:
            end()


def poll_revocations() -> None:
    """Read the rows of the last minute; ids are not in commit order on PostgreSQL, so each is remembered."""
    if not _connections:
        return
    since = now() - timedelta(seconds=60)
    rows = db.session.execute(select(Revocation.id, Revocation.grant).where(Revocation.at > since)).all()
    db.session.rollback()
    for row_id, grant in rows:
        if row_id not in _seen_revocations:
            end_grant(grant)
    _seen_revocations.intersection_update({row_id for row_id, _ in rows})
    _seen_revocations.update(row_id for row_id, _ in rows)
