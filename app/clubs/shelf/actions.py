"""The verb of a lead: propose something for the shelf."""

from app.clubs.actions import not_a_lead
from app.clubs.queries import member_club_for
from app.clubs.shelf.policy import can_propose_item
from app.core.actor import Actor
from app.core.db import transaction
from app.houses.shelf import actions as shelf
from app.houses.shelf.actions import ItemSaid


def open_proposal(actor: Actor, slug: str) -> str:
    """The id of the house, for a lead of one of its clubs. Raises NotFound, NotAllowed."""
    club, me = member_club_for(actor, slug)
    if not can_propose_item(me):
        raise not_a_lead()
    return club.house_id


def propose_item(actor: Actor, slug: str, said: ItemSaid) -> None:
    """A lead proposes something to the house; neither the club nor the person is written down."""
    with transaction():
        shelf.propose_item(actor, open_proposal(actor, slug), said)
