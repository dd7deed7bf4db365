"""The clock's door of invitations: what is over goes."""

from sqlalchemy import select

from app.clubs.invitations.actions import LONGEST
from app.clubs.invitations.desk_actions import LIFE
from app.clubs.invitations.models import Invitation, InvitationRequest
from app.core import jobs, retention
from app.core.retention import Lasting, by_key

ASKED, MADE = Lasting(days=LIFE.days), Lasting(days=LONGEST.days)

# Each has its own day, which comes after so long at the latest.
by_key(
    "invitations:asked", ("invitation_request",), ASKED, InvitationRequest.id,
    lambda moment: select(InvitationRequest.id).where(InvitationRequest.until <= moment),
)  # fmt: skip
by_key(
    "invitations:made", ("invitation",), MADE, Invitation.id,
    lambda moment: select(Invitation.id).where(Invitation.until <= moment),
)  # fmt: skip


@jobs.every("invitations:purge", minutes=60)
def purge() -> None:
    """Invitations whose day has come, and what the desk asked and nobody closed in time."""
    for _rule, _gone in retention.run(("invitations:asked", "invitations:made")):
        pass
