"""The desk's pages for a club whose people came in or phoned."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import plant_name
from app.core.clock import is_evening, now
from app.core.errors import DomainError, Gone, Invalid, NotFound, QuotaReached, Taken
from app.rooms.behalf import actions
from app.rooms.behalf.forms import ClaimForClubForm
from app.rooms.behalf.queries import AtDesk, claim_at_desk, slot_at_desk, swap_at_desk, swaps_of
from app.rooms.draw.queries import clubs_of_house
from app.rooms.evenings.show import only_if
from app.rooms.forms import offer_plants
from app.rooms.queries import Slot
from app.rooms.refusals import choices_for
from app.rooms.routes import meeting_url
from app.rooms.series import show, swaps
from app.rooms.series.pages import pick_page
from app.rooms.week import week_of
from app.web.filters import use_zone
from app.web.guard import actor

bp = Blueprint("behalf", __name__, url_prefix="/desk")


@bp.route("/slots/<slot_id>/claim", methods=["GET", "POST"])
def claim_for_club(slot_id: str) -> Any:
    """Take a free slot for a club that asked."""
    slot = slot_at_desk(actor(), slot_id)
    use_zone(slot.house.timezone)
    form = ClaimForClubForm()
    offer_plants(form.club, clubs_of_house(slot.house))
    if not form.is_submitted() or not form.validate():
        return _claim_page(slot, form, 422 if form.is_submitted() else 200)
    try:
        claim = actions.claim_for_club(actor(), slot_id, form.club.data, form.size.data or 1)
    except NotFound:
        form.refuse("club", _("Choisissez un club."))
        return _claim_page(slot, form, 422)
    except DomainError as error:
        form.refuse(error.field if error.field and error.field in form else "club", error.detail)
        return _claim_page(slot, form, error.status)
    flash(_("C’est réservé pour ce club."), "done")
    return redirect(url_for(".show_claim", claim_id=claim.id), 303)


def _claim_page(slot: Slot, form: ClaimForClubForm, status: int) -> Any:
    club = next((each for each in clubs_of_house(slot.house) if each.slug == form.club.data), None)
    others = []
    if club and status != 200:
        others = choices_for(slot, form.size.data or 1, [club], lambda one: one.house.id == slot.house.id)
    page = render_template(
        "behalf/claim_for_club.html",
        form=form,
        slot=show.slot_shown(slot),
        room=slot.room,
        others=[show.slot_shown(each.slot) for each in others],
        only_if=only_if(slot.house, slot.start) if slot.stretch.evening else None,
        week_url=_week_url(slot.house.slug, slot.room.slug, week_of(slot.stretch.day)),
        has_errors=status != 200,
    )
    return page, status


def _week_url(house: str, room: str, week: str) -> str:
    return url_for("rooms.week", slug=house, room=room, week=week)


@bp.get("/claims/<claim_id>")
def show_claim(claim_id: str) -> str:
    """A claim as the team may know it, and what can be done for its club."""
    found = claim_at_desk(actor(), claim_id)
    return render_template(
        "behalf/show_claim.html",
        swaps=[show.swap_shown(swap, side) for swap, side in swaps_of(found)],
        word=found.claim.door_word,
        meeting_url=meeting_url(claim_id) if found.club.listed and found.claim.public else "",
        week_url=_week_url(found.house.slug, found.room.slug, week_of(_start(found).date())),
        may_swap=found.claim.starts_at - now() > swaps.AHEAD,
        **_moment(found),
    )


@bp.route("/claims/<claim_id>/release", methods=["GET", "POST"])
def release_for_club(claim_id: str) -> Any:
    """Give a slot back for its club, after a page that says what happens."""
    found = claim_at_desk(actor(), claim_id)
    if request.method == "GET":
        return render_template("behalf/release_for_club.html", **_moment(found))
    week_url = _week_url(found.house.slug, found.room.slug, week_of(_start(found).date()))
    actions.release_for_club(actor(), claim_id)
    flash(_("La salle est rendue, à la demande du club."), "done")
    return redirect(week_url, 303)


@bp.route("/claims/<claim_id>/swap", methods=["GET", "POST"])
def ask_swap_for_club(claim_id: str) -> Any:
    """The moments that other clubs hold in a week, and the proposal of an exchange for a club."""
    found = claim_at_desk(actor(), claim_id)
    if request.method == "POST":
        try:
            actions.ask_swap_for_club(actor(), claim_id, request.form.get("slot", ""))
        except (Taken, Invalid, Gone) as error:
            flash(str(error.detail), "error")
            return redirect(url_for(".ask_swap_for_club", claim_id=claim_id), 303)
        flash(_("C’est proposé. L’autre club répond quand il veut."), "done")
        return redirect(url_for(".show_claim", claim_id=claim_id), 303)
    ahead = now() + swaps.AHEAD

    def fits(slot: Slot) -> bool:
        other = slot.claim is not None and slot.claim.club_id != found.club.id
        return other and slot.start > ahead and slot.room.capacity >= found.claim.size

    def url(_house: str, week: str) -> str:
        return url_for(".ask_swap_for_club", claim_id=claim_id, week=week)

    back = url_for(".show_claim", claim_id=claim_id)
    values = {"way": "swap", "back": back, "at_desk": True, **_moment(found)}
    return pick_page(found.claim, found.house, [found.house], fits, url, **values)


@bp.post("/swaps/<swap_id>/answer")
def answer_swap_for_club(swap_id: str) -> Response:
    """Yes or no to an exchange, for the club that was asked."""
    _swap, found = swap_at_desk(actor(), swap_id, "theirs")
    yes = request.form.get("answer") == "yes"
    try:
        actions.answer_swap_for_club(actor(), swap_id, yes=yes)
    except (Gone, Invalid, QuotaReached) as error:
        flash(str(error.detail), "error")
    else:
        flash(_("C’est échangé.") if yes else _("C’est noté : pas d’échange."), "done")
    return redirect(_back(found), 303)


@bp.post("/swaps/<swap_id>/withdraw")
def withdraw_swap_for_club(swap_id: str) -> Response:
    """Take a proposal back, for the club that made it."""
    _swap, found = swap_at_desk(actor(), swap_id, "ours")
    try:
        actions.withdraw_swap_for_club(actor(), swap_id)
    except Gone as error:
        flash(str(error.detail), "error")
    else:
        flash(_("La proposition est retirée."), "done")
    return redirect(_back(found), 303)


def _back(found: AtDesk) -> str:
    """The week: after an exchange the claim may stand in a house where the actor does not work."""
    return _week_url(found.house.slug, found.room.slug, week_of(_start(found).date()))


def _start(found: AtDesk) -> Any:
    return found.claim.starts_at.astimezone(ZoneInfo(found.house.timezone))


def _moment(found: AtDesk) -> dict[str, Any]:
    use_zone(found.house.timezone)
    start, zone = _start(found), ZoneInfo(found.house.timezone)
    told = {"claim": found.claim, "start": start, "end": found.claim.ends_at.astimezone(zone)}
    return told | {"evening": is_evening(start), "room": found.room, "plant": plant_name(found.club)}
