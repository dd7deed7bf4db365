"""The HTML door of a meeting's programme: two short forms, and one button for each verb."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.actor import Actor
from app.core.errors import DomainError, Gone, NotAllowed, NotFound, Taken
from app.meetings.programme import actions
from app.meetings.programme.forms import AddPointForm, AskThingForm
from app.meetings.programme.models import AgendaPoint, Thing
from app.meetings.programme.queries import point_for, thing_for
from app.meetings.queries import meeting_for
from app.web.filters import use_zone
from app.web.guard import actor

bp = Blueprint("programme", __name__)


@bp.route("/meetings/<meeting_id>/points/new", methods=["GET", "POST"])
def add_point(meeting_id: str) -> Any:
    """Add a point."""
    form = AddPointForm()

    def add() -> None:
        actions.add_point(actor(), meeting_id, form.text.data, form.minutes.data)

    return _ask(meeting_id, form, add, "programme/add_point.html", "points")


@bp.route("/meetings/<meeting_id>/things/new", methods=["GET", "POST"])
def ask_thing(meeting_id: str) -> Any:
    """Say what somebody could bring."""
    form = AskThingForm()

    def ask() -> None:
        actions.ask_thing(actor(), meeting_id, form.text.data, mine=form.mine.data)

    return _ask(meeting_id, form, ask, "programme/ask_thing.html", "things")


def _ask(meeting_id: str, form: Any, act: Callable[[], None], template: str, where: str) -> Any:
    one, status = meeting_for(actor(), meeting_id), 200
    if one.me is None or one.me.visit_until is not None:
        raise NotFound()
    use_zone(one.house.timezone)
    if form.validate_on_submit():
        try:
            act()
            flash(_("C’est noté."), "done")
            return redirect(url_for("meetings.show_meeting", meeting_id=meeting_id, _anchor=where), 303)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.refuse(error.field or "text", str(error.detail))
            status = error.status
    elif form.errors:
        status = 422
    return render_template(template, form=form, one=one, club=one.club, plant=one.plant, nav_current="clubs"), status


@bp.post("/points/<point_id>/up")
def move_point_up(point_id: str) -> Response:
    """Before the one above."""
    return _moved(point_id, up=True)


@bp.post("/points/<point_id>/down")
def move_point_down(point_id: str) -> Response:
    """After the one below."""
    return _moved(point_id, up=False)


def _moved(point_id: str, *, up: bool) -> Response:
    return _done(point_for(actor(), point_id), lambda who, key: actions.move_point(who, key, up=up), "points")


@bp.post("/points/<point_id>/drop")
def drop_point(point_id: str) -> Response:
    """Take it away."""
    return _done(point_for(actor(), point_id), actions.drop_point, "points", _("Le point est enlevé."))


@bp.post("/things/<thing_id>/take")
def take_thing(thing_id: str) -> Response:
    """I bring it."""
    return _done(thing_for(actor(), thing_id), actions.take_thing, "things", _("C’est noté : vous l’apportez."))


@bp.post("/things/<thing_id>/leave")
def leave_thing(thing_id: str) -> Response:
    """I do not bring it any more."""
    said = _("C’est noté : quelqu’un d’autre peut l’apporter.")
    return _done(thing_for(actor(), thing_id), actions.leave_thing, "things", said)


@bp.post("/things/<thing_id>/drop")
def drop_thing(thing_id: str) -> Response:
    """Take it off the list."""
    return _done(thing_for(actor(), thing_id), actions.drop_thing, "things", _("C’est enlevé de la liste."))


def _done(row: AgendaPoint | Thing, act: Callable[[Actor, str], Any], where: str, said: str = "") -> Response:
    """Back to the page of its meeting; who comes too late is told so."""
    key, meeting_id = row.id, row.meeting_id
    try:
        act(actor(), key)
        if said:
            flash(said, "done")
    except (Taken, Gone) as error:
        flash(str(error.detail), "error")
    return redirect(url_for("meetings.show_meeting", meeting_id=meeting_id, _anchor=where), 303)
