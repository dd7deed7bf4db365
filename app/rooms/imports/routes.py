"""The pages of calendars that are brought: what would come of a file, the second yes, and the way back."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, request
from flask_babel import gettext as _
from flask_babel import ngettext
from itsdangerous import BadData, URLSafeTimedSerializer

from app.clubs.cards import plant_name
from app.core.clock import now
from app.core.offload import offload
from app.houses.models import House
from app.rooms.imports import actions
from app.rooms.imports.forms import BringForm
from app.rooms.imports.queries import Clash, brought_for, plan_for
from app.rooms.imports.reading import Moment, Reading, Unreadable, read_calendar
from app.rooms.models import Room
from app.rooms.queries import room_by_slug, rooms_of
from app.rooms.staff.pages import back_to_rooms, house_here, page
from app.web.guard import actor

bp = Blueprint("imports", __name__)
AN_HOUR = 3600


@bp.route("/houses/<slug>/rooms/<room_slug>/import", methods=["GET", "POST"])
def bring_calendar(slug: str, room_slug: str) -> Any:
    """A file, then what would come of it; nothing is taken before the second yes."""
    house = house_here(slug)
    room = room_by_slug(rooms_of(house), room_slug)
    form = BringForm()
    if request.method == "POST" and "plan" in request.form:
        return _take(house, room, form)
    if request.method == "GET" or not form.validate():
        return _form_page(house, room, form, 422 if form.is_submitted() else 200)
    zone, weeks = ZoneInfo(house.timezone), timedelta(weeks=form.weeks.data)
    data, first = form.file.data.read(), now()
    try:
        found = offload(with_words(lambda: read_calendar(data, zone, first, first + weeks)))
    except Unreadable as error:
        form.refuse("file", error.detail)
        return _form_page(house, room, form, error.status)
    return _dry_run(house, room, found)


def with_words(work: Any) -> Any:
    """In a thread of its own, which knows the application but no request."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def run() -> Any:
        with app.app_context():
            return work()

    return run


def _form_page(house: House, room: Room, form: BringForm, status: int) -> Any:
    return page("imports/bring", house, status, form=form, room=room)


def _dry_run(house: House, room: Room, found: Reading) -> Any:
    zone = ZoneInfo(house.timezone)
    plan = plan_for(room, found.moments)
    return page(
        "imports/dry_run",
        house,
        room=room,
        taken=[_told(one, zone) for one in plan.taken],
        clashes=[_clash(one, zone) for one in plan.clashes],
        known=plan.known,
        passed=found.passed,
        plan=signed_plan(room, plan.taken),
    )


def signed_plan(room: Room, moments: Sequence[Moment]) -> str:
    """What the page sends back with the second yes: times and keys, no word of the file."""
    return str(_signer().dumps([room.id, [[_stamp(one.start), _stamp(one.end), one.key] for one in moments]]))


def _told(one: Moment, zone: ZoneInfo) -> dict[str, Any]:
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    whole = f"{start:%H:%M}{end:%H:%M}" == "00:0000:00"
    last = (end - timedelta(minutes=1)).date()
    return {"start": start, "end": end, "summary": one.summary, "whole": whole, "last": last}


def _clash(one: Clash, zone: ZoneInfo) -> dict[str, Any]:
    held = {"held_from": one.start.astimezone(zone), "held_until": one.end.astimezone(zone)}
    return _told(one.moment, zone) | held | {"plant": plant_name(one.club)}


def _take(house: House, room: Room, form: BringForm) -> Any:
    try:
        room_id, told = _signer().loads(request.form["plan"], max_age=AN_HOUR)
    except BadData:
        room_id, told = "", []
    if room_id != room.id:
        form.refuse("file", _("C’était trop long. Choisissez encore le fichier."))
        return _form_page(house, room, form, 422)
    moments = [Moment(_moment(start), _moment(end), "", key) for start, end, key in told]
    done = actions.bring_calendar(actor(), house.slug, room.slug, moments)
    said = ngettext("%(num)s moment est occupé.", "%(num)s moments sont occupés.", done.taken)
    if done.clashes:
        said += " " + ngettext(
            "%(num)s autre vient d’être réservé par un club : il lui reste.",
            "%(num)s autres viennent d’être réservés par des clubs : ils leur restent.",
            done.clashes,
        )
    return back_to_rooms(house, said if done.taken or done.clashes else _("Il n’y avait rien à ajouter."))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="room-import")


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _moment(minutes: int) -> datetime:
    return datetime.fromtimestamp(minutes * 60, UTC)


@bp.route("/houses/<slug>/imports/<import_id>/undo", methods=["GET", "POST"])
def undo_import(slug: str, import_id: str) -> Any:
    """Give back all that came of a calendar, after a page that says what that means."""
    house_here(slug)
    house, brought = brought_for(actor(), slug, import_id)
    if request.method == "GET":
        return page("imports/undo", house, brought=brought)
    actions.undo_import(actor(), slug, import_id)
    return back_to_rooms(house, _("Le calendrier importé est défait."))
