"""What the two others do: read a proposal by its code, say yes under a name, read it again, take their yes back."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.clubs.consent import CONSENT_VERSION
from app.clubs.founding.actions import add_backer, consent_changed, tell
from app.clubs.founding.codes import code_key, read_code
from app.clubs.founding.models import Backer, Proposal
from app.clubs.founding.policy import can_say_yes
from app.clubs.founding.queries import OTHERS, Yes, backers_of, yes_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Taken
from app.core.limits import Window, give_back, spend

# Wrong codes alone count: a few words and ten thousand numbers are not guessed at this pace.
TRIES = Window("founding-code", 10, 60)


def open_code(actor: Actor, typed: str) -> tuple[str, Proposal]:
    """The proposal of a living code, to be read before saying yes; with the code as it is kept."""
    check_may_say_yes(actor)
    code = read_code(typed)
    spend(TRIES, actor.account_id)
    proposal = db.session.scalars(_of_code(code)).first()
    if proposal is None:
        raise _wrong_code()
    give_back(TRIES, actor.account_id)
    _check_own(actor, proposal)
    return code, proposal


def say_yes(actor: Actor, typed: str, name: str, consent_version: str = CONSENT_VERSION) -> None:
    """Stand behind a proposal, under a name for that club; of two who are the last at once, one is too many."""
    code, _read = open_code(actor, typed)
    if consent_version != CONSENT_VERSION:
        raise consent_changed()
    with transaction():
        proposal = db.session.scalars(_of_code(code).with_for_update()).first()
        if proposal is None:
            raise _wrong_code()
        _check_own(actor, proposal)
        there = backers_of(proposal)
        if any(one.account_id == actor.account_id for one in there):
            return
        free = [n for n in range(1, OTHERS + 1) if n not in [one.position for one in there]]
        if not free:
            raise Taken("enough", _l("Deux personnes ont déjà dit oui à ce club. Attendez qu’il ouvre."))
        add_backer(proposal, actor.account_id, free[0], name)


def say_yes_again(actor: Actor, backer_id: str, seen: str) -> None:
    """Say yes to what a proposal has become. seen: what was read, so that nobody agrees to words they did not see."""
    with transaction():
        yes = yes_for(actor, backer_id, lock=True)
        if seen != yes.proposal.seen:
            raise Taken("proposal_changed", _l("La proposition vient de changer. Relisez-la."))
        yes.backer.seen, yes.backer.said_at = yes.proposal.seen, now()


def take_back(actor: Actor, backer_id: str) -> None:
    """Take one's yes back, until the team has answered; a proposal that waits for the team goes back to its founder."""
    with transaction():
        drop_yes(yes_for(actor, backer_id, lock=True))


def drop_yes(yes: Yes) -> None:
    """In the present transaction, which holds the proposal."""
    backer: Backer = yes.backer
    db.session.delete(backer)
    if yes.proposal.sent_at is not None:
        yes.proposal.sent_at, yes.proposal.touched_at = None, now()
        tell(yes.proposal.account_id)


def check_may_say_yes(actor: Actor) -> None:
    """Staff say yes to no club. Raises NotAllowed."""
    if not can_say_yes(actor):
        raise NotAllowed("staff_joins_no_club", _l("Un compte de l’équipe n’entre dans aucun club."))


def _of_code(code: str) -> Select[Proposal]:
    return select(Proposal).where(Proposal.code_hash == code_key(code), Proposal.code_until > now())


def _check_own(actor: Actor, proposal: Proposal) -> None:
    if proposal.account_id == actor.account_id:
        raise Invalid("own_code", _l("C’est votre code. Donnez-le à deux autres personnes."), field="code")


def _wrong_code() -> Invalid:
    said = _l("Ce code ne marche pas, ou ne marche plus. Relisez-le, ou demandez-en un autre.")
    return Invalid("code_wrong", said, field="code")
