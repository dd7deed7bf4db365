"""What is written about hours of advice: house, day and time; never the partner, the subject or a name."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.houses.advice.models import Booking
from app.houses.advice.queries import Hour, advisers_to_tell


def tell_cancelled(hour: Hour, bookings: Sequence[Booking]) -> None:
    """The house or the adviser cancelled: whoever had booked reads it. A slip of paper has no address."""
    for booking in bookings:
        if booking.account_id is not None:
            _tell(booking.account_id, hour, "advice_cancelled")


def tell_freed(hour: Hour) -> None:
    """Somebody cancelled: who gives the advice reads when, not who."""
    for account_id in advisers_to_tell(hour.partner.id):
        _tell(account_id, hour, "advice_freed")


def _tell(account_id: str, hour: Hour, template: str) -> None:
    # An address of the hour or of its partner would say in a mail who is asked for advice.
    notify(
        account_id, "reminder", _l("Rendez-vous"), template, path="/partners", until=hour.row.starts_at,
        house=hour.house.name, start=hour.start, end=hour.end,
    )  # fmt: skip
