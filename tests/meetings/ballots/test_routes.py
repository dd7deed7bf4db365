"""The pages of ballots: a question is put, answered, counted and printed; each part of a page says only what it may."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.clock import now
from app.meetings.ballots.actions import Wish, close_ballot, open_ballot
from app.meetings.ballots.voting import Said, vote
from app.rooms.draw.record import faults_of
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Sign = Callable[..., PageClient]
NEW = "/clubs/tilleul/ballots/new"
ANSWER = "Votre réponse"


def put(client: PageClient, way: str, **fields: str) -> str:
    """A question by its form. The address of its page."""
    told = {"question": "Où allons-nous ?", "options": "À la mer\nAu parc", "body": "Au parc.", "hours": "24", **fields}
    page = client.get(f"{NEW}?way={way}").page
    answer = client.send(NEW, {"way": way, "secret": "named", "wanted": "1", "review": "0", **told}, on="")
    assert (page.h1 != "", answer.status_code) == (True, 303)
    return str(answer.location)


def words(client: PageClient, path: str) -> str:
    return text_of(client.get(path).page.all(".//main")[0])


def test_a_choice_from_the_question_to_the_result(client_of: Sign, cast: Cast) -> None:
    amina, bruno = client_of(cast.amina), client_of(cast.bruno)
    doors = [link for link in amina.get(NEW).page.links if "way=" in link]
    assert [door.rpartition("=")[2] for door in doors] == ["sense", "choice", "consent", "lots"]
    there = put(amina, "choice")
    assert amina.submit(there, {"picks": "1"}, there).location == there
    bruno.submit(there, {"picks": "2"}, there)
    bruno.submit(there, {"picks": "1"}, there)
    assert "Ama, Bruno" in words(bruno, there)
    assert "Finir avant l’heure" not in words(amina, there)
    assert bruno.send(f"{there}/close", on=there).location == there
    for page in (there, "/clubs/tilleul", "/clubs/tilleul/ballots"):
        assert "Choisi : À la mer" in words(amina, page)
    assert 'name="picks"' not in amina.get(there).text


def test_what_was_typed_comes_back_with_what_to_do(client_of: Sign, cast: Cast) -> None:
    amina = client_of(cast.amina)
    answer = amina.send(NEW, {"way": "choice", "question": "Où ?", "options": "Un seul", "hours": "24"}, on="")
    assert (answer.status_code, "Un seul" in answer.text) == (422, True)
    assert [text_of(each) for each in answer.page.all(".//div[@role='alert']//li")] == [
        "Écrivez de 2 à 8 choix, un par ligne."
    ]
    there = put(client_of(cast.bruno), "consent")
    answer = amina.submit(there, {"picks": "objection", "reason": "C’est loin.", "proposal": ""}, there)
    assert (answer.status_code, "C’est loin." in answer.text) == (422, True)
    answer = amina.submit(there, {"picks": "objection", "reason": " ", "proposal": ""}, there)
    assert [text_of(each) for each in answer.page.all(".//div[@role='alert']//li")] == [
        "Écrivez pourquoi.", "Écrivez ce qui vous irait à la place.",
    ]  # fmt: skip
    assert amina.get(there).status_code == 200


def test_an_objection_is_read_by_all_and_a_change_asks_anew(client_of: Sign, cast: Cast) -> None:
    amina, bruno = client_of(cast.amina), client_of(cast.bruno)
    there = put(bruno, "consent")
    amina.submit(there, {"picks": "objection", "reason": "C’est loin.", "proposal": "La cour."}, there)
    assert "AmaC’est loin.À la place : La cour." in words(bruno, there)
    answer = bruno.submit(f"{there}/amend", {"body": "Dans la cour."})
    assert answer.location == there
    seen = words(amina, there)
    assert ("Dans la cour." in seen, "C’est loin." in seen) == (True, False)
    assert "Ce qui était répondu est effacé : répondez de nouveau." in seen
    old = amina.send(there, {"picks": "agree", "round": "1"}, on="")
    assert old.location == there
    assert "La proposition vient de changer. Relisez-la, puis répondez." in words(amina, there)


@pytest.mark.parametrize(
    ("way", "pick", "shown"),
    [("sense", "for", "Ama"), ("choice", "1", "Ama"), ("consent", "objection", "C’est loin."), ("lots", "in", "Ama")],
)
def test_ones_own_answer_comes_before_those_of_others(
    client_of: Sign, cast: Cast, way: str, pick: str, shown: str
) -> None:
    amina, bruno = client_of(cast.amina), client_of(cast.bruno)
    there = put(bruno, way)
    amina.submit(there, {"picks": pick, "reason": "C’est loin.", "proposal": "La cour."}, there)
    page = bruno.get(there).page
    parts = {each.get("id") or each.get("aria-label"): shown in text_of(each) for each in page.all(".//main//*")}
    order = [(name, there) for name, there in parts.items() if name in ("ballot-now", ANSWER, "ballot-answers")]
    assert order == [("ballot-now", False), (ANSWER, False), ("ballot-answers", True)]


def test_without_names_nobody_sees_anything_before_the_end(client_of: Sign, crowd: list[Person]) -> None:
    bruno, amina = client_of(crowd[0]), client_of(crowd[1])
    there = put(bruno, "sense", secret="secret")
    bruno.get(there)
    before = words(bruno, there)
    amina.submit(there, {"picks": "for"}, there)
    assert words(bruno, there) == before
    seen = amina.get(there)
    assert ("Vous avez voté. Le résultat vient à la fin." in seen.text, 'name="picks"' in seen.text) == (True, False)
    amina.send(there, {"picks": "against", "round": "1"}, on="")
    assert "Vous avez déjà voté. Sans nom, un vote ne se change pas." in words(amina, there)
    bruno.send(f"{there}/close", on=there)
    assert "Moins de cinq votes : rien n’est montré, et rien n’est gardé." in words(amina, there)


def test_a_draw_can_be_replayed_from_its_page(client_of: Sign, cast: Cast) -> None:
    amina, bruno = client_of(cast.amina), client_of(cast.bruno)
    there = put(bruno, "lots")
    noted = text_of(amina.get(there).page.all(".//code")[0])
    assert amina.get(f"{there}/record.json").status_code == 404
    amina.submit(there, {"picks": "in"}, there)
    bruno.send(f"{there}/close", on=there)
    assert "Le sort a désigné : Ama" in words(bruno, there)
    assert faults_of(json.loads(bruno.get(f"{there}/record.json").text), noted) == []


def test_what_is_to_be_looked_at_again_stands_before_the_leads(app: Flask, client_of: Sign, cast: Cast) -> None:
    with app.app_context():
        day = now().date() + timedelta(days=30)
        ballot = open_ballot(cast.amina.actor, "tilleul", Wish("choice", "Quand ?", options=("Lundi", "Mardi"),
                             review_on=day)).id  # fmt: skip
        close_ballot(cast.bruno.actor, ballot)
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        bruno = client_of(cast.bruno)
        assert "Quand" in words(bruno, "/clubs/tilleul/requests")
        assert bruno.send(f"/ballots/{ballot}/review", on="/clubs/tilleul/requests").status_code == 303
        assert "Quand" not in words(bruno, "/clubs/tilleul/requests")


@pytest.mark.parametrize("path", ["/clubs/tilleul/ballots", "/clubs/tilleul"])
def test_three_cost_as_much_as_one(app: Flask, client_of: Sign, crowd: list[Person], queries: Any, path: str) -> None:
    bruno, asked = client_of(crowd[0]), []
    for number in (1, 2):
        with app.app_context():
            for _each in range(number):
                for way, secret in (("sense", True), ("sense", False), ("lots", False)):
                    wish = Wish(way, "Qui ?", secret=secret, wanted=1)
                    vote(crowd[0].actor, open_ballot(crowd[0].actor, "tilleul", wish).id, Said([_pick(way)]))
                drawn = open_ballot(crowd[0].actor, "tilleul", Wish("lots", "Qui ?")).id
                vote(crowd[0].actor, drawn, Said(["in"]))
                close_ballot(crowd[0].actor, drawn)
        bruno.get(path)
        with queries() as counted:
            bruno.get(path)
        asked.append(len(counted))
    assert asked[0] == asked[1]


def _pick(way: str) -> str:
    return "in" if way == "lots" else "for"


def test_each_block_is_asked_for_alone(client_of: Sign, cast: Cast) -> None:
    bruno = client_of(cast.bruno)
    there = put(bruno, "sense")
    for path, block in ((there, "ballot-now"), (there, "ballot-answers"), ("/clubs/tilleul/ballots", "ballots")):
        told = bruno.get(path, headers={"X-Fragment": block}).text
        assert (f'id="{block}"' in told, "<h1" in told) == (True, False)
