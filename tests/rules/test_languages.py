"""Six languages: each catalogue holds what the code says, whole, and no page keeps the words of another language."""

import re
from collections import Counter
from functools import cache
from gettext import c2py
from itertools import groupby
from typing import Any

import html5lib
import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg

from app.config import LOCALES, ROOT
from app.web.catalogues import FOLDER
from app.web.reading import CHECKED
from tests.rules.languages import ATTRIBUTES, LATIN_IN_ARABIC, NOT_ARABIC, PLACEHOLDER, catalogue

OTHERS = [code for code in LOCALES if code != "fr"]
WORD = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*")
COMMAND = "flask --app app draw verify record.json"
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
# Marks that turn more than what stands between them.
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066\u2067]")

# Words that are the same in French and in that language. Whatever else is alike has not been translated.
SAME = {
    "en": {
        *("Action", "Auto", "Club", "Club %(plant)s", "Clubs", "Danger", "Discussion", "Discussions"),
        *("Information", "Latinos", "Messages", "Police"),
        *("Normal", "Options", "Questions", "Simple"),
        *("%(num)s date", "%(num)s minute", "%(num)s place", "%(room)s, %(places)s places", "12 places", "24 places"),
    },
    "es": {
        *("%(hours)s h %(minutes)s", "%(num)s libre", "Agenda", "Auto", "Club", "Club %(plant)s"),
        *("Libre", "Normal", "Ocre"),
        *("Responsable", "Un club"),
    },
    "pt": {"Agenda", "Auto", "Menu principal", "Normal"},
    "it": {"%(num)s visite", "Agenda", "Club", "Club %(plant)s"},
    "ar": set(),
}
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
    # An example of a name, and a command as it is typed.
    assert left == {
        "_components_talk.html": ["Luz"],
        "_draw.html": [COMMAND],
        "show_draw.html": [COMMAND],
    }


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
