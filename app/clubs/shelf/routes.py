"""The page by which a lead proposes something and reads what was answered; both stand on the club's page too."""

from typing import Any

from flask import Blueprint, url_for
from flask_babel import gettext as _

from app.clubs.models import Club, Membership
from app.clubs.parts import below
from app.clubs.queries import house_of
from app.clubs.shelf import actions
from app.clubs.shelf.policy import can_propose_item
from app.clubs.shelf.queries import proposals_of
from app.core.actor import Actor
from app.houses.shelf.forms import ItemForm
from app.houses.shelf.queries import shown_ids
from app.houses.shelf.reasons import REASONS
from app.houses.shelf.writing import Writing
from app.web.bodies import takes_a_file
from app.web.filters import use_zone
from app.web.guard import actor
from app.web.parts import Part

bp = Blueprint("club_shelf", __name__)


@bp.route("/clubs/<slug>/shelf", methods=["GET", "POST"])
@takes_a_file
def propose_item(slug: str) -> Any:
    """Something for everybody; the team says yes or no."""
    club, me = actions.open_proposal(actor(), slug)
    use_zone(house_of(club).timezone)
    part = proposing(actor(), club, me)
    told = {**part.part, "link": False} if part else None
    back = url_for("pages.show_club", slug=slug)
    writing = Writing(ItemForm(), club.house_id, back, proposed=True, part=told)
    done = _("C’est proposé. L’équipe regarde. Vous lirez sa réponse ici.")
    return writing.answer(lambda said: actions.propose_item(actor(), slug, said), done)


def proposing(_actor: Actor, club: Club, membership: Membership) -> Part | None:
    """For leads alone."""
    if not can_propose_item(membership):
        return None
    found = proposals_of(club, membership)
    known = {"found": found, "shown": shown_ids(one.item_id for one in found), "reasons": REASONS}
    return Part("shelf/_proposing.html", {"slug": club.slug, "link": True, **known})


below.append(proposing)
