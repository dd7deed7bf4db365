"""What a club is voting on, on its own page."""

from zoneinfo import ZoneInfo

from app.clubs import parts
from app.clubs.models import Club, Membership
from app.clubs.queries import house_of
from app.core.actor import Actor
from app.meetings.polls.policy import can_open_poll
from app.meetings.polls.queries import answered_by, is_open, shown_polls_of
from app.web.parts import Part


def polls_part(_actor: Actor, club: Club, membership: Membership) -> Part | None:
    """The open votes, and the way to propose dates; nothing for who is on a visit."""
    if not can_open_poll(membership):
        return None
    polls = shown_polls_of(membership)
    answered = answered_by(membership, polls) if polls else set()
    zone = ZoneInfo(house_of(club).timezone)
    rows = [
        {"poll": poll, "open": is_open(poll), "answered": poll.id in answered, "ends": poll.ends_at.astimezone(zone)}
        for poll in polls
    ]
    return Part("polls/_polls.html", {"polls": rows, "slug": club.slug}, sum(not row["answered"] for row in rows))


parts.ahead.append(polls_part)
