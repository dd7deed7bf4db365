"""What the team sees: rooms where nobody has said that they are there, and what was given back for that."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.core.actor import Actor
from app.houses.desk import Case, address_of, waiting
from app.houses.models import House
from app.rooms.presence.queries import Standing, awaited, given_back
from app.web.filters import hm


def presence_at_the_desk(_actor: Actor, houses: Sequence[House]) -> list[Case]:
    """Who told the word at the desk is there: one tap; and one tap takes back what was given back too soon."""
    said = _("Personne n’a encore dit être là")
    again = _("Rendue : personne n’a dit être là")
    return [_case(one, said) for one in awaited(houses)] + [_case(one, again) for one in given_back(houses)]


def _case(one: Standing, label: str) -> Case:
    start = one.claim.starts_at.astimezone(ZoneInfo(one.house.timezone))
    return Case(
        urgency="now",
        kind="honey",
        icon="door-open",
        label=label,
        title=_("%(room)s, %(time)s, mot : %(word)s", room=one.room.name, time=hm(start), word=one.claim.door_word),
        text="",
        since=one.claim.unused_at or one.claim.starts_at,
        href=address_of("presence.they_are_here", claim_id=one.claim.id),
        action=_("Ils sont là"),
        post=True,
    )


waiting.append(presence_at_the_desk)
