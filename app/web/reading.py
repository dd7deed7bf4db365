"""How the reader sets the page: text size, colours, contrast, language; one cookie, applied by the server.

``reading=text.theme.contrast.language``, and ``.plants`` after it for who reads every club under its plant name. On a
shared device the cookie ends with the browser.
"""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import unquote, urlencode, urlsplit

from babel.support import NullTranslations
from flask import Blueprint, Flask, current_app, has_request_context, redirect, request
from flask_babel import Babel, Domain, get_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from app.config import LOCALES
from app.core.realtime import as_request, speaking
from app.web.guard import public, shared_device

NAMES = {
    "fr": "Français",
    "ar": "العربية",
    "es": "Español",
    "en": "English",
    "pt": "Português",
    "it": "Italiano",
}
RTL = frozenset({"ar"})
# A native reader has checked these catalogues; the others say so in the menu.
CHECKED = frozenset({"fr"})
YEAR = 365 * 24 * 3600
# Of what a browser says of its languages: more takes long to compare, and no person has set it.
MOST_SAID = 300
WAYS_OUT = frozenset({"/leave", "/sign-out", "/sign-out-everywhere"})

F = TypeVar("F", bound=Callable[..., Any])

bp = Blueprint("reading", __name__)
babel = Babel()


class French(NullTranslations):
    """The source has no catalogue, and counts as French does: nought of a thing is one of it."""

    def ngettext(self, msgid1: str, msgid2: str, n: float) -> str:
        return msgid1 if abs(n) < 2 else msgid2

    ungettext = ngettext


babel.domain_instance = Domain()
babel.domain_instance.cache["fr", "messages"] = French()


@dataclass(frozen=True)
class Reading:
    """What the reader chose. text: m, l, xl · theme: auto, light, dark · contrast: more · discreet: plants."""

    text: str = "m"
    theme: str = "auto"
    contrast: str = ""
    language: str = ""
    discreet: str = ""

    def cookie(self) -> str:
        said = (self.text, self.theme, self.contrast, self.language)
        return ".".join((*said, self.discreet) if self.discreet else said)


CHOICES: dict[str, tuple[str, ...]] = {
    "text": ("m", "l", "xl"),
    "theme": ("auto", "light", "dark"),
    "contrast": ("", "more"),
    "language": ("", *LOCALES),
    "discreet": ("", "plants"),
}


def current_reading() -> Reading:
    """The cookie's four values, or five; anything else counts as not said."""
    parts = request.cookies.get("reading", "").split(".")
    if len(parts) not in (4, 5):
        return Reading()
    return _checked(dict(zip(("text", "theme", "contrast", "language", "discreet"), parts, strict=False)))


def _checked(values: dict[str, str]) -> Reading:
    default = Reading()
    return Reading(
        **{k: values[k] if values.get(k) in allowed else getattr(default, k) for k, allowed in CHOICES.items()}
    )


def select_locale() -> str:
    """The reader's choice, else the browser's, else the house's; the house's where nobody reads (a job)."""
    if not has_request_context():
        if not speaking():
            return str(current_app.config["DEFAULT_LOCALE"])
        with as_request():
            return select_locale()
    chosen = current_reading().language
    if chosen:
        return chosen
    said = request.headers.get("Accept-Language", "")[:MOST_SAID]
    best = parse_accept_header(said, LanguageAccept).best_match(LOCALES)
    return best or str(current_app.config["DEFAULT_LOCALE"])


def present_locale() -> str:
    """The two letters of the language of this request; empty outside a request."""
    return str(get_locale() or "")


def safe_next(target: str | None) -> str:
    """A path of this site to go back to; anything that could lead elsewhere becomes the home page."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return "/"
    # A link must not end a session: browsers resolve dots, written plainly or not.
    path = posixpath.normpath(unquote(urlsplit(target).path))
    return target if target.isprintable() and path not in WAYS_OUT else "/"


@bp.get("/reading")
@public
def choose_language() -> Response:
    """Switch the language by a plain link."""
    now = current_reading()
    asked = request.args.get("language", "")
    chosen = _checked({**now.__dict__, "language": asked})
    return _remember(chosen, request.args.get("next"))


@bp.post("/reading")
@public
def choose_reading() -> Response:
    """Keep size, colours and contrast."""
    form = request.form
    return _remember(
        _checked(
            {
                "text": form.get("text", "m"),
                "theme": form.get("theme", "auto"),
                "contrast": form.get("contrast", ""),
                "language": current_reading().language,
                "discreet": form.get("discreet", ""),
            }
        ),
        form.get("next"),
    )


def _remember(chosen: Reading, target: str | None) -> Response:
    answer = redirect(safe_next(target), 303)
    answer.set_cookie(
        "reading",
        chosen.cookie(),
        max_age=None if shared_device() else YEAR,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return answer


def keeps(**patterns: str) -> Callable[[F], F]:
    """Declare what a page's own address holds after "?": the links to other languages come back to it.

    Nothing else of a query is repeated: what an outsider puts into an address, beside what is secret on the page,
    tells by the compressed size of the answer whether the two are alike.
    """

    def mark(view: F) -> F:
        view.kept = {name: re.compile(pattern) for name, pattern in patterns.items()}  # type: ignore[attr-defined]
        return view

    return mark


def _way_back() -> str:
    """The address of this page, as far as it is ours."""
    kept = getattr(current_app.view_functions.get(request.endpoint or ""), "kept", {})
    said = [(name, text) for name, form in kept.items() if form.fullmatch(text := request.args.get(name, ""))]
    return request.path + (f"?{urlencode(said)}" if said and request.method == "GET" else "")


def reading_context() -> dict[str, Any]:
    """What every template knows of the reader."""
    locale = str(get_locale() or "fr")
    back = _way_back()
    return {
        "locale": locale,
        "direction": "rtl" if locale in RTL else "ltr",
        "reading": current_reading(),
        "current_path": back,
        "languages": [
            {
                "code": code,
                "name": name,
                "checked": code in CHECKED,
                "rtl": code in RTL,
                "url": "/reading?" + urlencode({"language": code, "next": back}),
            }
            for code, name in NAMES.items()
        ],
    }


def init_reading(app: Flask) -> None:
    babel.init_app(app, locale_selector=select_locale)
    app.register_blueprint(bp)
    app.context_processor(reading_context)
