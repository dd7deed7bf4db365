"""The page by which a lead proposes something, and the way to it on the page of the club."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.clubs.models import Club, Membership
from app.clubs.parts import below
from app.clubs.shelf import actions
from app.clubs.shelf.policy import can_propose_item
from app.core.actor import Actor
from app.core.errors import Invalid
from app.houses.shelf.forms import ItemForm
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("club_shelf", __name__)


@bp.route("/clubs/<slug>/shelf", methods=["GET", "POST"])
def propose_item(slug: str) -> Any:
    """Something for everybody; the team says yes or no."""
    actions.open_proposal(actor(), slug)
    form = ItemForm()
    if request.method == "GET" or not form.validate():
        return _page(slug, form, 422 if form.is_submitted() else 200)
    try:
        actions.propose_item(actor(), slug, form.said)
    except Invalid as error:
        form.refuse(error.field or "title", str(error.detail))
        return _page(slug, form, error.status)
    flash(_("C’est proposé. L’équipe regarde."), "done")
    return redirect(url_for("pages.show_club", slug=slug), 303)


def _page(slug: str, form: ItemForm, status: int) -> Any:
    back = url_for("pages.show_club", slug=slug)
    page = render_template(
        "shelf/change_item.html", form=form, item=None, back=back, proposed=True, nav_current="clubs"
    )
    return page, status


def proposing(_actor: Actor, club: Club, membership: Membership) -> Part | None:
    """For leads alone."""
    return Part("shelf/_proposing.html", {"slug": club.slug}) if can_propose_item(membership) else None


below.append(proposing)
