"""The verb of answering: with a name it may be changed until the end, without a name it is said once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from app.clubs import live
from app.clubs.models import Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, Taken
from app.core.limits import Bucket, spend
from app.meetings.ballots import box
from app.meetings.ballots.actions import held, refuse_closed
from app.meetings.ballots.models import Ballot, BallotVoice
from app.meetings.ballots.policy import can_vote
from app.meetings.ballots.queries import ballot_for
from app.meetings.ballots.rule import keys_of
from app.web.forms import checked

MAX_REASON = MAX_PROPOSAL = 500
# What an objection says, and what to do when it does not.
OBJECTION = {"reason": _l("Écrivez pourquoi."), "proposal": _l("Écrivez ce qui vous irait à la place.")}
VOTE = Bucket("vote", 20, 20)


@dataclass(frozen=True)
class Said:
    """What a member answers. picks: keys of ``rule.keys_of``; none takes back what was said with a name.

    reason, proposal: of an objection · round: of the proposal that they read.
    """

    picks: Sequence[str] = field(default_factory=tuple)
    reason: str = ""
    proposal: str = ""
    round: int = 1


def vote(actor: Actor, ballot_id: str, said: Said) -> Ballot:
    """A member answers. Without a name: once for all. With their name: as often as they wish, until the end."""
    with transaction():
        secret = ballot_for(actor, ballot_id)[0].secret
        ballot, club, me = held(actor, ballot_id, quiet=secret)
        if not can_vote(me):
            raise NotAllowed()
        refuse_closed(ballot)
        if said.round != ballot.round:
            raise Taken("ballot_amended", _l("La proposition vient de changer. Relisez-la, puis répondez."))
        spend(VOTE, me.id)
        picks = _checked_picks(ballot, said.picks)
        if secret:
            _cast(ballot, actor, picks)
        elif _say(ballot, me, picks, said):
            live.record(club.id, "ballot:changed", ballot.id)
        return ballot


def _checked_picks(ballot: Ballot, picks: Sequence[str]) -> list[str]:
    """In the order of the choices. Raises Invalid."""
    keys = keys_of(ballot.way, ballot.options)
    if set(picks) - set(keys):
        raise Invalid("pick_unknown", _l("Ce choix n’existe pas ici."), field="picks")
    found = [key for key in keys if key in picks]
    if len(found) > 1 and not ballot.several:
        raise Invalid("one_pick", _l("Un seul choix compte ici."), field="picks")
    # A draw is left by picking nothing; who says nothing elsewhere has pressed too early.
    if not found and ballot.way != "lots":
        raise Invalid("pick_missing", _l("Choisissez une réponse."), field="picks")
    return found


def _cast(ballot: Ballot, actor: Actor, picks: Sequence[str]) -> None:
    if not box.take_place(ballot, actor.account_id):
        raise Taken("already_voted", _l("Vous avez déjà voté. Sans nom, un vote ne se change pas."))
    if not box.add(ballot, picks):
        raise Gone("box_lost", _l("Ce vote ne peut plus être compté. Posez la question de nouveau."))


def _say(ballot: Ballot, me: Membership, picks: list[str], said: Said) -> bool:
    """Write down what a member says; False when it is what they said already."""
    voice = db.session.get(BallotVoice, (ballot.id, me.id), populate_existing=True)
    if not picks:
        if voice is not None:
            db.session.delete(voice)
        return voice is not None
    reason, proposal = _objection(said) if picks == ["objection"] else ("", "")
    if voice is None:
        voice = BallotVoice(ballot_id=ballot.id, membership_id=me.id)
        db.session.add(voice)
    elif (voice.picks, voice.reason, voice.proposal) == (picks, reason, proposal):
        return False
    voice.picks, voice.reason, voice.proposal, voice.at = picks, reason, proposal, now()
    return True


def _objection(said: Said) -> tuple[str, str]:
    """An objection says why, and what would do instead. Raises Invalid."""
    reason = checked(said.reason, "reason", MAX_REASON, empty=OBJECTION["reason"], lines=True)
    return reason, checked(said.proposal, "proposal", MAX_PROPOSAL, empty=OBJECTION["proposal"], lines=True)
