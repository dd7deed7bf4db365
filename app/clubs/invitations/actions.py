"""Verbs of invitations: a lead makes one and takes it back, somebody uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.budgets import Asker, Try, place_budget
from app.clubs import actions as clubs
from app.clubs import live
from app.clubs.actions import name_taken, not_a_lead, staff_joins_no_club
from app.clubs.invitations import policy
from app.clubs.invitations.models import Invitation, InvitationRequest
from app.clubs.invitations.queries import invitation_in, invitation_of
from app.clubs.invitations.words import new_word, read_secret, secret_key
from app.clubs.models import Club, Membership
from app.clubs.policy import can_join_club
from app.clubs.queries import house_of, member_club_for, membership_of
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.errors import DomainError, Invalid
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.core.privacy import declare

KINDS = ("link", "word")
LONGEST = timedelta(days=60)
# Typing takes time.
TOLERANCE = timedelta(minutes=1)
MAKE = Window("make-invitation", 30, 60)
# Wrong tries alone count. Of a place as many as of signing in, and apart from it: who guesses here locks nobody out.
TRIES = Window("invitation", 10, 60)
TRIES_OF_DAY = Window("invitation-day", 30, 24 * 60)


class WrongInvitation(Invalid):
    """One answer for what is made up, used, over, taken back, or not for them."""

    code = "invitation_wrong"
    detail = _l("Cette invitation ne marche pas, ou ne marche plus. Demandez-en une autre.")

    def __init__(self) -> None:
        super().__init__(field="word")


@dataclass(frozen=True)
class Made:
    """An invitation, with its secret: known now, and never again."""

    invitation: Invitation
    secret: str


def make_invitation(actor: Actor, slug: str, kind: Any, until: datetime, *, once: bool) -> Made:
    """A lead invites, by a link or a word, one person or whoever has it, until a moment at most sixty days away."""
    with transaction():
        club, me = member_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        if not policy.can_make_invitation(me):
            raise not_a_lead()
        if kind not in KINDS:
            raise Invalid("kind_invalid", _l("Choisissez un lien ou un mot."), field="kind")
        if not timedelta(0) < until - now() <= LONGEST + TOLERANCE:
            raise Invalid("until_out_of_range", _l("Une invitation dure 60 jours au plus."), field="until")
        spend(MAKE, me.id)
        return add_invitation(club, me, kind, until, once=once)


def add_invitation(club: Club, me: Membership, kind: str, until: datetime, *, once: bool) -> Made:
    """In the present transaction, by a lead."""
    secret = new_id() if kind == "link" else new_word(avoid=(club.name, club.plant, club.slug))
    invitation = Invitation(
        id=new_id(),
        club_id=club.id,
        made_by_id=me.id,
        kind=kind,
        secret_hash=secret_key(read_secret(secret)),
        once=once,
        uses=0,
        made_on=now().astimezone(ZoneInfo(house_of(club).timezone)).date(),
        until=until,
    )
    db.session.add(invitation)
    db.session.flush()
    return Made(invitation, secret)


def withdraw_invitation(actor: Actor, slug: str, invitation_id: str) -> None:
    """A lead takes an invitation back: from now on it opens nothing, and nothing is left of it."""
    with transaction():
        club, me = member_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        invitation = invitation_in(club, invitation_id)
        if not policy.can_withdraw_invitation(me):
            raise not_a_lead()
        _drop([invitation.id])


def open_invitation(actor: Actor, typed: str, asker: Asker) -> Club:
    """Which club an invitation leads to. It uses nothing up; what is none is tried a few times an hour."""
    secret = _checked(actor, typed)
    with _trying(actor, asker):
        found = invitation_of(actor, secret)
        if found is None:
            raise WrongInvitation()
        return found[1]


def accept_invitation(actor: Actor, typed: str, name: str, asker: Asker, consent_version: str | None = None) -> Club:
    """Who is invited comes in, whatever the door, under a name they choose; that uses the invitation up.

    Of two who use one for a single person at once, the database lets one in; the other reads what a stranger reads.
    """
    secret = _checked(actor, typed)
    spend(clubs.JOIN, actor.account_id)
    with _trying(actor, asker):
        try:
            with transaction():
                return _accept(actor, secret, name, consent_version)
        except IntegrityError as error:
            if "used_once" in constraint_of(error):
                raise WrongInvitation() from error
            if "name" in constraint_of(error):
                raise name_taken() from error
            raise


def _accept(actor: Actor, secret: str, name: str, consent_version: str | None) -> Club:
    found = invitation_of(actor, secret)
    if found is None:
        raise WrongInvitation()
    live.hold(found[1].id)
    # Once more: while others held the club it may have been used or taken back, or the lead is none any more.
    found = invitation_of(actor, secret)
    if found is None:
        raise WrongInvitation()
    invitation, club = found
    own = membership_of(actor, club.id)
    if own is not None and own.began_at is not None:
        return club
    if own is not None:
        db.session.delete(own)
        db.session.flush()
    db.session.execute(update(Invitation).where(Invitation.id == invitation.id).values(uses=Invitation.uses + 1))
    clubs.enter_invited(actor, club, name, consent_version)
    return club


def _checked(actor: Actor, typed: str) -> str:
    if not can_join_club(actor):
        raise staff_joins_no_club()
    return read_secret(typed)


@contextmanager
def _trying(actor: Actor, asker: Asker) -> Iterator[None]:
    """A try counts for the place and for the account, unless the invitation was a good one."""
    of_place, place = place_budget(asker)
    attempt = Try()
    attempt.spend(
        (replace(of_place, name="invitation-place"), place),
        (TRIES, actor.account_id),
        (TRIES_OF_DAY, actor.account_id),
    )
    try:
        yield
    except WrongInvitation:
        raise
    except DomainError:
        attempt.was_right()
        raise
    attempt.was_right()


def end_with(membership: Membership) -> None:
    """In the present transaction: who leads no more has invited nobody."""
    made = select(Invitation.id).where(Invitation.made_by_id == membership.id)
    _drop(list(db.session.scalars(made)))


def _drop(invitation_ids: list[str]) -> None:
    """Nothing is left. A word that the desk has not handed over yet opens nothing: the desk reads a no."""
    asked = InvitationRequest.invitation_id.in_(invitation_ids)
    db.session.execute(update(InvitationRequest).where(asked).values(answer="no", word_sealed=None, invitation_id=None))
    db.session.execute(delete(Invitation).where(Invitation.id.in_(invitation_ids)))


def _made_by(account_id: str) -> Any:
    mine = select(Membership.id).where(Membership.account_id == account_id)
    return select(Invitation).where(Invitation.made_by_id.in_(mine))


def given_by(account_id: str) -> list[dict[str, Any]]:
    """What a person takes away: which invitations they made, without their secrets."""
    rows = db.session.scalars(_made_by(account_id).order_by(Invitation.made_on, Invitation.id))
    return [{"kind": one.kind, "made_on": one.made_on.isoformat(), "once": one.once} for one in rows]


clubs.stepping_down.append(end_with)
declare("invitation", "made_by_id", "the invitations that a lead made; not who used them", exports=given_by)
