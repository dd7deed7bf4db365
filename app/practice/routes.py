"""The HTML door of rehearsals."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import DomainError, NotAllowed, Taken
from app.houses.queries import houses_of_staff, list_houses
from app.houses.trades import TRADES
from app.practice import actions, queries
from app.practice import agenda as agenda
from app.practice.forms import WAYS, ListenForm, TakeForm
from app.practice.policy import can_take_rehearsal
from app.web.filters import use_zone
from app.web.forms import Form
from app.web.fragments import render_page
from app.web.guard import actor, actor_or_none, public

bp = Blueprint("practice", __name__)
KINDS = ("peer", "adviser")
AGAIN = 20


@bp.get("/rehearsals")
@public
def show_rehearsals() -> Response:
    """What is free in the next hours, and what one has ahead; alone needs nobody."""
    who, kind, way = actor_or_none(), request.args.get("kind", ""), request.args.get("way", "")
    kind, way = kind if kind in KINDS else "", way if way in WAYS else ""
    return render_page(
        "practice/show_rehearsals.html",
        {"mine": "practice/_mine.html", "free": "practice/_free.html"},
        # Signed out, nobody is told which moments are free: somebody may have said no to who reads.
        free=queries.free_quarters(who, kind=kind, way=way) if who else [],
        mine=queries.rehearsals_of(who) if who else [],
        offers=queries.offers_of(who) if who else [],
        kind=kind,
        way=way,
        ways=WAYS,
        again=AGAIN,
        may_take=who is not None and can_take_rehearsal(who),
        nav_current="home",
    )


@bp.route("/rehearsals/listen", methods=["GET", "POST"])
def offer_to_listen() -> Any:
    """Offer some time, today or tomorrow."""
    form, status = ListenForm(), 200
    form.offer(houses_of_staff(actor()) or list_houses())
    if form.validate_on_submit():
        try:
            actions.offer_to_listen(actor(), _listening(form))
            flash(_("Merci. Vos quarts d’heure sont affichés."), "done")
            return redirect(url_for(".show_rehearsals"), 303)
        except DomainError as error:
            status = _put(form, error, "name")
    elif form.errors:
        status = 422
    return render_template("practice/offer_to_listen.html", form=form, nav_current="home"), status


def _listening(form: ListenForm) -> actions.Listening:
    try:
        day = date.fromisoformat(form.day.data or "")
    except ValueError:
        day = date.min
    ways = tuple(form.ways.data or ())
    return actions.Listening(form.name.data, form.house.data or "", day, form.starts.data, form.ends.data, ways)


@bp.post("/rehearsals/offers/<offer_id>/withdraw")
def withdraw_offer(offer_id: str) -> Response:
    """Listen no more."""
    actions.withdraw_offer(actor(), offer_id)
    flash(_("C’est retiré. Les personnes qui avaient réservé sont prévenues."), "done")
    return redirect(url_for(".show_rehearsals"), 303)


@bp.route("/rehearsals/offers/<offer_id>/<int:nth>", methods=["GET", "POST"])
def take_rehearsal(offer_id: str, nth: int) -> Any:
    """Take one quarter of an hour."""
    if not can_take_rehearsal(actor()):
        raise NotAllowed()
    free = queries.free_quarter(actor(), offer_id, nth)
    form, status = TakeForm(), 200
    form.offer(free.ways)
    if form.validate_on_submit():
        told = actions.Asking(form.name.data, form.way.data or "", form.phone.data or "", form.trade.data or "")
        try:
            made = actions.take_rehearsal(actor(), offer_id, nth, told)
            flash(_("C’est réservé. L’autre personne est prévenue."), "done")
            return redirect(url_for(".show_rehearsal", rehearsal_id=made.id), 303)
        except Taken as error:
            flash(str(error.detail), "error")
            return redirect(url_for(".show_rehearsals"), 303)
        except DomainError as error:
            status = _put(form, error, "name")
    elif form.errors:
        status = 422
    return render_template("practice/take_rehearsal.html", free=free, form=form, nav_current="home"), status


@bp.get("/rehearsals/<rehearsal_id>")
def show_rehearsal(rehearsal_id: str) -> Response:
    """One rehearsal, for its two."""
    seen = queries.rehearsal_for(actor(), rehearsal_id)
    use_zone(seen.house.timezone)
    return render_page(
        "practice/show_rehearsal.html",
        {"rehearsal": "practice/_rehearsal.html"},
        one=seen,
        trade=TRADES.get(seen.row.trade, ""),
        again=AGAIN,
        nav_current="home",
    )


@bp.post("/rehearsals/<rehearsal_id>/cancel")
def cancel_rehearsal(rehearsal_id: str) -> Response:
    """Say no to it, in one tap."""
    actions.cancel_rehearsal(actor(), rehearsal_id)
    flash(_("C’est annulé. L’autre personne est prévenue."), "done")
    return redirect(url_for(".show_rehearsals"), 303)


@bp.post("/rehearsals/<rehearsal_id>/avoid")
def avoid_person(rehearsal_id: str) -> Response:
    """Not with this person again."""
    actions.avoid_person(actor(), rehearsal_id)
    flash(_("C’est noté. Personne n’en est prévenu."), "done")
    return redirect(url_for(".show_rehearsals"), 303)


def _put(form: Form, error: DomainError, field: str) -> int:
    """Beside its field, what an action refused."""
    if error.status in (403, 404, 410):
        raise error
    form.refuse(error.field if error.field and error.field in form else field, error.detail)
    return error.status
