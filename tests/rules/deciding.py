"""What Tilleul decides on the stage: a question, a proposal, what is decided and to be looked at again, and a draw."""

from typing import Any

from app.core.clock import now
from app.meetings.ballots.actions import Wish, close_ballot, open_ballot
from app.meetings.ballots.voting import Said, vote
from tests.support.cast import Cast, Person

# What somebody who leaves for good has written: see ``erasing``.
PLANTED = {("ballot", "question"), ("ballot", "body"), ("ballot", "options"), ("ballot_voice", "reason"),
           ("ballot_voice", "proposal")}  # fmt: skip


def plant(cast: Cast, mara: Person, mark: str) -> None:
    """She asks twice, of which one is closed, and objects to what another proposes."""
    for number in (1, 2):
        told = Wish("choice", f"{mark} {number} ?", f"Dit {mark}.", (f"Oui, {mark}", "Non"))
        asked = open_ballot(mara.actor, "tilleul", told)
    close_ballot(mara.actor, asked.id)
    theirs = open_ballot(cast.bruno.actor, "tilleul", Wish("consent", "D’accord ?", "Nous partons."))
    vote(mara.actor, theirs.id, Said(["objection"], f"{mark} refuse.", f"{mark} propose."))


def ask(cast: Cast) -> dict[str, str]:
    """Amina asks four times; nobody has answered the first."""

    def asked(way: str, **more: Any) -> str:
        return open_ballot(cast.amina.actor, "tilleul", Wish(way, "Que faisons-nous ?", "Nous sortons.", **more)).id

    closed = asked("choice", options=("Dehors", "Dedans"), review_on=now().date())
    drawn = asked("lots", wanted=1)
    vote(cast.bruno.actor, closed, Said(["1"]))
    for person in (cast.amina, cast.bruno):
        vote(person.actor, drawn, Said(["in"]))
    for each in (closed, drawn):
        close_ballot(cast.bruno.actor, each)
    proposed = asked("consent")
    vote(cast.bruno.actor, proposed, Said(["objection"], "Il pleut.", "Restons dedans."))
    return {
        "ballot": asked("sense"),
        "proposed_ballot": proposed,
        "closed_ballot": closed,
        "drawn_ballot": drawn,
    }
