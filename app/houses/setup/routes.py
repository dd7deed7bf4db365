"""The pages of the first opening; there are none once a house exists."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts import codes
from app.accounts.addresses import read_address
from app.accounts.entrance import asker
from app.accounts.notices import has_mail
from app.core.errors import DomainError, Invalid, NotFound, Taken, TooMany
from app.houses.places import days_in_words
from app.houses.queries import main_house
from app.houses.setup import actions
from app.houses.setup.forms import HoursForm, HouseForm, RoomForm, YouForm
from app.houses.setup.furnishing import KIT_NAMES, SAME_ROOM, same_room
from app.houses.setup.queries import ORDER, is_empty, next_step, steps_of
from app.web.guard import instead_of_sign_in, public, wants_json

bp = Blueprint("setup", __name__)
# What needs no house: the look of pages, one's account, help, and what machines ask.
NO_HOUSE = ("setup.", "accounts.", "legal.", "static_files.", "health.", "reading.", "openapi.")
ALSO = frozenset({"pages.help", "pages.components"})
STEPS = {
    "house": (_l("La maison"), _l("nom, pays, langues"), "house"),
    "hours": (_l("Les horaires"), _l("jours, soirées"), "clock"),
    "rooms": (_l("Les salles"), _l("places, accès"), "door-open"),
    "you": (_l("Vous"), _l("votre adresse"), "user"),
}


@bp.before_app_request
def lead_to_setup() -> Response | None:
    """An empty house has one page: its opening."""
    asked = request.endpoint or ""
    if request.method != "GET" or wants_json() or "." not in asked or asked.startswith(NO_HOUSE) or asked in ALSO:
        return None
    # Read once for the whole page, which shows it.
    g.main_house = main_house()
    return None if g.main_house else redirect(url_for("setup.name_house"), 303)


instead_of_sign_in.append(lead_to_setup)


def of_empty_house(view: Callable[..., Any]) -> Any:
    """Only while there is no house; a later step only after the earlier ones."""

    @wraps(view)
    def guarded(**values: Any) -> Any:
        if not is_empty():
            raise NotFound()
        first, here = next_step(_steps()), view.__name__
        if ORDER.index(VIEWS[here]) > ORDER.index(first):
            return redirect(url_for(f"setup.{WHERE[first]}"), 303)
        return view(**values)

    return public(guarded)


VIEWS = {
    "name_house": "house",
    "set_hours": "hours",
    "add_room": "rooms",
    "remove_room": "rooms",
    "open_house": "you",
}
WHERE = {"house": "name_house", "hours": "set_hours", "rooms": "add_room", "you": "open_house"}


def _mark() -> str:
    return str(session.get("setup", ""))


def _steps() -> dict[str, Any]:
    return steps_of(_mark()) or {}


def _page(step: str, form: Any, status: int = 200, **values: Any) -> Any:
    number = ORDER.index(step) + 1
    told = [(name, text, icon) for name, text, icon in STEPS.values()]
    page = render_template(
        f"setup/{WHERE[step]}.html",
        form=form,
        number=number,
        all_steps=told,
        back=url_for(f"setup.{WHERE[ORDER[number - 2]]}") if number > 1 else "",
        **values,
    )
    return page, status, {"Cache-Control": "no-store"}


def _refused(form: Any, error: DomainError, instead: str) -> int:
    form.refuse(error.field if error.field and error.field in form else instead, str(error.detail))
    return error.status


@bp.route("/setup", methods=["GET", "POST"])
@of_empty_house
def name_house() -> Any:
    """Step 1: the code, then the name of the house, where it is, and its languages."""
    known = steps_of(_mark())
    said = (known or {}).get("house", {})
    form = HouseForm(
        data={"house": said.get("name"), "zone": said["zone"], "country": said["country"], "lang": said["languages"]}
        if said
        else None
    )
    if known is not None:
        del form.once
    if request.method == "GET":
        return _page("house", form)
    valid = form.validate()
    if "once" in form and not form.once.data:
        form.refuse("once", _("Écrivez le code de démarrage."))
        valid = False
    if not valid:
        return _page("house", form, 422)
    if "once" in form:
        try:
            session["setup"] = actions.bring_code(form.once.data, _mark(), asker().ip)
        except (Invalid, TooMany) as error:
            return _page("house", form, _refused(form, error, "once"))
    names = {"name": form.house.data, "zone": form.zone.data, "country": form.country.data}
    actions.say_step(_mark(), "house", {**names, "languages": form.lang.data})
    return redirect(url_for("setup.set_hours"), 303)


@bp.route("/setup/hours", methods=["GET", "POST"])
@of_empty_house
def set_hours() -> Any:
    """Step 2: the days, and the evenings."""
    form = HoursForm(data=_steps().get("hours"))
    if request.method == "GET":
        return _page("hours", form)
    if not form.validate():
        return _page("hours", form, 422)
    said = {name: form[name].data for name in ("days", "opens", "closes", "evenings", "until")}
    actions.say_step(_mark(), "hours", {**said, "evenings": said["evenings"] or [], "until": said["until"] or ""})
    return redirect(url_for("setup.add_room"), 303)


@bp.route("/setup/rooms", methods=["GET", "POST"])
@of_empty_house
def add_room() -> Any:
    """Step 3: one room after the other, one at least."""
    form, rooms = RoomForm(), list(_steps().get("rooms") or [])
    if request.method == "GET":
        return _room_page(form, rooms)
    # Enough rooms: an empty form is no mistake.
    if request.form.get("way") != "more" and rooms and not form.name.data and form.places.data is None:
        return redirect(url_for("setup.open_house"), 303)
    if not form.validate():
        return _room_page(form, rooms, 422)
    if len(rooms) >= actions.MAX_ROOMS:
        form.refuse("name", _("Cela fait 20 salles. Vous ajouterez les autres ensuite."))
        return _room_page(form, rooms, 422)
    if any(same_room(room["name"], form.name.data or "") for room in rooms):
        form.refuse("name", str(SAME_ROOM))
        return _room_page(form, rooms, 422)
    names = {"name": form.name.data, "capacity": form.places.data, "floor": form.floor.data or ""}
    rooms.append({**names, "step_free": bool(form.step_free.data), "kits": form.kits.data})
    actions.say_step(_mark(), "rooms", rooms)
    return redirect(url_for("setup.add_room" if request.form.get("way") == "more" else "setup.open_house"), 303)


def _room_page(form: RoomForm, rooms: list[dict[str, Any]], status: int = 200) -> Any:
    shown = [room | {"when": [KIT_NAMES[kit] for kit in room["kits"]]} for room in rooms]
    return _page("rooms", form, status, rooms=shown)


@bp.post("/setup/rooms/<int:number>/remove")
@of_empty_house
def remove_room(number: int) -> Any:
    """Take a room off the list; nothing was made yet."""
    rooms = list(_steps().get("rooms") or [])
    if number >= len(rooms):
        raise NotFound()
    del rooms[number]
    actions.say_step(_mark(), "rooms", rooms)
    return redirect(url_for("setup.add_room"), 303)


@bp.route("/setup/you", methods=["GET", "POST"])
@of_empty_house
def open_house() -> Any:
    """Step 4: who runs the house; then all of it is made at once, and a code goes to that address."""
    form, steps = YouForm(), _steps()
    if has_mail():
        del form.password
    told: dict[str, Any] = {"steps": steps, "days": days_in_words(steps["hours"]["days"]) if steps.get("hours") else ""}
    if request.method == "GET":
        return _page("you", form, **told)
    if not form.validate():
        return _page("you", form, 422, **told)
    try:
        opened = actions.open_house(_mark(), form.email.data, form.name.data, "" if has_mail() else form.password.data)
    except Taken as error:
        if error.code != "already_open":
            return _page("you", form, _refused(form, error, "email"), **told)
        session.pop("setup", None)
        flash(str(error.detail), "warning")
        return redirect(url_for("accounts.sign_in"), 303)
    except Invalid as error:
        return _page("you", form, _refused(form, error, "email"), **told)
    session.pop("setup", None)
    return _send_code(opened.email)


def _send_code(email: str) -> Response:
    """The manager comes in as everyone does."""
    flash(_("Votre maison est ouverte."), "done")
    if not has_mail():
        return redirect(url_for("accounts.sign_in"), 303)
    try:
        mark = codes.ask_code(read_address(email), asker())
    except TooMany:
        return redirect(url_for("accounts.sign_in"), 303)
    session["asked"] = {"mark": mark, "shared": False, "next": "/"}
    return redirect(url_for("accounts.enter_code"), 303)
