"""Verbs of help requests: a lead asks, both sides write, the team takes one, either closes it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.clubs import live
from app.clubs.actions import last_lead, not_a_lead
from app.clubs.models import Membership
from app.clubs.queries import colleagues_of, member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.facilitation.models import Decision, HelpNote, HelpRequest
from app.facilitation.pauses import actions as pauses
from app.facilitation.support import policy
from app.facilitation.support.queries import Helped, accounts_of_leads, help_for, lead_meant, other_leads
from app.houses.journal import note
from app.houses.queries import team_of
from app.web.forms import checked

MAX_TITLE = 120
MAX_BODY = 2000
ASK = Window("help", 20, 60)


def ask_help(actor: Actor, slug: str, title: Any, body: Any, about: str = "") -> HelpRequest:
    """A lead asks the team of the house for a hand, in a title and a text. about: another lead, who learns nothing."""
    with transaction():
        club, me = member_club_for(actor, slug)
        if not policy.can_ask_help(me):
            raise not_a_lead()
        line = checked(title, "title", MAX_TITLE, empty=_l("Écrivez un titre."))
        text = checked_body(body)
        if about and about not in [one.id for one in other_leads(me)]:
            raise Invalid("about_invalid", _l("Choisissez une personne responsable du club."), field="about")
        spend(ASK, me.id)
        request = HelpRequest(
            id=new_id(), club_id=club.id, title=line, opened_by_id=me.id, about_id=about or None, opened_at=now()
        )
        db.session.add(request)
        db.session.flush()
        helped = Helped(request, club, me)
        _write(helped, actor, text)
        note("help:asked", actor, role="lead", **_about(helped))
        return request


def write_note(actor: Actor, request_id: str, body: Any) -> HelpNote:
    """A lead or one of the team writes to the other side, as long as the request is open."""
    with transaction():
        helped = help_for(actor, request_id)
        text = checked_body(body)
        _check_open(helped.request)
        spend(ASK, helped.lead.id if helped.lead else actor.account_id)
        return _write(helped, actor, text)


def take_help(actor: Actor, request_id: str) -> HelpRequest:
    """One of the team takes care of a request; another may take it over."""
    with transaction():
        helped = help_for(actor, request_id)
        if not policy.can_take_help(actor):
            raise NotAllowed()
        _check_open(helped.request)
        if helped.request.taken_by_id != actor.account_id:
            helped.request.taken_by_id = actor.account_id
            note("help:taken", actor, **_about(helped))
        return helped.request


def close_help(actor: Actor, request_id: str) -> HelpRequest:
    """Either side says that it is done. Twice is once."""
    with transaction():
        helped = help_for(actor, request_id)
        if helped.request.closed_at is None:
            helped.request.closed_at = now()
            note("help:closed", actor, role="lead" if helped.lead else "", **_about(helped))
        return helped.request


def pause_lead(actor: Actor, request_id: str, until: Any, rule: Any, reason: Any) -> Decision:
    """One of the team pauses the lead whom a request is about, without learning who it is."""
    with transaction():
        helped, target = _meant(actor, request_id)
        return pauses.pause(actor, None, helped.club, target, until, rule, reason)[1]


def remove_lead(actor: Actor, request_id: str, rule: Any, reason: Any) -> Decision:
    """One of the team puts the lead whom a request is about out of the club; another lead stays."""
    with transaction():
        helped, target = _meant(actor, request_id)
        if not colleagues_of(target)[0]:
            raise last_lead()
        return pauses.remove(actor, None, helped.club, target, rule, reason)


def _meant(actor: Actor, request_id: str) -> tuple[Helped, Membership]:
    """An open request, and the lead whom it is about, once nobody else changes who is in the club."""
    helped = help_for(actor, request_id)
    if not policy.can_stop_lead(actor):
        raise NotAllowed()
    _check_open(helped.request)
    live.hold(helped.club.id)
    target = lead_meant(helped.request)
    if target is None:
        raise Gone("no_lead_meant", _l("Cette personne ne mène plus le club, ou elle est déjà en pause."))
    return helped, target


def checked_body(given: Any) -> str:
    """Some text. Raises Invalid."""
    return checked(given, "body", MAX_BODY, empty=_l("Écrivez d’abord votre message."), lines=True)


def _check_open(request: HelpRequest) -> None:
    if request.closed_at is not None:
        raise Gone("help_closed", _l("Cette demande est close. Faites-en une autre."))


def _write(helped: Helped, actor: Actor, text: str) -> HelpNote:
    lead: Membership | None = helped.lead
    said = HelpNote(
        id=new_id(),
        request_id=helped.request.id,
        by_role="lead" if lead else "staff",
        by_membership_id=lead.id if lead else None,
        by_account_id=None if lead else actor.account_id,
        body=text,
        at=now(),
    )
    db.session.add(said)
    # The other side hears of it; the mail holds neither the text nor the club.
    for account_id in _others(helped, lead):
        notify(
            account_id, "request", _l("Une demande d’aide avance"), "help_note",
            path=f"/help-requests/{helped.request.id}",
        )  # fmt: skip
    return said


def _others(helped: Helped, lead: Membership | None) -> list[str]:
    if lead is None:
        return accounts_of_leads(helped.club, but=helped.request.about_id)
    if helped.request.taken_by_id is not None:
        return [helped.request.taken_by_id]
    return [account_id for account_id, _name in team_of([helped.club.house_id])]


def _about(helped: Helped) -> dict[str, Any]:
    # A club reads its journal, and so would the lead whom it is about: that part is the team's alone.
    club_id = None if helped.request.about_id else helped.club.id
    return {"house_id": helped.club.house_id, "club_id": club_id, "subject_id": helped.request.id}
