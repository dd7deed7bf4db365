"""The HTML door of a meeting's discussion: one button."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.core.errors import Gone
from app.meetings.talks import actions
from app.meetings.talks import parts as parts
from app.web.guard import actor

bp = Blueprint("talks", __name__)


@bp.post("/meetings/<meeting_id>/talk")
def open_talk(meeting_id: str) -> Response:
    """Open it, or go to it."""
    try:
        thread_id = actions.open_talk(actor(), meeting_id)
    except Gone as error:
        flash(str(error.detail), "error")
        return redirect(url_for("meetings.agenda"), 303)
    return redirect(url_for("messaging.show_thread", thread_id=thread_id), 303)
