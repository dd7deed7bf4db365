"""What is written about hours of advice: house, day and time; never the partner, the subject or a name."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.accounts.mail_choices import choice_of
from app.accounts.notices import notify
from app.core.clock import now
from app.houses.advice.models import Booking
from app.houses.advice.queries import Hour, advisers_to_tell, freed_hours


def tell_cancelled(hour: Hour, bookings: Sequence[Booking]) -> None:
    """The house or the adviser cancelled: whoever had booked reads it. A slip of paper has no address."""
    for booking in bookings:
        if booking.account_id is not None:
            _tell(booking.account_id, [hour], "advice_cancelled")


def tell_freed() -> None:
    """Who gives advice reads which hours are free again, not whose they were: one mail for all of them, by the clock.

    Somebody who books and cancels in a loop thus makes one mail a quarter of an hour at most, and none while they hold
    the last place. In quiet hours they wait, so that the morning brings one mail and not all of the night's.
    """
    found: dict[str, list[Hour]] = {}
    for hour in freed_hours():
        found.setdefault(hour.partner.id, []).append(hour)
    told = {partner_id: advisers_to_tell(partner_id) for partner_id in found}
    awake = {key: hours for key, hours in found.items() if not told[key] or any(map(_is_awake, told[key]))}
    for partner_id, hours in awake.items():
        for account_id in told[partner_id]:
            _tell(account_id, hours, "advice_freed")
        for hour in hours:
            hour.row.freed_at = None


def _is_awake(account_id: str) -> bool:
    moment = now()
    return choice_of(account_id).leaves_at(moment) == moment


def _tell(account_id: str, hours: Sequence[Hour], template: str) -> None:
    # An address of the hour or of its partner would say in a mail who is asked for advice.
    notify(
        account_id, "reminder", _l("Rendez-vous"), template, path="/partners",
        until=max(hour.row.starts_at for hour in hours), hours=hours,
    )  # fmt: skip
