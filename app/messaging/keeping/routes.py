"""The HTML door of how long a club keeps what it says, and what its pages say of it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.clubs.actions import not_a_lead
from app.clubs.cards import plant_name
from app.clubs.models import Club
from app.clubs.pinned import Pinned, pinned
from app.clubs.queries import house_of, member_club_for
from app.core.errors import Invalid
from app.messaging.keeping import actions, policy
from app.messaging.keeping.forms import ChooseKeepingForm
from app.web.filters import day_long, use_zone, wall
from app.web.guard import actor

bp = Blueprint("keeping", __name__)


@bp.route("/clubs/<slug>/keeping", methods=["GET", "POST"])
def choose_keeping(slug: str) -> Any:
    """A lead chooses the months; what that deletes is said before."""
    club, me = member_club_for(actor(), slug)
    if not policy.can_choose_keeping(me):
        raise not_a_lead()
    use_zone(house_of(club).timezone)
    form, status = ChooseKeepingForm(data={"months": club.keep_next or club.keep_months}), 200
    if form.validate_on_submit():
        try:
            changed = actions.choose_keeping(actor(), slug, form.months.data)
            shorter = changed.keep_next is not None
            later = _("C’est noté. Tout le club le lit ; cela commence dans sept jours.")
            flash(later if shorter else _("C’est noté. Cela vaut tout de suite."), "done")
            return redirect(url_for("pages.show_club", slug=slug), 303)
        except Invalid as error:
            form.refuse("months", str(error.detail))
            status = error.status
    elif form.errors:
        form.months.errors = [_("Choisissez de 1 à 24 mois.")]
        status = 422
    values = {"club": club, "plant": plant_name(club), "form": form, "nav_current": "clubs"}
    return render_template("keeping/choose_keeping.html", **values), status


def told(club: Club) -> list[Pinned]:
    """A shorter time is pinned for all until it begins: what it deletes can still be copied."""
    if club.keep_next is None or club.keep_next_at is None:
        return []
    day = day_long(wall(club.keep_next_at))
    line = ngettext(
        "À partir du %(day)s, les messages de ce club vivent %(num)s mois. Les plus vieux sont effacés.",
        "À partir du %(day)s, les messages de ce club vivent %(num)s mois. Les plus vieux sont effacés.",
        club.keep_next,
        day=day,
    )
    return [Pinned([line], kind="honey", icon="hourglass")]


pinned.append(told)
