"""The HTML door of series: what was said of each date, and another moment for one that was refused."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.clubs import parts
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_by_id
from app.core.actor import Actor
from app.core.clock import is_evening, now
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, QuotaReached, Taken
from app.houses.queries import list_houses
from app.rooms.actions import NOT_A_LEAD
from app.rooms.claims import USED_UP
from app.rooms.evenings.show import only_if
from app.rooms.policy import can_change_claim, can_claim_slot, can_move_claim, can_swap_claims
from app.rooms.queries import Booked, Slot, claim_for, find_slot
from app.rooms.series import actions, changes, show, swaps
from app.rooms.series.forms import ChangeClaimForm, ScopeForm
from app.rooms.series.pages import pick_page
from app.rooms.series.queries import series_for
from app.rooms.series.swap_queries import swap_for, waiting_swaps
from app.web.filters import day_long, hm, use_zone
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("series", __name__)


@bp.get("/series/<series_id>")
def show_series(series_id: str) -> str:
    """What was claimed, date by date, what was not and why, and what became of it."""
    dates = series_for(actor(), series_id)
    if dates.claims:
        use_zone(dates.claims[0][2].timezone)
    return render_template(
        "series/show_series.html",
        series=dates.series,
        club=dates.club,
        plant=plant_name(dates.club),
        claimed=show.claimed(dates),
        refused=show.refused(dates),
        history=show.history_of([claim.id for claim, _room, _house in dates.claims], series_id),
        before=dates.before,
        after=dates.after,
        may_act=can_claim_slot(dates.membership),
    )


@bp.post("/series/<series_id>/dates/<int:number>")
def fill_date(series_id: str, number: int) -> Any:
    """Take another moment for a date that was refused."""
    try:
        booked = actions.fill_date(actor(), series_id, number, request.form.get("slot", ""))
    except (NotFound, NotAllowed):
        raise
    except DomainError as error:
        flash(str(error.detail), "error")
    else:
        day = booked.claim.starts_at.astimezone(ZoneInfo(booked.house.timezone))
        flash(_("C’est réservé : %(day)s.", day=day_long(day)), "done")
    return redirect(url_for(".show_series", series_id=series_id), 303)


@bp.route("/claims/<claim_id>/change", methods=["GET", "POST"])
def change_claim(claim_id: str) -> Any:
    """Say otherwise what a meeting is, or several of a series."""
    booked = _of_lead(claim_id, can_change_claim)
    form, status = ChangeClaimForm(), 200
    form.fill(booked.claim, listed=booked.club.listed)
    if form.is_submitted():
        try:
            if form.validate():
                changes.change_part(actor(), claim_id, form.said, form.wish)
                flash(_("C’est changé."), "done")
                return redirect(url_for("rooms.show_claim", claim_id=claim_id), 303)
        except Invalid as error:
            form.refuse(error.field if error.field and error.field in form else "title", error.detail)
        status = 422
    return render_template("series/change_claim.html", form=form, **_moment(booked)), status


@bp.get("/claims/<claim_id>/move")
def pick_move(claim_id: str) -> str:
    """The free slots of a week, in any house, to one of which a claim may go."""
    booked = _of_lead(claim_id, can_move_claim)
    return _pick(booked, "move", lambda slot: _may_take(slot, booked) and slot.room.capacity >= booked.claim.size)


def _may_take(slot: Slot, booked: Booked) -> bool:
    """Free, or kept for the club itself."""
    hold = slot.hold
    return slot.open or (hold is not None and hold.club_id == booked.club.id and hold.kind in USED_UP)


@bp.route("/claims/<claim_id>/move/<slot_id>", methods=["GET", "POST"])
def move_claim(claim_id: str, slot_id: str) -> Any:
    """Move a claim to a slot, after a page that says what happens."""
    booked, slot = _of_lead(claim_id, can_move_claim), find_slot(slot_id)
    form = ScopeForm()
    form.about(booked.claim)
    refusal = None
    if form.is_submitted():
        try:
            done, stay = changes.move_part(actor(), claim_id, form.said, slot_id)
        except (Taken, QuotaReached, Invalid, Gone) as error:
            refusal = error
        else:
            flash(_moved(done, stay), "done")
            return redirect(url_for("rooms.show_claim", claim_id=claim_id), 303)
    values = {"form": form, "refusal": refusal, "target": show.slot_shown(slot), **_moment(booked)}
    values["only_if"] = only_if(slot.house, slot.start)
    return render_template("series/move_claim.html", **values), refusal.status if refusal else 200


def _moved(done: int, stay: int) -> str:
    if done == 1 and not stay:
        return str(_("C’est déplacé. Les personnes qui viennent sont prévenues."))
    told = ngettext("%(num)s date est déplacée.", "%(num)s dates sont déplacées.", done)
    more = (
        ngettext(
            "%(num)s date reste où elle est : ce n’était pas libre.",
            "%(num)s dates restent où elles sont : ce n’était pas libre.",
            stay,
        )
        if stay
        else ""
    )
    return f"{told} {more}".strip()


@bp.route("/claims/<claim_id>/swap", methods=["GET", "POST"])
def ask_swap(claim_id: str) -> Any:
    """The moments that other clubs hold in a week, and the proposal of an exchange."""
    booked = _of_lead(claim_id, can_swap_claims)
    if request.method == "POST":
        try:
            swap = swaps.ask_swap(actor(), claim_id, request.form.get("slot", ""))
        except (Taken, Invalid, Gone) as error:
            flash(str(error.detail), "error")
            return redirect(url_for(".ask_swap", claim_id=claim_id), 303)
        until = swap.until.astimezone(ZoneInfo(booked.house.timezone))
        told = _("C’est proposé. L’autre club répond avant le %(day)s, %(time)s.", day=day_long(until), time=hm(until))
        flash(told, "done")
        return redirect(url_for("clubs.list_requests", slug=booked.club.slug), 303)
    ahead = now() + swaps.AHEAD

    def fits(slot: Slot) -> bool:
        other = slot.claim is not None and slot.claim.club_id != booked.club.id
        return other and slot.start > ahead and slot.room.capacity >= booked.claim.size

    return _pick(booked, "swap", fits)


@bp.route("/swaps/<swap_id>", methods=["GET", "POST"])
def answer_swap(swap_id: str) -> Any:
    """What another club proposes, and the answer to it."""
    seen = swap_for(actor(), swap_id, "theirs")
    if not can_swap_claims(seen.membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    back = url_for("clubs.list_requests", slug=member_club_by_id(actor(), seen.membership.club_id)[0].slug)
    if request.method == "POST":
        yes = request.form.get("answer") == "yes"
        try:
            (swaps.accept_swap if yes else swaps.refuse_swap)(actor(), swap_id)
        except (Gone, Invalid, QuotaReached) as error:
            flash(str(error.detail), "error")
        else:
            flash(_("C’est échangé.") if yes else _("C’est noté : pas d’échange."), "done")
        return redirect(back, 303)
    told = show.swap_shown(seen.swap, "theirs") | {"only_if": show.condition_of(seen.swap, "theirs")}
    return render_template("series/answer_swap.html", back=back, **told)


@bp.post("/swaps/<swap_id>/withdraw")
def withdraw_swap(swap_id: str) -> Any:
    """Take a proposal back."""
    seen = swap_for(actor(), swap_id, "ours")
    slug = member_club_by_id(actor(), seen.membership.club_id)[0].slug
    try:
        swaps.withdraw_swap(actor(), swap_id)
    except Gone as error:
        flash(str(error.detail), "error")
    else:
        flash(_("La proposition est retirée."), "done")
    return redirect(url_for("clubs.list_requests", slug=slug), 303)


def proposals(_actor: Actor, club: Club, membership: Membership) -> Part | None:
    """On the page of a club's leads: the exchanges that wait, on either side."""
    if not can_swap_claims(membership):
        return None
    found = [show.swap_shown(swap, side) for swap, side in waiting_swaps(club)]
    asked = sum(1 for one in found if one["side"] == "theirs")
    return Part("series/_proposals.html", {"swaps": found}, waiting=asked) if found else None


parts.below.append(proposals)


def _of_lead(claim_id: str, may: Callable[[Membership], bool]) -> Booked:
    booked = claim_for(actor(), claim_id)
    use_zone(booked.house.timezone)
    if not may(booked.membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    if booked.claim.released_at is not None:
        raise NotFound()
    return booked


def _moment(booked: Booked) -> dict[str, Any]:
    zone, claim = ZoneInfo(booked.house.timezone), booked.claim
    start = claim.starts_at.astimezone(zone)
    told = {"claim": claim, "start": start, "end": claim.ends_at.astimezone(zone), "evening": is_evening(start)}
    return told | {"room": booked.room, "plant": plant_name(booked.club), "club": booked.club}


def _pick(booked: Booked, way: str, fits: Callable[[Slot], bool]) -> str:
    """A week of a house, all rooms, as a list: what can be picked for a move or an exchange."""
    here = f".{'pick_move' if way == 'move' else 'ask_swap'}"

    def url(slug: str, week: str) -> str:
        return url_for(here, claim_id=booked.claim.id, house=slug, week=week)

    back = url_for("rooms.show_claim", claim_id=booked.claim.id)
    return pick_page(booked.claim, booked.house, list_houses(), fits, url, way=way, back=back, **_moment(booked))
