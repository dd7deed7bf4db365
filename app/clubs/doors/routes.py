"""The HTML door of a club's door: which one, what it changes, yes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.actions import not_a_lead
from app.clubs.cards import plant_name
from app.clubs.doors import actions
from app.clubs.doors.forms import ChangeDoorForm, HideClubForm, PrepareDoorForm
from app.clubs.doors.policy import can_change_door
from app.clubs.founding.forms import DOOR_HELPS, DRAWN_HUES
from app.clubs.founding.pages import put
from app.clubs.founding.plants import held_for
from app.clubs.models import DOORS, Club
from app.clubs.queries import member_club_for
from app.core.errors import DomainError, NotFound
from app.web.guard import actor

bp = Blueprint("doors", __name__)


@bp.route("/clubs/<slug>/door", methods=["GET", "POST"])
def prepare_door(slug: str) -> Any:
    """Which door the club shall have."""
    club = _led(slug)
    form = PrepareDoorForm(data={"door": club.door})
    status = 200
    if form.validate_on_submit():
        try:
            actions.prepare_door(actor(), slug, form.door.data or "")
            return redirect(url_for("doors.change_door", slug=slug, door=form.door.data), 303)
        except DomainError as error:
            status = put(form, error)
    page = render_template("doors/prepare_door.html", **_of(club), form=form, helps=DOOR_HELPS)
    return page, status


@bp.route("/clubs/<slug>/door/<door>", methods=["GET", "POST"])
def change_door(slug: str, door: str) -> Any:
    """What another door changes, in plain words, and the button that does it."""
    club = _led(slug)
    held = held_for(club_id=club.id) if door == "discreet" else []
    if door not in DOORS:
        raise NotFound()
    if door == club.door or (door == "discreet" and not held):
        return redirect(url_for("doors.prepare_door", slug=slug), 303)
    form = HideClubForm(before=club.door) if held else ChangeDoorForm(before=club.door)
    if isinstance(form, HideClubForm):
        form.plant.choices = [(one.slug, _("Club %(plant)s", plant=one.plant)) for one in held]
    status = 200
    if form.validate_on_submit():
        try:
            return _changed(actions.change_door(actor(), slug, _asked(door, form)))
        except DomainError as error:
            if error.code == "door_changed":
                flash(error.detail, "error")
                return redirect(url_for("doors.prepare_door", slug=slug), 303)
            status = put(form, error)
    page = render_template("doors/change_door.html", **_of(club), form=form, door=door, hues=DRAWN_HUES)
    return page, status


def _asked(door: str, form: ChangeDoorForm | HideClubForm) -> actions.Change:
    if not isinstance(form, HideClubForm):
        return actions.Change(door, form.before.data or "")
    tile = form.tile.data or ""
    hue = form.hue.data or DRAWN_HUES.get(tile, "")
    return actions.Change(door, form.before.data or "", form.plant.data or "", tile, hue)


def _changed(club: Club) -> Response:
    flash(_("C’est fait. Tout le monde dehors le voit déjà ainsi."), "done")
    return redirect(url_for("pages.show_club", slug=club.slug), 303)


@bp.post("/requests/<request_id>/withdraw")
def withdraw_hidden_request(request_id: str) -> Response:
    """Take back what was asked of a club that is not listed any more."""
    actions.withdraw_hidden_request(actor(), request_id)
    flash(_("Votre demande est retirée. Il n’en reste rien."), "done")
    return redirect(url_for("pages.home"), 303)


def _led(slug: str) -> Club:
    club, membership = member_club_for(actor(), slug)
    if not can_change_door(membership):
        raise not_a_lead()
    return club


def _of(club: Club) -> dict[str, Any]:
    return {"club": club, "plant": plant_name(club), "nav_current": "clubs"}
