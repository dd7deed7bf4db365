"""How ballots came out, in one sentence each, for who may read them."""

from collections.abc import Sequence
from typing import Any

from app.meetings.ballots.closing import drawn_labels
from app.meetings.ballots.models import Ballot, BallotVoice
from app.meetings.ballots.queries import label_of, voices_of
from app.meetings.ballots.words import outcome_words

Voices = Sequence[tuple[str, BallotVoice]]


def drawn(ballot: Ballot, voices: Voices) -> list[str]:
    """The names of who was drawn and is still there, in order."""
    names = {label_of(ballot, voice.membership_id): name for name, voice in voices}
    return [names[label] for label in drawn_labels(ballot) if label in names]


def told(ballots: Sequence[Ballot]) -> list[tuple[Ballot, Any]]:
    """Each with how it came out, in one sentence; who was drawn is asked once for all."""
    by_lot = [each for each in ballots if each.outcome == "drawn"]
    voices = voices_of(*by_lot) if by_lot else []
    return [(each, outcome_words(each, drawn(each, voices))) for each in ballots]
