"""The pages of closures: say what is shut, answer for each claim that it hits, lift it again."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request
from flask_babel import gettext as _

from app.clubs.cards import plant_name
from app.core.errors import Invalid
from app.houses.models import House
from app.rooms.closures import actions
from app.rooms.closures.forms import CloseForm
from app.rooms.closures.queries import Shutting, choices_for, closure_of, hit_by, hits, shutting
from app.rooms.queries import Slot, rooms_of
from app.rooms.staff.pages import back_to_rooms, house_here, page
from app.rooms.staff.queries import Standing
from app.web.guard import actor

bp = Blueprint("closures", __name__)


@bp.route("/houses/<slug>/closures/new", methods=["GET", "POST"])
def close(slug: str) -> Any:
    """Shut rooms: at once where nothing is claimed, else after an answer for each claim."""
    house, form = house_here(slug), CloseForm()
    form.offer(rooms_of(house))
    if request.method == "GET" or not form.validate():
        return page("closures/close", house, 422 if form.is_submitted() else 200, form=form)
    answers = {name.removeprefix("answer-"): value for name, value in request.form.items() if "answer-" in name}
    try:
        actions.close(actor(), slug, form.plan, answers)
    except Invalid as error:
        form.refuse(error.field or "say", error.detail)
        return page("closures/close", house, 422, form=form)
    except (actions.Unanswered, actions.SlotLost) as error:
        lost = error.claim_id if isinstance(error, actions.SlotLost) else ""
        return _ask(house, form, answers, lost)
    return back_to_rooms(house, _("C’est fermé. Les clubs sont prévenus.") if answers else _("C’est fermé."))


def _ask(house: House, form: CloseForm, answers: dict[str, str], lost: str) -> Any:
    """Each claim with its answers; what was answered is kept, what changed meanwhile is said."""
    planned = shutting(house, form.plan)
    standing = [_standing(one, planned, answers, lost) for one in hit_by(planned)]
    asked = request.form.get("asked") == "yes"
    open_ones = [one for one in standing if not one["answer"]]
    return page(
        "closures/answer_claims",
        house,
        (409 if lost or any(one["new"] for one in standing) else 422) if asked else 200,
        plan=form,
        standing=standing,
        what=planned.room.name if planned.room else _("Toute la maison"),
        open_ones=open_ones if asked else [],
        lost=bool(lost),
        may_tell=planned.may_tell,
        has_errors=asked,
        known=" ".join(one["id"] for one in standing),
    )


def _standing(one: Standing, planned: Shutting, answers: dict[str, str], lost: str) -> dict[str, Any]:
    zone = ZoneInfo(planned.house.timezone)
    slots = [_slot(slot, zone) for slot in choices_for(one, planned)]
    answer = answers.get(one.claim.id, "")
    still = {"cancel", *(slot["value"] for slot in slots), *(["tell"] if planned.may_tell else [])}
    before = request.form.get("known")
    return {
        "id": one.claim.id,
        "plant": plant_name(one.club),
        "room": one.room.name,
        "start": one.claim.starts_at.astimezone(zone),
        "end": one.claim.ends_at.astimezone(zone),
        "slots": slots,
        "answer": answer if answer in still and one.claim.id != lost else "",
        "lost": one.claim.id == lost,
        "new": before is not None and one.claim.id not in before.split(),
    }


def _slot(slot: Slot, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "value": f"move:{slot.id}",
        "start": slot.start.astimezone(zone),
        "end": slot.end.astimezone(zone),
        "room": slot.room.name,
    }


@bp.route("/houses/<slug>/closures/<closure_id>/lift", methods=["GET", "POST"])
def lift(slug: str, closure_id: str) -> Any:
    """Open again what was to be shut, after a page that says what happens."""
    house_here(slug)
    house, closure, rooms = closure_of(actor(), slug, closure_id)
    if request.method == "POST":
        actions.lift(actor(), slug, closure_id)
        return back_to_rooms(house, _("La fermeture est levée."))
    zone = ZoneInfo(house.timezone)
    return page(
        "closures/lift",
        house,
        start=closure.starts_at.astimezone(zone),
        last=(closure.ends_at - timedelta(minutes=1)).astimezone(zone),
        reason=closure.reason,
        room=rooms[0].name if closure.room_id else "",
        standing=len(hits([room.id for room in rooms], closure.starts_at, closure.ends_at)),
    )
