"""What a person takes away: all that is theirs, nothing that is somebody else's, readable anywhere."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.leaving import words
from app.accounts.models import LoginSession
from app.core.clock import now
from app.core.db import db, transaction
from app.core.privacy import chapters
from tests.rules.erasing import MARK, plant
from tests.support import clients
from tests.support.cast import Cast, Person

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
OTHERS = ("Bonjour.", "Un mot de trop", "exagère", f"Non, {MARK}", "Pas encore", "Ama", "Bruno", "Denis", "Élise")


def opened(answer: Any) -> dict[str, str]:
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    pack = zipfile.ZipFile(io.BytesIO(answer.data))
    return {name: pack.read(name).decode() for name in pack.namelist()}


@pytest.fixture
def mara(app: Flask, cast: Cast) -> Person:
    with app.test_request_context():
        return plant(cast)


def test_everything_that_is_theirs_and_nothing_of_the_others(app: Flask, mara: Person) -> None:
    answer = clients.api_of(app, mara).get("/me/archive")
    files = opened(answer)
    named = re.fullmatch(r"attachment; filename=pepiniere-\d{4}-\d\d-\d\d\.zip", answer.headers["Content-Disposition"])
    assert (named is not None, answer.headers["Cache-Control"]) == (True, "no-store")
    assert set(files) == {"index.html", "page.css", "LISEZMOI.txt"} | {f"json/{each.name}.json" for each in chapters()}
    told = {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}
    assert sorted((row["discussion"], row["text"]) for row in told["json/messages.json"]) == [
        (f"Qui est {MARK} ?", f"Je suis {MARK}."),
        (f"Qui est {MARK} ?", f"Toujours {MARK}."),
        (f"{MARK} ici", f"Ici {MARK}."),
    ]
    assert [row["consent"] for row in told["json/clubs.json"]] == ["1", "1", told["json/clubs.json"][2]["consent"]]
    own = ("se plaint", "conteste.", "Merci,", "Pour", "Signé", "Selon", "Clé de", "encore", "🙏", "demo.example")
    both = (files["index.html"], "".join(text for name, text in files.items() if name.endswith(".json")))
    for text in both:
        assert [word for word in own if word not in text] == []
        assert [word for word in OTHERS if re.search(rf"\b{re.escape(word)}", text)] == []


@sqlite
def test_the_page_needs_no_script_no_network_and_names_every_value(app: Flask, mara: Person) -> None:
    page = opened(clients.api_of(app, mara).get("/me/archive"))["index.html"]
    assert re.findall(r"<script|https?://|\son\w+=|src=|<form", page) == []
    assert re.findall(r'href="([^"]*)"', page) == ["page.css"]
    shown = set(re.findall(r"<dt>([^<]*)</dt>", page.replace("\xa0", " ")))
    assert len(shown) > 20
    assert shown <= {str(each) for each in words.NAMES.values()}
    assert page.startswith('\n<!doctype html>\n<html lang="fr" dir="ltr">') or '<html lang="fr" dir="ltr">' in page


@sqlite
def test_not_on_a_device_that_serves_several_people(app: Flask, cast: Cast) -> None:
    shared = clients.client_of(app, cast.amina, shared=True)
    page = shared.get("/account").page
    assert ("Pas sur un appareil partagé." in page.main, "Préparer mon fichier" in page.main) == (True, False)
    assert "Entrez sur un appareil à vous, et décochez" in page.main
    assert shared.send("/account/archive", on="/account").status_code == 403
    assert shared.get("/api/v1/me/archive").status_code == 403


@sqlite
def test_a_session_proves_lately_who_it_is_by_the_call_too(app: Flask, cast: Cast) -> None:
    """What the page asks for, the call must not give to the same browser without it."""
    for person in (cast.amina, cast.denis):
        client = clients.client_of(app, person)
        with app.app_context(), transaction():
            db.session.execute(db.update(LoginSession).values(proved_at=now() - timedelta(minutes=11)))
        answer = client.get("/api/v1/me/archive")
        assert (answer.status_code, answer.json["code"]) == (403, "proof_needed")


@sqlite
def test_one_click_from_the_account(app: Flask, cast: Cast) -> None:
    answer = clients.client_of(app, cast.amina).submit("/account", action="/account/archive")
    assert '"name": "Ama"' in opened(answer)["json/clubs.json"]
