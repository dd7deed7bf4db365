"""What people do to belong: join, ask, accept, refuse, leave, lead, rename."""

from collections.abc import Callable
from typing import Literal

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.clubs import live, policy
from app.clubs.consent import CONSENT_VERSION
from app.clubs.mails import tell_leads
from app.clubs.models import FORMER_NAME_SHOWN, Club, Membership
from app.clubs.names import checked_name, name_key
from app.clubs.queries import (
    ASKED,
    club_for,
    colleagues_of,
    kept_out,
    member_club_by_id,
    member_club_for,
    membership_in,
    membership_of,
    name_in_use,
    own_club_for,
    request_in,
    settled_club_for,
)
from app.core import jobs, realtime
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import ID, new_id
from app.core.limits import Window, spend
from app.web.api import stamp
from app.web.forms import clean_line

State = Literal["member", "asked"]
MAX_SENTENCE = 300
# Asking under many names would tell which ones are in use.
JOIN = Window("join", 20, 60)

# What ends with somebody's role as a lead, in the same transaction: who knows of it fills it.
stepping_down: list[Callable[[Membership], None]] = []


def join_club(actor: Actor, slug: str, name: str, sentence: str = "", consent_version: str | None = None) -> State:
    """An open club is entered at once, one on request is asked; doing it again changes nothing."""
    club = club_for(actor, slug)
    if not policy.can_join_club(actor):
        raise staff_joins_no_club()
    spend(JOIN, actor.account_id)
    try:
        with transaction():
            check_kept_out(actor, club)
            already = _state(membership_of(actor, club.id))
            return already or _enter(actor, club_for(actor, slug), name, sentence, consent_version)
    except IntegrityError as error:
        before = _state(membership_of(actor, club.id))
        if before is None and _is_name_clash(error):
            raise name_taken() from error
        if before is None:
            raise
        return before


def enter_invited(actor: Actor, club: Club, name: str, consent_version: str | None) -> Membership:
    """In the present transaction, which holds the club: who is invited is in, whatever the door. The name may clash."""
    membership = _new_membership(actor, club, name, "", consent_version)
    _begin(club, membership, live.next_seq(club.id))
    return membership


def withdraw_request(actor: Actor, slug: str) -> None:
    """What was asked and not answered is taken back without a trace."""
    with transaction():
        membership = membership_of(actor, club_for(actor, slug).id)
        if membership is None:
            raise NotFound()
        _drop_request(membership.club_id, membership.id)


def accept_request(actor: Actor, slug: str, request_id: str) -> Membership:
    """A lead lets a person in; the sentence they wrote has done its work and goes."""
    with transaction():
        club, membership = member_club_for(actor, slug)
        seq = _hold(club, membership)
        if not policy.can_accept_request(membership):
            raise not_a_lead()
        asked = request_in(club, request_id)
        if kept_out(asked.account_id or asked.id, club.id):
            raise NotFound()
        _begin(club, asked, seq)
        return asked


def refuse_request(actor: Actor, slug: str, request_id: str) -> None:
    """A lead says no; nothing is kept of the request, not even that there was one."""
    with transaction():
        club, membership = member_club_for(actor, slug)
        if not policy.can_refuse_request(membership):
            raise not_a_lead()
        _drop_request(club.id, request_id)


def leave_club(actor: Actor, slug: str) -> None:
    """A member leaves at once and their name with them, on pause or not; the last lead hands over first."""
    with transaction():
        club, membership = own_club_for(actor, slug)
        seq = live.next_seq(club.id)
        db.session.refresh(membership)
        if membership.ended_at is not None:
            raise NotFound()
        leads, others = colleagues_of(membership)
        if not policy.can_leave_club(membership, leads, others):
            raise last_lead()
        end_membership(club, membership, seq)


def set_role(actor: Actor, membership_id: str, role: str) -> Membership:
    """Leads name leads, and step down while another one stays."""
    with transaction():
        target = membership_in(actor, membership_id)
        club, membership = member_club_by_id(actor, target.club_id)
        seq = _hold(club, membership, target)
        if not policy.can_set_role(membership):
            raise not_a_lead()
        if role not in ("member", "lead"):
            raise Invalid("role_invalid", _l("Choisissez membre ou responsable."), field="role")
        if role == "member" and target.leads and not policy.can_step_down(colleagues_of(target)[0]):
            raise last_lead()
        if role == "member":
            _step_down(target)
        target.role = role
        live.record(club.id, "membership:role", target.id, seq=seq)
        return target


def rename(actor: Actor, slug: str, name: str) -> Membership:
    """A member takes another name in one club; the old one is shown for seven days."""
    settled_club_for(actor, slug)
    spend(JOIN, actor.account_id)
    try:
        with transaction():
            club, membership = settled_club_for(actor, slug)
            chosen = _chosen_name(club, name, but=membership.id)
            if chosen != membership.name:
                _rename(club, membership, chosen)
            return membership
    except IntegrityError as error:
        raise name_taken() from error


def not_a_lead() -> NotAllowed:
    return NotAllowed("not_a_lead", _l("Seules les personnes responsables du club peuvent faire cela."))


def staff_joins_no_club() -> NotAllowed:
    # Not a 404: a listed club is there for all to see, and saying why costs nobody anything.
    return NotAllowed("staff_joins_no_club", _l("Un compte de l’équipe n’entre dans aucun club."))


def last_lead() -> DomainError:
    detail = _l("Vous êtes la seule personne responsable. Nommez d’abord quelqu’un d’autre.")
    return DomainError("last_lead", detail, status=409)


def name_taken() -> Taken:
    detail = _l("Quelqu’un porte déjà ce nom dans le club, ou presque. Prenez-en un autre.")
    return Taken("name_taken", detail, field="name")


def _state(membership: Membership | None) -> State | None:
    if membership is None:
        return None
    return "asked" if membership.began_at is None else "member"


def check_kept_out(actor: Actor, club: Club) -> None:
    """Raises NotAllowed while something keeps the actor out: whatever name they bear, whether they left or not."""
    held = kept_out(actor.account_id, club.id)
    if held is None:
        return
    if held.kind == "pause":
        detail = _l("Vous êtes en pause dans ce club. Vous saurez pourquoi sur la page du club.")
    else:
        detail = _l("Ce club ne vous est plus ouvert. Vous saurez pourquoi sur la page du club.")
    raise NotAllowed("paused", detail, until=stamp(held.until))


def _enter(actor: Actor, club: Club, name: str, sentence: str, consent_version: str | None) -> State:
    membership = _new_membership(actor, club, name, sentence, consent_version)
    if club.door != "open":
        live.hold(club.id)
        check_kept_out(actor, club)
        tell_leads(club)
        return "asked"
    seq = live.next_seq(club.id)
    # Once more: a lead may have paused them while they left and came back.
    check_kept_out(actor, club)
    _begin(club, membership, seq)
    return "member"


def _new_membership(actor: Actor, club: Club, name: str, sentence: str, consent_version: str | None) -> Membership:
    if consent_version is not None and consent_version != CONSENT_VERSION:
        raise DomainError("consent_changed", _l("Le texte de l’accord a changé. Relisez-le."), status=409)
    chosen = _chosen_name(club, name)
    membership = Membership(
        id=new_id(),
        club_id=club.id,
        account_id=actor.account_id,
        name=chosen,
        name_key=name_key(chosen),
        role="member",
        sentence=_checked_sentence(sentence) if club.door == "on_request" else None,
        consent_version=CONSENT_VERSION,
        asked_at=now(),
    )
    db.session.add(membership)
    # Written before the club is held, so that a name already taken is found without waiting.
    db.session.flush()
    return membership


def _chosen_name(club: Club, given: str, but: str | None = None) -> str:
    """The name as it will be shown. One drawn like a name of the club is taken, whatever else is wrong with it."""
    try:
        return checked_name(given)
    except Invalid:
        if name_in_use(club, name_key(given), but):
            raise name_taken() from None
        raise


def _checked_sentence(sentence: str) -> str | None:
    # A lone half of a surrogate pair can come by JSON; no database takes it.
    line: str = clean_line(sentence.encode("utf-8", "ignore").decode())
    if len(line) > MAX_SENTENCE:
        raise Invalid("sentence_too_long", _l("Cette phrase est trop longue : 300 signes au plus."), field="sentence")
    return line or None


def _hold(club: Club, *members: Membership) -> int:
    """Take the club until the transaction ends; what was read while others held it is read again."""
    seq = live.next_seq(club.id)
    for membership in members:
        db.session.refresh(membership)
        if not membership.active:
            raise NotFound()
    return seq


def _begin(club: Club, membership: Membership, seq: int) -> None:
    membership.began_at = now()
    membership.sentence = None
    membership.first_seq = 1 if club.history == "all" else seq
    live.record(club.id, "membership:began", membership.id, seq=seq)


def _drop_request(club_id: str, request_id: str) -> None:
    if not ID.fullmatch(request_id):
        raise NotFound()
    # One statement: a request that is being accepted at this moment is not dropped.
    asked = delete(Membership).where(Membership.id == request_id, Membership.club_id == club_id, ASKED)
    if db.session.execute(asked.returning(Membership.id)).first() is None:
        raise NotFound()


def end_membership(club: Club, membership: Membership, seq: int) -> None:
    """In the present transaction, which holds the club: what is left is an id without a name."""
    _step_down(membership)
    membership.ended_at = now()
    membership.role = "member"
    membership.name = membership.name_key = membership.sentence = None
    membership.former_name = membership.renamed_at = None
    # First: who has left is not told that they left, but that the club is closed to them.
    realtime.revoke(f"membership:{membership.id}")
    live.record(club.id, "membership:ended", membership.id, seq=seq)


def _step_down(membership: Membership) -> None:
    for end in stepping_down:
        end(membership)


def _rename(club: Club, membership: Membership, chosen: str) -> None:
    membership.former_name, membership.renamed_at = membership.name, now()
    membership.name, membership.name_key = chosen, name_key(chosen)
    db.session.flush()
    live.record(club.id, "membership:renamed", membership.id)
    jobs.enqueue("clubs:forget_former_name", {"membership": membership.id}, now() + FORMER_NAME_SHOWN)


def _is_name_clash(error: IntegrityError) -> bool:
    return "name" in constraint_of(error)
