"""The HTML door of attendance: how many were there, one's own name off, and what a club notes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.actions import not_a_lead
from app.clubs.cards import plant_name
from app.clubs.queries import house_of, member_club_for
from app.core.errors import DomainError, Gone, NotFound
from app.meetings.attendance import actions
from app.meetings.attendance.forms import AttendanceForm, ChooseAttendanceForm
from app.meetings.attendance.policy import can_note_attendance, can_read_attendance
from app.meetings.attendance.queries import attendance_of, names_since, noted_at, notes_names, offered_at
from app.meetings.queries import MeetingView, meeting_for
from app.web.filters import use_zone
from app.web.forms import offered
from app.web.guard import actor

bp = Blueprint("attendance", __name__)


@bp.route("/meetings/<meeting_id>/attendance", methods=["GET", "POST"])
def note_attendance(meeting_id: str) -> Any:
    """A lead notes how many were there."""
    one = _led(meeting_id)
    form, status = _form_for(one), 200
    if form.validate_on_submit():
        try:
            actions.note_attendance(actor(), meeting_id, form.number.data or 0, _ticked(form))
        except Gone:
            raise
        except DomainError as error:
            form.refuse(error.field if error.field and error.field in form else "number", str(error.detail))
            status = error.status
        else:
            flash(_("C’est noté."), "done")
            return _to(meeting_id)
    elif form.errors:
        status = 422
    return render_template("attendance/note_attendance.html", form=form, one=one, nav_current="clubs"), status


def _form_for(one: MeetingView) -> AttendanceForm:
    """As it stands; names only where the club notes them, and there is one to note."""
    known = attendance_of(one)
    noted = [membership_id for membership_id, _name in noted_at(one.id)]
    form = AttendanceForm(data={"number": known.number if known else None, "names": noted})
    people = offered_at(one.id) if notes_names(one.club, one.span[0]) else []
    if people:
        form.names.choices = offered((membership_id, name or "") for membership_id, name in people)
    else:
        del form.names
    return form


def _ticked(form: AttendanceForm) -> list[str]:
    return list(form.names.data or []) if "names" in form else []


@bp.post("/meetings/<meeting_id>/attendance/leave")
def drop_own_name(meeting_id: str) -> Response:
    """Take one's own name off. Who is on pause reads nothing of the meeting: they are back on the page of the club."""
    club, me = actions.drop_own_name(actor(), meeting_id)
    flash(_("Votre nom est enlevé."), "done")
    return _to(meeting_id) if me.active else redirect(url_for("pages.show_club", slug=club.slug), 303)


@bp.route("/clubs/<slug>/attendance", methods=["GET", "POST"])
def choose_attendance(slug: str) -> Any:
    """A lead chooses whether names are noted."""
    club, me = member_club_for(actor(), slug)
    if not can_note_attendance(me):
        raise not_a_lead()
    use_zone(house_of(club).timezone)
    form = ChooseAttendanceForm(data={"named": "no" if names_since(club) is None else "yes"})
    if form.validate_on_submit():
        named = form.named.data == "yes"
        actions.choose_attendance(actor(), slug, named=named)
        flash(_("C’est noté. Tout le club le lit.") if named else _("C’est noté. Les noms sont effacés."), "done")
        return redirect(url_for("pages.show_club", slug=slug), 303)
    values = {"club": club, "plant": plant_name(club), "form": form, "nav_current": "clubs"}
    return render_template("attendance/choose_attendance.html", **values), 422 if form.errors else 200


def _led(meeting_id: str) -> MeetingView:
    one = meeting_for(actor(), meeting_id)
    if one.me is None:
        raise NotFound()
    if not can_note_attendance(one.me):
        raise not_a_lead()
    if not can_read_attendance(one.me, one.span[1]):
        raise NotFound()
    use_zone(one.house.timezone)
    return one


def _to(meeting_id: str) -> Response:
    return redirect(url_for("meetings.show_meeting", meeting_id=meeting_id, _anchor="attendance"), 303)
