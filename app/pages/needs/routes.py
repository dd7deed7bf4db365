"""What do you need? A choice is sent by POST: a need stands in no address, no history and no log."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import is_today
from app.core.errors import Invalid
from app.facilitation.reports.emergency import help_in
from app.houses.needs import BY_NAME, NEEDS, Need
from app.houses.queries import main_house
from app.houses.ways import ICONS, WAYS
from app.pages import queries
from app.pages.needs import actions
from app.pages.needs import kiosk as _kiosk  # noqa: F401 tells the hall of a kiosk what there is
from app.pages.needs.answers import WHY_ADVICE, WHY_SHEET, answers_to, clubs_that_say
from app.pages.needs.forms import SayForm
from app.pages.needs.words import Heard, hear
from app.web.guard import public

bp = Blueprint("needs", __name__)
MANY = 12


@bp.get("/needs")
@public
def show_needs() -> Response:
    """The doors."""
    return _page(None)


@bp.post("/needs")
@public
def choose_need() -> Response:
    """What answers one of them, or a sentence; nothing of it is kept."""
    if "need" not in request.form:
        return _forgotten(_said(SayForm()))
    need = BY_NAME.get(request.form["need"])
    if need is None:
        raise Invalid()
    return _forgotten(_page(need))


def _forgotten(answer: Response) -> Response:
    # Going back shows the doors, not what somebody chose.
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(form: SayForm) -> Response:
    """What answers a sentence: its plainest need, the others beside; without one, the clubs that use its words."""
    if not form.validate():
        return _page(None, form, status=422)
    heard = hear(form.said.data, str(get_locale() or "fr")[:2])
    return _page(next(iter(heard.needs), None), form, heard)


@bp.post("/needs/helped")
@public
def say_helped() -> Response:
    """What helped, by one tap: a number grows by one."""
    actions.say_helped(request.form.get("need"), request.form.get("kind"), request.remote_addr or "")
    flash(_("Merci. Nous comptons, sans savoir qui."), "done")
    return redirect(url_for(".show_needs"), 303)


def _page(need: Need | None, form: SayForm | None = None, heard: Heard | None = None, status: int = 200) -> Response:
    coming = queries.open_meetings(limit=MANY)
    tonight = [one for one in coming if is_today(one.start)]
    meetings, house = tonight or coming[:3], main_house()
    said = form.said.data if form and heard else ""
    found = answers_to(need, house, meetings, said) if need else clubs_that_say(said) if said else None
    page = render_template(
        "needs/show_needs.html",
        needs=NEEDS,
        chosen=need,
        form=form or SayForm(formdata=None),
        heard=heard,
        help=help_in(house.country) if house and heard and heard.danger else None,
        found=found,
        coming=meetings,
        tonight=tonight,
        why_advice=WHY_ADVICE,
        why_sheet=WHY_SHEET,
        way_icons=ICONS,
        ways=WAYS,
        nav_current="home",
    )
    return make_response(page, status)
