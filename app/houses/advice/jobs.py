"""The clock's door of advice: thirty days after an hour nothing is left of who came; tomorrow is told."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts import digests
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import transaction
from app.core.jobs import every
from app.core.privacy import take_away
from app.core.retention import Lasting, by_key
from app.houses.advice.mails import tell_freed
from app.houses.advice.models import AdviceHour
from app.houses.advice.queries import advice_for_agenda, booking_rows
from app.web.filters import hm

KEPT = Lasting(days=30)

by_key(
    "advice:past", ("advice_hour", "advice_booking"), KEPT, AdviceHour.id,
    lambda moment: select(AdviceHour.id).where(AdviceHour.ends_at < KEPT.before(moment)),
)  # fmt: skip


@every("advice:freed", minutes=15)
def tell_freed_hours() -> None:
    """What was cancelled and nobody took is told to who gives the advice."""
    with transaction():
        tell_freed()


def tomorrow_lines(actor: Actor) -> list[Any]:
    """Somebody's appointments of tomorrow: house and time, as a meeting is told."""
    standing = [one for one in advice_for_agenda(actor) if not one.cancelled]
    ahead = [
        one for one in standing if one.start.date() == now().astimezone(one.start.tzinfo).date() + timedelta(days=1)
    ]
    return [_("%(time)s, %(house)s", time=hm(one.start), house=one.house.name) for one in ahead]


digests.tomorrow.append(tomorrow_lines)
take_away("advice", _l("Mes rendez-vous de conseil"), booking_rows, ("advice_booking", "account_id"))
