"""What a club proposed for the shelf and what the team answered, for its leads; found by a hash, kept with no club."""

from collections.abc import Sequence
from datetime import timedelta

from app.clubs.models import Club, Membership
from app.clubs.shelf.policy import can_propose_item
from app.core.sealed import keyed_hash
from app.houses.shelf.models import ShelfProposal
from app.houses.shelf.queries import proposals_by, today

SHOWN = 10
NEW_FOR = timedelta(days=7)


def hash_of(club_id: str) -> str:
    """By which the proposals of a club are found; nobody reads from it which one it is."""
    return keyed_hash("shelf-club", club_id)


def proposals_of(club: Club, membership: Membership) -> list[ShelfProposal]:
    """What waits and what was answered lately, for a lead; nothing for others."""
    return proposals_by([hash_of(club.id)])[:SHOWN] if can_propose_item(membership) else []


def answers_for(mine: Sequence[tuple[Club, Membership]]) -> list[Club]:
    """The clubs that somebody leads and to which the team answered this week, in one question."""
    led = {hash_of(club.id): club for club, membership in mine if can_propose_item(membership)}
    found = {one.from_hash for one in proposals_by(led, since=today() - NEW_FOR)} if led else set()
    return [club for key, club in led.items() if key in found]
