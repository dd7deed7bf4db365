"""Who watched, who was away and caught up, and who comes afresh see the same, whatever happened.

Random histories of everything that a club's log can hold; the seed stands in the name of the test.
"""

import json
import math
import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.clubs import actions as clubs
from app.clubs import live
from app.clubs.consent import CONSENT_VERSION
from app.clubs.models import Membership
from app.clubs.partings import part
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.facilitation.pauses.actions import pause_member, remove_member
from app.messaging import actions
from app.messaging.actions import Draft
from app.messaging.models import Message, Reaction
from app.messaging.reactions import WORDS
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.queries import ONE_DAY, slots_between, today_in
from tests.rooms.places import house, make_places, room
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import api_of
from tests.support.screen import Screen

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ACTS = 60


class History:
    """Acts of the people of Tilleul, one after the other, as chance has it."""

    def __init__(self, app: Flask, cast: Cast, chance: random.Random) -> None:
        self.app, self.cast, self.chance = app, cast, chance
        app.config["LIMIT_FACTOR"] = 1e6
        with app.app_context():
            make_places()
            self.people = [cast.bruno, cast.amina, *(make_person(f"p{n}", tilleul=f"Personne {n}") for n in range(4))]
            self.threads = [actions.open_thread(cast.bruno.actor, "tilleul", "Mardi", self._draft()).thread.id]
            canal, soon = house("canal"), today_in(house("canal")) + ONE_DAY
            between = slots_between(canal, [room("salle-1")], soon, soon + timedelta(days=21))
            self.slots = [each.id for each in between if each.open]
        self.said: list[tuple[Person, str]] = []
        self.claimed: list[str] = []
        self.done: list[str] = []

    def _draft(self, **told: Any) -> Draft:
        return Draft(str(uuid.uuid4()), f"Mot {self.chance.random()}", **told)

    def act(self) -> None:
        """One act more; what is refused, is refused."""
        name = self.chance.choice(NAMES)
        with self.app.app_context():
            try:
                getattr(self, name)(self.chance.choice(self.people))
            except DomainError:
                return
        self.done.append(name)

    def _some(self, mine: Person | None = None) -> str:
        found = [each for person, each in self.said if mine is None or person is mine]
        return self.chance.choice(found or [""])

    def post(self, who: Person) -> None:
        posted = actions.post_message(who.actor, self.chance.choice(self.threads), self._draft())
        self.said.append((who, posted.message.id))

    post_more = post_again = post_on = post

    def answer(self, who: Person) -> None:
        posted = actions.post_message(who.actor, self.threads[0], self._draft(reply_to=self._some()))
        self.said.append((who, posted.message.id))

    def edit(self, who: Person) -> None:
        actions.edit_message(who.actor, self._some(who), f"Changé {self.chance.random()}")

    def withdraw(self, who: Person) -> None:
        actions.withdraw_message(who.actor, self._some(who))

    def hide_or_restore(self, _who: Person) -> None:
        with transaction():
            message = db.session.get(Message, self._some())
            if message is None or message.state == "withdrawn":
                raise DomainError()
            if message.state == "hidden":
                actions.restore_message(message)
            else:
                actions.hide_message(message, "lead", "1")

    hide_more = hide_or_restore

    def react(self, who: Person) -> None:
        actions.react(who.actor, self._some(), self.chance.choice(WORDS).key)

    react_more = react

    def unreact(self, who: Person) -> None:
        actions.unreact(who.actor, self._some(), self.chance.choice(WORDS).key)

    def open_thread(self, who: Person) -> None:
        self.threads.append(actions.open_thread(who.actor, "tilleul", f"Sujet {who.key}", self._draft()).thread.id)

    def begin(self, _who: Person) -> None:
        person = make_person(f"n{uuid.uuid4()}")
        clubs.join_club(person.actor, "tilleul", f"Nouveau {len(self.people)}", consent_version=CONSENT_VERSION)
        self.people.append(person)

    def rename(self, who: Person) -> None:
        clubs.rename(who.actor, "tilleul", f"Autre nom {self.chance.randrange(10**6)}")

    def end(self, who: Person) -> None:
        if who in self.people[:2]:
            raise DomainError()
        clubs.leave_club(who.actor, "tilleul")

    def part(self, who: Person) -> None:
        """For good: titles and messages are blanked, words taken back."""
        mine = db.session.scalar(
            select(Membership.id).where(Membership.account_id == who.account_id, Membership.ended_at.is_(None))
        )
        if who in self.people[:2] or mine is None:
            raise DomainError()
        part({"membership": mine, "messages": "blank", "at": now().isoformat(), "by": now().isoformat()})

    def pause(self, who: Person) -> None:
        mine = self._membership(who)
        pause_member(self.cast.bruno.actor, mine, now() + timedelta(hours=2), "1", "Une raison.")

    def remove(self, who: Person) -> None:
        if who in self.people[:2]:
            raise DomainError()
        remove_member(self.cast.bruno.actor, self._membership(who), "1", "Une raison.")

    def claim(self, _who: Person) -> None:
        booked = claim_slot(self.cast.bruno.actor, Wish(self.chance.choice(self.slots), "tilleul", "Rencontre"))
        self.claimed.append(booked.claim.id)

    def release(self, _who: Person) -> None:
        if not self.claimed:
            raise DomainError()
        release_claim(self.cast.bruno.actor, self.claimed.pop())

    def _membership(self, who: Person) -> str:
        found = select(Membership.id).where(
            Membership.account_id == who.account_id, Membership.club_id == self.cast.clubs["tilleul"]
        )
        return db.session.scalars(found.order_by(Membership.asked_at.desc())).first() or ""


NAMES = tuple(sorted(name for name in vars(History) if not name.startswith("_") and name != "act"))


def whole(app: Flask, screen: Screen) -> dict[str, object]:
    """What the tables hold, in the words of a screen: the judge of all of them."""
    with app.app_context():
        words: dict[str, set[tuple[str, str]]] = {}
        for said in db.session.scalars(select(Reaction).where(Reaction.removed_at.is_(None))):
            words.setdefault(said.message_id, set()).add((said.emoji, said.membership_id))
        read = {each.id: each.body for each in db.session.scalars(select(Message)) if each.state == "sent"}
        there = select(Membership).where(Membership.club_id == screen.club_id, Membership.ended_at.is_(None))
        return {
            "words": {each: said for each, said in words.items() if each in read},
            "names": {each.id: each.name for each in db.session.scalars(there)},
            "bodies": read,
        }


@pytest.mark.parametrize("seed", range(8))
def test_who_was_away_sees_what_they_see_who_watched(app: Flask, cast: Cast, seed: int) -> None:
    chance = random.Random(seed)
    history = History(app, cast, chance)
    api = api_of(app, cast.bruno)
    watching, away, fresh = (Screen(api, cast.clubs["tilleul"]) for _ in range(3))
    with app.app_context():
        for person in history.people:
            watching.names |= {person.memberships["tilleul"]: person.names["tilleul"]}
    away.names, fresh.names = dict(watching.names), dict(watching.names)
    leaves, returns = sorted(chance.sample(range(ACTS), 2))
    for number in range(ACTS):
        history.act()
        watching.catch_up()
        if number < leaves:
            away.catch_up()
        elif number == returns:
            away.catch_up(limit=chance.randint(1, 50))
    away.catch_up(limit=chance.randint(1, 50))
    fresh.catch_up()

    assert watching.order == list(range(1, watching.last + 1))
    assert watching.seen() == away.seen() == fresh.seen(), (seed, history.done)
    judge, seen = whole(app, fresh), fresh.seen()
    assert {each: told["body"] for each, told in seen["messages"] if told["body"] is not None} == judge["bodies"]
    assert (seen["words"], seen["names"]) == (judge["words"], judge["names"]), (seed, history.done)
    assert len(set(history.done)) >= 8


@pytest.mark.parametrize("missed", [0, 1, 39, 40, 41, 5_000])
def test_however_much_was_missed(app: Flask, cast: Cast, missed: int) -> None:
    app.config["LIMIT_FACTOR"] = 1e6
    screens = [Screen(api_of(app, cast.bruno), cast.clubs["tilleul"]) for _ in range(3)]
    with app.app_context():
        posted = actions.open_thread(cast.bruno.actor, "tilleul", "Mardi", Draft(str(uuid.uuid4()), "Avant"))
        thread, first = posted.thread.id, posted.message
        values = {name: getattr(first, name) for name in Message.__table__.columns.keys()}  # noqa: SIM118
    watching, away, fresh = screens
    away.catch_up()
    with app.app_context(), transaction():
        ids = [new_id() for _ in range(missed)]
        numbers = live.record_all(cast.clubs["tilleul"], [("message:posted", each) for each in ids])
        rows = [
            {**values, "id": each, "client_id": str(uuid.uuid4()), "seq": n, "changed_seq": n, "body": f"Mot {n}"}
            for each, n in zip(ids, numbers, strict=True)
        ]
        if rows:
            db.session.execute(insert(Message), rows)
    watching.catch_up(limit=100)
    pages = away.catch_up()
    fresh.catch_up()

    assert away.seen() == watching.seen() == fresh.seen()
    assert [told["body"] for _id, told in away.seen()["messages"]] == [
        "Avant",
        *(f"Mot {n}" for n in range(3, missed + 3)),
    ]
    assert pages == max(1, math.ceil(missed / 100))
    assert away.order == list(range(1, missed + 3))
    assert thread in away.threads


def test_what_is_long_comes_in_answers_that_a_slow_network_takes(app: Flask, cast: Cast) -> None:
    """Each of them is below the bound as it goes over the wire, and all together are everything, once and in order."""
    body = "é🙏<&" * 1_000
    app.config["LIMIT_FACTOR"] = 1e6
    with app.app_context():
        posted = actions.open_thread(cast.bruno.actor, "tilleul", "Long", Draft(str(uuid.uuid4()), body))
        for _ in range(11):
            actions.post_message(cast.bruno.actor, posted.thread.id, Draft(str(uuid.uuid4()), body))
    api, answers, last = api_of(app, cast.bruno), [], 0
    while not answers or answers[-1]["more"]:
        answers.append(api.get(f"/clubs/tilleul/changes?since={last}").json)
        last = answers[-1]["seq"]
    assert [row["seq"] for each in answers for row in each["changes"]] == list(range(1, 14))
    sizes = [len(json.dumps(each)) for each in answers]
    assert (len(answers) > 2, max(sizes) < live.MAX_ANSWER) == (True, True), sizes
