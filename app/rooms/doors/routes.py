"""The page of a door, for the screen that hangs there: read only."""

from typing import Any

from flask import Blueprint, current_app, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.houses.devices.here import cookie_name, keep_device, kiosk_here, screen_here
from app.houses.devices.routes import ask_letters, pair_here
from app.rooms.doors import wall as _wall  # noqa: F401 tells the desk where a screen may hang
from app.rooms.doors.queries import room_of_door
from app.rooms.doors.show import DoorShown, door_shown
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import public
from app.web.pictures import qr_of

bp = Blueprint("door_screens", __name__)
# Where people say that they are there, with the code of this minute; told by the package that has it.
CHECK_IN = "presence.check_in"


@bp.get("/door")
@public
def show_door() -> Response:
    """What is in the room now, and what comes next; the letters, on a browser that is no screen yet."""
    here = screen_here()
    if here is None:
        return ask_letters()
    found = room_of_door(here.id)
    if found is None:
        # A kiosk of the hall.
        return redirect(url_for("devices.show_kiosk"), 303)
    room, house = found
    use_zone(house.timezone)
    shown = door_shown(room, house, asks=CHECK_IN in current_app.view_functions)
    answer = render_page(
        "door_screens/show_door.html",
        {"main": "door_screens/_door.html"},
        door=shown,
        room=room,
        qr=_qr(shown),
        wait=61 - shown.moment.second,
    )
    answer.headers["Cache-Control"] = "no-store"
    # Browsers keep a cookie for a year or so: each minute begins it again.
    return keep_device(answer, request.cookies[cookie_name()])


def _qr(shown: DoorShown) -> Markup | None:
    """A page for one's own phone: to say that one is there, or to claim the slot that is free."""
    told: dict[str, Any] = {}
    if shown.claim:
        told = {"endpoint": CHECK_IN, "claim_id": shown.claim}
    elif shown.slot is not None:
        told = {"endpoint": "rooms.claim_slot", "slot_id": shown.slot.id}
    return qr_of(f"{current_app.config['BASE_URL']}{url_for(**told)}") if told else None


@bp.post("/door")
@public
def pair_door() -> Response:
    """Make this browser the screen of a door, by the letters of the desk."""
    if kiosk_here() is not None:
        return redirect(url_for("devices.show_kiosk"), 303)
    return pair_here("door_screens.show_door")
