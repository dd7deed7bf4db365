"""Who may do what with calendars. Pure."""

from app.core.actor import Actor


def can_make_calendar(actor: Actor) -> bool:
    """Members, on a device of their own: the address opens their agenda for who reads it on the screen."""
    return not actor.is_staff and actor.on_own_device
