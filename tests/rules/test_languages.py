"""Six languages: each catalogue holds what the code says, whole, and no page keeps the words of another language."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from gettext import c2py
from itertools import groupby
from typing import Any

import html5lib
import pytest
import time_machine
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po
from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.config import LOCALES, ROOT
from app.core import jobs
from app.core.db import db
from app.houses.models import House
from app.messaging.models import Message, Thread
from app.rooms.models import Claim, Room
from app.web.catalogues import FOLDER, compile_catalogues
from app.web.reading import CHECKED, NAMES
from tests.journeys.pages import PAGES, address
from tests.rooms.places import MONDAY
from tests.rules.stage import Stage
from tests.support import databases
from tests.support.application import make_app
from tests.support.mailbox import Mailbox
from tests.support.page import Page, text_of

OTHERS = [code for code in LOCALES if code != "fr"]
PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w*\}")
WORD = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*")
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
# Marks that turn more than what stands between them.
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066\u2067]")

# Words that are the same in French and in that language. Whatever else is alike has not been translated.
SAME = {
    "en": {
        *("Action", "Auto", "Club", "Club %(plant)s", "Clubs", "Discussion", "Discussions", "Information", "Messages"),
        *("Normal", "Options", "Pépinière", "Questions", "Simple"),
        *("%(num)s place", "%(room)s, %(places)s places", "12 places", "24 places"),
    },
    "es": {
        *("%(num)s libre", "Agenda", "Auto", "Club", "Club %(plant)s", "Libre", "Normal", "Pépinière", "Responsable")
    },
    "pt": {"Agenda", "Auto", "Menu principal", "Normal", "Pépinière"},
    "it": {"Agenda", "Club", "Club %(plant)s", "Pépinière"},
    "ar": {"Pépinière"},
}
# Latin letters in Arabic sentences: the product, a key of the keyboard, examples of an address and of a name.
LATIN_IN_ARABIC = {"Pépinière", "Shift", "name@example.com", "Marie-Claude"}
NOT_ARABIC = re.compile(r"[A-Za-zÀ-ɏ]|[,;?]")
ENGLISH = re.compile(r"\b(the|you|your|is|are|not|and|of|please|must|invalid|choice|field|error)\b", re.IGNORECASE)

others = pytest.mark.parametrize("code", OTHERS)
Forms = tuple[str, ...]


def forms(text: Any) -> Forms:
    """A message or a translation: one form, or one for each plural."""
    return tuple(text) if isinstance(text, tuple | list) else (text,)


@cache
def marked() -> list[tuple[str, Forms]]:
    """What the code marks today, and where: as ``make catalogues`` finds it."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(["_l", "lazy_gettext"])}
    found = extract_from_dir(ROOT / "app", methods, options, keywords)
    return [(f"{name}:{line}", forms(message)) for name, line, message, _comments, _context in found]


@cache
def catalogue(code: str) -> Catalog:
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


def entries(code: str) -> list[tuple[Forms, Forms]]:
    """French and translation of each message."""
    return [(forms(entry.id), forms(entry.string)) for entry in catalogue(code) if entry.id]


# What the code says


def test_each_message_is_french() -> None:
    assert len(marked()) > 800
    english = [(where, form) for where, message in marked() for form in message if ENGLISH.search(form)]
    assert english == []


def test_no_message_is_marked_twice_in_two_spellings() -> None:
    def plain(message: Forms) -> str:
        return " ".join(" | ".join(message).replace("'", "’").replace("\u00a0", " ").replace("...", "…").split())

    messages = sorted({message for _where, message in marked()}, key=plain)
    twice = [same for _spelling, each in groupby(messages, plain) if len(same := list(each)) > 1]
    assert twice == []


def test_french_apostrophes_are_the_round_ones() -> None:
    assert [(where, message) for where, message in marked() if "'" in "".join(message)] == []


# Names of classes that a template puts together.
CLASSES = re.compile(r"\b[a-z]+(-+[a-z]*)+|\bbtn\b")
TEMPLATES = sorted(path for kind in ("html", "txt") for path in (ROOT / "app" / "templates").rglob(f"*.{kind}"))


def test_no_template_holds_words_that_are_not_marked() -> None:
    assert len(TEMPLATES) > 60
    left = {path.name: found for path in TEMPLATES if (found := bare_words(path.read_text()))}
    assert left == {"_components_talk.html": ["Luz"]}  # an example of a name


def bare_words(source: str) -> list[str]:
    """What a template says outside Jinja, between tags and in the attributes that people read or hear."""
    source = re.sub(r"(</?)\{\{.*?\}\}", r"\1div", source)
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
    tree = html5lib.parseFragment(source, namespaceHTMLElements=False)
    texts = [*tree.itertext(), *(e.get(name, "") for e in tree.iter() for name in ATTRIBUTES)]
    return [text.strip() for text in texts if re.search(r"[^\W\d_]{2}", CLASSES.sub("", text))]


# The catalogues


@others
def test_a_catalogue_has_the_messages_of_the_code_and_no_other(code: str) -> None:
    said, kept = {message for _where, message in marked()}, {french for french, _translation in entries(code)}
    assert (said - kept, kept - said, list(catalogue(code).obsolete)) == (set(), set(), [])


@others
def test_no_entry_is_empty_or_guessed(code: str) -> None:
    assert [entry.id for entry in catalogue(code) if entry.id and entry.fuzzy] == []
    assert [french for french, translation in entries(code) if not all(form.strip() for form in translation)] == []


@others
def test_each_plural_has_the_forms_that_the_language_needs(code: str) -> None:
    needed = Catalog(locale=code)
    assert catalogue(code).plural_forms == needed.plural_forms
    counts = {french: len(translation) for french, translation in entries(code)}
    wrong = {french: n for french, n in counts.items() if n != (needed.num_plurals if len(french) > 1 else 1)}
    assert wrong == {}


@others
def test_each_form_has_the_placeholders_of_the_french(code: str) -> None:
    alone = numbers_said_alone(catalogue(code))
    wrong = []
    for french, translation in entries(code):
        wanted = sorted(set(PLACEHOLDER.findall("".join(french))))
        for index, form in enumerate(translation):
            found = sorted(PLACEHOLDER.findall(form))
            in_words = len(french) > 1 and index in alone and sorted([*found, "%(num)s"]) == wanted
            if found != wanted and not in_words:
                wrong.append((french, form))
    assert wrong == []


def numbers_said_alone(of: Catalog) -> set[int]:
    """The plural forms that serve one number only: they may say it in words."""
    served = Counter(map(c2py(of.plural_expr), range(1000)))
    assert set(served) == set(range(of.num_plurals))
    return {index for index, numbers in served.items() if numbers == 1}


@others
def test_no_entry_is_its_french_but_for_a_named_list(code: str) -> None:
    alike = {french[0] for french, translation in entries(code) if set(french) & set(translation)}
    assert {text for text in alike if WORD.search(PLACEHOLDER.sub("", text))} == SAME[code]


@others
def test_punctuation_is_not_french(code: str) -> None:
    assert [form for _french, each in entries(code) for form in each if re.search(r" [:;?!»]|« |'", form)] == []


def test_arabic_is_written_in_arabic_letters() -> None:
    named = re.compile("|".join(map(re.escape, LATIN_IN_ARABIC)))
    said = [PLACEHOLDER.sub("", form) for _french, each in entries("ar") for form in each]
    assert [text for text in said if NOT_ARABIC.search(named.sub("", text))] == []
    assert set(named.findall(" ".join(said))) == LATIN_IN_ARABIC


def test_arabic_turns_only_what_is_isolated() -> None:
    said = [form for _french, each in entries("ar") for form in each]
    assert sum("\u2068" in form for form in said) > 20
    assert [form for form in said if TURNING.search(form) or re.search("[\u2068\u2069]", ISOLATED.sub("", form))] == []


@others
def test_a_catalogue_names_no_one_who_is_not_there(code: str) -> None:
    with (FOLDER / code / "LC_MESSAGES" / "messages.po").open() as file:
        head = file.read().split("\n\n")[0]
    assert re.findall(r"EMAIL@ADDRESS|FULL NAME|LL@li\.org|YEAR-MO-DA|PROJECT|VERSION\b", head) == []


@others
def test_a_catalogue_says_whether_a_native_reader_checked_it(code: str) -> None:
    (by,) = re.findall(r"^# X-Checked-By: (.+)$", catalogue(code).header_comment, flags=re.MULTILINE)
    assert by.startswith("nobody yet") is (code not in CHECKED)


# The pages

ATTRIBUTES = (
    *("aria-label", "title", "placeholder", "alt", "label", "aria-description"),
    # What a script will say.
    *("data-label", "data-today", "data-yesterday", "data-closed", "data-typing", "data-below", "data-reply"),
    *("data-comma", "data-fast", "data-gone", "data-later", "data-quote", "data-you"),
)
# What people wrote: it is shown as they wrote it, in whatever language.
WRITTEN = (
    *(House.name, House.address, House.access, House.hours),
    *(Club.name, Club.plant, Club.sentence, Club.about, Club.charter),
    *(Room.name, Room.floor),
    *(Membership.name, Membership.former_name, Membership.sentence),
    *(Thread.title, Message.body, Claim.title, Claim.door_word),
)
ADDRESS = re.compile(r"[\w.•-]+@[\w.]+")


class Reader:
    """Every page of the list, as it is read in a language, without what people wrote."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.clients, self.pages = stage, dict[tuple[str, str], Any](), dict[tuple[str, str, str], Page]()
        with stage.app.app_context():
            rows = [value for column in WRITTEN for value in db.session.scalars(select(column))]
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
        return ADDRESS.sub("", text)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif value:
        yield value


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
    # The page of components is made of examples: what people could have written.
    pages = {where: page for where, page in reader.every("ar").items() if where[1] != "/components"}
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
    "fr": ("Lundi 2 novembre.", "20 h 45", "mercredi 4 novembre, 14 h – 16 h", "2–8 nov."),
    "en": ("Monday, 2 November.", "20:45", "Wednesday, 4 November, 14:00 – 16:00", "2–8 Nov"),
    "es": ("Lunes, 2 de noviembre.", "20:45", "miércoles, 4 de noviembre, 14:00 – 16:00", "2–8 nov"),
    "pt": ("Segunda-feira, 2 de novembro.", "20:45", "quarta-feira, 4 de novembro, 14:00 – 16:00", "2 – 8 de nov."),
    "it": ("Lunedì 2 novembre.", "20:45", "mercoledì 4 novembre, 14:00 – 16:00", "02–08 nov"),
    "ar": ("الاثنين، 2 نوفمبر.", "8:45 م", "الأربعاء، 4 نوفمبر، 2:00 م – 4:00 م", "2–8 نوفمبر"),
}


@pytest.mark.parametrize("code", LOCALES)
def test_dates_and_times_are_written_as_the_language_does(reader: Reader, code: str) -> None:
    today, evening, meeting, week = DATES[code]
    home, rooms = reader.page(code, "member", "/").main, reader.page(code, "visitor", "/houses/canal/slots").main
    assert [text for text in (today, evening) if text not in home] == []
    assert [text for text in (meeting, week) if text not in rooms] == []


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
        answer = client.send(there, fields, on="/help", follow_redirects=True)
        said = foreign(reader.ours(answer.page), *fields.values())
        if said or answer.status_code < 400:
            wrong[role, path, str(fields)] = answer.status_code, said
    assert wrong == {}


def test_a_mail_is_written_in_the_language_of_who_asks(reader: Reader) -> None:
    reader.client("ar", "visitor").send("/sign-in", {"email": "noor@maison.example", "way": "code"}, on="/help")
    with reader.stage.app.app_context():
        jobs.run_due(100)
    (mail,) = Mailbox(reader.stage.app.extensions["settings"].instance).to("noor@maison.example")
    said = [mail["Subject"], *map(reader.without_what_people_wrote, mail.get_content().splitlines())]
    assert len("".join(said)) > 100
    assert foreign(said) == []
