"""The pages of sessions: a lead asks, reads the answer, takes it back; the team grants, or says why not."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.clubs import parts
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.errors import DomainError, Gone, Invalid, NotFound, QuotaReached, Taken
from app.rooms.leads import led_clubs
from app.rooms.queries import Slot, Viewer, find_slot
from app.rooms.sessions import actions, answers
from app.rooms.sessions.forms import AskSessionForm, RefuseSessionForm
from app.rooms.sessions.policy import can_ask_session
from app.rooms.sessions.queries import Asked, dates_of, latest_of, request_for, request_for_team
from app.rooms.week import NOWHERE, show_slot, week_of
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("sessions", __name__)


@bp.route("/slots/<slot_id>/session", methods=["GET", "POST"])
def ask_session(slot_id: str) -> Any:
    """Ask the team for six to ten meetings at the time of a slot; the page says of each date whether it is free."""
    slot = find_slot(slot_id)
    use_zone(slot.house.timezone)
    clubs = led_clubs(actor(), can_ask_session)
    form = AskSessionForm()
    form.offer(clubs)
    if not form.is_submitted() or request.form.get("way") == "dates" or form.stale:
        said = form.is_submitted() and request.form.get("way") != "dates"
        return _ask_page(slot, clubs, form, all_of_them=True, reread=said)
    if not form.validate():
        return _ask_page(slot, clubs, form, 422)
    try:
        asked = actions.ask_session(actor(), form.wish_for(slot_id))
    except (Taken, Invalid, Gone, QuotaReached) as error:
        if error.field and error.field in form:
            form.refuse(error.field, error.detail)
            return _ask_page(find_slot(slot_id), clubs, form, error.status)
        return _ask_page(find_slot(slot_id), clubs, form, error.status, error)
    flash(_("Votre demande est partie. L’équipe répond sous 3 jours."), "done")
    return redirect(url_for(".show_request", request_id=asked.id), 303)


def _ask_page(
    slot: Slot,
    clubs: list[Club],
    form: AskSessionForm,
    status: int = 200,
    refusal: DomainError | None = None,
    *,
    all_of_them: bool = False,
    reread: bool = False,
) -> Any:
    every, count = form.rhythm
    if every not in actions.EVERY or not actions.LEAST <= count <= actions.MOST:
        every, count = 1, actions.LEAST
    club = next((each for each in clubs if each.slug == form.club.data), None)
    found = dates_of(slot, every, count, club)
    form.show(found, all_of_them=all_of_them)
    page = render_template(
        "sessions/ask_session.html",
        slot=show_slot(slot, Viewer(), NOWHERE),
        room=slot.room,
        clubs=clubs,
        plants=[plant_name(each) for each in clubs],
        form=form,
        refused=[each for each in found if each.why is not None],
        refusal=refusal,
        reread=reread,
        has_errors=status != 200,
        week_url=_week_url(slot),
    )
    return page, status


def _week_url(slot: Slot) -> str:
    return url_for("rooms.week", slug=slot.house.slug, room=slot.room.slug, week=week_of(slot.stretch.day))


@bp.get("/session-requests/<request_id>")
def show_request(request_id: str) -> str:
    """What was asked for, and what the team answered; for the leads."""
    asked = request_for(actor(), request_id)
    use_zone(asked.house.timezone)
    return render_template("sessions/show_request.html", **_of(asked))


def _of(asked: Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "state": asked.request.outcome or ("waiting" if asked.request.waits else "lapsed"),
        "spans": asked.spans,
        "lost": asked.lost,
        "least": actions.LEAST,
        "room": asked.room,
        "place": asked.house,
        "club": asked.club,
        "plant": plant_name(asked.club),
        "week_url": url_for("rooms.week", slug=asked.house.slug, room=asked.room.slug),
    }


@bp.route("/session-requests/<request_id>/withdraw", methods=["GET", "POST"])
def withdraw_session(request_id: str) -> Any:
    """Take a request back, after a page that says what happens."""
    asked = request_for(actor(), request_id)
    if request.method == "POST":
        actions.withdraw_session(actor(), request_id)
        flash(_("Votre demande est retirée. Les dates sont libres."), "done")
        return redirect(url_for(".show_request", request_id=request_id), 303)
    if not asked.request.waits:
        return redirect(url_for(".show_request", request_id=request_id), 303)
    return render_template("sessions/withdraw_session.html", **_of(asked))


@bp.post("/session-requests/<request_id>/grant")
def grant_session(request_id: str) -> Response:
    """One tap at the desk."""
    try:
        asked = answers.grant_session(actor(), request_id)
    except Taken as error:
        flash(str(error.detail), "error")
        return redirect("/desk", 303)
    lost = len(asked.request.lost)
    said = _("La session est accordée. Le club est prévenu.")
    if lost:
        more = ngettext("%(num)s date n’était plus libre.", "%(num)s dates n’étaient plus libres.", lost)
        said = _("%(first)s %(second)s", first=said, second=more)
    flash(said, "done")
    return redirect("/desk", 303)


@bp.route("/session-requests/<request_id>/answer", methods=["GET", "POST"])
def answer_session(request_id: str) -> Any:
    """What the team reads of a request, and why it says no."""
    asked = request_for_team(actor(), request_id)
    use_zone(asked.house.timezone)
    if not asked.request.waits:
        raise NotFound()
    form, status = RefuseSessionForm(), 200
    if form.validate_on_submit():
        try:
            answers.refuse_session(actor(), request_id, form.reason.data or "")
        except Invalid as error:
            form.refuse("reason", error.detail)
            status = error.status
        else:
            flash(_("Votre réponse est partie. Les dates sont libres."), "done")
            return redirect("/desk", 303)
    elif form.errors:
        status = 422
    return render_template("sessions/answer_session.html", **_of(asked), form=form, has_errors=status != 200), status


def sessions(_actor: Actor, club: Club, _membership: Membership) -> Part | None:
    """What a club asked for and what became of it, on the page of its leads."""
    asked = latest_of(club)
    if asked is None or asked.request.outcome == "withdrawn":
        return None
    return Part("sessions/_asked.html", _of(asked))


parts.below.append(sessions)
