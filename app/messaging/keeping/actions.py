"""Choose how long the messages of a club live. Shorter deletes, so it is announced seven days before it begins."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from app.clubs import live
from app.clubs.actions import not_a_lead
from app.clubs.models import Club
from app.clubs.queries import member_club_for
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound
from app.core.limits import Window, spend
from app.houses.journal import note
from app.messaging.keeping import policy

SHORTEST, LONGEST = 1, 24
ANNOUNCED = timedelta(days=7)
# Each is a line of the journal that stays.
CHOOSE = Window("choose-keeping", 10, 60)


def choose_keeping(actor: Actor, slug: str, months: int) -> Club:
    """A lead chooses from 1 to 24 months. Longer begins at once; shorter in seven days, and can be taken back."""
    with transaction():
        club, me = member_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(club)
        db.session.refresh(me)
        if not me.active:
            raise NotFound()
        if not policy.can_choose_keeping(me):
            raise not_a_lead()
        if not SHORTEST <= months <= LONGEST:
            raise Invalid("months_out_of_range", _l("Choisissez de 1 à 24 mois."), field="months")
        if months in (club.keep_next, club.keep_months if club.keep_next is None else None):
            return club
        spend(CHOOSE, me.id)
        _set(club, months)
        live.record(club.id, "club:keeping", club.id)
        note("keeping:chosen", actor, role="lead", house_id=club.house_id, club_id=club.id, months=months)
        return club


def _set(club: Club, months: int) -> None:
    club.keep_next = club.keep_next_at = None
    if months >= club.keep_months:
        club.keep_months = months
        return
    club.keep_next, club.keep_next_at = months, now() + ANNOUNCED
    jobs.enqueue("keeping:begin", {"club": club.id}, club.keep_next_at)


def begin_keeping(club_id: str, moment: datetime) -> None:
    """In the present transaction: the shorter time begins, if its day has come."""
    live.hold(club_id)
    club = db.session.get(Club, club_id, populate_existing=True)
    if club is None or club.keep_next is None or club.keep_next_at is None or club.keep_next_at > moment:
        return
    club.keep_months, club.keep_next, club.keep_next_at = club.keep_next, None, None
    live.record(club.id, "club:keeping", club.id)
