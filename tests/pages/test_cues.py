"""Cues: to a club's leads first; to the team a day later, for clubs of five or more; never what was said."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.clubs.models import Club, Membership
from app.core.db import db, transaction
from app.messaging.actions import Draft, post_message
from app.messaging.models import Message
from app.pages.desk.cues import TO_LEADS, TO_TEAM, cues_for_leads, cues_for_team, look_at_clubs
from app.pages.desk.models import ClubCue
from tests.pages.desks import grow
from tests.pages.words import spoken, told
from tests.rooms.places import club, house
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient

CLIENT = Callable[..., PageClient]
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# A Monday in Paris.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def at(app: Flask) -> Callable[..., Any]:
    """``with at(3, hour=7):`` so many days after that Monday, inside the application."""

    class Moment:
        def __init__(self, days: float) -> None:
            self.travel = time_machine.travel(MONDAY + days * DAY, tick=False)
            self.context = app.app_context()

        def __enter__(self) -> None:
            self.travel.start()
            self.context.push()

        def __exit__(self, *_error: object) -> None:
            self.context.pop()
            self.travel.stop()

    return Moment


def seen_by_team(slugs: tuple[str, ...] = ("tilleul",)) -> list[str]:
    return [cue.kind for cue in cues_for_team([house("canal")], [club(slug) for slug in slugs])]


def found() -> list[tuple[str, date]]:
    rows = db.session.scalars(select(ClubCue).where(ClubCue.club_id == club("tilleul").id).order_by(ClubCue.kind))
    return [(row.kind, row.since) for row in rows]


def test_a_newcomer_unanswered_for_48_hours(app: Flask, cast: Cast, at: Any, talk: Callable[..., str]) -> None:
    with time_machine.travel(MONDAY - DAY, tick=False):
        thread = talk(cast.bruno, "tilleul", "Bienvenue")
    with at(0):
        zoe = make_person("zoe", tilleul="Zoé")
        say(zoe, thread, "Bonjour, je suis nouvelle.")
        say(zoe, thread, "Je reviens demain.")
    with at(1.9):
        assert cues_for_leads(club("tilleul")) == []
    with at(2):
        assert cues_for_leads(club("tilleul")) == ["unanswered"]
        grow()
        look_at_clubs()
        assert (found(), seen_by_team()) == ([("unanswered", date(2026, 11, 25))], [])
    with at(2.9):
        look_at_clubs()
        assert (found(), seen_by_team()) == ([("unanswered", date(2026, 11, 25))], ["unanswered"])
        grow(band=1)
        assert seen_by_team() == []
        grow()
    with at(3):
        say(cast.bruno, thread, "Bonjour Zoé !")
        assert (cues_for_leads(club("tilleul")), seen_by_team()) == ([], ["unanswered"])
        look_at_clubs()
        assert (found(), seen_by_team()) == ([], [])


def say(person: Person, thread: str, body: str) -> None:
    import uuid

    post_message(person.actor, thread, Draft(str(uuid.uuid4()), body))


@sqlite
def test_what_is_no_newcomer_waiting(app: Flask, cast: Cast, at: Any, talk: Callable[..., str]) -> None:
    with time_machine.travel(MONDAY - DAY, tick=False):
        thread = talk(cast.bruno, "tilleul", "Bienvenue")
    with at(0):
        zoe = make_person("zoe", tilleul="Zoé")
        say(zoe, thread, "Bonjour.")
        message = db.session.scalars(select(Message).order_by(Message.seq.desc()).limit(1)).one().id
    changes: list[tuple[type[Any], str, dict[str, Any]]] = [
        (Message, message, {"withdrawn_at": MONDAY}),
        (Message, message, {"hidden_at": MONDAY}),
        (Membership, zoe.memberships["tilleul"], {"ended_at": MONDAY}),
        (Membership, zoe.memberships["tilleul"], {"role": "lead"}),
        (Membership, zoe.memberships["tilleul"], {"began_at": MONDAY - 40 * DAY}),
    ]
    with at(3):
        assert cues_for_leads(club("tilleul")) == ["unanswered"]
        for table, key, values in changes:
            row = db.session.get_one(table, key)
            before = {name: getattr(row, name) for name in values}
            put(table, key, values)
            assert (values, cues_for_leads(club("tilleul"))) == (values, [])
            put(table, key, before)
        assert cues_for_leads(club("tilleul")) == ["unanswered"]
        assert cues_for_leads(club("glycine")) == []


def put(table: type[Any], key: str, values: dict[str, Any]) -> None:
    with transaction():
        db.session.execute(update(table).where(table.id == key).values(**values))


def test_no_lead_and_nothing_for_two_weeks(
    app: Flask, cast: Cast, at: Any, talk: Callable[..., str], meet: Callable[..., str]
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        talk(cast.bruno, "tilleul", "Bienvenue")
    with at(0):
        grow()
        put(Club, cast.clubs["tilleul"], {"created_at": MONDAY - 60 * DAY})
        put(Membership, cast.bruno.memberships["tilleul"], {"role": "member", "began_at": MONDAY - 60 * DAY})
        look_at_clubs()
        assert (found(), seen_by_team()) == ([("no_lead", MONDAY.date())], [])
    with at(13.9):
        assert (cues_for_leads(club("tilleul")), seen_by_team()) == ([], ["no_lead"])
    with at(14):
        assert cues_for_leads(club("tilleul")) == ["quiet"]
        put(Membership, cast.bruno.memberships["tilleul"], {"role": "lead"})
        look_at_clubs()
        assert found() == [("quiet", date(2026, 12, 7))]
    with time_machine.travel(MONDAY + 15 * DAY, tick=False):
        claim = meet("tilleul", "Bientôt", days=2)
    with at(15):
        assert (cues_for_leads(club("tilleul")), seen_by_team()) == ([], ["quiet"])
    with at(31.9):
        assert (claim != "", cues_for_leads(club("tilleul"))) == (True, ["quiet"])


@sqlite
def test_leads_read_it_on_their_club_and_the_team_at_the_desk(
    app: Flask, client_of: CLIENT, cast: Cast, at: Any, talk: Callable[..., str]
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        talk(cast.bruno, "tilleul", "Bienvenue")
    with at(0):
        put(Club, cast.clubs["tilleul"], {"created_at": MONDAY - 60 * DAY})
    with at(14):
        grow()
        look_at_clubs()
    words, title = str(TO_LEADS["quiet"]), str(TO_TEAM["quiet"])
    with time_machine.travel(MONDAY + 14 * DAY, tick=False):
        assert words.split(" :")[0] in spoken(client_of(cast.bruno).get("/clubs/tilleul").page)
        assert "Pour les responsables" not in client_of(cast.amina).get("/clubs/tilleul").page.html
        assert title not in client_of(cast.denis).get("/desk").page.html
    with time_machine.travel(MONDAY + 15 * DAY, tick=False):
        page = client_of(cast.denis).get("/desk").page
        assert told(page.all(".//section[@id='queue']//h4")) == [title]
        assert "/desk#club-tilleul" in page.links
        assert [each.get("id") for each in page.all(".//table//*[@id]")].count("club-tilleul") == 1
        assert "Proposez un créneau ou une idée de rencontre" in spoken(page)
