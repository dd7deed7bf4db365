"""The HTML door of meetings: one's agenda, a meeting, the answer to it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.queries import memberships_of
from app.core.errors import Gone, Taken
from app.meetings import actions
from app.meetings.queries import agenda_for, by_nearness, meeting_for, rank_in_session
from app.rooms.policy import can_release_claim
from app.web.fragments import render_page
from app.web.guard import actor, actor_or_none, public
from app.web.reading import safe_next

bp = Blueprint("meetings", __name__)


@bp.get("/agenda")
def agenda() -> Response:
    """What all of one's clubs have ahead."""
    meetings = agenda_for(actor())
    return render_page(
        "meetings/show_agenda.html",
        {"agenda": "meetings/_agenda.html"},
        next=meetings[0] if meetings else None,
        near=by_nearness(meetings[1:]),
        watched=[club.slug for club, _own in memberships_of(actor())],
    )


@bp.get("/meetings/<claim_id>")
@public
def show_meeting(claim_id: str) -> Any:
    """A meeting: all of it for the club, what everyone may know for the others."""
    meeting = meeting_for(actor_or_none(), claim_id)
    if meeting.me is None:
        return render_template("meetings/show_meeting_outside.html", one=meeting, nav_current="clubs")
    if meeting.claim.released_at is not None:
        return redirect(url_for("rooms.show_claim", claim_id=claim_id), 303)
    return render_page(
        "meetings/show_meeting.html",
        one=meeting,
        rank=rank_in_session(meeting),
        may_release=can_release_claim(meeting.me) and not meeting.past,
    )


@bp.post("/meetings/<claim_id>/answer")
def answer_meeting(claim_id: str) -> Response:
    """Say whether one comes, then back to the page where it was asked."""
    try:
        actions.answer_meeting(actor(), claim_id, request.form.get("answer", ""))
    except (Taken, Gone) as error:
        flash(str(error.detail), "error")
    else:
        coming = request.form.get("answer") == "yes"
        flash(_("C’est noté : vous venez.") if coming else _("C’est noté : vous ne venez pas."), "done")
    back = request.form.get("back")
    return redirect(safe_next(back) if back else url_for(".show_meeting", claim_id=claim_id), 303)
