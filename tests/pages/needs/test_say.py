"""A need in one's own words: understood here by a list of words, and kept nowhere."""

import tomllib
from typing import Any

import pytest
from flask import Flask

from app.clubs.models import Club
from app.config import LOCALES
from app.core.db import db, transaction
from app.houses.needs import NEEDS
from app.pages.needs.words import FILE, folded, hear
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.page import text_of

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def names(text: str, language: str = "fr") -> list[str]:
    return [need.name for need in hear(text, language).needs]


@pytest.mark.parametrize(
    ("text", "language", "understood"),
    [
        ("trouver un travail, j’ai 52 ans", "fr", ["job"]),
        ("Je suis SEULE à la maison", "fr", ["people"]),
        ("préparer un entretien d’embauche", "fr", ["talk", "job"]),
        ("créer mon entreprise", "fr", ["own"]),
        ("faire reconnaitre mon diplome", "fr", ["paper"]),
        ("I want to learn French", "en", ["learn", "tongue"]),
        ("أبحث عن عمل", "ar", ["job"]),
        ("للعمل", "ar", ["job"]),
        ("procuro emprego", "pt", ["job"]),
        ("riconoscere la laurea", "it", ["paper"]),
        # A page in French, read by somebody who writes in another language.
        ("busco trabajo", "fr", ["job"]),
        ("une girafe", "fr", []),
        ("", "fr", []),
    ],
)
def test_everyday_words_are_understood(text: str, language: str, understood: list[str]) -> None:
    assert names(text, language) == understood


@pytest.mark.parametrize(
    ("text", "danger"),
    [("Je veux mourir", True), ("he beats me", True), ("jouer du violon", False), ("trouver un travail", False)],
)
def test_words_of_danger_are_heard_in_any_language(text: str, danger: bool) -> None:
    assert [hear(text, code).danger for code in LOCALES] == [danger] * len(LOCALES)


def test_every_language_has_words_for_every_need_and_each_is_folded() -> None:
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert sorted(lists) == sorted(LOCALES)
    for code, told in lists.items():
        assert (code, sorted(told)) == (code, sorted([*(need.name for need in NEEDS), "danger"]))
        words = [word for each in told.values() for word in each.split()]
        assert [word for word in words if folded(word) != word] == []


def shown(page: Any) -> list[str]:
    return [text_of(each) for each in page.all(".//section[@data-kind='club']//h4/a")]


@sqlite
def test_a_sentence_leads_to_what_answers_it_and_is_forgotten(app: Flask, cast: Cast, visitor: PageClient) -> None:
    with app.app_context(), transaction():
        db.session.scalars(db.select(Club).where(Club.slug == "tilleul")).one().sentence = "On cherche des emplois."
    answer = visitor.send("/needs", {"said": "trouver un emploi avec Zoroastre"}, on="/needs")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert shown(answer.page) == ["45 ans et plus"]
    (typed,) = answer.page.all(".//input[@name='said']")
    assert (typed.get("value"), typed.get("autocomplete")) == ("trouver un emploi avec Zoroastre", "off")
    assert "Zoroastre" not in str(answer.headers)
    assert "Zoroastre" not in visitor.get("/needs").page.text
    for table in db.metadata.sorted_tables:
        with app.app_context():
            assert "Zoroastre" not in str(db.session.execute(db.select(table)).all())


@sqlite
def test_words_that_a_club_says_of_itself_lead_to_it_and_to_no_hidden_one(
    app: Flask, cast: Cast, visitor: PageClient
) -> None:
    with app.app_context(), transaction():
        for slug in ("tilleul", "romarin"):
            club = db.session.scalars(db.select(Club).where(Club.slug == slug)).one()
            club.sentence = "On peint des girafes."
    page = visitor.send("/needs", {"said": "une girafe"}, on="/needs").page
    assert shown(page) == ["45 ans et plus"]
    assert page.all(".//form[@action='/needs/helped']") == []


@sqlite
@pytest.mark.usefixtures("cast")
def test_what_is_not_understood_says_what_to_do_next(visitor: PageClient) -> None:
    page = visitor.send("/needs", {"said": "une girafe"}, on="/needs").page
    assert ("Ces mots ne nous disent rien." in page.main, "/help" in page.links) == (True, True)
    empty = visitor.send("/needs", {"said": "  "}, on="/needs")
    assert (empty.status_code, "Écrivez un mot, ou choisissez plus bas." in empty.page.main) == (422, True)
    assert visitor.send("/needs", {"said": "x" * 161}, on="/needs").status_code == 422


@sqlite
@pytest.mark.usefixtures("cast")
def test_a_sentence_of_danger_first_shows_who_answers_now(visitor: PageClient) -> None:
    page = visitor.send("/needs", {"said": "je veux mourir"}, on="/needs").page
    numbers = [each.get("href") for each in page.all(".//*[@id='res']//ul[@class='sos']//a")]
    assert numbers == ["tel:112", "tel:17", "tel:15", "tel:3114", "tel:3919", "tel:119"]
    assert "Ces mots ne nous disent rien." not in page.main
    calm = visitor.send("/needs", {"said": "un travail"}, on="/needs").page
    assert calm.all(".//ul[@class='sos']") == []


@sqlite
@pytest.mark.usefixtures("cast")
def test_a_sentence_that_means_two_things_offers_the_other(visitor: PageClient) -> None:
    page = visitor.send("/needs", {"said": "préparer un entretien d’embauche"}, on="/needs").page
    pressed = [each.get("value") for each in page.all(".//button[@aria-pressed='true']")]
    other = [each.get("value") for each in page.all(".//*[@id='res']//button[@name='need']")]
    assert (pressed, other) == (["talk"], ["job"])
