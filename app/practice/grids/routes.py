"""The HTML door of grids. What somebody notes of themselves stands in no address and is cached nowhere."""

from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.practice.grids import actions, queries
from app.practice.grids.words import ANSWERS, LINES
from app.web.guard import actor, public

bp = Blueprint("practice_grids", __name__)


def _typed() -> list[str]:
    return [request.form.get(f"line{number}", "") for number in range(len(LINES))]


@bp.route("/rehearsals/grids", methods=["GET", "POST"])
def begin_grid() -> Any:
    """One's progress, one's grids, and a new one."""
    error, status = None, 200
    if request.method == "POST":
        try:
            made = actions.begin_grid(actor(), _typed())
        except Invalid as refused:
            error, status = refused.detail, 422
        else:
            flash(_("C’est noté. Revenez ici après l’entretien."), "done")
            return redirect(url_for(".finish_grid", grid_id=made.id), 303)
    steps = queries.steps_of(actor())
    return _page("begin_grid", status, error=error, typed=_typed(), steps=steps)


@bp.route("/rehearsals/grids/<grid_id>", methods=["GET", "POST"])
def finish_grid(grid_id: str) -> Any:
    """One grid: what was noted before, and the same lines after."""
    grid, error, status = queries.grid_for(actor(), grid_id), None, 200
    if request.method == "POST":
        try:
            actions.finish_grid(actor(), grid_id, _typed())
        except Invalid as refused:
            error, status = refused.detail, 422
        else:
            flash(_("C’est noté."), "done")
            return redirect(url_for(".finish_grid", grid_id=grid_id), 303)
    typed = _typed() if error else [str(each) for each in grid.after or ()]
    secret = queries.secret_of(grid)
    link = current_app.config["BASE_URL"] + url_for(".show_shared", secret=secret) if secret else ""
    return _page("finish_grid", status, error=error, typed=typed, grid=grid, link=link)


@bp.post("/rehearsals/grids/<grid_id>/keep")
def keep_grid(grid_id: str) -> Response:
    """Beyond thirty days, or not."""
    kept = request.form.get("keep") == "yes"
    actions.keep_grid(actor(), grid_id, kept=kept)
    flash(_("Cette grille est gardée.") if kept else _("Cette grille part au bout de 30 jours."), "done")
    return redirect(url_for(".finish_grid", grid_id=grid_id), 303)


@bp.post("/rehearsals/grids/<grid_id>/share")
def share_grid(grid_id: str) -> Response:
    """A secret address for a day."""
    actions.share_grid(actor(), grid_id)
    flash(_("L’adresse est faite. Donnez-la à une seule personne."), "done")
    return redirect(url_for(".finish_grid", grid_id=grid_id), 303)


@bp.post("/rehearsals/grids/<grid_id>/unshare")
def end_sharing(grid_id: str) -> Response:
    """The address opens no more."""
    actions.end_sharing(actor(), grid_id)
    flash(_("L’adresse n’ouvre plus rien."), "done")
    return redirect(url_for(".finish_grid", grid_id=grid_id), 303)


@bp.post("/rehearsals/grids/<grid_id>/erase")
def erase_grid(grid_id: str) -> Response:
    """Nothing of it is left."""
    actions.erase_grid(actor(), grid_id)
    flash(_("La grille est effacée."), "done")
    return redirect(url_for(".begin_grid"), 303)


@bp.get("/rehearsals/shared/<secret>")
@public
def show_shared(secret: str) -> Response:
    """What somebody gave to read, without their name."""
    return _page("show_shared", grid=queries.grid_by_link(secret))


def _page(template: str, status: int = 200, **values: Any) -> Response:
    values = {"lines": LINES, "answers": ANSWERS, "has_errors": values.get("error") is not None, **values}
    answer = make_response(render_template(f"grids/{template}.html", **values, nav_current="home"), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
