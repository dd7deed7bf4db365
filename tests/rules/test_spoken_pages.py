"""The pages in every language: no French left on an Arabic one, dates and marks as each language writes them."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.proofs.models import Passkey
from app.clubs.founding.models import Backer, PlantHold, Proposal
from app.clubs.models import Club, Membership
from app.config import LOCALES
from app.core import jobs
from app.core.db import db
from app.core.models import Job
from app.facilitation.break_glass.models import BreakGlass
from app.facilitation.models import Decision, HelpNote, HelpRequest, Objection, Report, ReportedMessage, Visit
from app.houses.advice.models import AdviceHour, Booking
from app.houses.models import House, StaffPost
from app.houses.partners.models import Adviser, Partner
from app.houses.shelf.models import ShelfItem, ShelfProposal
from app.meetings.ballots.models import Ballot, BallotVoice
from app.meetings.minutes.models import MinutesVersion, NotedDecision
from app.meetings.models import Meeting
from app.meetings.paths.models import ReviewLine, SessionGoal
from app.meetings.places.models import HouseLink
from app.meetings.polls.models import Poll, PollDate
from app.meetings.programme.models import AgendaPoint, Thing
from app.meetings.tasks.models import Task
from app.messaging.models import Message, Thread
from app.practice.models import PracticeOffer, Rehearsal
from app.rooms.models import Claim, Closure, MeetingSession, Room
from app.rooms.sessions.models import SessionRequest
from app.web.catalogues import compile_catalogues
from app.web.reading import CHECKED, NAMES
from tests.journeys.pages import PAGES, address
from tests.rooms.places import MONDAY
from tests.rules.languages import ATTRIBUTES, LATIN_IN_ARABIC, NOT_ARABIC, PLACEHOLDER, catalogue
from tests.rules.stage import Stage
from tests.support import databases
from tests.support.application import make_app
from tests.support.mailbox import Mailbox, words_of
from tests.support.page import Page, text_of

# What people wrote: it is shown as they wrote it, in whatever language.
WRITTEN = (
    *(House.name, House.address, House.access, House.hours),
    *(Club.name, Club.plant, Club.sentence, Club.about, Club.charter),
    *(Room.name, Room.floor, Closure.reason, StaffPost.name),
    *(Membership.name, Membership.former_name, Membership.sentence),
    *(Thread.title, Message.body, Claim.title, Claim.door_word),
    *(Proposal.name, Proposal.sentence, Proposal.charter, Proposal.note, Backer.name, PlantHold.plant),
    *(HelpRequest.title, HelpNote.body, Visit.reason, Report.note, ReportedMessage.body),
    *(Decision.reason, Objection.body, Objection.answer, Job.failure),
    *(BreakGlass.reason, Passkey.label, MeetingSession.name, SessionRequest.name),
    *(Partner.name, Partner.sentence, Partner.about, Partner.place, Adviser.name, AdviceHour.room, AdviceHour.title),
    ShelfProposal.title,
    *(Booking.name, Booking.slip, ShelfItem.title, ShelfItem.purpose, ShelfItem.body),
    *(
        Meeting.title,
        Meeting.area,
        Meeting.moved_to,
        Task.text,
        AgendaPoint.text,
        Thing.text,
        MinutesVersion.text,
        NotedDecision.text,
    ),
    *(Poll.title, PollDate.place, Ballot.question, Ballot.body, Ballot.options, BallotVoice.reason),
    *(BallotVoice.proposal, ReviewLine.text, SessionGoal.text, HouseLink.pattern),
    *(PracticeOffer.name, Rehearsal.asker_name),
)
# By which a report calls people.
LETTER = re.compile("\u2068[A-F]\u2069")
# Drawn by lot, of signs that every keyboard has: what an app of numbers is set with, the word of an invitation, the
# seed and the labels of a draw.
DRAWN = re.compile(r"\b[A-Z2-7]{4}( [A-Z2-7]{4}){7}\b|\b[a-z]{4}(-[a-z]{4}){2}\b|\b[0-9a-f]{8,64}\b")
# As it is typed, in every language.
COMMAND = "flask --app app draw verify record.json"
ADDRESS = re.compile(r"[\w.•-]+@[\w.]+|https?://\S+|(\w[\w-]*\.)+[a-z]{2,}/?")


class Reader:
    """Every page of the list, as it is read in a language, without what people wrote."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.clients, self.pages = stage, dict[tuple[str, str], Any](), dict[tuple[str, str, str], Page]()
        with stage.app.app_context():
            rows = [value for column in WRITTEN for value in db.session.scalars(select(column))]
        rows.append(stage.known["founding_code"])
        self.written = sorted({text for row in rows for text in strings(row)}, key=len, reverse=True)

    def client(self, code: str, role: str) -> Any:
        if (code, role) not in self.clients:
            self.clients[code, role] = self.stage.page_client(role)
            self.clients[code, role].set_cookie("reading", f"m.auto..{code}")
        return self.clients[code, role]

    def page(self, code: str, role: str, path: str) -> Page:
        if (code, role, path) not in self.pages:
            answer = self.client(code, role).get(address(self.stage, role, path))
            self.pages[code, role, path] = answer.page
        return self.pages[code, role, path]

    def every(self, code: str) -> dict[tuple[str, str], Page]:
        return {(role, path): self.page(code, role, path) for role, path in PAGES}

    def ours(self, page: Page) -> list[str]:
        """The texts of a page that are the product's, those that a script will show among them."""
        return [text for text in map(self.without_what_people_wrote, texts_of(page)) if text.strip()]

    def without_what_people_wrote(self, text: str) -> str:
        for each in self.written:
            text = text.replace(each, "")
        text = text.replace(COMMAND, "")
        return DRAWN.sub("", LETTER.sub("", ADDRESS.sub("", text)))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif value and isinstance(value, str):
        yield value
        # Minutes are picked from line by line.
        yield from filter(None, value.splitlines())


def texts_of(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        if element.tag in ("script", "style"):
            continue
        yield from (text for text in (element.text, element.tail) if text and isinstance(element.tag, str))
        yield from (element.get(name, "") for name in ATTRIBUTES)
        if (element.tag, element.get("name")) == ("meta", "description"):
            yield element.get("content", "")


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    compile_catalogues()
    app = make_app(databases.new_database("sqlite"))
    with time_machine.travel(MONDAY, tick=False):
        yield Reader(Stage(app))
    databases.close(app)


def test_what_people_wrote_is_there_to_be_left_out(reader: Reader) -> None:
    whole = " ".join(page.html for page in reader.every("ar").values())
    for marker in ("Titre de Tilleul", "Message d’Amina.", "Maison du Canal", "Salle 1", "2e étage", "Créatrices"):
        assert marker in whole


def test_no_french_is_left_on_an_arabic_page(reader: Reader) -> None:
    # The page of components is made of examples: what people could have written. Cards of interviews are French, as
    # those interviews are.
    left = ("/components", "/rehearsals/cards/vente")
    pages = {where: page for where, page in reader.every("ar").items() if where[1] not in left}
    assert len(pages) >= 34
    assert {where: found for where, page in pages.items() if (found := foreign(reader.ours(page)))} == {}


def foreign(texts: list[str], *also: str) -> list[str]:
    """What is not Arabic, but for the names of languages, and initials."""
    known = re.compile("|".join(map(re.escape, filter(None, (*NAMES.values(), *LATIN_IN_ARABIC, *also)))))
    return [
        text for text in texts if len(text.strip()) > 1 and NOT_ARABIC.search(known.sub("", PLACEHOLDER.sub("", text)))
    ]


@pytest.mark.parametrize("code", LOCALES)
def test_the_menu_says_which_translations_nobody_checked(reader: Reader, code: str) -> None:
    page = reader.page(code, "visitor", "/sign-in")
    shown = {link.get("hreflang"): text_of(link) for link in page.all(".//div[@class='langs']/a")}
    warning = "traduction à relire" if code == "fr" else catalogue(code).get("traduction à relire").string
    assert shown == {each: name + ("" if each in CHECKED else warning) for each, name in NAMES.items()}


# Monday 2 November 2026, when the house is open until 20:45; a meeting on Wednesday, from 14:00 to 16:00; the week.
DATES = {
    "fr": ("Lundi 2 novembre.", "20 h 45", "mercredi 4, 14 h à 16 h, Salle 1, voir", "2–8 nov."),
    "en": ("Monday, 2 November.", "20:45", "Wednesday 4, ", "2–8 Nov"),
    "es": ("Lunes, 2 de noviembre.", "20:45", "miércoles 4, ", "2–8 nov"),
    "pt": ("Segunda-feira, 2 de novembro.", "20:45", "quarta-feira 4, ", "2 – 8 de nov."),
    "it": ("Lunedì 2 novembre.", "20:45", "mercoledì 4, ", "02–08 nov"),
    "ar": ("الاثنين، 2 نوفمبر.", "8:45 م", "الأربعاء 4، من 2:00 م", "2–8 نوفمبر"),
}


@pytest.mark.parametrize("code", LOCALES)
def test_dates_and_times_are_written_as_the_language_does(reader: Reader, code: str) -> None:
    today, evening, meeting, week = DATES[code]
    home, rooms = reader.page(code, "member", "/").main, reader.page(code, "visitor", "/houses/canal/slots")
    buttons = " ".join(each.get("aria-label", "") for each in rooms.all(".//a")).replace("\u00a0", " ")
    assert [text for text in (today, evening) if text not in home] == []
    assert (meeting in buttons, week in rooms.main) == (True, True)


def test_french_has_its_no_break_spaces(reader: Reader) -> None:
    left = {
        where: found
        for where, page in reader.every("fr").items()
        if (found := [text for text in reader.ours(page) if re.search(r" [;?!:»]|« |\d h\b(?! )|\d h ", text)])
    }
    assert left == {}


WRONG = [
    ("visitor", "/sign-in", {"email": "", "way": "code"}),
    ("visitor", "/sign-in", {"email": "amina@demo", "way": "code"}),
    ("visitor", "/sign-in", {"email": "amina@demo.example", "way": "password", "password": "x"}),
    ("member", "/clubs/glycine/join", {"name": ""}),
    ("member", "/clubs/glycine/join", {"name": "x" * 41, "consent": "y", "age": "y"}),
    ("member", "/clubs/tilleul/name", {"name": "Bruno"}),
    ("member", "/clubs/tilleul/threads/new", {"title": "", "body": ""}),
    ("member", "/threads/{thread}/messages", {"body": ""}),
    ("member", "/account/password", {"current": "x", "password": "court"}),
    ("member", "/account/address", {"email": "x", "current": ""}),
    ("lead", "/slots/{slot}/claim", {"club": "", "title": "", "band": "", "public": ""}),
    ("lead", "/slots/{slot}/claim", {"club": "zz", "title": "x" * 81, "band": "zz", "public": "zz"}),
    ("lead", "/clubs/tilleul/members/{lead_ship}/role", {"role": "member"}),
    ("manager", "/clubs/glycine/join", {"name": "Élise"}),
]


def test_what_is_refused_is_said_in_arabic(reader: Reader) -> None:
    wrong = {}
    for role, path, fields in WRONG:
        client, there = reader.client("ar", role), address(reader.stage, role, path)
        answer = client.send(there, fields, on="", follow_redirects=True)
        said = foreign(reader.ours(answer.page), *fields.values())
        if said or answer.status_code < 400:
            wrong[role, path, str(fields)] = answer.status_code, said
    assert wrong == {}


def test_a_mail_is_written_in_the_language_of_who_asks(reader: Reader) -> None:
    reader.client("ar", "visitor").send("/sign-in", {"email": "noor@maison.example", "way": "code"}, on="")
    with reader.stage.app.app_context():
        jobs.run_due(100)
    (mail,) = Mailbox(reader.stage.app.extensions["settings"].instance).to("noor@maison.example")
    said = [mail["Subject"], *map(reader.without_what_people_wrote, words_of(mail).splitlines())]
    assert len("".join(said)) > 100
    assert foreign(said) == []
