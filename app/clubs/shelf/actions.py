"""The verb of a lead: propose something for the shelf."""

from app.clubs.actions import not_a_lead
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.clubs.shelf.policy import can_propose_item
from app.clubs.shelf.queries import hash_of
from app.core.actor import Actor
from app.core.db import transaction
from app.houses.shelf import actions as shelf
from app.houses.shelf.actions import ItemSaid


def open_proposal(actor: Actor, slug: str) -> tuple[Club, Membership]:
    """The club, for one of its leads. Raises NotFound, NotAllowed."""
    club, me = member_club_for(actor, slug)
    if not can_propose_item(me):
        raise not_a_lead()
    return club, me


def propose_item(actor: Actor, slug: str, said: ItemSaid) -> None:
    """A lead proposes something to the house; neither club nor person is written down so that it can be read."""
    with transaction():
        club, _me = open_proposal(actor, slug)
        shelf.propose_item(actor, club.house_id, said, hash_of(club.id))
