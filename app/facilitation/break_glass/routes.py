"""The HTML door of emergencies: ask, say yes or no, read, end. It is the only one: no call and no event reads so."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from app.accounts.proofs.fresh import needs_fresh_proof
from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.pinned import Pinned, pinned
from app.clubs.queries import house_of
from app.core.errors import DomainError, NotFound
from app.facilitation.break_glass import actions, desk, reading
from app.facilitation.break_glass.forms import AskForm
from app.facilitation.break_glass.policy import can_break_glass
from app.facilitation.break_glass.queries import alone_in, case_for, clubs_for, reading_for, told_in
from app.facilitation.break_glass.words import GROUNDS, LATER, is_under_way, notice_lines, reader_line
from app.houses.desk import waiting
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.reading import keeps

bp = Blueprint("break_glass", __name__)
waiting.append(desk.emergencies)


def told(club: Club) -> list[Pinned]:
    """What stands in the club for every member."""
    return [Pinned(notice_lines(one), reader_line(one) if is_under_way(one) else "") for one in told_in(club)]


pinned.append(told)


@bp.route("/break-glass/new", methods=["GET", "POST"])
@needs_fresh_proof()
def ask() -> Any:
    """Ask to read a club in an emergency."""
    if not can_break_glass(actor()):
        raise NotFound()
    clubs, form, status = clubs_for(actor()), AskForm(), 200
    form.club.choices = [SelectChoice("", _("Choisir un club")), *(SelectChoice(c.slug, plant_name(c)) for c in clubs)]
    if form.validate_on_submit():
        try:
            row = actions.ask(actor(), form.club.data, form.grounds)
            flash(_("C’est demandé. Rien n’est ouvert tant qu’une seconde personne n’a pas dit oui."), "done")
            return redirect(url_for(".show_case", case_id=row.id), 303)
        except DomainError as error:
            if error.status == 404:
                raise
            form.refuse(error.field if error.field and error.field in form else "reason", error.detail)
            status = error.status
    elif form.errors:
        status = 422
    page = {"form": form, "clubs": clubs, "alone": alone_in(actor()), "nav_current": "desk"}
    return render_template("break_glass/ask.html", **page), status


@bp.get("/break-glass/<case_id>")
def show_case(case_id: str) -> str:
    """What is asked, or read now: why, until when, what the club is told."""
    one, club = case_for(actor(), case_id)
    use_zone(house_of(club).timezone)
    return render_template(
        "break_glass/show_case.html",
        one=one,
        club=club,
        plant=plant_name(club),
        mine=one.asked_by_id == actor().account_id,
        ground=GROUNDS[one.ground],
        later=LATER.get(one.later_ground, ""),
        nav_current="desk",
    )


@bp.post("/break-glass/<case_id>/confirm")
@needs_fresh_proof()
def confirm(case_id: str) -> Response:
    """The second person says yes."""
    row = actions.confirm(actor(), case_id)
    now_told = _("C’est ouvert pour la personne qui l’a demandé. Le club le sait.")
    flash(_("C’est ouvert pour la personne qui l’a demandé.") if row.notice_days else now_told, "done")
    return redirect(url_for(".show_case", case_id=case_id), 303)


@bp.post("/break-glass/<case_id>/end")
def end(case_id: str) -> Response:
    """Say no, take it back, or end it early."""
    actions.end(actor(), case_id)
    flash(_("C’est fini : plus rien n’est ouvert."), "done")
    return redirect("/desk", 303)


@bp.get("/break-glass/<case_id>/club")
@keeps(before="[0-9]{1,19}")
@needs_fresh_proof()
def read_club(case_id: str) -> str:
    """The discussions and the names of the club."""
    one, club = _reading(case_id)
    page = reading.club_page(club, request.args.get("before", type=int))
    return render_template("break_glass/read_club.html", one=one, **page)


@bp.get("/break-glass/<case_id>/threads/<thread_id>")
@keeps(before="[0-9]{1,19}")
@needs_fresh_proof()
def read_thread(case_id: str, thread_id: str) -> str:
    """A discussion."""
    one, club = _reading(case_id)
    page = reading.thread_page(club, thread_id, request.args.get("before", type=int))
    return render_template("break_glass/read_thread.html", one=one, **page)


def _reading(case_id: str) -> Any:
    one, club = reading_for(actor(), case_id)
    if one.read_at is None:
        actions.open_club(actor(), case_id)
    use_zone(house_of(club).timezone)
    return one, club
