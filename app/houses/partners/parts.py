"""What other features put on the pages of partners: nothing, when empty."""

from collections.abc import Callable

from app.core.actor import Actor
from app.houses.partners.models import Partner
from app.web.parts import Part

Compose = Callable[[Actor | None, Partner], Part | None]
below_partner: list[Compose] = []
above_partners: list[Callable[[Actor | None], Part | None]] = []


def parts_below(actor: Actor | None, partner: Partner) -> list[Part]:
    """What has something to say on the page of one, to a visitor or to who is signed in."""
    return [part for compose in below_partner if (part := compose(actor, partner)) is not None]


def parts_above(actor: Actor | None) -> list[Part]:
    """What comes before the list of all."""
    return [part for compose in above_partners if (part := compose(actor)) is not None]
