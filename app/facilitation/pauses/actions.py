"""Verbs of who leads against harm: pause, end a pause, remove; and how a decision is taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.clubs import live
from app.clubs.actions import end_membership, not_a_lead
from app.clubs.models import Club, Membership, Pause
from app.clubs.names import MAX_NAME, name_key
from app.clubs.queries import has_led_lately, member_club_by_id, membership_in, person_key
from app.core import jobs, realtime
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound
from app.core.ids import new_id
from app.core.sealed import seal, unseal
from app.facilitation.decisions import TO_OBJECT, Ruling, record_decision, undo
from app.facilitation.models import Decision
from app.facilitation.pauses import policy
from app.houses.journal import note
from app.web.api import stamp

SHORTEST, LONGEST = timedelta(hours=1), timedelta(weeks=4)
# A clock may differ, and typing takes time.
TOLERANCE = timedelta(minutes=1)
BARRED_FOR = timedelta(days=365)


def pause_member(actor: Actor, membership_id: str, until: Any, rule: Any, reason: Any) -> tuple[Pause, Decision]:
    """A lead keeps a member from reading and writing for a time, which ends by itself; leaving does not shorten it."""
    with transaction():
        club, me, target = _held(actor, membership_id)
        if not policy.can_pause_member(me):
            raise not_a_lead()
        check_target(target)
        return pause(actor, me, club, target, until, rule, reason)


def remove_member(actor: Actor, membership_id: str, rule: Any, reason: Any) -> Decision:
    """A lead puts a member out of the club; twelve months pass before they may come back, under whatever name."""
    with transaction():
        club, me, target = _held(actor, membership_id)
        if not policy.can_remove_member(me):
            raise not_a_lead()
        check_target(target)
        return remove(actor, me, club, target, rule, reason)


def pause(
    by: Actor, lead: Membership | None, club: Club, target: Membership, until: Any, rule: Any, reason: Any
) -> tuple[Pause, Decision]:
    """What a pause does, in the present transaction, which holds the club. lead: None for one of the team."""
    if target.paused:
        detail = _l("Cette personne est déjà en pause.")
        raise DomainError("already_paused", detail, status=409, until=stamp(target.paused_until))
    moment = checked_until(until)
    kept = _keep_out(club, target, "pause", moment)
    target.paused_until = moment
    # What they hear live ends with this row, in every process.
    realtime.revoke(f"membership:{target.id}")
    jobs.enqueue("pauses:end", {"pause": kept.id}, moment)
    return kept, _decide(by, lead, club, target, kept, Ruling("pause", rule, reason, moment))


def remove(by: Actor, lead: Membership | None, club: Club, target: Membership, rule: Any, reason: Any) -> Decision:
    """What a removal does, in the present transaction, which holds the club. lead: None for one of the team."""
    kept = _keep_out(club, target, "removal", now() + BARRED_FOR)
    kept.name_sealed = seal(target.name or "")
    decision = _decide(by, lead, club, target, kept, Ruling("remove", rule, reason, kept.until))
    jobs.enqueue("pauses:forget_name", {"pause": kept.id}, now() + TO_OBJECT)
    jobs.enqueue("pauses:end", {"pause": kept.id}, kept.until)
    end_membership(club, target, live.next_seq(club.id))
    return decision


def end_pause(actor: Actor, membership_id: str) -> Membership:
    """A lead ends a pause before its time. One that is over already stays so."""
    with transaction():
        club, me, target = _held(actor, membership_id)
        if not policy.can_end_pause(me):
            raise not_a_lead()
        if target.paused:
            held = _pauses_of(club.id, target.account_id or target.id, "pause")
            for each in held:
                db.session.delete(each)
            target.paused_until = None
            note(
                "pause:ended", actor, role="lead", house_id=club.house_id, club_id=club.id,
                about_id=target.account_id,
            )  # fmt: skip
        return target


def checked_until(given: Any) -> datetime:
    """One hour to four weeks from now. A moment without a zone is in UTC. Raises Invalid."""
    try:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
        moment = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid("until_invalid", _l("Écrivez une date et une heure."), field="until") from error
    ahead = moment - now()
    if not SHORTEST - TOLERANCE <= ahead <= LONGEST + TOLERANCE:
        raise Invalid(
            "until_out_of_range", _l("Une pause dure une heure au moins, quatre semaines au plus."), field="until"
        )
    return moment


def _held(actor: Actor, membership_id: str) -> tuple[Club, Membership, Membership]:
    """The club, the actor and the target as they stand once nobody else changes who is in the club."""
    target = membership_in(actor, membership_id)
    club, me = member_club_by_id(actor, target.club_id)
    live.hold(club.id)
    for each in (me, target):
        db.session.refresh(each)
    if not me.active or target.ended_at is not None:
        raise NotFound()
    return club, me, target


def check_target(target: Membership) -> None:
    """Raises NotAllowed for a lead: between leads, the team decides."""
    if not policy.can_be_kept_out(target, led=has_led_lately(target)):
        detail = _l("Entre personnes responsables, c’est l’équipe qui décide. Écrivez-lui.")
        raise NotAllowed("lead_against_lead", detail)


def _keep_out(club: Club, target: Membership, kind: str, until: datetime) -> Pause:
    pause = Pause(
        id=new_id(),
        club_id=club.id,
        person_key=person_key(club.id, target.account_id or target.id),
        kind=kind,
        made_at=now(),
        until=until,
    )
    db.session.add(pause)
    db.session.flush()
    return pause


def _decide(
    actor: Actor, me: Membership | None, club: Club, target: Membership, pause: Pause, ruling: Ruling
) -> Decision:
    return record_decision(actor, me, club, ruling, membership_id=target.id, pause_id=pause.id)


def _pauses_of(club_id: str, account_id: str, kind: str) -> list[Pause]:
    mine = select(Pause).where(Pause.club_id == club_id, Pause.person_key == person_key(club_id, account_id))
    return list(db.session.scalars(mine.where(Pause.kind == kind)))


def undo_pause(decision: Decision) -> None:
    """The pause ends at once, for who is still in the club and for who left."""
    pause, target = _what_was_done(decision)
    if pause is not None:
        db.session.delete(pause)
    if target is not None and pause is not None and target.paused_until == pause.until:
        target.paused_until = None


def undo_removal(decision: Decision) -> None:
    """The way in is free, and the person is a member again, under their former name or the nearest that is free."""
    pause, target = _what_was_done(decision)
    if pause is None:
        return
    club = db.session.get_one(Club, decision.club_id)
    if target is not None and target.account_id and target.ended_at and not _is_back(target):
        _bring_back(club, target, unseal(pause.name_sealed) if pause.name_sealed else None)
    db.session.delete(pause)


def _what_was_done(decision: Decision) -> tuple[Pause | None, Membership | None]:
    live.hold(decision.club_id)
    pause = db.session.get(Pause, decision.pause_id, populate_existing=True) if decision.pause_id else None
    target = (
        db.session.get(Membership, decision.membership_id, populate_existing=True) if decision.membership_id else None
    )
    return pause, target


def _is_back(target: Membership) -> bool:
    """Did they find another way into the club meanwhile?"""
    again = select(Membership.id).where(
        Membership.club_id == target.club_id,
        Membership.account_id == target.account_id,
        Membership.ended_at.is_(None),
    )
    return db.session.scalar(again) is not None


def _bring_back(club: Club, target: Membership, name: str | None) -> None:
    seq = live.next_seq(club.id)
    paused = _pauses_of(club.id, target.account_id or target.id, "pause")
    for number in range(1, 100):
        if _takes_name(target, _numbered(name or str(_l("De retour")), number)):
            break
    target.paused_until = max((pause.until for pause in paused), default=None)
    live.record(club.id, "membership:began", target.id, seq=seq)


def _numbered(name: str, number: int) -> str:
    """``Paul``, then ``Paul 2``…: they choose another one when they like."""
    return name if number == 1 else f"{name[: MAX_NAME - 3]} {number}"


def _takes_name(target: Membership, name: str) -> bool:
    try:
        with db.session.begin_nested():
            target.ended_at, target.name, target.name_key = None, name, name_key(name)
            db.session.flush()
    except IntegrityError:
        db.session.refresh(target)
        return False
    return True


undo["pause"] = undo_pause
undo["remove"] = undo_removal
