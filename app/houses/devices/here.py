"""Which paired device asks, by its cookie: one look at the database, and only when the cookie is there.

On a kiosk nothing is downloaded, no link leads out, and what would let somebody in later is not made. A screen
that hangs elsewhere opens its one page, and may ask for nothing more.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, g, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.entrance import device_here
from app.core.clock import now
from app.core.db import AWAY, db
from app.core.errors import NotAllowed, Unavailable
from app.houses.devices.actions import note_life
from app.houses.devices.queries import device_by_secret
from app.houses.devices.walls import page_of
from app.houses.models import House
from app.web.guard import NOT_ON_A_KIOSK, SAFE_METHODS, is_refused_on_a_kiosk, wants_json

# What browsers keep at most.
KEPT_FOR = timedelta(days=400)
A_MINUTE = timedelta(minutes=1)
MAX_SECRET = 200
FILES = ("text/calendar", "application/zip", "application/octet-stream", "application/pdf")
LINK_OUT = re.compile(r'<a\b([^>]*?)\shref="(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)[^"]*"([^>]*)>(.*?)</a>', re.DOTALL)
WAY_OUT = re.compile(r'\sdata-exit="[^"]*"')
ITS_PAGE_ALONE = _l("Cet écran ne montre qu’une page.")
KEPT_OF_A_LINK = re.compile(r'\s(?:class|dir|lang)="[^"]*"')


@dataclass(frozen=True)
class PairedScreen:
    """The device that asks, when it was seen last, and its house. page: the only one it opens; empty for a kiosk."""

    id: str
    seen_at: datetime
    house: House
    page: str


def on_kiosk() -> bool:
    """Is this a page of a kiosk? Asks nothing of the database."""
    found = g.get("screen")
    return found is not None and not found.page


def cookie_name() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def screen_here() -> PairedScreen | None:
    """The paired device of this request, if there is one."""
    if "screen" not in g:
        secret = request.cookies.get(cookie_name(), "")[:MAX_SECRET]
        found = device_by_secret(secret) if secret else None
        g.screen = PairedScreen(found[0].id, found[0].seen_at, found[1], page_of(found[0].id)) if found else None
    found_here: PairedScreen | None = g.screen
    return found_here


def kiosk_here() -> PairedScreen | None:
    """The kiosk of this request: a screen of the hall, at which people do things."""
    found = screen_here()
    return None if found is None or found.page else found


def device_id_here() -> str:
    """For the way in and the way out; the way out leads nowhere else from a kiosk, even while the database is away."""
    try:
        found = kiosk_here()
    except AWAY:
        db.session.rollback()
        if request.endpoint == "accounts.leave":
            return "away"
        raise
    return found.id if found else ""


def keep_device(answer: Response, secret: str) -> Response:
    """This browser is a device of the house from now on."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(cookie_name(), secret, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=secure)
    return answer


def look_after() -> Response | None:
    """A sign of life once a minute; and what this screen does not do is refused."""
    if cookie_name() not in request.cookies or request.endpoint in (None, "static_files.serve", "accounts.leave"):
        return None
    found = screen_here()
    if found is None:
        return None
    _give_sign(found)
    if found.page and request.endpoint != found.page:
        return _to_its_page(found)
    if request.method not in SAFE_METHODS and (found.page or is_refused_on_a_kiosk(request.endpoint or "")):
        raise NotAllowed(detail=ITS_PAGE_ALONE if found.page else NOT_ON_A_KIOSK)
    return None


def _give_sign(screen: PairedScreen) -> None:
    moment = now()
    if moment - screen.seen_at >= A_MINUTE:
        try:
            note_life(screen.id, moment)
        except (Unavailable, *AWAY):  # a busy database does not stop the page
            db.session.rollback()


def _to_its_page(screen: PairedScreen) -> Response:
    """Who takes the cookie of such a screen reads nothing else; a screen that went astray comes back by itself."""
    if request.method not in SAFE_METHODS or wants_json():
        raise NotAllowed(detail=ITS_PAGE_ALONE)
    return redirect(url_for(screen.page), 303)


def keep_inside(answer: Response) -> Response:
    """No file and no link leaves the house by a kiosk."""
    # While the database is away nobody knows whose the cookie is: better a page that leads nowhere.
    unknown = answer.status_code == 503 and cookie_name() in request.cookies
    if (not on_kiosk() and not unknown) or request.endpoint == "static_files.serve":
        return answer
    if answer.headers.get("Content-Disposition", "").startswith("attachment") or answer.mimetype in FILES:
        refused = current_app.handle_user_exception(NotAllowed(detail=NOT_ON_A_KIOSK))
        return current_app.make_response(refused)
    if answer.mimetype == "text/html" and not answer.direct_passthrough:
        answer.set_data(WAY_OUT.sub("", LINK_OUT.sub(_as_text, answer.get_data(as_text=True))))
    return answer


def _as_text(link: re.Match[str]) -> str:
    kept = "".join(KEPT_OF_A_LINK.findall(f"{link[1]}{link[2]}"))
    return f"<span{kept}>{link[3]}</span>"


device_here.append(device_id_here)
