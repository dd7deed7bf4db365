"""Who is there: the loaders of Flask-Login, and the doorman of the sockets.

A bearer token and a cookie never mix: at the JSON door, where a token is given, the cookie does not count at all.
Pages know no token: a key for a program that got lost must not change the account.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Request, after_this_request, current_app, flash, g, redirect, request, session
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from app.accounts.actions import PERSONAL, Entry, note_visit, sign_out, stay
from app.accounts.budgets import Asker, place_budget
from app.accounts.queries import Speaker, actor_of, speaker_by_session, speaker_by_token
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import AWAY, db
from app.core.errors import NotSignedIn, Unavailable
from app.core.realtime import as_request
from app.web.guard import (
    SAFE_METHODS,
    actor_or_none,
    forget,
    has_bearer,
    login_manager,
    own_origin,
    shared_device,
    wants_json,
)
from app.web.sockets import doorman

MAX_SECRET = 200
A_WHILE = timedelta(seconds=5)
# Set by the page when somebody leaves fast: /leave takes it away, unless there was no network to reach it.
LEFT = "left"
# What answers everybody alike, whoever is there.
OF_NOBODY = ("health", "static_files")

# Which paired device of the house asks, told by the floor that knows devices: its id, or nothing.
device_here: list[Callable[[], str]] = []

# What a visitor brought along and the way in must not lose: names in the signed cookie, told by who keeps them there.
carried: set[str] = set()

# What who comes in must read first: ``told_first.append(fn(account_id))``, which gives words or nothing.
told_first: list[Callable[[str], Any]] = []

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
    if found is not None and not found.whole:
        g.waiting = found.actor
        return None
    g.first_visit_today = found is not None and (found.seen_on is None or found.seen_on.date() < now().date())
    g.quiet_for_a_while = found is not None and _quiet_for_a_while(found.actor)
    return found.actor if found else None


def waiting() -> Actor | None:
    """Who has taken the first step alone: they are nobody yet, but for the pages of the second."""
    return None if actor_or_none() else g.get("waiting")


def note_presence() -> None:
    """What a request says of who is there: the first of the day keeps the account alive, each one a quiet session."""
    # The marks first: a request that never asked who is there must not ask now.
    first, quiet = g.pop("first_visit_today", False), g.pop("quiet_for_a_while", False)
    if not first and not (quiet and _is_somebody_s()):
        return
    found = actor_or_none()
    if found is None:
        return
    try:
        if first:
            note_visit(found)
        if quiet:
            stay(found)
    except (Unavailable, *AWAY):  # a busy database does not stop the page
        db.session.rollback()


def _is_somebody_s() -> bool:
    """Does somebody move, or does a page only ask by itself what is new?"""
    return request.method not in SAFE_METHODS or not (wants_json() or request.headers.get("X-Session"))


def _quiet_for_a_while(found: Actor) -> bool:
    """Is it worth a write? Not twice in five seconds; a longer while would end a session under the dialog that asks."""
    if found.quiet_minutes is None or found.quiet_until is None:
        return False
    return found.quiet_until - now() < timedelta(minutes=found.quiet_minutes) - A_WHILE


def let_in(entry: Entry) -> None:
    """Start a new signed cookie for this session; of what was there before only what is carried remains (fixation)."""
    brought = {name: session[name] for name in carried if name in session}
    forget()
    session.update(brought)
    session["_user_id"] = entry.secret
    session.permanent = entry.lasting
    if entry.quiet_minutes:
        # So that the page of sign-in can say why one comes there again.
        session["quiet"] = entry.quiet_minutes
    after_this_request(lambda answer: _keep_mark(answer, entry.mark))
    for said in [tell(entry.account_id) for tell in told_first if entry.whole]:
        if said:
            flash(said, "warning")


def asker() -> Asker:
    """Who tries to come in by this request."""
    return Asker(request.remote_addr or "", request.cookies.get(_mark_cookie(), ""), present_device())


def sender_of(app: Flask, environ: dict[str, Any]) -> str | None:
    """From which place somebody sends who has come in, as their signed cookie says; None for anybody else.

    It is asked before anything of a file is read: it changes nothing, and asks nothing of the database.
    """
    found = app.session_interface.open_session(app, app.request_class(environ, populate_request=False))
    if found is None or "_user_id" not in found:
        return None
    seen: list[str] = []

    def see(told: dict[str, Any], _start: Any) -> list[bytes]:
        seen.append(told.get("REMOTE_ADDR", ""))
        return []

    hops = app.extensions["settings"].trusted_proxies
    ProxyFix(see, x_for=hops, x_proto=0)(dict(environ), lambda *_args: lambda _data: None)
    with app.app_context():
        return place_budget(Asker(seen[0]))[1]


def present_device() -> str:
    """The paired device of the house that asks; empty for any other."""
    return next((found for ask in device_here if (found := ask())), "")


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


def present() -> Actor | None:
    """Who is there, or has taken the first step of two."""
    return actor_or_none() or waiting()


def end_session() -> None:
    """End the session of this browser, even while the database is away."""
    found = present()
    try:
        if found is not None:
            sign_out(found)
    except (Unavailable, *AWAY):
        db.session.rollback()
    forget()


def wiped(answer: Response, shared: bool) -> Response:
    """Leave nothing in the browser; a shared one also forgets how the person reads."""
    if shared:
        answer.delete_cookie("reading", secure=current_app.config["SESSION_COOKIE_SECURE"], samesite="Lax")
    if LEFT in request.cookies:
        answer.delete_cookie(LEFT)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def first_page() -> str:
    """Where who has gone out stands."""
    return "/kiosk" if present_device() else "/"


def end_what_was_left() -> Response | None:
    """The way out was taken without network (``app.js``): the first request that comes through ends the session."""
    if LEFT not in request.cookies or request.endpoint == "accounts.leave" or request.blueprint in OF_NOBODY:
        return None
    if wants_json() and has_bearer():  # the cookie does not count: whose session it is, is not even asked
        return None
    shared, somebody = shared_device(), present() is not None
    end_session()
    after_this_request(lambda answer: wiped(forget_mark(answer), shared))
    if not somebody:  # the session was over before: who comes now goes where they wanted to
        return None
    if wants_json():
        raise NotSignedIn()
    return redirect(first_page(), 303)


def admit(auth: Any) -> Actor | None:
    """Who may open a socket: a token, or the cookie from one of our own pages."""
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is not None:
        found = speaker_by_token(token[:MAX_SECRET]) if isinstance(token, str) else None
    else:
        with as_request():
            found = _by_cookie()
    return found.actor if found and found.whole else None


def _by_cookie() -> Speaker | None:
    if has_bearer() or not own_origin() or LEFT in request.cookies or "_user_id" not in session:
        return None
    return speaker_by_session(str(session["_user_id"])[:MAX_SECRET])


login_manager.user_loader(load_by_cookie)
login_manager.request_loader(load_by_token)
doorman.admit = admit
doorman.actor_of = actor_of
