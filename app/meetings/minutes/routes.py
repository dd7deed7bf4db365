"""The HTML door of minutes: read them, write them, what differs, what was decided."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Membership
from app.clubs.queries import house_of, member_club_for
from app.core.clock import now
from app.core.errors import DomainError, NotFound
from app.meetings.minutes import actions, queries
from app.meetings.minutes.forms import WriteMinutesForm
from app.meetings.minutes.texts import BULLET, is_heading, joined, lines_of, side_by_side
from app.meetings.queries import MeetingView
from app.messaging.links import plain_links
from app.messaging.markdown import to_html
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor
from app.web.reading import safe_next

bp = Blueprint("minutes", __name__)
NOTED = _l("C’est noté parmi les décisions.")


@bp.get("/meetings/<meeting_id>/minutes")
def show_minutes(meeting_id: str) -> Response:
    """The minutes as they stand, every version there was, and what was decided."""
    meeting, me = queries.inside(actor(), meeting_id)
    written = queries.minutes_for(meeting.id, me)
    text = written.version.text if written else ""
    written_lines = [(number, line) for number, line in enumerate(lines_of(text)) if line.strip()]
    lines = [(number, BULLET.sub("", line), is_heading(line)) for number, line in written_lines]
    return render_page(
        "minutes/show_minutes.html",
        {"minutes": "minutes/_minutes.html"},
        written=written,
        body=_drawn(text),
        lines=lines,
        history=queries.history_of(meeting.id),
        decided=queries.decided_in(meeting.club, me, meeting_id=meeting.id),
        to_note=queries.ballots_to_note(meeting, me) if me.visit_until is None else [],
        **_of(meeting, me),
    )


@bp.route("/meetings/<meeting_id>/minutes/edit", methods=["GET", "POST"])
def write_minutes(meeting_id: str) -> Any:
    """Write the next version. Who comes second reads both texts, and saves one made of both."""
    meeting, me = queries.inside(actor(), meeting_id)
    if me.visit_until is not None:
        raise NotFound()
    written = queries.minutes_for(meeting.id, me)
    latest = written.version if written else None
    values = _of(meeting, me)
    if request.method == "GET" and not values["may_write"]:
        # Before anything is typed.
        return render_template("minutes/wait_minutes.html", **values)
    form, status = WriteMinutesForm(data={"text": latest.text if latest else "", "base": _number(latest)}), 200
    if form.validate_on_submit():
        try:
            actions.write_minutes(actor(), meeting_id, _base(form.base.data), form.text.data)
            flash(_("C’est enregistré."), "done")
            return redirect(url_for(".show_minutes", meeting_id=meeting_id), 303)
        except actions.Superseded as error:
            return _both(error, form, values), error.status
        except DomainError as error:
            form.refuse("text", str(error.detail))
            status = error.status
    elif form.errors:
        status = 422
    return render_template("minutes/write_minutes.html", form=form, **values), status


def _both(error: actions.Superseded, form: WriteMinutesForm, values: dict[str, Any]) -> str:
    """Their text and mine, and a form that holds both, written from theirs."""
    theirs, mine = error.latest.text, actions.checked_minutes(form.text.data)
    pairs = side_by_side(theirs, mine)
    form.text.data, form.base.data = joined(theirs, mine), _number(error.latest)
    writer = queries.history_of(error.latest.meeting_id, 1)[0].name
    return render_template(
        "minutes/join_minutes.html", form=form, pairs=pairs, writer=writer, why=error.detail, **values
    )


@bp.get("/meetings/<meeting_id>/minutes/versions/<int:number>")
def show_version(meeting_id: str, number: int) -> str:
    """One version beside the one before it."""
    meeting, me = queries.inside(actor(), meeting_id)
    version = queries.version_of(meeting.id, me, number)
    before = queries.version_of(meeting.id, me, number - 1).text if number > 1 else ""
    written = next(each for each in queries.history_of(meeting.id) if each.version.number == number)
    pairs, body = side_by_side(before, version.text), _drawn(version.text)
    return render_template("minutes/show_version.html", written=written, pairs=pairs, body=body, **_of(meeting, me))


@bp.post("/meetings/<meeting_id>/minutes/decisions")
def pick_decision(meeting_id: str) -> Response:
    """The club decided this."""
    return _pick(meeting_id, actions.pick_decision, NOTED)


@bp.post("/meetings/<meeting_id>/minutes/ballots")
def pick_ballot(meeting_id: str) -> Response:
    """The club decided this by a ballot."""
    ballot_id = request.form.get("ballot", "")
    return _picked(meeting_id, lambda: actions.pick_ballot(actor(), meeting_id, ballot_id), NOTED)


@bp.post("/meetings/<meeting_id>/minutes/tasks")
def pick_task(meeting_id: str) -> Response:
    """This is to be done."""
    return _pick(meeting_id, actions.pick_task, _("C’est noté parmi les tâches à prendre."))


def _pick(meeting_id: str, act: Any, said: Any) -> Response:
    number, line = _base(request.form.get("number")), _base(request.form.get("line"), -1)
    return _picked(meeting_id, lambda: act(actor(), meeting_id, number, line), said)


def _picked(meeting_id: str, act: Callable[[], Any], said: Any) -> Response:
    """Back to the minutes; who cannot is told why."""
    try:
        act()
        flash(str(said), "done")
    except DomainError as error:
        if error.status in (403, 404, 429):
            raise
        flash(str(error.detail), "error")
    return redirect(url_for(".show_minutes", meeting_id=meeting_id), 303)


@bp.get("/clubs/<slug>/decided")
def list_decisions(slug: str) -> str:
    """Everything that a club decided."""
    club, me = member_club_for(actor(), slug)
    use_zone(house_of(club).timezone)
    values = {"club": club, "plant": plant_name(club), "me": me, "nav_current": "clubs"}
    return render_template("minutes/list_decisions.html", decided=queries.decided_in(club, me), **values)


@bp.post("/decided/<decision_id>/drop")
def drop_decision(decision_id: str) -> Response:
    """Take it off the list."""
    actions.drop_decision(actor(), decision_id)
    flash(_("La décision est enlevée de la liste."), "done")
    return redirect(safe_next(request.form.get("back")), 303)


def _drawn(text: str) -> Markup:
    """As messages are: on a device for several people a link is a text."""
    html = to_html(text)
    return Markup(plain_links(html) if actor().shared else html)  # noqa: S704 cleaned by nh3


def _base(given: str | None, none: int = 0) -> int:
    """A number from a form; what is none is 0, as when nobody has written."""
    return int(given) if given and given.isascii() and given.isdigit() and len(given) < 10 else none


def _number(version: Any) -> str:
    return str(version.number) if version else "0"


def _of(meeting: MeetingView, me: Membership) -> dict[str, Any]:
    use_zone(meeting.house.timezone)
    begun = meeting.start <= now()
    may_write = begun and me.visit_until is None and not meeting.off
    return {
        "one": meeting,
        "club": meeting.club,
        "plant": meeting.plant,
        "me": me,
        "may_write": may_write,
        "nav_current": "clubs",
    }
