"""Invitations to Tilleul in the house of the stage: a word for many, a link, and what the desk asks for somebody."""

from datetime import timedelta

from app.clubs.invitations.actions import make_invitation
from app.clubs.invitations.desk_actions import LIFE, answer_desk
from app.clubs.invitations.models import InvitationRequest
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from tests.support import cast
from tests.support import factories as make
from tests.support.cast import Person


def desk_asks(lead: Person, slug: str = "tilleul") -> str:
    """The desk asks the club of a lead, listed or not."""
    with transaction():
        club_id = cast.membership(lead, slug).club_id
        asked: InvitationRequest = make.add(
            InvitationRequest(id=new_id(), club_id=club_id, asked_at=now(), until=now() + LIFE)
        )
    return asked.id


def invite_into(lead: Person, slug: str = "tilleul") -> dict[str, str]:
    """The ids and secrets that the rows about invitations name."""
    until = now() + timedelta(days=7)
    word = make_invitation(lead.actor, slug, "word", until, once=False)
    link = make_invitation(lead.actor, slug, "link", until, once=True)
    waiting, given = desk_asks(lead, slug), desk_asks(lead, slug)
    answer_desk(lead.actor, slug, given, give=True)
    db.session.rollback()
    return {
        "invitation": word.invitation.id,
        "invitation_word": word.secret,
        "invitation_link": link.secret,
        "desk_asked": waiting,
        "desk_given": given,
    }
