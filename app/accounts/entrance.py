"""Who is there: the loaders of Flask-Login, and the doorman of the sockets.

A bearer token and a cookie never mix: at the JSON door, where a token is given, the cookie does not count at all.
Pages know no token: a key for a program that got lost must not change the account.
"""

from collections.abc import Callable
from typing import Any

from flask import Request, after_this_request, current_app, g, request, session
from werkzeug.wrappers import Response

from app.accounts.actions import PERSONAL, Entry, note_visit
from app.accounts.budgets import Asker
from app.accounts.queries import Speaker, actor_of, speaker_by_session, speaker_by_token
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import AWAY, db
from app.core.errors import Unavailable
from app.web.guard import actor_or_none, forget, has_bearer, login_manager, own_origin, wants_json
from app.web.sockets import doorman

MAX_SECRET = 200

# Its mark is made of the browser's address and name, which we do not want in the cookie.
login_manager.session_protection = None


def load_by_cookie(secret: str) -> Actor | None:
    """Whom the session cookie lets in."""
    if wants_json() and has_bearer():
        return None
    return _remembered(lambda: speaker_by_session(secret[:MAX_SECRET]))


def load_by_token(asked: Request) -> Actor | None:
    """Whom ``Authorization: Bearer`` lets in."""
    if not wants_json() or not has_bearer():
        return None
    secret = asked.headers["Authorization"].split(" ", 1)[1].strip()
    return _remembered(lambda: speaker_by_token(secret[:MAX_SECRET]))


def _remembered(read: Callable[[], Speaker | None]) -> Actor | None:
    # The page that says that the database is away asks again who is there: it must find a visitor, not break.
    g._login_user = login_manager.anonymous_user()
    try:
        found = read()
    except AWAY:
        db.session.rollback()
        if request.endpoint == "accounts.leave":
            return None
        raise
    g.first_visit_today = found is not None and (found.seen_on is None or found.seen_on.date() < now().date())
    return found.actor if found else None


def note_first_visit() -> None:
    """The first request of the day keeps the account and its session alive; a busy database does not stop the page."""
    # The mark first: a request that never asked who is there must not ask now.
    if not g.pop("first_visit_today", False):
        return
    found = actor_or_none()
    if found is None:
        return
    try:
        note_visit(found)
    except (Unavailable, *AWAY):
        db.session.rollback()


def let_in(entry: Entry) -> None:
    """Start a new signed cookie for this session; nothing of what was there before remains (fixation)."""
    forget()
    session["_user_id"] = entry.secret
    session.permanent = entry.lasting
    after_this_request(lambda answer: _keep_mark(answer, entry.mark))


def asker() -> Asker:
    """Who tries to come in by this request."""
    return Asker(request.remote_addr or "", request.cookies.get(_mark_cookie(), ""))


def _mark_cookie() -> str:
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def _keep_mark(answer: Response, mark: str) -> Response:
    if not mark:
        return forget_mark(answer)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(_mark_cookie(), mark, max_age=PERSONAL, httponly=True, samesite="Lax", secure=secure)
    return answer


def forget_mark(answer: Response) -> Response:
    """Leave nothing by which this browser would be known again."""
    if _mark_cookie() in request.cookies:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        answer.delete_cookie(_mark_cookie(), httponly=True, samesite="Lax", secure=secure)
    return answer


def admit(auth: Any) -> Actor | None:
    """Who may open a socket: a token, or the cookie from one of our own pages."""
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is not None:
        found = speaker_by_token(token[:MAX_SECRET]) if isinstance(token, str) else None
    elif has_bearer() or not own_origin() or "_user_id" not in session:
        found = None
    else:
        found = speaker_by_session(str(session["_user_id"])[:MAX_SECRET])
    return found.actor if found else None


login_manager.user_loader(load_by_cookie)
login_manager.request_loader(load_by_token)
doorman.admit = admit
doorman.actor_of = actor_of
