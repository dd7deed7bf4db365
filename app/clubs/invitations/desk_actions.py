"""Somebody asks the desk for a club that is not listed: the desk asks its leads, and hands over the word they give.

The team learns the answer and nothing else: not who leads, not whether the word was used. The leads learn that
somebody asked, and nothing else.
"""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.notices import notify
from app.clubs import live
from app.clubs.actions import not_a_lead
from app.clubs.invitations import policy
from app.clubs.invitations.actions import add_invitation
from app.clubs.invitations.models import InvitationRequest
from app.clubs.invitations.queries import clubs_to_ask, desk_request_for, waiting_request_in
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB, member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.core.sealed import seal
from app.houses.journal import note

LIFE = timedelta(days=30)
ASK = Window("ask-invitation", 20, 60)


def ask_for_somebody(actor: Actor, slug: str) -> InvitationRequest:
    """The desk asks the leads of a club that is not listed for a word: for somebody, without a name or a reason."""
    with transaction():
        club = next((one for one in clubs_to_ask(actor) if one.slug == slug), None)
        if club is None:
            raise Invalid("club_unknown", _l("Choisissez un club."), field="club")
        spend(ASK, actor.account_id)
        asked = InvitationRequest(id=new_id(), club_id=club.id, asked_at=now(), until=now() + LIFE)
        db.session.add(asked)
        note("invitation:asked", actor, house_id=club.house_id, club_id=club.id, subject_id=asked.id)
        _tell_leads(club)
        return asked


def answer_desk(actor: Actor, slug: str, request_id: str, *, give: bool) -> None:
    """A lead gives a word for one person, which the desk hands over; or says no. Of two at once, the first answers."""
    with transaction():
        club, me = member_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        if not policy.can_answer_desk(me):
            raise not_a_lead()
        asked = waiting_request_in(club, request_id)
        if give:
            made = add_invitation(club, me, "desk", now() + LIFE, once=True)
            asked.answer, asked.word_sealed = "yes", seal(made.secret)
            asked.invitation_id, asked.until = made.invitation.id, made.invitation.until
        else:
            asked.answer = "no"
        note(
            "invitation:given" if give else "invitation:declined",
            actor, role="lead", house_id=club.house_id, club_id=club.id, subject_id=asked.id,
        )  # fmt: skip


def close_desk_request(actor: Actor, request_id: str) -> None:
    """The desk has handed the word over, or has said no, or nobody comes back: nothing is left of it."""
    with transaction():
        asked, club = desk_request_for(actor, request_id)
        db.session.refresh(asked, with_for_update=True)
        note(
            "invitation:handed" if asked.answer == "yes" else "invitation:closed",
            actor, house_id=club.house_id, club_id=club.id, subject_id=asked.id,
        )  # fmt: skip
        db.session.delete(asked)


def _tell_leads(club: Club) -> None:
    leading = select(Membership.account_id).where(
        Membership.club_id == club.id, Membership.role == "lead", ACTIVE, IN_CLUB
    )
    for account_id in db.session.scalars(leading).all():
        if account_id is not None:
            notify(account_id, "request", _l("L’accueil attend votre réponse"), "desk_asks", path="/", once=True)
