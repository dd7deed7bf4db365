"""The HTML door of meetings: one's agenda, a meeting, the answer to it."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.queries import memberships_of
from app.core.errors import Gone, Taken
from app.core.sealed import unseal
from app.meetings import actions
from app.meetings.agenda import kinds, show_agenda_of
from app.meetings.attendance.policy import can_read_attendance
from app.meetings.calendars.policy import can_make_calendar
from app.meetings.calendars.queries import calendar_key_of
from app.meetings.models import Rsvp
from app.meetings.parts import parts_for
from app.meetings.queries import MeetingView, meeting_for, open_meeting_for, rank_in_session
from app.rooms.policy import can_release_claim
from app.rooms.presence.policy import can_check_in
from app.rooms.presence.queries import asks_here
from app.web.fragments import render_page
from app.web.guard import actor, actor_or_none, public
from app.web.pictures import qr_of
from app.web.reading import safe_next

bp = Blueprint("meetings", __name__)


@bp.get("/agenda")
def agenda() -> Response:
    """What all of one's clubs have ahead."""
    return render_page(
        "meetings/show_agenda.html",
        {"agenda": "meetings/_agenda.html"},
        agenda=show_agenda_of(actor()),
        kinds=" ".join(kinds),
        watched=[club.slug for club, _own in memberships_of(actor())],
        calendar=calendar_key_of(actor()),
        may_have_calendar=can_make_calendar(actor()),
        new_calendar=_new_calendar(),
    )


def _new_calendar() -> str:
    """The secret address that was just made: shown once, and on no other page."""
    sealed = session.pop("new_calendar", None)
    secret = unseal(sealed) if isinstance(sealed, str) else None
    path = url_for("calendars.show_calendar", secret=secret) if secret else ""
    return f"{current_app.config['BASE_URL']}{path}" if path else ""


@bp.get("/meetings/<meeting_id>")
@public
def show_meeting(meeting_id: str) -> Any:
    """A meeting: all of it for the club, what everyone may know for the others."""
    meeting = meeting_for(actor_or_none(), meeting_id)
    if meeting.me is None:
        return render_template("meetings/show_meeting_outside.html", one=meeting, nav_current="clubs")
    if meeting.claim is not None and meeting.off:
        return redirect(url_for("rooms.show_claim", claim_id=meeting_id), 303)
    return render_page(
        "meetings/show_meeting.html",
        one=meeting,
        rank=rank_in_session(meeting),
        parts=parts_for(actor(), meeting),
        may_release=meeting.claim is not None and can_release_claim(meeting.me) and not meeting.past,
        may_take_file=actor().on_own_device and not meeting.past,
        asks_here=may_check_in(meeting),
        reads_names=can_read_attendance(meeting.me, meeting.span[1]),
    )


def may_check_in(meeting: MeetingView) -> bool:
    """May its reader say here that the club is there?"""
    if meeting.me is None or meeting.claim is None or meeting.room is None:
        return False
    return can_check_in(meeting.me) and asks_here(meeting.claim, meeting.room)


@bp.get("/meetings/<meeting_id>/poster")
@public
def show_poster(meeting_id: str) -> str:
    """A meeting that is open to all, on a sheet to print: what everyone may know, and a code to scan."""
    meeting = open_meeting_for(actor_or_none(), meeting_id)
    there = url_for(".show_meeting", meeting_id=meeting_id)
    return render_template(
        "meetings/show_poster.html", one=meeting, qr=qr_of(f"{current_app.config['BASE_URL']}{there}")
    )


@bp.post("/meetings/<meeting_id>/answer")
def answer_meeting(meeting_id: str) -> Response:
    """Say whether one comes, then back to the page where it was asked."""
    try:
        rsvp = actions.answer_meeting(actor(), meeting_id, request.form.get("answer", ""))
    except (Taken, Gone) as error:
        flash(str(error.detail), "error")
    else:
        flash(_noted(rsvp), "done")
    back = request.form.get("back")
    return redirect(safe_next(back) if back else url_for(".show_meeting", meeting_id=meeting_id), 303)


def _noted(rsvp: Rsvp) -> Any:
    if rsvp.answer == "waiting":
        return _("C’est noté : vous attendez une place. Nous vous écrirons dès qu’il y en a une.")
    if rsvp.answer == "maybe":
        return _("C’est noté : peut-être.")
    if rsvp.answer == "no":
        return _("C’est noté : vous ne venez pas.")
    return _("C’est noté : vous venez à deux.") if rsvp.guests else _("C’est noté : vous venez.")
