"""The legal pages: made from what is stored, added to by managers, read by everyone."""

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.ages import FILE, age_in
from app.core.db import db, transaction
from app.core.privacy import holdings
from app.facilitation.decisions import RULES
from app.houses.models import House, JournalEntry
from app.pages.legal.kept import YOURS
from app.pages.legal.kept_of_nobody import NOT_YOURS
from tests.support.cast import Cast
from tests.support.clients import PageClient

CLIENT = Callable[..., PageClient]
PATHS = ("/privacy", "/rules", "/legal", "/accessibility")
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def spoken(page: Any) -> str:
    return " ".join(page.main.replace("\xa0", " ").split())


@sqlite
def test_every_table_stands_in_one_sentence(app: Flask) -> None:
    named = [table for kept in (*YOURS, *NOT_YOURS) for table in kept.tables]
    assert sorted(named) == sorted(db.metadata.tables)


@sqlite
def test_what_leads_to_a_person_is_told_as_such(app: Flask) -> None:
    yours = {table for kept in YOURS for table in kept.tables}
    leading = {holding.table for holding in holdings()}
    # By a sealed address, a copy, or a sum, without a key.
    assert yours - leading == {
        "account",
        "assisted_act",
        "sign_in_code",
        "reported_message",
        "ballot_box",
    }
    # A hash, an id that leads nowhere, or gone in minutes or days: nobody finds a person by it.
    assert leading - yours == {"journal_entry", "plant_draw", "hold"}


@sqlite
def test_the_page_says_every_sentence(visitor: PageClient, cast: Cast) -> None:
    said = spoken(visitor.get("/privacy").page)
    for kept in (*YOURS, *NOT_YOURS):
        for words in (kept.what, kept.how_long, kept.who):
            assert str(words) in said


@sqlite
@pytest.mark.parametrize("path", PATHS)
def test_everybody_reads_them_and_every_page_leads_there(visitor: PageClient, cast: Cast, path: str) -> None:
    assert visitor.get(path).status_code == 200
    for start in ("/", "/help", "/clubs", path):
        assert set(PATHS) <= set(visitor.get(start).page.links)


@sqlite
def test_an_empty_installation_has_them_too(visitor: PageClient) -> None:
    assert [visitor.get(path).status_code for path in PATHS] == [200, 200, 200, 200]


@sqlite
def test_the_rules_are_those_of_decisions(visitor: PageClient, cast: Cast) -> None:
    page = visitor.get("/rules").page
    assert [h.text for h in page.all(".//main//ol/li/h3")] == [f"{number}. {name}" for number, name in RULES.items()]
    assert "Vous avez 20 jours pour le dire, une fois, avec vos mots." in spoken(page)


CONTACTS = {
    "publisher": "Association du Canal, 12 quai du Canal",
    "director": "La direction",
    "email": "contact@maison.example",
    "host": "Un hébergeur, 1 rue des Machines",
}


@sqlite
def test_what_is_not_filled_is_said(client_of: CLIENT, visitor: PageClient, cast: Cast) -> None:
    missing = "La maison n’a pas encore rempli toute cette page."
    assert missing in spoken(visitor.get("/legal").page)
    manager = client_of(cast.elise)
    answer = manager.send("/desk/texts/contacts", CONTACTS, on="/desk/texts")
    assert (answer.status_code, answer.location) == (303, "/desk/texts?page=privacy&language=fr")
    page = visitor.get("/legal").page
    assert missing not in spoken(page)
    assert [text in spoken(page) for text in CONTACTS.values()] == [True, True, True, True]
    assert "mailto:contact@maison.example" in page.links
    assert manager.send("/desk/texts/contacts", CONTACTS, on="/desk/texts").status_code == 303
    again = manager.send("/desk/texts/contacts", CONTACTS | {"email": "contact"}, on="/desk/texts")
    assert (again.status_code, again.page.title.startswith("Erreur")) == (422, True)
    assert spoken(visitor.get("/legal").page) == spoken(page)


def test_a_manager_adds_words_in_each_language(app: Flask, client_of: CLIENT, visitor: PageClient, cast: Cast) -> None:
    manager = client_of(cast.elise)

    def write(language: str, body: str) -> None:
        fields = {"page": "rules", "language": language, "body": body}
        assert manager.send("/desk/texts", fields, on="/desk/texts").status_code == 303

    def added() -> list[tuple[str | None, str]]:
        found = visitor.get("/rules").page.all(".//section[@aria-labelledby='added']/div")
        return [(each.get("lang"), "".join(each.itertext()).strip()) for each in found]

    assert added() == []
    write("fr", "On range les **chaises**.\n\n<script>alert(1)</script>")
    assert added() == [("fr", "On range les chaises.\n<script>alert(1)</script>")]
    visitor.get("/reading?language=es")
    assert added() == [("fr", "On range les chaises.\n<script>alert(1)</script>")]
    write("es", "Se ordenan las sillas.")
    write("es", "Se ordenan las sillas.")
    assert added() == [("es", "Se ordenan las sillas.")]
    write("es", "")
    write("fr", "")
    assert added() == []
    with app.app_context():
        entries = db.session.execute(select(JournalEntry.act, JournalEntry.house_id, JournalEntry.facts)).all()
        canal = cast.houses["canal"]
        languages = ["fr", "es", "es", "fr"]
        assert [tuple(row) for row in entries] == [
            ("text:changed", canal, {"page": "rules", "language": language}) for language in languages
        ]


@sqlite
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"page": "help", "language": "fr", "body": "Non."}, 404),
        ({"page": "rules", "language": "de", "body": "Nein."}, 404),
        ({"page": "rules", "language": "fr", "body": "a" * 8001}, 422),
    ],
)
def test_what_cannot_be_written(app: Flask, client_of: CLIENT, cast: Cast, fields: dict[str, str], status: int) -> None:
    assert client_of(cast.elise).send("/desk/texts", fields, on="/desk/texts").status_code == status
    with app.app_context():
        assert db.session.scalars(select(JournalEntry)).all() == []


@sqlite
@pytest.mark.parametrize(("country", "age"), [("FR", 15), ("BE", 13), ("IT", 14), ("ES", 14), ("XX", 16)])
def test_the_age_is_that_of_the_country_of_the_house(
    app: Flask, client_of: CLIENT, visitor: PageClient, cast: Cast, country: str, age: int
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(House, cast.houses["canal"]).country = country
    client, path = client_of(cast.chloe), "/clubs/tilleul/join"
    assert f"J’ai {age} ans ou plus" in spoken(client.get(path).page)
    refused = client.submit(path, {"name": "Chloé", "consent": "y"})
    assert (refused.status_code, f"Cochez « J’ai {age} ans ou plus » pour entrer." in spoken(refused.page)) == (
        422,
        True,
    )
    assert f"Maison du Canal : {age} ans" in spoken(visitor.get("/privacy").page)


def test_every_country_of_the_file_has_its_law_and_a_lawful_age() -> None:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert (data["default"], data["written"].isoformat()[:4]) == (16, "2026")
    assert len(data["country"]) > 30
    wrong = [code for code, row in data["country"].items() if not (13 <= row["age"] <= 16 and row["law"])]
    assert (wrong, age_in("FR"), age_in("LU")) == ([], 15, 16)


@sqlite
def test_nothing_of_the_age_is_kept(app: Flask) -> None:
    kept = [f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns]
    assert len(kept) > 100
    assert [name for name in kept if "birth" in name or name.endswith(".age")] == []
