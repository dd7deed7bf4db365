"""The pages of waiting: get on the list, see one's place, answer an offer, leave the list."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.clubs import parts
from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, QuotaReached, Taken
from app.rooms.actions import NOT_A_LEAD
from app.rooms.leads import led_clubs
from app.rooms.queries import Slot, Viewer, find_slot
from app.rooms.waiting import actions
from app.rooms.waiting import offers as _offers  # noqa: F401 offers what becomes free
from app.rooms.waiting.forms import AcceptForm, WaitForm
from app.rooms.waiting.models import Waiting
from app.rooms.waiting.policy import can_wait
from app.rooms.waiting.queries import Place, number_before, place_at, place_for, places_of
from app.rooms.week import NOWHERE, show_slot, week_of
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("waiting", __name__)


@bp.route("/slots/<slot_id>/wait", methods=["GET", "POST"])
def wait(slot_id: str) -> Any:
    """Put a club on the list for a slot that is not free, or for its evening."""
    slot = find_slot(slot_id)
    use_zone(slot.house.timezone)
    clubs = led_clubs(actor(), can_wait)
    form = WaitForm()
    form.offer(clubs, evening=slot.stretch.evening)
    known = None if form.is_submitted() else _known_place(slot, clubs)
    if known is not None:
        return redirect(url_for(".show_place", waiting_id=known.id), 303)
    if not form.is_submitted() or not form.validate():
        return _wait_page(slot, clubs, form, 422 if form.is_submitted() else 200)
    try:
        place = actions.wait_for_slot(actor(), form.wish_for(slot_id))
    except (Taken, Invalid, Gone) as error:
        if error.field and error.field in form:
            form.refuse(error.field, error.detail)
            return _wait_page(slot, clubs, form, error.status)
        return _wait_page(slot, clubs, form, error.status, error)
    flash(_("Votre club est sur la liste."), "done")
    return redirect(url_for(".show_place", waiting_id=place.id), 303)


def _known_place(slot: Slot, clubs: list[Club]) -> Waiting | None:
    """Where the only club of a lead waits already for all that one may wait for there."""
    kinds = (False, True) if slot.stretch.evening else (False,)
    places = [place_at(clubs[0], slot, evening=kind) for kind in kinds] if len(clubs) == 1 else []
    return places[0] if all(places) and places else None


def _wait_page(
    slot: Slot, clubs: list[Club], form: WaitForm, status: int = 200, refusal: DomainError | None = None
) -> Any:
    page = render_template(
        "waiting/wait.html",
        slot=show_slot(slot, Viewer(), NOWHERE),
        room=slot.room,
        clubs=clubs,
        plants=[plant_name(club) for club in clubs],
        form=form,
        refusal=refusal,
        has_errors=status != 200,
        week_url=_week_url(slot),
        claim_url=url_for("rooms.claim_slot", slot_id=slot.id) if slot.open else "",
    )
    return page, status


def _week_url(slot: Slot) -> str:
    return url_for("rooms.week", slug=slot.house.slug, room=slot.room.slug, week=week_of(slot.stretch.day))


@bp.get("/waiting/<waiting_id>")
def show_place(waiting_id: str) -> Any:
    """A club's place, or what is offered to it."""
    return _place_page(_place_here(waiting_id))


def _place_here(waiting_id: str) -> Place:
    place = place_for(actor(), waiting_id)
    if not can_wait(place.membership):
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    use_zone(place.house.timezone)
    return place


def _place_page(place: Place, status: int = 200, refusal: Any = None, form: AcceptForm | None = None) -> Any:
    if form is None:
        form = AcceptForm(formdata=None, data={"title": _("Rencontre")})
    page = render_template(
        "waiting/show_place.html", **_shown(place), form=form, refusal=refusal, has_errors=status != 200
    )
    return page, status


def _shown(place: Place) -> dict[str, Any]:
    zone = ZoneInfo(place.house.timezone)
    what = place.hold if place.offered and place.hold else place.waiting
    return {
        "place": place,
        "start": what.starts_at.astimezone(zone),
        "end": what.ends_at.astimezone(zone),
        "evening": place.waiting.room_id is None,
        "room": place.room,
        "plant": plant_name(place.club),
        "offered": place.offered,
        "until": place.hold.until.astimezone(zone) if place.hold else None,
        "before": 0 if place.hold else number_before(place),
        "week_url": url_for("rooms.week", slug=place.house.slug),
    }


@bp.post("/waiting/<waiting_id>/accept")
def accept_offer(waiting_id: str) -> Any:
    """Take what is kept."""
    place, form = _place_here(waiting_id), AcceptForm()
    if not form.validate():
        return _place_page(place, 422, form=form)
    try:
        booked = actions.accept_offer(actor(), waiting_id, form.title.data or "")
    except (Taken, Gone, Invalid, QuotaReached) as error:
        return _place_page(_place_here(waiting_id), error.status, error.detail, form)
    return redirect(url_for("rooms.show_claim", claim_id=booked.claim.id), 303)


@bp.post("/waiting/<waiting_id>/leave")
def leave_list(waiting_id: str) -> Any:
    """Wait no more; what was offered goes to the next."""
    place = actions.leave_list(actor(), waiting_id)
    flash(_("C’est noté : le moment va à un autre club.") if place.offered else _("Vous n’attendez plus."), "done")
    return redirect(url_for("rooms.week", slug=place.house.slug), 303)


def waits(_actor: Actor, club: Club, membership: Membership) -> Part | None:
    """What a club waits for and what it is offered, on the page of its leads."""
    found = places_of(club, membership)
    shown = [_shown(one) for one in found]
    return Part("waiting/_places.html", {"places": shown}, sum(one.offered for one in found)) if found else None


parts.below.append(waits)
