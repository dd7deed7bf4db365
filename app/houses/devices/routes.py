"""The pages of devices: the desk pairs and unpairs them; a kiosk opens on its hall, and calls somebody."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.entrance import asker
from app.core.errors import Invalid, NotFound
from app.core.sealed import seal, unseal
from app.houses.devices import actions, queries
from app.houses.devices import waiting as _waiting  # noqa: F401 tells the desk who is called
from app.houses.devices.forms import PairForm, PlaceForm
from app.houses.devices.hall import choices_for
from app.houses.devices.here import (
    PairedScreen,
    cookie_name,
    keep_device,
    keep_inside,
    kiosk_here,
    look_after,
    on_kiosk,
)
from app.houses.models import House
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor, actor_or_none, forget, public

bp = Blueprint("devices", __name__)
bp.record(lambda state: state.app.jinja_env.globals.update(on_kiosk=on_kiosk))
bp.before_app_request(look_after)
bp.after_app_request(keep_inside)


@bp.get("/houses/<slug>/devices")
def list_devices(slug: str) -> Response:
    """The screens of a house, and the letters for one more."""
    house, _screens = queries.screens_of(actor(), slug)
    form = PlaceForm()
    form.offer(house)
    return _list(slug, form)


def _list(slug: str, form: PlaceForm, status: int = 200) -> Response:
    house, screens = queries.screens_of(actor(), slug)
    use_zone(house.timezone)
    answer = render_page(
        "devices/list_devices.html",
        {"screens": "devices/_screens.html"},
        place=house,
        screens=screens,
        form=form,
        code=_letters_shown(house),
        nav_current="desk",
    )
    answer.status_code = status
    return answer


def _letters_shown(house: House) -> str:
    """The letters that this browser shows, while they still open something: only their hash is stored."""
    shown = session.get("pairing", "")
    if not shown or queries.open_code(actor(), house) is None:
        return ""
    where, _colon, code = (unseal(shown) or "").partition(":")
    return code if where == house.id else ""


@bp.post("/houses/<slug>/devices")
def show_code(slug: str) -> Response:
    """Show six letters for a screen."""
    house, _screens = queries.screens_of(actor(), slug)
    form = PlaceForm()
    form.offer(house)
    try:
        letters = actions.show_code(actor(), slug, form.place.data or "")
    except Invalid as error:
        form.refuse("place", str(error.detail))
        return _list(slug, form, error.status)
    session["pairing"] = seal(f"{house.id}:{letters}")
    return _back_to_list(slug)


def _back_to_list(slug: str) -> Response:
    return redirect(url_for("devices.list_devices", slug=slug), 303)


@bp.post("/houses/<slug>/devices/<device_id>/unpair")
def unpair(slug: str, device_id: str) -> Response:
    """A screen is no screen of the house any more."""
    actions.unpair(actor(), slug, device_id)
    flash(_("L’écran n’est plus relié."), "done")
    return _back_to_list(slug)


@bp.post("/houses/<slug>/calls/<call_id>/answer")
def answer_call(slug: str, call_id: str) -> Response:
    """One of the team comes."""
    actions.answer_call(actor(), slug, call_id)
    flash(_("La borne dit que quelqu’un arrive."), "done")
    return redirect(url_for("desk.show_desk"), 303)


@bp.get("/kiosk")
@public
def show_kiosk() -> Response:
    """The hall of a kiosk; the letters, on a browser that is none yet."""
    here = kiosk_here()
    if here is None:
        return ask_letters()
    found = actor_or_none()
    choices = choices_for(found, here.house)
    answer = render_page("devices/show_kiosk.html", {"doors": "devices/_doors.html"}, choices=choices)
    # The next person must not find the hall of the one before by going back.
    answer.headers["Cache-Control"] = "no-store"
    # Browsers keep a cookie for a year or so: each visit of the first page begins it again.
    return keep_device(answer, request.cookies[cookie_name()])


def _ask_letters(form: PairForm, status: int = 200) -> Response:
    answer = make_response(render_template("devices/pair.html", form=form))
    answer.status_code = status
    return answer


def ask_letters() -> Response:
    """The letters, at the address where they are asked."""
    return _ask_letters(PairForm())


@bp.post("/kiosk")
@public
def pair() -> Response:
    """Make this browser a screen of the house: a kiosk, or what the letters say."""
    return pair_here("devices.show_kiosk")


def pair_here(page: str) -> Response:
    """Pair this browser by the letters that were typed, then to the page where they were asked."""
    form = PairForm()
    if not form.validate():
        return _ask_letters(form, 422)
    try:
        secret = actions.pair(form.code.data or "", asker(), actor_or_none())
    except Invalid as error:
        form.refuse("code", str(error.detail))
        return _ask_letters(form, error.status)
    forget()
    return keep_device(redirect(url_for(page), 303), secret)


def _kiosk() -> PairedScreen:
    here = kiosk_here()
    if here is None:
        raise NotFound()
    return here


@bp.get("/kiosk/call")
@public
def show_call() -> Any:
    """Does somebody come?"""
    answer = render_page("devices/show_call.html", {"call": "devices/_call.html"}, call=queries.call_from(_kiosk().id))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/kiosk/call")
@public
def call_somebody() -> Response:
    """Ask the team to come."""
    actions.call_somebody(_kiosk().id)
    return redirect(url_for("devices.show_call"), 303)


@bp.post("/kiosk/call/cancel")
@public
def cancel_call() -> Response:
    """Nobody is needed any more."""
    actions.cancel_call(_kiosk().id)
    flash(_("C’est noté : personne ne vient."), "done")
    return redirect(url_for("devices.show_kiosk"), 303)
