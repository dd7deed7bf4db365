"""What somebody has done before they ask: named by ``first`` in the rows of the rights table."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from app.accounts import codes
from app.accounts.budgets import Asker
from app.core import jobs
from app.core.db import db, transaction
from app.core.errors import NotFound, Taken
from app.facilitation.support.actions import ask_help
from app.meetings.actions import answer_meeting
from app.meetings.attendance.actions import choose_attendance, note_attendance
from app.meetings.attendance.models import Attendee, NamedAttendance
from app.meetings.attendance.queries import offered_at
from app.meetings.places.actions import set_link
from app.meetings.today.actions import move_meeting
from app.rooms.sessions.actions import withdraw_session
from tests.rooms.places import house
from tests.rules import archives, calendars, cards, founding, proving
from tests.rules.stage import Stage
from tests.support import cast, clients, kiosks
from tests.support import factories as make
from tests.support.cast import make_person
from tests.support.mailbox import Mailbox


def ask_code(stage: Stage, client: clients.PageClient, role: str) -> dict[str, str]:
    """A code is on its way to somebody new."""
    address = f"new-{role}@maison.example"
    client.send("/sign-in", {"email": address, "way": "code"}, on="")
    return {"code": code_for(stage, address)}


def ask_address(stage: Stage, client: clients.PageClient, role: str) -> dict[str, str]:
    """A code is on its way to the new address of somebody signed in."""
    address = f"moved-{role}@maison.example"
    client.send("/account/address", {"email": address, "current": make.PASSWORD}, on="")
    return {"code": code_for(stage, address) if stage.people[role] else "000000"}


def code_for(stage: Stage, address: str) -> str:
    with stage.app.app_context():
        jobs.run_due(100)
    return Mailbox(stage.app.extensions["settings"].instance).code_for(address)


def choose_leaving(stage: Stage, client: clients.PageClient, role: str) -> dict[str, str]:
    """Somebody has chosen to leave for good, and a code is on its way to them."""
    client.send("/account/leave", {"messages": "blank"}, on="")
    client.send("/account/leave/code", on="")
    return _leaving_code(stage, role)


def ask_to_leave(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """A code for leaving is on its way to somebody, who uses a program."""
    person = stage.people[role]
    if person:
        with stage.app.test_request_context():
            codes.ask_leaving(person.actor, Asker("192.0.2.1"))
    return _leaving_code(stage, role)


def _leaving_code(stage: Stage, role: str) -> dict[str, str]:
    person = stage.people[role]
    with stage.app.app_context():
        jobs.run_due(100)
    mailbox = Mailbox(stage.app.extensions["settings"].instance)
    # The team leaves by another door: what waits for it by mail brings no code.
    with suppress(LookupError):
        return {"code": mailbox.code_for(person.email if person else "")}
    return {"code": "000000"}


def wait_at_the_door(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The person has asked to enter Jacaranda, which is on request."""
    person = stage.people[role]
    if person and person.role == "member":
        with stage.app.app_context(), transaction():
            club = make.make_club("jacaranda", house("canal"), "on_request", hue="rose")
            account = db.session.get_one(make.Account, person.account_id)
            make.make_membership(account, club, "Qui attend", began_at=None)
    return {}


def a_lead_is_meant(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """Two leads of Tilleul have asked the team for help: another about Bruno, and Bruno about that one."""
    with stage.app.app_context():
        lena = make_person(f"lena-{role}", tilleul=f"Léna {role}")
        with transaction():
            cast.membership(lena, "tilleul").role = "lead"
        bruno = stage.cast.bruno
        told = ("tilleul", "Entre nous", "Venez nous aider.")
        return {
            "about_lead": ask_help(lena.actor, *told, bruno.memberships["tilleul"]).id,
            "by_lead": ask_help(bruno.actor, *told, lena.memberships["tilleul"]).id,
        }


def show_letters(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The desk shows six letters."""
    return {"letters": kiosks.letters(stage.app, stage.cast.denis)}


def show_door_letters(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The desk shows six letters for the door of a room."""
    return {"door_letters": kiosks.letters(stage.app, stage.cast.denis, room="salle-1")}


def have_links(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The house gives links to meetings that are online."""
    with stage.app.test_request_context():
        set_link(stage.cast.elise.actor, "canal", "https://rencontre.example/{code}")
    return {}


def come(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """Who may has said that they come to the meeting of now."""
    person = stage.people[role]
    with stage.app.test_request_context(), suppress(NotFound):
        if person is not None:
            answer_meeting(person.actor, stage.known["begun_meeting"], "yes")
    return {}


def have_moved(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The meeting of now stands elsewhere."""
    with stage.app.test_request_context():
        move_meeting(stage.cast.bruno.actor, stage.known["begun_meeting"], "Salle 2")
    return {}


def be_noted(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The club notes names: those of who may come to the meeting of now, and of who is on pause since."""
    come(stage, client, role)
    bruno, meeting = stage.cast.bruno.actor, stage.known["begun_meeting"]
    with stage.app.test_request_context():
        choose_attendance(bruno, "tilleul", named=True)
        with transaction():
            # It has begun already: the club chose so before.
            chosen = db.session.get_one(NamedAttendance, stage.cast.clubs["tilleul"])
            chosen.since_at -= timedelta(days=7)
        note_attendance(bruno, meeting, 9, [membership_id for membership_id, _name in offered_at(meeting)])
        if role == "paused":
            with transaction():
                db.session.add(Attendee(meeting_id=meeting, membership_id=stage.known["paused_ship"]))
    return {}


def become_kiosk(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The browser is a kiosk; whoever was signed in comes in again on it."""
    kiosks.pair(stage.app, client, stage.cast.denis)
    person = stage.people[role]
    if person is not None:
        client.submit("/sign-in", {"email": person.email, "password": make.PASSWORD, "way": "password"})
    return {}


def call_from_kiosk(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """Somebody is called from that kiosk."""
    become_kiosk(stage, client, role)
    client.send("/kiosk/call", on="/kiosk")
    return {}


def none_asked(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The leads of Tilleul have taken back the session that they asked for."""
    with stage.app.app_context(), suppress(Taken):
        withdraw_session(stage.cast.bruno.actor, stage.known["asked_session"])
    return {}


FIRST: dict[str, Callable[[Stage, Any, str], dict[str, str]]] = {
    "ask_code": ask_code,
    "ask_address": ask_address,
    "choose_leaving": choose_leaving,
    "ask_to_leave": ask_to_leave,
    "wait_at_the_door": wait_at_the_door,
    **founding.FIRST,
    **cards.FIRST,
    **proving.FIRST,
    **archives.FIRST,
    **calendars.FIRST,
    "a_lead_is_meant": a_lead_is_meant,
    "none_asked": none_asked,
    "show_letters": show_letters,
    "show_door_letters": show_door_letters,
    "become_kiosk": become_kiosk,
    "have_links": have_links,
    "come": come,
    "be_noted": be_noted,
    "have_moved": have_moved,
    "call_from_kiosk": call_from_kiosk,
}
