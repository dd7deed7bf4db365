"""The HTML door of the desk."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.clock import now
from app.pages.desk import actions, clock, queries
from app.pages.desk.health import RULE, STATES
from app.web.filters import use_zone
from app.web.fragments import render_page
from app.web.guard import actor

bp = Blueprint("desk", __name__)


@bp.get("/desk")
def show_desk() -> Response:
    """What waits for the team, and how its house is."""
    if request.headers.get("X-Fragment") == "queue":
        return _queue_alone()
    desk = queries.desk_for(actor())
    if desk.houses:
        use_zone(desk.houses[0].timezone)
    return render_page(
        "desk/show_desk.html",
        {},
        desk=desk,
        today=now(),
        states=STATES,
        rule=RULE,
        clock_words=clock.clock_words,
        job_words=clock.job_words,
        hint_words=clock.hint_words,
        nav_current="desk",
    )


def _queue_alone() -> Response:
    """What the open page asks again and again: only what waits."""
    houses, cases = queries.queue_for(actor())
    if houses:
        use_zone(houses[0].timezone)
    return render_page("desk/_queue.html", desk={"cases": cases})


@bp.get("/desk/evening")
def show_evening() -> str:
    """The sheet of this evening, to print and lay beside the keys."""
    houses, evening = queries.evening_for(actor())
    if houses:
        use_zone(houses[0].timezone)
    return render_template("desk/show_evening.html", houses=houses, evening=evening, today=now(), nav_current="desk")


@bp.post("/desk/jobs/<job_id>/retry")
def retry_job(job_id: str) -> Response:
    """Try a job that was given up once more."""
    actions.retry_job(actor(), job_id)
    flash(_("La tâche va être essayée de nouveau."), "done")
    return redirect(url_for("desk.show_desk"), 303)


@bp.get("/desk/jobs/<job_id>/drop")
def ask_to_drop_job(job_id: str) -> str:
    """What throwing a job away means, before it is done."""
    parked = actions.parked_job_for(actor(), job_id)
    words, hint = clock.job_words(parked.kind), clock.hint_words(parked)
    return render_template("desk/drop_job.html", parked=parked, words=words, hint=hint, nav_current="desk")


@bp.post("/desk/jobs/<job_id>/drop")
def drop_job(job_id: str) -> Response:
    """Throw a job away."""
    actions.drop_job(actor(), job_id)
    flash(_("La tâche est effacée. Ce qu’elle devait faire ne sera pas fait."), "done")
    return redirect(url_for("desk.show_desk"), 303)
