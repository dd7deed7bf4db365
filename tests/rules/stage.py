"""One real object of everything in one club, and one person for each role towards that club."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.clubs import actions as clubs
from app.core import jobs
from app.core.db import db, transaction
from app.messaging import actions as talk
from app.rooms.actions import Wish, claim_slot
from app.rooms.queries import slots_between, today_in
from tests.rooms.places import house, make_places, room
from tests.support import clients, databases
from tests.support import factories as make
from tests.support.application import forget
from tests.support.cast import Cast, Person, make_cast, make_person
from tests.support.mailbox import Mailbox

ROLES = ("visitor", "other", "former", "member", "lead", "facilitator", "manager")


class Stage:
    """The house as every row of the rights table finds it. ``known``: what the addresses of the table may name."""

    def __init__(self, app: Flask, *, keep: str = "") -> None:
        self.app = app
        databases.empty(app, keep=keep)
        with app.app_context():
            self.cast: Cast = make_cast()
            make_places()
            self.felix = make_person("felix")
            self.nina = make_person("nina")
            self.zoe = make_person("zoe")
            self.known = self._fill()
        people = (None, self.cast.chloe, self.felix, self.cast.amina, self.cast.bruno, self.cast.denis, self.cast.elise)
        self.people: dict[str, Person | None] = dict(zip(ROLES, people, strict=True))

    def _fill(self) -> dict[str, str]:
        amina, bruno = self.cast.amina, self.cast.bruno
        clubs.join_club(self.felix.actor, "tilleul", "Félix")
        opened = talk.open_thread(bruno.actor, "tilleul", "Titre de Tilleul", draft("Message de Bruno."))
        thread = opened.thread.id
        by_amina = talk.post_message(amina.actor, thread, draft("Message d’Amina.")).message.id
        by_felix = talk.post_message(self.felix.actor, thread, draft("Message de Félix.")).message.id
        elsewhere = talk.open_thread(self.cast.chloe.actor, "glycine", "Titre de Glycine", draft("Message de Chloé."))
        for actor, message in ((amina.actor, opened.message.id), (bruno.actor, by_amina)):
            talk.react(actor, message, "🙏")
        clubs.leave_club(self.felix.actor, "tilleul")
        request = self._ask()
        slots = free_slots()
        claims = [
            claim_slot(bruno.actor, Wish(slots[n], "tilleul", f"Rencontre {n}", public=n == 1)).claim.id for n in (0, 1)
        ]
        self.written = {
            "lead": opened.message.id,
            "member": by_amina,
            "former": by_felix,
            "other": elsewhere.message.id,
        }
        return {
            "thread": thread,
            "request": request,
            "claim": claims[0],
            "open_claim": claims[1],
            "slot": slots[2],
            "member_ship": amina.memberships["tilleul"],
            "lead_ship": bruno.memberships["tilleul"],
            "uuid": str(uuid.uuid4()),
        }

    def _ask(self) -> str:
        """Somebody waits at the door, as when the club was on request for a day."""
        with transaction():
            club = db.session.get_one(make.Club, self.cast.clubs["tilleul"])
            row = make.make_membership(
                db.session.get_one(make.Account, self.zoe.account_id), club, "Zoé", began_at=None, sentence="Bonjour."
            )
        return row.id

    def keep(self) -> "Stage":
        """Remember the database file (SQLite, no server on it) as it is now."""
        databases.close(self.app)
        self._file = Path(self.app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        self._kept = self._file.read_bytes()
        return self

    def restored(self) -> "Stage":
        """As it was when it was kept: much faster than playing everything again."""
        databases.close(self.app)
        for path in self._file.parent.glob(f"{self._file.name}-*"):
            path.unlink()
        self._file.write_bytes(self._kept)
        forget(self.app)
        return self

    def names_for(self, role: str) -> dict[str, str]:
        """What addresses may name, as this role sees it: its own message, somebody else's, its own keys."""
        person = self.people[role]
        mine = self.written.get(role, self.written["member"])
        theirs = self.written["member" if role == "lead" else "lead"]
        with self.app.app_context(), transaction():
            keys = {"their_key": make.make_token(self.nina.account_id)[0].id}
            keys["their_session"] = make.make_session(self.nina.account_id)[0].id
            own = person or self.nina
            keys["own_key"] = make.make_token(own.account_id)[0].id
            keys["own_session"] = make.make_session(own.account_id)[0].id
        return {**self.known, **keys, "mine": mine, "theirs": theirs}

    def page_client(self, role: str) -> clients.PageClient:
        person = self.people[role]
        return clients.client_of(self.app, person) if person else clients.visitor(self.app)

    def api_client(self, role: str) -> Any:
        person = self.people[role]
        return clients.api_of(self.app, person) if person else clients.visitor(self.app)

    def rows(self) -> dict[str, list[Any]]:
        """Everything that is stored, to see whether something changed."""
        with self.app.app_context(), db.engine.connect() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table)))) for table in db.metadata.sorted_tables
            }


def draft(body: str) -> talk.Draft:
    return talk.Draft(str(uuid.uuid4()), body)


def free_slots() -> list[str]:
    """Slots of one room from the day after tomorrow on, more than three days ahead or not."""
    canal = house("canal")
    first = today_in(canal) + timedelta(days=2)
    return [slot.id for slot in slots_between(canal, [room("salle-1")], first, first + timedelta(days=10)) if slot.open]


def ask_code(stage: Stage, client: clients.PageClient, role: str) -> dict[str, str]:
    """A code is on its way to somebody new."""
    address = f"new-{role}@maison.example"
    client.send("/sign-in", {"email": address, "way": "code"}, on="/help")
    return {"code": code_for(stage, address)}


def ask_address(stage: Stage, client: clients.PageClient, role: str) -> dict[str, str]:
    """A code is on its way to the new address of somebody signed in."""
    address = f"moved-{role}@maison.example"
    client.send("/account/address", {"email": address, "current": make.PASSWORD}, on="/help")
    return {"code": code_for(stage, address) if stage.people[role] else "000000"}


def code_for(stage: Stage, address: str) -> str:
    with stage.app.app_context():
        jobs.run_due()
    return Mailbox(stage.app.extensions["settings"].instance).code_for(address)


def wait_at_the_door(stage: Stage, client: Any, role: str) -> dict[str, str]:
    """The person has asked to enter Jacaranda, which is on request."""
    person = stage.people[role]
    if person and person.role == "member":
        with stage.app.app_context(), transaction():
            club = make.make_club("jacaranda", house("canal"), "on_request", hue="rose")
            account = db.session.get_one(make.Account, person.account_id)
            make.make_membership(account, club, "Qui attend", began_at=None)
    return {}


FIRST: dict[str, Callable[[Stage, Any, str], dict[str, str]]] = {
    "ask_code": ask_code,
    "ask_address": ask_address,
    "wait_at_the_door": wait_at_the_door,
}


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def told(value: Any, names: dict[str, str]) -> Any:
    """Put the real ids where the table names them."""
    if isinstance(value, dict):
        return {key: told(each, names) for key, each in value.items()}
    return PLACEHOLDER.sub(lambda found: names[found[1]], value) if isinstance(value, str) else value
