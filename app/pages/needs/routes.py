"""What do you need? A choice is sent by POST: a need stands in no address, no history and no log."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clubs.cards import is_today
from app.core.errors import Invalid
from app.houses.needs import BY_NAME, NEEDS, Need
from app.houses.queries import main_house
from app.houses.ways import ICONS, WAYS
from app.pages import queries
from app.pages.needs import actions
from app.pages.needs import kiosk as _kiosk  # noqa: F401 tells the hall of a kiosk what there is
from app.pages.needs.answers import WHY_ADVICE, answers_to
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
    """What answers one of them; nothing of it is kept."""
    need = BY_NAME.get(request.form.get("need", ""))
    if need is None:
        raise Invalid()
    answer = _page(need)
    # Going back shows the doors, not what somebody chose.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/needs/helped")
@public
def say_helped() -> Response:
    """What helped, by one tap: a number grows by one."""
    actions.say_helped(request.form.get("need"), request.form.get("kind"), request.remote_addr or "")
    flash(_("Merci. Nous comptons, sans savoir qui."), "done")
    return redirect(url_for(".show_needs"), 303)


def _page(need: Need | None) -> Response:
    coming = queries.open_meetings(limit=MANY)
    tonight = [one for one in coming if is_today(one.start)]
    meetings = tonight or coming[:3]
    return make_response(
        render_template(
            "needs/show_needs.html",
            needs=NEEDS,
            chosen=need,
            found=answers_to(need, main_house(), meetings) if need else None,
            coming=meetings,
            tonight=tonight,
            why_advice=WHY_ADVICE,
            way_icons=ICONS,
            ways=WAYS,
            nav_current="home",
        )
    )
