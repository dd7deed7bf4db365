"""Verbs of visits: a lead invites, who is invited begins, either ends it; else the clock does."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.notices import notify
from app.clubs import live
from app.clubs.actions import not_a_lead
from app.clubs.models import Club, Membership
from app.clubs.names import MAX_NAME
from app.clubs.queries import member_club_by_id, member_club_for, membership_of
from app.core import jobs, realtime
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotFound
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.facilitation.models import Visit
from app.facilitation.visits import policy
from app.facilitation.visits.queries import invitation_for, may_be_invited, open_visits_of, visit_in_own_club
from app.houses.journal import note
from app.houses.models import House
from app.houses.queries import staff_name
from app.houses.team.actions import ending
from app.web.forms import checked

LONGEST = timedelta(days=14)
# Typing takes time.
TOLERANCE = timedelta(minutes=1)
MAX_REASON = 300
# Each is a mail to one of the team, and a line of the journal that stays.
INVITE = Window("invite-visitor", 20, 60)


def invite_visitor(actor: Actor, slug: str, account_id: str, until: datetime, reason: Any) -> Visit:
    """A lead invites one of the team, for a reason, until a moment set now: at most fourteen days away."""
    with transaction():
        club, me = member_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        if not policy.can_invite_visitor(me):
            raise not_a_lead()
        _check(club, account_id, until)
        if any(one.visit.account_id == account_id for one in open_visits_of(club)):
            raise DomainError("already_invited", _l("Cette personne est déjà invitée."), status=409, field="person")
        why = checked(reason, "reason", MAX_REASON, empty=_l("Dites pourquoi, en une phrase."))
        spend(INVITE, me.id)
        visit = Visit(
            id=new_id(),
            club_id=club.id,
            account_id=account_id,
            invited_by_id=me.id,
            reason=why,
            invited_at=now(),
            until=until,
        )
        db.session.add(visit)
        note("visit:invited", actor, role="lead", **_about(club, visit), until=until.isoformat())
        notify(account_id, "team", _l("Un club vous invite"), "visit", path=f"/visits/{visit.id}")
        return visit


def begin_visit(actor: Actor, visit_id: str) -> Club:
    """Who is invited comes in: from now on, and until the end, every door judges them as one of the club."""
    with transaction():
        visit, club = invitation_for(actor, visit_id)
        seq = live.next_seq(club.id)
        db.session.refresh(visit)
        if visit.ended_at is not None or visit.began_at is not None:
            raise NotFound()
        inviter = db.session.get(Membership, visit.invited_by_id) if visit.invited_by_id else None
        if inviter is None or not inviter.leads:
            raise Gone("invitation_over", _l("La personne qui vous a invité ne mène plus le club."))
        _end_what_is_over(actor, club)
        # A visitor reads from where somebody would who joins now.
        membership = Membership(
            id=new_id(),
            club_id=club.id,
            account_id=actor.account_id,
            name=_name_of(actor.account_id),
            role="member",
            consent_version="",
            asked_at=now(),
            began_at=now(),
            first_seq=1 if club.history == "all" else seq,
            visit_until=visit.until,
        )
        db.session.add(membership)
        db.session.flush()
        visit.began_at, visit.membership_id = now(), membership.id
        live.record(club.id, "visit:began", membership.id, seq=seq)
        jobs.enqueue("visits:end", {"visit": visit.id}, visit.until)
        note("visit:began", actor, **_about(club, visit), until=visit.until.isoformat())
        return club


def end_visit(actor: Actor, visit_id: str) -> Club:
    """A lead, or who is invited, ends a visit or an invitation at once. What is over stays so."""
    with transaction():
        visit, club, role = _to_end(actor, visit_id)
        live.hold(club.id)
        db.session.refresh(visit)
        if visit.ended_at is None:
            if visit.began_at is not None:
                note("visit:ended", actor, role=role, **_about(club, visit))
            else:
                note("visit:withdrawn" if role else "visit:declined", actor, role=role, **_about(club, visit))
            close(club, visit)
        return club


def close(club: Club, visit: Visit) -> None:
    """End a visit in the present transaction, which holds the club. The name stays under what was said."""
    visit.ended_at = now()
    membership = db.session.get(Membership, visit.membership_id) if visit.membership_id else None
    if membership is None or membership.ended_at is not None:
        return
    membership.ended_at = now()
    realtime.revoke(f"membership:{membership.id}")
    live.record(club.id, "visit:ended", membership.id)


def end_visits_of(actor: Actor, house: House, account_id: str) -> None:
    """Who works no more in a house is in none of its clubs, and invited by none."""
    theirs = select(Visit).join(Club, Club.id == Visit.club_id)
    rows = theirs.where(Visit.account_id == account_id, Club.house_id == house.id, Visit.ended_at.is_(None))
    for visit in db.session.scalars(rows.order_by(Visit.club_id)).all():
        live.hold(visit.club_id)
        db.session.refresh(visit)
        if visit.ended_at is None:
            club = db.session.get_one(Club, visit.club_id)
            note("visit:ended" if visit.began_at else "visit:withdrawn", actor, **_about(club, visit))
            close(club, visit)


ending.append(end_visits_of)


def _to_end(actor: Actor, visit_id: str) -> tuple[Visit, Club, str]:
    if actor.is_staff:
        return *invitation_for(actor, visit_id), ""
    visit = visit_in_own_club(actor, visit_id)
    club, me = member_club_by_id(actor, visit.club_id)
    if not policy.can_end_visit(me):
        raise not_a_lead()
    return visit, club, "lead"


def _check(club: Club, account_id: str, until: datetime) -> None:
    if account_id not in dict(may_be_invited(club)):
        raise Invalid("person_unknown", _l("Choisissez une personne de l’équipe."), field="person")
    if not timedelta(0) < until - now() <= LONGEST + TOLERANCE:
        raise Invalid("until_out_of_range", _l("Une visite dure 14 jours au plus."), field="until")


def _end_what_is_over(actor: Actor, club: Club) -> None:
    """A visit that the clock has ended and no job yet: a person is in a club once."""
    before = membership_of(actor, club.id)
    if before is None:
        return
    old = db.session.scalars(select(Visit).where(Visit.membership_id == before.id)).first()
    before.ended_at = now()
    if old is not None and old.ended_at is None:
        old.ended_at = now()
    db.session.flush()


def _name_of(account_id: str) -> str:
    """``Denis, équipe``: no member may take a name with that word, so nobody is mistaken for the team."""
    with force_locale(str(current_app.config["DEFAULT_LOCALE"])):
        whole = _("%(name)s, équipe", name=staff_name(account_id))
    return str(whole)[-MAX_NAME:]


def _about(club: Club, visit: Visit) -> dict[str, Any]:
    """What the journal says of a visit."""
    return {
        "house_id": club.house_id,
        "club_id": club.id,
        "about_id": visit.account_id,
        "subject_id": visit.id,
    }
