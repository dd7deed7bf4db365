"""The page by which a lead proposes something, and the way to it on the page of the club."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from app.clubs.models import Club, Membership
from app.clubs.parts import below
from app.clubs.shelf import actions
from app.clubs.shelf.policy import can_propose_item
from app.core.actor import Actor
from app.houses.shelf.forms import ItemForm
from app.houses.shelf.writing import Writing
from app.web.bodies import takes_a_file
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("club_shelf", __name__)


@bp.route("/clubs/<slug>/shelf", methods=["GET", "POST"])
@takes_a_file
def propose_item(slug: str) -> Any:
    """Something for everybody; the team says yes or no."""
    house_id = actions.open_proposal(actor(), slug)
    writing = Writing(ItemForm(), house_id, url_for("pages.show_club", slug=slug), proposed=True)
    done = _("C’est proposé. L’équipe regarde.")
    return writing.answer(lambda said: actions.propose_item(actor(), slug, said), done)


def proposing(_actor: Actor, club: Club, membership: Membership) -> Part | None:
    """For leads alone."""
    return Part("shelf/_proposing.html", {"slug": club.slug}) if can_propose_item(membership) else None


below.append(proposing)
