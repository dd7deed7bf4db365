"""What a kiosk asks of the desk: somebody is called."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.core.actor import Actor
from app.houses.desk import Case, address_of, waiting
from app.houses.devices.queries import calls_in
from app.houses.models import House


def calls(_actor: Actor, houses: Sequence[House]) -> list[Case]:
    """Somebody waits at a kiosk, now."""
    return [
        Case(
            urgency="now",
            kind="brick",
            icon="bell",
            label=_("On vous appelle"),
            title=_("Une personne vous attend à la borne"),
            text=house.name if len(houses) > 1 else "",
            since=call.called_at,
            href=address_of("devices.answer_call", slug=house.slug, call_id=call.id),
            action=_("J’arrive"),
            post=True,
        )
        for call, house in calls_in(houses)
    ]


waiting.append(calls)
