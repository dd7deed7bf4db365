"""How a person leaves all their clubs without joining them up: each club sees it at a random moment of its own.

``plan_partings`` is for whoever ends an account: the person who leaves for good, the clock for one that nobody used
for a year, a manager. Call it in the transaction that ends the account, before the row goes:

    with transaction():
        realtime.revoke(f"account:{account_id}")              # out at once: sessions, keys, sockets
        done_by = plan_partings(account_id, "blank")          # or "keep"; at_once=True: everywhere now
        db.session.delete(account)                            # may wait as well; the clubs see nothing of it

From there on no membership leads to the account any more, and each is there for its club as before, under its name,
until its moment: then it ends as if the person had left that club, and what the floors above registered in ``parting``
is done with what they wrote there. A membership that had ended before has a moment too, for its messages.

A *lock* plans nothing here: who is locked out is silent in all their clubs, like anybody who does not write, and
that shows nothing. If the account goes later, by the manager or by the clock, it goes through ``plan_partings``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from app.clubs import live
from app.clubs.actions import end_membership
from app.clubs.models import Club, Membership
from app.core import jobs, realtime
from app.core.apart import WITHIN, draw_again, own_moment, plan_parting
from app.core.clock import now
from app.core.db import db, transaction

Messages = Literal["blank", "keep"]
Parting = Callable[[str, Messages], None]

# What the floors above do with what a person leaves in one club: ``parting.append(fn(membership_id, messages))``.
# Called in the transaction that ends the membership and holds its club; it must bear to be called twice.
parting: list[Parting] = []

KIND = "clubs:part"


def plan_partings(account_id: str, messages: Messages, *, at_once: bool = False) -> datetime:
    """Let a person part from all their clubs, in the present transaction: each shows it at a moment of its own.

    Returns the moment by which every club shows it. messages: what becomes of what they wrote. at_once: everywhere now,
    for who chose it knowing that people in two of their clubs may notice.
    """
    done_by = now() if at_once else now() + WITHIN
    theirs = select(Membership).where(Membership.account_id == account_id).with_for_update()
    for membership in db.session.scalars(theirs).all():
        membership.account_id = None
        realtime.revoke(f"membership:{membership.id}")
        facts = {"membership": membership.id, "messages": messages}
        plan_parting(KIND, facts, done_by, now() if at_once else own_moment())
    db.session.flush()
    return done_by


@jobs.handler(KIND)
def part(payload: dict[str, Any]) -> None:
    """The moment of one club has come. One that was missed is drawn again, as long as the promise can be kept."""
    with transaction():
        if not draw_again(KIND, payload):
            _part(payload["membership"], payload["messages"])


def _part(membership_id: str, messages: Messages) -> None:
    found = db.session.get(Membership, membership_id)
    if found is None:
        return
    live.hold(found.club_id)
    db.session.refresh(found)
    if found.began_at is None:
        # Asked and never answered: it goes without a trace, as if it were taken back.
        db.session.delete(found)
        return
    if found.ended_at is None:
        _end(found)
    # One of the team keeps their name under what they said on a visit, until they are erased.
    found.name = found.name_key = None
    db.session.flush()
    for each in parting:
        each(membership_id, messages)


def _end(membership: Membership) -> None:
    club = db.session.get_one(Club, membership.club_id)
    if membership.visit_until is None:
        end_membership(club, membership, live.next_seq(club.id))
    else:
        membership.ended_at = now()
        realtime.revoke(f"membership:{membership.id}")
        live.record(club.id, "visit:ended", membership.id)
