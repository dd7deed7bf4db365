"""The team's answer to a proposal: yes, and there is a club; or not yet, and why."""

from flask_babel import lazy_gettext as _l

from app.clubs import live
from app.clubs.founding.actions import MAX_NOTE, tell
from app.clubs.founding.models import FOUNDER, Backer, PlantHold, Proposal
from app.clubs.founding.queries import OTHERS, backers_of, proposal_for_team
from app.clubs.models import Club, Membership
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.houses.journal import note
from app.web.forms import checked


def accept_proposal(actor: Actor, proposal_id: str) -> Club:
    """Say yes: the club begins, its founder leads it, the two others are members; nothing is kept of the proposal."""
    with transaction():
        proposal, house = proposal_for_team(actor, proposal_id, lock=True)
        backers = backers_of(proposal)
        if len([one for one in backers if one.account_id and _agrees(one, proposal)]) != OTHERS + 1:
            raise DomainError("others_missing", _l("Une personne a repris son oui. Attendez la suite."), status=409)
        club = _make_club(proposal)
        for one in backers:
            _enter(club, one)
            tell(one.account_id)
        note("club:founded", actor, house_id=house.id, club_id=club.id, subject_id=proposal_id)
        return club


def _agrees(one: Backer, proposal: Proposal) -> bool:
    return one.position == FOUNDER or one.seen == proposal.seen


def put_off_proposal(actor: Actor, proposal_id: str, reason: str) -> None:
    """Say not yet, and why; the founder may change the proposal and send it again."""
    empty = _l("Écrivez pourquoi. La personne pourra changer sa proposition.")
    why = checked(reason, "reason", MAX_NOTE, empty=empty, lines=True)
    with transaction():
        proposal, house = proposal_for_team(actor, proposal_id, lock=True)
        proposal.sent_at, proposal.touched_at, proposal.reason = None, now(), why
        for one in backers_of(proposal):
            tell(one.account_id)
        note("proposal:put-off", actor, house_id=house.id, subject_id=proposal_id)


def _make_club(proposal: Proposal) -> Club:
    held = db.session.get_one(PlantHold, proposal.plant)
    club = Club(
        id=new_id(),
        slug=held.slug,
        plant=held.plant,
        house_id=proposal.house_id,
        name=proposal.name,
        sentence=proposal.sentence,
        about=[],
        charter=proposal.charter,
        door=proposal.door or "on_request",
        history=proposal.history,
        tile=proposal.tile or "",
        hue=proposal.hue or "",
        languages=proposal.languages,
        format=proposal.format,
        seq=0,
        created_at=now(),
    )
    db.session.delete(proposal)
    # The names held and the three who stood behind it go with the proposal, before there is a club of that name.
    db.session.flush()
    db.session.add(club)
    db.session.flush()
    return club


def _enter(club: Club, backer: Backer) -> None:
    seq = live.next_seq(club.id)
    membership = Membership(
        id=new_id(),
        club_id=club.id,
        account_id=backer.account_id,
        name=backer.name,
        name_key=backer.name_key,
        role="lead" if backer.position == FOUNDER else "member",
        consent_version=backer.consent_version,
        asked_at=backer.said_at,
        began_at=now(),
        first_seq=1,
    )
    db.session.add(membership)
    db.session.flush()
    live.record(club.id, "membership:began", membership.id, seq=seq)
