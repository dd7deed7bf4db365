"""What a club's own pages say of what it decides: to its members what runs and what came out, to its leads what comes
up again.
"""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from app.clubs import parts
from app.clubs.models import Club, Membership
from app.clubs.queries import house_of
from app.core.actor import Actor
from app.core.clock import now
from app.meetings.ballots.closing import drawn_labels
from app.meetings.ballots.models import Ballot, BallotVoice
from app.meetings.ballots.queries import answered_by, closed_ballots, label_of, open_ballots, to_review, voices_of
from app.meetings.ballots.words import outcome_words
from app.web.parts import Part

Voices = Sequence[tuple[str, BallotVoice]]
SHOWN = 3


def drawn(ballot: Ballot, voices: Voices) -> list[str]:
    """The names of who was drawn and is still there, in order."""
    names = {label_of(ballot, voice.membership_id): name for name, voice in voices}
    return [names[label] for label in drawn_labels(ballot) if label in names]


def told(ballots: Sequence[Ballot]) -> list[tuple[Ballot, Any]]:
    """Each with how it came out, in one sentence; who was drawn is asked once for all."""
    by_lot = [each for each in ballots if each.outcome == "drawn"]
    voices = voices_of(*by_lot) if by_lot else []
    return [(each, outcome_words(each, drawn(each, voices))) for each in ballots]


def deciding(actor: Actor, club: Club, me: Membership) -> Part | None:
    """Under the meetings of a club: what it decides now, and the last things that it decided."""
    if me.visit_until is not None:
        return None
    running = open_ballots(me)
    closed = told(closed_ballots(me, SHOWN))
    values = {"club": club, "running": running, "answered": answered_by(actor, me, running), "closed": closed}
    return Part("ballots/_ahead.html", values)


def reviewing(_actor: Actor, club: Club, me: Membership) -> Part | None:
    """Below the requests of a club's leads: what was to be looked at again by now."""
    due = to_review(me, now().astimezone(ZoneInfo(house_of(club).timezone)).date())
    if not due:
        return None
    return Part("ballots/_review.html", {"due": told(due)}, waiting=len(due))


parts.ahead.append(deciding)
parts.below.append(reviewing)
