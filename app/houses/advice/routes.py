"""The pages of advice: an hour, for everybody; what is planned, for the team and the adviser; slips, for the desk."""

from typing import Any

from babel.lists import format_list
from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import DomainError, Invalid, Taken
from app.core.sealed import seal, unseal
from app.houses.advice import actions, planning, queries
from app.houses.advice import parts as _parts  # noqa: F401 puts hours on the pages of partners
from app.houses.advice.forms import BookForm, PublishForm, SlipForm
from app.houses.advice.policy import can_book_advice, can_book_at_desk
from app.houses.models import House
from app.houses.partners.models import Partner
from app.houses.partners.policy import can_keep_partners
from app.houses.ways import ICONS, WAYS
from app.web.filters import date_locale, day_long, use_zone
from app.web.guard import actor, actor_or_none, public

bp = Blueprint("advice", __name__)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    page = render_template(f"advice/{template}.html", ways=WAYS, icons=ICONS, nav_current="agenda", **values)
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _hour_page(hour_id: str, form: BookForm, status: int = 200) -> Response:
    found = actor_or_none()
    hour, mine = queries.hour_for(found, hour_id)
    use_zone(hour.house.timezone)
    may_book = found is not None and can_book_advice(found)
    return _page("show_hour", status, hour=hour, mine=mine, may_book=may_book, form=form)


@bp.get("/advice/<hour_id>")
@public
def show_hour(hour_id: str) -> Response:
    """One hour: to book it, or as one has booked it."""
    return _hour_page(hour_id, BookForm(formdata=None))


@bp.post("/advice/<hour_id>/book")
def book_hour(hour_id: str) -> Response:
    """Under a name for this hour, without a reason."""
    form = BookForm()
    if not form.validate():
        return _hour_page(hour_id, form, 422)
    try:
        actions.book_hour(actor(), hour_id, form.name.data)
    except Taken as error:
        flash(str(error.detail), "warning")
        hour, _mine = queries.hour_for(actor(), hour_id)
        return redirect(url_for("partners.show_partner", partner_id=hour.partner.id), 303)
    flash(_("C’est réservé."), "done")
    return redirect(url_for("advice.show_hour", hour_id=hour_id), 303)


@bp.post("/advice/<hour_id>/cancel")
def cancel_booking(hour_id: str) -> Response:
    """The place is free at once; back where it can be booked again, while it can."""
    hour = actions.cancel_booking(actor(), hour_id)
    standing = not hour.past and hour.row.cancelled_at is None
    flash(_("Votre rendez-vous est annulé. La place est libre.") if standing else _("C’est enlevé."), "done")
    if standing and hour.partner.hidden_at is None:
        return redirect(url_for("advice.show_hour", hour_id=hour_id), 303)
    return redirect(url_for("partners.list_partners"), 303)


@bp.get("/partners/<partner_id>/hours")
def plan_hours(partner_id: str) -> Response:
    """What is ahead; with names for the adviser, without for the team."""
    partner, house = queries.partner_planned_by(actor(), partner_id)
    use_zone(house.timezone)
    hours = queries.hours_ahead(partner)
    bookings = queries.bookings_for(actor(), hours)
    desk = can_book_at_desk(actor())
    back = _way_back(partner, house)
    return _page("plan_hours", partner=partner, place=house, hours=hours, bookings=bookings, desk=desk, back=back)


def _way_back(partner: Partner, house: House) -> tuple[str, str]:
    """Where who plans hours came from: managers from all partners of the house, others from the partner's page."""
    if can_keep_partners(actor()):
        return _("Tous les partenaires"), url_for("partners.keep_partners", slug=house.slug)
    if partner.hidden_at is None:
        return partner.name, url_for("partners.show_partner", partner_id=partner.id)
    return _("Tous les partenaires"), url_for("partners.list_partners")


@bp.route("/partners/<partner_id>/hours/new", methods=["GET", "POST"])
def publish_hours(partner_id: str) -> Response:
    """One form for some weeks; then the list of what was made."""
    partner, house = queries.partner_planned_by(actor(), partner_id)
    form = PublishForm(
        data={"minutes": 30, "row": 1, "weeks": 1, "way": partner.ways[0], "language": partner.languages[0]}
    )
    form.offer(partner)
    if request.method == "GET" or not form.validate():
        return _page("publish_hours", 422 if form.is_submitted() else 200, partner=partner, form=form)
    try:
        made = planning.publish_hours(actor(), partner_id, form.plan)
    except (Invalid, Taken) as error:
        form.refuse(error.field or "day", str(error.detail))
        return _page("publish_hours", error.status, partner=partner, form=form)
    use_zone(house.timezone)
    days = [day_long(day) for day in sorted({each.date() for each in made})]
    flash(_("C’est publié : %(days)s.", days=format_list(days, locale=date_locale())), "done")
    return _to_plan(partner_id)


def _to_plan(partner_id: str) -> Response:
    return redirect(url_for("advice.plan_hours", partner_id=partner_id), 303)


@bp.post("/advice/<hour_id>/drop")
def cancel_hour(hour_id: str) -> Response:
    """Nobody can book it any more; who had is told."""
    hour = planning.cancel_hour(actor(), hour_id)
    flash(_("Cette heure est annulée. Si quelqu’un l’avait réservée, il est prévenu."), "done")
    return _to_plan(hour.partner.id)


@bp.post("/advice/<hour_id>/slip")
def book_at_desk(hour_id: str) -> Response:
    """A place for somebody who stands at the desk; the slip is printed on the next page."""
    try:
        hour, slip = actions.book_at_desk(actor(), hour_id)
    except Taken as error:
        flash(str(error.detail), "warning")
        return _to_plan(queries.hour_planned_by(actor(), hour_id).partner.id)
    session["slip"] = seal(f"{hour.id}:{slip}")
    return redirect(url_for("advice.show_slips"), 303)


def _slips(form: SlipForm, status: int = 200) -> Response:
    """The slip that this browser has just made, shown once."""
    hour_id, _colon, slip = (unseal(str(session.pop("slip", ""))) or "").partition(":")
    hour = None
    if slip:
        try:
            hour = queries.hour_planned_by(actor(), hour_id)
            use_zone(hour.house.timezone)
        except DomainError:
            slip = ""
    return _page("show_slips", status, form=form, hour=hour, slip=slip)


@bp.get("/desk/slips")
def show_slips() -> Response:
    """The slip to print; and one that somebody brings back."""
    actions.open_slips(actor())
    return _slips(SlipForm(formdata=None))


@bp.post("/desk/slips")
def end_slip() -> Response:
    """The place of a slip is given back."""
    form = SlipForm()
    actions.open_slips(actor())
    if not form.validate():
        return _slips(form, 422)
    try:
        actions.end_slip(actor(), form.slip.data)
    except Invalid as error:
        form.refuse("slip", str(error.detail))
        return _slips(form, error.status)
    flash(_("Le rendez-vous est annulé. La place est libre."), "done")
    return redirect(url_for("advice.show_slips"), 303)
