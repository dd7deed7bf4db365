"""Closed by default: a view that is not marked ``@public`` asks for a signed-in person.

Who is there comes from Flask-Login: the session cookie, or ``Authorization: Bearer`` under /api/ only; the accounts
package registers the two loaders. A write by cookie needs the CSRF token; a write by bearer token does not.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.core.actor import Actor
from app.core.errors import NotAllowed, NotSignedIn
from app.web.way_back import page_of_form

F = TypeVar("F", bound=Callable[..., Any])

login_manager = LoginManager()
csrf = CSRFProtect()
NOT_ON_A_KIOSK = _l("Pas sur une borne : faites-le sur un appareil à vous.")
TYPED = ("title", "body", "sentence")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Where else a visitor is led, by a floor above: an empty house has nobody who could sign in.
instead_of_sign_in: list[Callable[[], Response | None]] = []


def public(view: F) -> F:
    """Open a view to visitors."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def no_csrf(view: F) -> F:
    """A write that proves itself otherwise (its Origin, or a password in its body)."""
    view.is_csrf_exempt = True  # type: ignore[attr-defined]
    return view


def not_on_a_kiosk(view: F) -> F:
    """A write that lets somebody in later, or takes something away: never from a kiosk of the house."""
    view.is_refused_on_a_kiosk = True  # type: ignore[attr-defined]
    return view


class _Timeless(TimestampSigner):
    """A token lasts as long as its session: a moment in it would tell two pages apart that must be the same."""

    def get_timestamp(self) -> int:
        return 0


def csrf_token() -> str:
    """The token of this session's forms, in the shape that Flask-WTF reads."""
    generate_csrf()
    forms = URLSafeTimedSerializer(str(current_app.secret_key), salt="wtf-csrf-token", signer=_Timeless)
    return str(forms.dumps(session["csrf_token"]))


def init_guard(app: Flask) -> None:
    login_manager.init_app(app)
    # No "remember" cookie here; looking for one opens the session, and a style sheet that varies by cookie is
    # loaded again on every page.
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
    csrf.init_app(app)
    # In both places where Flask-WTF puts its own: macros see the globals, pages the context.
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.context_processor(lambda: {"csrf_token": csrf_token})
    app.before_request(_guard)


def actor() -> Actor:
    """The person at work. Raises NotSignedIn for a visitor."""
    found = actor_or_none()
    if found is None:
        raise NotSignedIn()
    return found


def actor_or_none() -> Actor | None:
    """The person at work, or None for a visitor."""
    user = current_user._get_current_object() if current_user else None
    return user if isinstance(user, Actor) else None


def wants_json() -> bool:
    """Is this the JSON door?"""
    return request.path.startswith("/api/")


def has_bearer() -> bool:
    return request.headers.get("Authorization", "").lower().startswith("bearer ")


def claims_an_identity() -> bool:
    """Does the request bring a session or a token, good or not? Asks nothing of the database."""
    return has_bearer() or "_user_id" in session


def own_origin() -> bool:
    """Does the request say that it comes from one of our own pages?"""
    return request.headers.get("Origin", "") in current_app.config["ORIGINS"]


def shared_device() -> bool:
    """Does this device serve several people? A visitor's is taken to be shared: nothing is kept."""
    found = actor_or_none()
    return found is None or found.shared


def is_open(endpoint: str) -> bool:
    """May a visitor come here?"""
    return _bears(endpoint, "is_public")


def is_refused_on_a_kiosk(endpoint: str) -> bool:
    """Is a write here refused on a kiosk?"""
    return _bears(endpoint, "is_refused_on_a_kiosk")


def is_exempt(endpoint: str) -> bool:
    """Does a write here prove itself otherwise than by a session?"""
    return _bears(endpoint, "is_csrf_exempt")


def _marked(name: str) -> bool:
    return _bears(request.endpoint or "", name)


def _bears(endpoint: str, name: str) -> bool:
    view: Any = current_app.view_functions.get(endpoint)
    while view is not None:
        if getattr(view, name, False):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def must_sign_in() -> bool:
    """Is nobody signed in, where somebody must be?"""
    return actor_or_none() is None and not _marked("is_public")


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    if request.method in SAFE_METHODS and _marked("is_public"):
        # Nothing to ask: a style sheet must cost no look at the session or the database.
        return None
    found = actor_or_none()
    if request.method not in SAFE_METHODS and not _marked("is_csrf_exempt") and not (wants_json() and has_bearer()):
        _protect(found)
        # By the session too: its cookie may have been taken elsewhere, without that of the device.
        if found is not None and found.device_id is not None and _marked("is_refused_on_a_kiosk"):
            raise NotAllowed(detail=NOT_ON_A_KIOSK)
    if found is None and not _marked("is_public"):
        if wants_json() or typed_text():
            raise _not_signed_in()
        return _to_sign_in()
    return None


def _protect(found: Actor | None) -> None:
    # A JSON write by a stranger is answered 401 before anything else: there is no session to ride on.
    if wants_json() and found is None:
        raise _not_signed_in()
    csrf.protect()


def _not_signed_in() -> NotSignedIn:
    """Half the way in is not in, but what is left to do can be said."""
    if g.get("waiting"):
        return NotSignedIn("second_step_needed", _l("Il reste une étape pour entrer."))
    return NotSignedIn()


def typed_text() -> str:
    """What a person wrote in the form that they sent: it must not be lost with a session that has ended."""
    if request.method in SAFE_METHODS or wants_json():
        return ""
    try:
        return "\n\n".join(text for name in TYPED if (text := request.form.get(name, "").strip()))
    except RequestEntityTooLarge:
        # Nothing of it was read; the page that says so asks here too.
        return ""


def _to_sign_in() -> Response:
    for lead in instead_of_sign_in:
        if (elsewhere := lead()) is not None:
            return elsewhere
    page = request.full_path.rstrip("?") if request.method == "GET" else page_of_form()
    return redirect(url_for("accounts.sign_in", next=page or None), 303)


def forget() -> None:
    """Empty the signed cookie."""
    session.clear()
    g.pop("_login_user", None)
