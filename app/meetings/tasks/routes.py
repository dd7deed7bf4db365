"""The HTML door of tasks: the list of a club, and one button for each verb."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import house_of, member_club_for, members_of, settled_club_for
from app.core.actor import Actor
from app.core.errors import DomainError, Gone, NotAllowed, NotFound, Taken
from app.meetings.tasks import actions
from app.meetings.tasks.forms import MakeTaskForm
from app.meetings.tasks.models import Task
from app.meetings.tasks.queries import done_of, tasks_of
from app.web.filters import use_zone
from app.web.forms import offered
from app.web.fragments import render_page
from app.web.guard import actor
from app.web.reading import safe_next

bp = Blueprint("tasks", __name__)


@bp.get("/clubs/<slug>/tasks")
def show_tasks(slug: str) -> Response:
    """Everything that there is to do in a club, and what was done lately."""
    club, me = member_club_for(actor(), slug)
    values = _of(club, me)
    return render_page(
        "tasks/show_tasks.html",
        {"tasks": "tasks/_all.html"},
        tasks=tasks_of(club, me),
        done=done_of(club, me),
        **values,
    )


@bp.route("/clubs/<slug>/tasks/new", methods=["GET", "POST"])
def make_task(slug: str) -> Any:
    """Say what is to be done."""
    club, me = settled_club_for(actor(), slug)
    values = _of(club, me)
    form, status = _form(club, me), 200
    if form.validate_on_submit():
        try:
            actions.make_task(actor(), slug, form.text.data, form.holder.data or "", form.due.data)
            flash(_("C’est noté."), "done")
            return redirect(url_for(".show_tasks", slug=slug), 303)
        except (NotFound, NotAllowed):
            raise
        except DomainError as error:
            form.refuse(error.field or "text", str(error.detail))
            status = error.status
    elif form.errors:
        status = 422
    return render_template("tasks/make_task.html", form=form, **values), status


@bp.post("/tasks/<task_id>/take")
def take_task(task_id: str) -> Response:
    """I do it."""
    return _done(task_id, actions.take_task, _("C’est noté : vous vous en chargez."))


@bp.post("/tasks/<task_id>/leave")
def leave_task(task_id: str) -> Response:
    """I cannot."""
    return _done(task_id, actions.leave_task, _("C’est noté : la tâche est à prendre."))


@bp.post("/tasks/<task_id>/done")
def finish_task(task_id: str) -> Response:
    """It is done."""
    return _done(task_id, actions.finish_task, _("C’est fait. Merci."))


@bp.post("/tasks/<task_id>/undone")
def reopen_task(task_id: str) -> Response:
    """It is not done yet."""
    return _done(task_id, actions.reopen_task, _("La tâche est de nouveau à faire."))


@bp.post("/tasks/<task_id>/drop")
def drop_task(task_id: str) -> Response:
    """Take it away for good."""
    return _done(task_id, actions.drop_task, _("La tâche est enlevée."))


def _done(task_id: str, act: Callable[[Actor, str], Task], said: str) -> Response:
    try:
        act(actor(), task_id)
        flash(said, "done")
    except (Taken, Gone) as error:
        flash(str(error.detail), "error")
    return redirect(safe_next(request.form.get("back")), 303)


def _form(club: Club, me: Membership) -> MakeTaskForm:
    form = MakeTaskForm()
    others = [(one.id, one.name) for one in members_of(club) if one.id != me.id]
    form.holder.choices = offered([("", _("À prendre")), (me.id, _("Moi")), *others])
    return form


def _of(club: Club, me: Membership) -> dict[str, Any]:
    use_zone(house_of(club).timezone)
    return {"club": club, "plant": plant_name(club), "me": me, "nav_current": "clubs"}
