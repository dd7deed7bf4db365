"""The pages of a session: its path with goals and places, the closing review, what comes after."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.core.errors import DomainError, Gone, Invalid, NotFound, QuotaReached, Taken, TooMany
from app.meetings.paths import actions, closing
from app.meetings.paths import parts as parts
from app.meetings.paths.forms import GoalForm, PlacesForm, RestForm, ReviewForm
from app.meetings.paths.policy import can_lead_session, can_remove_goal, can_take_part
from app.meetings.paths.queries import PathView, path_for, today_of
from app.web.filters import use_zone
from app.web.forms import Form
from app.web.fragments import render_page
from app.web.guard import actor

bp = Blueprint("paths", __name__)


@bp.get("/sessions/<session_id>")
def show_path(session_id: str) -> Any:
    """A session of one's club, from its first meeting to its last."""
    return _page(session_id)


def _page(session_id: str, wrong: Form | None = None, status: int = 200) -> Any:
    seen = path_for(actor(), session_id)
    if seen.line.house is not None:
        use_zone(seen.line.house.timezone)
    leads = can_lead_session(seen.me)
    forms = {"goal": GoalForm(formdata=None), "places": PlacesForm(formdata=None), "rest": RestForm(formdata=None)}
    forms["places"].places.data = seen.said.places
    if wrong is not None:
        forms[{GoalForm: "goal", PlacesForm: "places", RestForm: "rest"}[type(wrong)]] = wrong
    answer = render_page(
        "paths/show_path.html",
        {"path": "paths/_inside.html"},
        seen=seen,
        path=seen.line,
        club=seen.club,
        plant=plant_name(seen.club),
        may_take_part=can_take_part(seen.me) and not seen.line.over,
        may_write=can_take_part(seen.me),
        may_add=can_take_part(seen.me) and not seen.line.over and bool(seen.free),
        removable={goal.id for goal in seen.goals if can_remove_goal(seen.me, goal)},
        leads=leads,
        rests=_rests(seen),
        following=closing.next_session(actor(), session_id) if leads and seen.line.over else None,
        forms=forms,
        wrong=wrong,
        has_errors=wrong is not None,
        nav_current="clubs",
    )
    answer.status_code = status
    return answer


def _rests(seen: PathView) -> bool:
    return seen.said.rest_until is not None and seen.said.rest_until > today_of(seen.line)


def _back(session_id: str, said: str = "", kind: str = "done") -> Response:
    if said:
        flash(said, kind)
    return redirect(url_for(".show_path", session_id=session_id), 303)


@bp.post("/sessions/<session_id>/goals")
def add_goal(session_id: str) -> Any:
    """One line more of what the session is for."""
    form = GoalForm()
    if not form.validate():
        return _page(session_id, form, 422)
    try:
        actions.add_goal(actor(), session_id, form.text.data)
    except (Taken, Gone, TooMany) as error:
        return _back(session_id, str(error.detail), "error")
    return _back(session_id, _("Le but est écrit."))


@bp.post("/sessions/<session_id>/goals/<goal_id>/remove")
def remove_goal(session_id: str, goal_id: str) -> Response:
    """Take a goal away."""
    actions.remove_goal(actor(), session_id, goal_id)
    return _back(session_id, _("Le but est enlevé."))


@bp.post("/sessions/<session_id>/places")
def set_places(session_id: str) -> Any:
    """How many may take part."""
    form = PlacesForm()
    try:
        actions.set_places(actor(), session_id, -1 if form.wrong else form.places.data)
    except Invalid as error:
        form.places.errors = []
        form.refuse("places", error.detail)
        return _page(session_id, form, error.status)
    except (Gone, TooMany) as error:
        return _back(session_id, str(error.detail), "error")
    return _back(session_id, _("C’est noté."))


@bp.post("/sessions/<session_id>/seat")
def take_part(session_id: str) -> Response:
    """One tap: a seat, and a yes to each meeting to come."""
    try:
        actions.take_part(actor(), session_id)
    except (Taken, Gone, TooMany) as error:
        return _back(session_id, str(error.detail), "error")
    return _back(
        session_id, _("Vous participez. Vous venez à chaque rencontre : changez votre réponse quand vous voulez.")
    )


@bp.post("/sessions/<session_id>/seat/leave")
def leave_session(session_id: str) -> Response:
    """The seat is free for somebody else."""
    actions.leave_session(actor(), session_id)
    return _back(session_id, _("C’est noté : vous ne participez plus."))


@bp.route("/sessions/<session_id>/review", methods=["GET", "POST"])
def write_review(session_id: str) -> Any:
    """What was reached, goal by goal and in words, and what comes next."""
    seen = path_for(actor(), session_id)
    if not (seen.line.closing and can_take_part(seen.me)):
        raise NotFound()
    form = ReviewForm()
    form.offer(seen.goals)
    if not form.is_submitted():
        form.version.data = str(seen.said.version)
        form.goals.data = [goal.id for goal in seen.goals if goal.reached]
        form.reached.data, form.ahead.data = seen.reached, seen.ahead
        return _review_page(seen, form)
    if not form.validate():
        return _review_page(seen, form, 422)
    try:
        closing.write_review(actor(), session_id, form.review)
    except closing.ReviewChanged as error:
        # The next time it is sent, both were read.
        fresh = path_for(actor(), session_id)
        form.version.data = str(fresh.said.version)
        return _review_page(fresh, form, error.status, error)
    except (Invalid, TooMany) as error:
        # What is typed stays.
        form.refuse(error.field or "reached", str(error.detail))
        return _review_page(seen, form, error.status)
    return _back(session_id, _("Le bilan est écrit."))


def _review_page(seen: PathView, form: ReviewForm, status: int = 200, refusal: DomainError | None = None) -> Any:
    page = render_template(
        "paths/write_review.html",
        seen=seen,
        plant=plant_name(seen.club),
        form=form,
        refusal=refusal,
        has_errors=bool(form.errors),
        nav_current="clubs",
    )
    return page, status


@bp.post("/sessions/<session_id>/rest")
def rest_club(session_id: str) -> Any:
    """The club rests until a day."""
    form = RestForm()
    if not form.validate():
        return _page(session_id, form, 422)
    try:
        closing.rest_club(actor(), session_id, form.until.data)
    except Invalid as error:
        form.refuse("until", error.detail)
        return _page(session_id, form, error.status)
    return _back(session_id, _("C’est noté : le club se repose."))


@bp.post("/sessions/<session_id>/rest/end")
def end_rest(session_id: str) -> Response:
    """The club is there again."""
    closing.end_rest(actor(), session_id)
    return _back(session_id, _("C’est noté : le club reprend."))


@bp.post("/sessions/<session_id>/next")
def reform_session(session_id: str) -> Response:
    """One tap: ask the team for the next session, as the one before it was."""
    try:
        asked = closing.reform_session(actor(), session_id)
    except (Taken, Invalid, Gone, QuotaReached) as error:
        return _back(session_id, str(error.detail), "error")
    flash(_("Votre demande est partie. L’équipe répond sous 3 jours."), "done")
    return redirect(url_for("sessions.show_request", request_id=asked.id), 303)
