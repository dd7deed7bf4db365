"""Two clubs, people who are in both under two names, and a curious member of both who collects all there is to see.

Everybody does in each club, at moments of their own, what people do; what the house does to a person in both clubs at
once (an account that goes) must not tell who is who. What the curious one collects: every frame of a socket in both
clubs with the second it came, every answer of the JSON door with its headers, every page of the two clubs, the agenda,
calendars and feeds, the journal, the archives of both clubs (they lead both), their own, and every line that the house
has logged meanwhile.
Each matcher of ``pairing`` then says how like two people are, and how far that beats a blind guess.

When the network of the house comes back, what waited leaves in one club, and in the other as much later as the browser
keeps them apart. Minutes hide who is who in such a crowd only: of who writes alone, they hide nothing.
"""

import io
import json
import logging
import random
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.leaving.actions import erase_account
from app.accounts.models import Account
from app.clubs import partings
from app.clubs.actions import leave_club, rename
from app.clubs.models import Membership
from app.core import jobs, realtime
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.models import Job
from app.houses.locks.actions import lock_account
from app.meetings.actions import answer_meeting
from app.meetings.calendars.actions import make_calendar
from app.messaging.actions import Draft, edit_message, open_thread, post_message, react
from app.messaging.archives.actions import ask_archive, confirm_archive, open_archive
from app.messaging.archives.bundle import pack_archive
from app.messaging.archives.models import ClubArchive
from app.rooms.actions import Wish, claim_slot
from tests.rooms.places import MONDAY, make_places, slot
from tests.rules.pairing import Evidence, Seen
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import api_of, client_of

CLUBS = ("tilleul", "romarin")
BOTH, ALONE = 16, 4
WORDS = ("alors", "bien", "demain", "entretien", "formation", "gare", "idée", "lettre", "midi", "offre", "projet")
APART = Path("app/static/js/live/apart.js").read_text(encoding="utf-8")
LEAST, SPREAD = (
    int(re.findall(rf"{name} = ([0-9_]+)", APART)[0].replace("_", "")) / 1000 for name in ("LEAST", "SPREAD")
)

log = structlog.get_logger()


class Ear:
    """What stands under the socket of one who listens in this process: it takes each packet as the network would."""

    closed = False

    def __init__(self) -> None:
        self.queue, self.heard = self, list[tuple[str, dict[str, Any]]]()

    def check_ping_timeout(self) -> bool:
        return True

    def put(self, packet: Any) -> None:
        kind, said = packet.encode()[:2], packet.encode()[2:]
        assert kind == "42"
        name, frame = json.loads(said)
        self.heard.append((name, frame))


class Play:
    """The story. leaks: what goes wrong on purpose, to show that the matchers find it; pages are not read then."""

    def __init__(self, app: Flask, cast: Cast, seed: int, leaks: frozenset[str] = frozenset()) -> None:
        self.app, self.cast, self.leaks = app, cast, leaks
        self.chance = random.Random(seed)
        self.taken: set[str] = set()
        self.headers: list[str] = []
        self.stumbled: set[str] = set()
        self.messages = self.chance.choice(("blank", "keep"))
        app.config["LIMIT_FACTOR"] = 1e6

    def perform(self) -> Evidence:
        with ExitStack() as stage:
            self.clock = stage.enter_context(time_machine.travel(MONDAY, tick=False))
            lines = stage.enter_context(self._logged())
            with self.app.app_context():
                self._come_together()
                self.calendar = make_calendar(self.cast.amina.actor)
            # Keys are made before the frames are counted.
            self.api = api_of(self.app, self.cast.amina)
            self._listen()
            with self.app.app_context():
                self._two_days_of_club_life()
            self._read("before")
            with self.app.app_context():
                self._go()
            self._read("after")
            self._sort_out()
            self.socket.disconnect()
            del realtime.socketio.server.eio.sockets[self.socket.eio_sid]
        for seen in self.seen.values():
            seen.texts["log"] = "\n".join(lines)
        return Evidence(*self.seen.values(), self.truth, self.headers, lines, len(self.people))

    @contextmanager
    def _logged(self) -> Iterator[list[str]]:
        """Every line that the house logs, while some of what it does fails once, so that there is something to log."""
        lines: list[str] = []

        def keep(_logger: Any, name: str, event: dict[str, Any]) -> dict[str, Any]:
            lines.append(json.dumps({"name": name, **event}, default=str))
            raise structlog.DropEvent

        handler = logging.Handler()
        handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
        kept, stock = structlog.get_config(), list(partings.parting)
        structlog.configure(processors=[keep], wrapper_class=structlog.make_filtering_bound_logger(0))
        logging.getLogger().addHandler(handler)
        partings.parting.append(self._stumble)
        try:
            yield lines
        finally:
            partings.parting[:] = stock
            logging.getLogger().removeHandler(handler)
            structlog.configure(**kept)

    def _stumble(self, membership_id: str, _messages: str) -> None:
        """One parting in three fails at first, and says whose it was: that must reach no log."""
        if membership_id not in self.stumbled and self.chance.random() < 1 / 3:
            self.stumbled.add(membership_id)
            raise RuntimeError(membership_id)

    def _come_together(self) -> None:
        make_places()
        self.people = [self._person(number, CLUBS) for number in range(BOTH)]
        for slug in CLUBS:
            self.people += [self._person(number, (slug,)) for number in range(ALONE)]
        self.truth = {one.memberships["tilleul"]: one.memberships["romarin"] for one in self.people[:BOTH]}
        leads = (self.cast.bruno, self.cast.dario)
        self.threads, self.claims = {}, {}
        for lead, slug, room in zip(leads, CLUBS, ("salle-1", "atelier"), strict=True):
            opened = open_thread(lead.actor, slug, "Cette semaine", Draft(str(uuid.uuid4()), "Bonjour"))
            self.threads[slug] = (opened.thread.id, opened.message.id)
            self.claims[slug] = claim_slot(lead.actor, Wish(slot(room).id, slug, "Rencontre")).claim.id
        with transaction():
            for each in self.cast.amina.memberships.values():
                db.session.get_one(Membership, each).role = "lead"
        self._ask_archives(leads)
        with transaction():
            db.session.execute(db.text("UPDATE room SET capacity = 100"))

    def _ask_archives(self, leads: tuple[Person, ...]) -> None:
        """Told to everybody; ready when two days are over, for fourteen."""
        with self.app.test_request_context():
            asked = [ask_archive(lead.actor, slug).id for lead, slug in zip(leads, CLUBS, strict=True)]
            confirm_archive(self.cast.amina.actor, asked[1])
            with transaction():
                for each in asked:
                    db.session.get_one(ClubArchive, each).opens_at = now() + timedelta(days=2)
                # Nobody reads the mails that say so.
                db.session.execute(delete(Job).where(Job.kind == "mail:send"))
        self.archives = dict(zip(CLUBS, asked, strict=True))

    def _person(self, number: int, slugs: tuple[str, ...]) -> Person:
        made = make_person(f"p{len(self.taken)}", **{slug: self._name() for slug in slugs})
        if "ids" in self.leaks and len(slugs) == 2:
            with transaction():
                other = db.session.get_one(Membership, made.memberships["romarin"])
                other.id = made.memberships["romarin"] = made.memberships["tilleul"][:9] + other.id[9:]
        if "ids" in self.leaks and len(slugs) == 1:
            # Who came later is later in the order: else those who are in one club only hide some of it, by chance.
            with transaction():
                only = db.session.get_one(Membership, made.memberships[slugs[0]])
                only.id = made.memberships[slugs[0]] = "zzz" + only.id[3:]
        return made

    def _name(self) -> str:
        while True:
            name = "".join(self.chance.choice("bdlmnprst") + self.chance.choice("aeiou") for _ in range(4)).title()
            if name not in self.taken:
                self.taken.add(name)
                return name

    def _listen(self) -> None:
        with self.app.app_context():
            clubs = {slug: self._names_in(slug) for slug in CLUBS}
        self.seen = {slug: Seen(names) for slug, names in clubs.items()}
        self.socket = realtime.socketio.test_client(self.app, auth={"token": self.api.secret})
        realtime.socketio.server.eio.sockets[self.socket.eio_sid] = self.ear = Ear()
        for slug in CLUBS:
            answer = self.socket.emit("club:watch", {"club": slug}, callback=True)
            assert answer["ok"], answer

    def _names_in(self, slug: str) -> dict[str, str]:
        theirs = [one.memberships[slug] for one in self.people if slug in one.memberships]
        rows = db.session.execute(select(Membership.id, Membership.name).where(Membership.id.in_(theirs)))
        return {row.id: row.name for row in rows}

    def _hear(self) -> None:
        for name, frame in self.ear.heard:
            if name == "change":
                self.seen[frame["club"]].heard.append((now(), frame))
        self.ear.heard.clear()

    def _sort_out(self) -> None:
        """Whether somebody goes at all, and what becomes of their messages, is one choice that both clubs see.

        So the question is who is who among those who went alike.
        """
        going = {one for each in self.people[4:] for one in each.memberships.values()}
        for seen in self.seen.values():
            seen.members = {one: name for one, name in seen.members.items() if one in going}
        self.truth = {one: other for one, other in self.truth.items() if one in going}

    # What people do.

    def _two_days_of_club_life(self) -> None:
        self._play([act for one in self.people for slug in one.memberships for act in self._acts(one, slug)])
        # Both meetings in one go, from the agenda.
        self._play([(self._moment(1), lambda one=one: self._answer(one)) for one in self.people])

    def _play(self, acts: list[tuple[timedelta, Callable[[], Any]]]) -> None:
        start = now()
        for moment, act in sorted(acts, key=lambda each: each[0]):
            self._wait(start + moment)
            act()
            self._hear()

    def _wait(self, until: datetime) -> None:
        """The house goes on by its clock: each parting at its moment."""
        while moments := [at for at in self._partings() if at <= until]:
            self.clock.move_to(max(now(), min(moments)))
            jobs.run_due()
            self._hear()
        self.clock.move_to(until)

    def _partings(self) -> list[datetime]:
        moments = list(db.session.scalars(select(Job.run_at).where(Job.kind == "clubs:part")))
        db.session.rollback()
        return moments

    def _moment(self, days: float) -> timedelta:
        return timedelta(seconds=self.chance.uniform(0, days * 86_400))

    def _acts(self, one: Person, slug: str) -> Iterator[tuple[timedelta, Callable[[], Any]]]:
        thread, first = self.threads[slug]
        number = f"{self.people.index(one):012d}"
        client_id = f"00000000-0000-4000-8000-{number}" if "client_id" in self.leaks else str(uuid.uuid4())
        said: list[str] = []

        def post() -> None:
            posted = post_message(one.actor, thread, Draft(client_id, self._text()))
            said.append(posted.message.id)

        def edit() -> None:
            edit_message(one.actor, said[0], self._text())

        yield from zip(sorted((self._moment(2), self._moment(2))), (post, edit), strict=True)
        yield self._moment(2), lambda: react(one.actor, first, "🙏")
        if self.chance.random() < 0.7:
            yield self._moment(2), lambda: self._rename(one, slug)

    def _rename(self, one: Person, slug: str) -> None:
        name = self._name()
        rename(one.actor, slug, name)
        self.seen[slug].members[one.memberships[slug]] = name

    def _text(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randrange(4, 15)))

    def _answer(self, one: Person) -> None:
        for slug in one.memberships:
            answer_meeting(one.actor, self.claims[slug], "yes")

    # What becomes of them: some leave each club by themselves, some are locked out, the others go for good.

    def _go(self) -> None:
        leaving, locked, manager = self.people[:2], self.people[2:4], self.cast.elise.actor
        before = sum(len(seen.heard) for seen in self.seen.values())
        self._play([(self._moment(0.01), lambda one=one: lock_account(manager, one.email)) for one in locked])
        assert sum(len(seen.heard) for seen in self.seen.values()) == before
        # In one half hour: what the day tells cannot be hidden, what the moment tells must be.
        going = [(self._moment(0.02), lambda one=one: self._end(one)) for one in self.people[4:]]
        going += [(moment, act) for one in self.people for moment, act in self._what_waited(one)]
        for when, moment in () if self.leaks else (("in the midst", 0.01), ("meanwhile", 0.5)):
            going += [(timedelta(days=moment), lambda when=when: self._take_archives(when))]
        going += [
            (self._moment(1), lambda one=one, slug=slug: leave_club(one.actor, slug))
            for one in leaving for slug in one.memberships
        ]  # fmt: skip
        self._play(going)
        self._wait(now() + timedelta(days=1))

    def _what_waited(self, one: Person) -> Iterator[tuple[timedelta, Callable[[], Any]]]:
        """The network is there again for everybody in two minutes; what waited in another club leaves later."""
        moment = self.chance.uniform(0, 120)
        for slug in self.chance.sample(list(one.memberships), len(one.memberships)):
            yield timedelta(seconds=moment), lambda slug=slug: self._post(one, slug)
            moment += 0 if "outbox" in self.leaks else LEAST + self.chance.random() * SPREAD

    def _post(self, one: Person, slug: str) -> None:
        with suppress(DomainError):  # locked, or gone meanwhile
            post_message(one.actor, self.threads[slug][0], Draft(str(uuid.uuid4()), self._text()))

    def _end(self, one: Person) -> None:
        """By themselves or by the clock: both end in this."""
        if "log" in self.leaks:
            log.info("account_erased", memberships=list(one.memberships.values()))
        with transaction():
            account = db.session.get_one(Account, one.account_id)
            erase_account(account, self.messages, at_once="at_once" in self.leaks)

    # What the curious one reads.

    def _take_archives(self, when: str) -> None:
        """The archive of each club, as a lead of both reads it; without the time at which it was taken."""
        for slug in CLUBS:
            with self.app.test_request_context():
                found = open_archive(self.cast.amina.actor, self.archives[slug])
                text = _unpacked(pack_archive(found[1], found[0], found[2].first_seq).read())
            told = json.loads(text["archive.json"])
            said = [each for thread in told["threads"] for each in thread["messages"]]
            numbers = {each["text"]: int(each["by"].split()[-1]) for each in said}
            if "numbers" in self.leaks:
                numbers = {each: self._index_of(slug, each) for each in numbers}
            self.seen[slug].archives[f"archive {when}"] = numbers
            self.seen[slug].texts[f"archive page {when}"] = text["archive.html"]

    def _index_of(self, slug: str, text: str) -> int:
        """As if people were numbered in the order in which they came to the house."""
        seen = self.seen[slug]
        theirs = [one for one in seen.members if text in json.dumps(seen.rows_of(one), ensure_ascii=False)]
        return [one.memberships.get(slug) for one in self.people].index(theirs[0]) if theirs else -1

    def _read(self, when: str) -> None:
        if self.leaks and when == "after":
            return
        self._take_archives(when)
        if self.leaks:
            return
        own = self.api.get("/me/archive")
        assert own.status_code == 200
        for slug in CLUBS:
            self.seen[slug].texts[f"own archive {when}"] = "\n".join(_unpacked(own.data).values())
        browser = client_of(self.app, self.cast.amina)
        for slug in CLUBS:
            thread, _first = self.threads[slug]
            calls = (f"/clubs/{slug}/members?limit=100", f"/threads/{thread}/messages?limit=100", "/me", "/clubs")
            pages = (
                f"/clubs/{slug}", f"/clubs/{slug}/members", f"/threads/{thread}", f"/clubs/{slug}/journal",
                f"/meetings/{self.claims[slug]}", "/agenda", f"/clubs/{slug}/requests",
                f"/archives/{self.archives[slug]}", f"/claims/{self.claims[slug]}",
                f"/meetings/{self.claims[slug]}/calendar.ics", f"/calendar/{self.calendar}.ics",
                "/houses/canal/calendar.ics", "/houses/canal/feed.xml",
            )  # fmt: skip
            for door, paths in ((self.api, calls), (browser, pages)):
                for number, path in enumerate(paths):
                    answer = door.get(path)
                    assert answer.status_code == 200, (path, answer.status_code)
                    key = f"{'call' if door is self.api else 'page'} {number} {when}"
                    self.seen[slug].texts[key] = answer.get_data(as_text=True)
                    # A calendar says when its meetings last changed, to the minute, and the mark of its bytes.
                    if not path.endswith((".ics", ".xml")):
                        self.headers += [f"{name}: {value}" for name, value in answer.headers.items()]


def _unpacked(content: bytes) -> dict[str, str]:
    """The texts in a zip; no entry bears a time."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert {entry.date_time for entry in bundle.infolist()} == {(2020, 1, 1, 0, 0, 0)}
        return {name: bundle.read(name).decode() for name in bundle.namelist() if not name.endswith(".css")}
