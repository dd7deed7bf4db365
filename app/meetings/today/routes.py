"""The HTML door of the day: a tap to say that one is on the way, a short form to say that the meeting moved."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound
from app.meetings.actions import NOT_A_LEAD
from app.meetings.policy import can_plan_meeting
from app.meetings.queries import MeetingView, meeting_for
from app.meetings.today import actions
from app.meetings.today.forms import MoveForm
from app.web.filters import use_zone
from app.web.guard import actor

bp = Blueprint("today", __name__)


@bp.post("/meetings/<meeting_id>/way")
def say_on_way(meeting_id: str) -> Response:
    """I am on my way; I am late; or neither, once more."""
    how = request.form.get("how", "")
    try:
        actions.say_on_way(actor(), meeting_id, how)
    except (NotFound, NotAllowed, Invalid):
        raise
    except DomainError as error:
        flash(str(error.detail), "error")
    else:
        flash(_told(how), "done")
    return _to(meeting_id)


def _told(how: str) -> Any:
    if how == "way":
        return _("C’est noté : vous êtes en route.")
    return _("C’est noté : vous aurez du retard.") if how == "late" else _("C’est noté.")


@bp.route("/meetings/<meeting_id>/moved", methods=["GET", "POST"])
def move_meeting(meeting_id: str) -> Any:
    """A lead says where it stands today."""
    one, form, status = _led(meeting_id), MoveForm(), 200
    if request.method == "GET":
        form.place.data = one.moved_to
    elif form.validate():
        try:
            actions.move_meeting(actor(), meeting_id, form.place.data)
        except Gone:
            raise
        except DomainError as error:
            form.refuse("place", str(error.detail))
            status = error.status
        else:
            flash(_("C’est dit : qui vient est prévenu."), "done")
            return _to(meeting_id)
    else:
        status = 422
    return render_template("today/move_meeting.html", form=form, one=one, nav_current="clubs"), status


@bp.post("/meetings/<meeting_id>/moved/back")
def move_back(meeting_id: str) -> Response:
    """It stands where it was said to."""
    try:
        actions.move_back(actor(), meeting_id)
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        flash(str(error.detail), "error")
    else:
        flash(_("C’est noté : la rencontre est à l’endroit prévu."), "done")
    return _to(meeting_id)


def _led(meeting_id: str) -> MeetingView:
    one = meeting_for(actor(), meeting_id)
    if one.me is None:
        raise NotFound()
    if not can_plan_meeting(one.me):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    use_zone(one.house.timezone)
    return one


def _to(meeting_id: str) -> Response:
    return redirect(url_for("meetings.show_meeting", meeting_id=meeting_id, _anchor="today"), 303)
