"""One real object of everything in one club, and one person for each role towards that club."""

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.accounts.budgets import Asker
from app.accounts.mail_choices import stop_token
from app.clubs import actions as clubs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.models import Job
from app.facilitation.break_glass import actions as emergencies
from app.facilitation.decisions import Ruling
from app.facilitation.models import Decision
from app.facilitation.pauses.actions import pause_member
from app.facilitation.reports import actions as reports
from app.facilitation.support.actions import ask_help
from app.facilitation.visits.actions import invite_visitor
from app.facilitation.visits.queries import key_of
from app.houses.devices.actions import call_somebody, pair, show_code
from app.houses.devices.queries import call_from, device_by_secret
from app.houses.journal import note
from app.messaging import actions as talk
from app.rooms.actions import Wish, claim_slot
from app.rooms.queries import slots_between, today_in
from tests.rooms.places import house, make_places, make_room, room
from tests.rules import advising, archives, calendars, cards, founding, practising, proving
from tests.rules.arranged import arrange
from tests.rules.inviting import invite_into
from tests.rules.paths import sessions
from tests.rules.repeating import repeat
from tests.rules.together import plan
from tests.support import cast, clients, databases
from tests.support import factories as make
from tests.support.application import forget
from tests.support.cast import Cast, Person, make_cast, make_person
from tests.support.mailbox import Mailbox

# Who reads at a screen of the house, beside the roles: nobody, and a member; nobody at a door.
AT_A_KIOSK: dict[str, Person | None] = {"kiosk": None, "kiosk_member": None, "door": None}
ROLES = ("visitor", "other", "former", "paused", "member", "lead", "facilitator", "manager")


class Stage:
    """The house as every row of the rights table finds it. ``known``: what the addresses of the table may name."""

    def __init__(self, app: Flask, *, keep: str = "") -> None:
        self.app = app
        databases.empty(app, keep=keep)
        # A mail is written in the middle of a request.
        with app.test_request_context():
            self.cast: Cast = make_cast()
            make_places()
            with transaction():
                make_room(house("canal"), "grenier", times=())
            self.felix = make_person("felix")
            self.nina = make_person("nina")
            self.zoe = make_person("zoe")
            self.paul = make_person("paul", tilleul="Paul")
            self.known = self._fill()
            more, founders = founding.prepare()
            self.known |= more | cards.prepare(self.cast.amina)
        cast = self.cast
        people = (None, cast.chloe, self.felix, self.paul, cast.amina, cast.bruno, cast.denis, cast.elise)
        self.people: dict[str, Person | None] = {**dict(zip(ROLES, people, strict=True)), **founders, **AT_A_KIOSK}
        self.people["kiosk_member"] = cast.amina

    def _fill(self) -> dict[str, str]:
        amina, bruno = self.cast.amina, self.cast.bruno
        talked = self._talk()
        self._pause(self.paul, bruno)
        self._note()
        request = self._ask()
        parked = self._park()
        visit = self._invite(bruno)
        urgent = self._break_glass()
        arranged = arrange(self.cast)
        asked = ask_help(bruno.actor, "tilleul", "Nous venons de moins en moins", "Avez-vous une idée ?")
        return {
            **talked,
            **self._report(talked["thread"], self.written["former"]),
            **urgent,
            **self._claim(bruno),
            **arranged,
            **repeat(self.cast),
            **plan(self.cast, arranged["begun"]),
            **sessions(self.cast),
            **archives.ask(self.cast),
            **advising.prepare(self.cast),
            **calendars.prepare(self.nina, self.cast.denis),
            **practising.prepare(amina, bruno, self.nina),
            "passkey": proving.give_passkey(amina.account_id),
            "their_passkey": proving.give_passkey(self.nina.account_id),
            **invite_into(bruno),
            **self._pair_a_screen(),
            "request": request,
            "parked": parked,
            "member_ship": amina.memberships["tilleul"],
            "visit": visit,
            "help": asked.id,
            "meant": self._mean_a_lead(),
            "manager_key": key_of(make.Club(id=self.cast.clubs["tilleul"]), self.cast.elise.account_id),
            "paused_ship": self.paul.memberships["tilleul"],
            "lead_ship": bruno.memberships["tilleul"],
            "uuid": str(uuid.uuid4()),
            "tomorrow": (now() + timedelta(days=1)).isoformat(),
            "stop": stop_token(self.nina.account_id, "digest"),
        }

    def _talk(self) -> dict[str, str]:
        """A discussion of Tilleul, in which everybody wrote who is or was there; another one elsewhere."""
        amina, bruno, felix = self.cast.amina.actor, self.cast.bruno.actor, self.felix.actor
        clubs.join_club(felix, "tilleul", "Félix")
        opened = talk.open_thread(bruno, "tilleul", "Titre de Tilleul", draft("Message de Bruno."))
        thread = opened.thread.id
        by_amina = talk.post_message(amina, thread, draft("Message d’Amina.")).message.id
        by_felix = talk.post_message(felix, thread, draft("Message de Félix.")).message.id
        elsewhere = talk.open_thread(self.cast.chloe.actor, "glycine", "Titre de Glycine", draft("Message de Chloé."))
        for actor, message in ((amina, opened.message.id), (bruno, by_amina)):
            talk.react(actor, message, "🙏")
        by_paul = talk.post_message(self.paul.actor, thread, draft("Message de Paul.")).message.id
        clubs.leave_club(felix, "tilleul")
        self.written = {
            "lead": opened.message.id,
            "member": by_amina,
            "former": by_felix,
            "paused": by_paul,
            "other": elsewhere.message.id,
        }
        return {"thread": thread, "elsewhere": elsewhere.thread.id}

    def _claim(self, lead: Person) -> dict[str, str]:
        """Two meetings of Tilleul, of which the second is open to all, and a slot that is free."""
        slots = free_slots()
        claims = [
            claim_slot(lead.actor, Wish(slots[n], "tilleul", f"Rencontre {n}", public=n == 1)).claim.id for n in (0, 1)
        ]
        return {"claim": claims[0], "open_claim": claims[1], "slot": slots[2]}

    def _pair_a_screen(self) -> dict[str, str]:
        """A kiosk in the hall, from which somebody is called, and the screen of a door."""
        secret = pair(show_code(self.cast.denis.actor, "canal"), Asker("10.0.0.9"), None)
        door = pair(show_code(self.cast.denis.actor, "canal", room("salle-1").id), Asker("10.0.0.9"), None)
        self.device_secrets = {"kiosk": secret, "kiosk_member": secret, "door": door}
        found = device_by_secret(secret)
        assert found is not None
        device = found[0].id
        call_somebody(device)
        call = call_from(device)
        assert call is not None
        return {"device": device, "call": call.id}

    def _pause(self, person: Person, lead: Person) -> None:
        until = now() + timedelta(days=3)
        pause_member(lead.actor, person.memberships["tilleul"], until, "1", "Trois messages durs.")

    def _invite(self, lead: Person) -> str:
        """A lead invites Denis, who has not answered."""
        with transaction():
            for post in db.session.scalars(select(make.StaffPost)):
                post.name = {self.cast.denis.account_id: "Denis"}.get(post.account_id, "Élise")
        until = now() + timedelta(days=2)
        return invite_visitor(lead.actor, "tilleul", self.cast.denis.account_id, until, "Nous aider.").id

    def _break_glass(self) -> dict[str, str]:
        """Denis asks to read Tilleul, which nobody has answered, and reads Glycine, to which Élise said yes."""
        denis, why = self.cast.denis.actor, emergencies.Grounds("danger", "Un appel au secours.", 4)
        read = emergencies.ask(denis, "glycine", why).id
        emergencies.confirm(self.cast.elise.actor, read)
        emergencies.open_club(denis, read)
        return {"urgent": emergencies.ask(denis, "tilleul", why).id, "urgent_read": read}

    def _mean_a_lead(self) -> str:
        """Another lead of Glycine asks the team for help about Chloé."""
        gina = make_person("gina", glycine="Gina")
        with transaction():
            cast.membership(gina, "glycine").role = "lead"
        return ask_help(gina.actor, "glycine", "Entre nous", "Venez.", self.cast.chloe.memberships["glycine"]).id

    def _note(self) -> None:
        """The journal has something to read: about Paul, in his club and by its lead."""
        club = db.session.get_one(make.Club, self.cast.clubs["tilleul"])
        with transaction():
            note(
                "decision:pause", self.cast.bruno.actor, role="lead", house_id=club.house_id, club_id=club.id,
                about_id=self.paul.account_id, rule="1", until=(now() + timedelta(days=3)).isoformat(),
            )  # fmt: skip

    def _report(self, thread: str, by_felix: str) -> dict[str, str]:
        """A report that waits for everybody who decides; two messages that Denis hid, and what Amina says to one."""
        amina, bruno, denis = self.cast.amina.actor, self.cast.bruno.actor, self.cast.denis.actor
        report, _new = reports.report_message(amina, by_felix, reports.Complaint("hurt", danger=True))
        decisions = []
        for body in ("Premier message caché.", "Second message caché."):
            message = talk.post_message(amina, thread, draft(body)).message.id
            other, _new = reports.report_message(bruno, message, reports.Complaint("hurt", danger=True))
            case = reports.decide_report(denis, other.id, Ruling("hide", "1", "Cela blesse."))
            decisions.append(db.session.scalars(select(Decision.id).where(Decision.report_id == case.report.id)).one())
        objection = reports.object_to(amina, decisions[1], "Je plaisantais.").id
        return {
            "report": report.id,
            "hideable": by_felix,
            "decision": decisions[0],
            "contested": decisions[1],
            "objection": objection,
        }

    def _park(self) -> str:
        """A job that was given up."""
        with transaction():
            told = {
                "kind": "mail:send",
                "payload": {},
                "run_at": now(),
                "parked_at": now(),
                "failure": "SMTPServerDown",
            }
            row: str = make.add(Job(id=new_id(), tries=8, **told)).id
        return row

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
        Mailbox(self.app.extensions["settings"].instance).empty()
        forget(self.app)
        return self

    def names_for(self, role: str, where: Any = "") -> dict[str, str]:
        """What addresses may name, as this role sees it: its own message, somebody else's, its own keys.

        where: what the names are for. Keys and sessions that it does not name are not made.
        """
        person = self.people[role]
        mine = self.written.get(role, self.written["member"])
        theirs = self.written["member" if role == "lead" else "lead"]
        return {**self.known, **self._keys(person or self.nina, str(where)), "mine": mine, "theirs": theirs}

    def _keys(self, own: Person, where: str) -> dict[str, str]:
        made = {
            "their_key": (make.make_token, self.nina),
            "their_session": (make.make_session, self.nina),
            "own_key": (make.make_token, own),
            "own_session": (make.make_session, own),
        }
        wanted = {name: each for name, each in made.items() if not where or name in where}
        if not wanted:
            return {}
        with self.app.app_context(), transaction():
            return {name: act(person.account_id)[0].id for name, (act, person) in wanted.items()}

    def page_client(self, role: str) -> clients.PageClient:
        person = self.people[role]
        client = clients.client_of(self.app, person, shared=role in AT_A_KIOSK) if person else clients.visitor(self.app)
        if role in AT_A_KIOSK:
            client.set_cookie("device", self.device_secrets[role])
        return client

    def api_client(self, role: str) -> Any:
        person = self.people[role]
        return clients.api_of(self.app, person) if person else clients.visitor(self.app)

    def rows(self) -> dict[str, list[Any]]:
        """Everything that is stored, to see whether something changed: as the driver gives it, hundreds of times."""
        with self.app.app_context(), db.engine.connect() as connection:
            read = connection.connection.cursor().execute
            return {name: read(f'SELECT * FROM "{name}"').fetchall() for name in db.metadata.tables}


def draft(body: str) -> talk.Draft:
    return talk.Draft(str(uuid.uuid4()), body)


def free_slots() -> list[str]:
    """Slots of one room from the day after tomorrow on, more than three days ahead or not."""
    canal = house("canal")
    first = today_in(canal) + timedelta(days=2)
    return [slot.id for slot in slots_between(canal, [room("salle-1")], first, first + timedelta(days=10)) if slot.open]


PLACEHOLDER = re.compile(r"\{(\w+)\}")


def told(value: Any, names: dict[str, str]) -> Any:
    """Put the real ids where the table names them."""
    if isinstance(value, dict):
        return {key: told(each, names) for key, each in value.items()}
    return PLACEHOLDER.sub(lambda found: names[found[1]], value) if isinstance(value, str) else value
