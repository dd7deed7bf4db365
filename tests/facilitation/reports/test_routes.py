"""The pages of reports: two taps, who answers now, what is missing beside its field, what the author reads."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from app.core.db import db, transaction
from app.facilitation.models import Decision, Report
from app.facilitation.reports.emergency import countries, help_in
from app.houses.models import House, StaffPost
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def words(answer: Any) -> str:
    return text_of(answer.page.all(".//main")[0])


def test_a_report_takes_two_taps_with_what_came_after_it_enclosed(app, cast, zoe, said, client_of):
    path = f"/threads/{said['thread']}/messages/{said['amina']}/report"
    client = client_of(zoe)
    page = client.get(path).page
    ticked = [box.get("value") for box in page.all(".//input[@name='enclosed']") if box.get("checked") is not None]
    shown = [box.get("value") for box in page.all(".//input[@name='enclosed']")]
    assert (ticked, shown) == (
        [said["zoe"], said["amina_again"]],
        [said["bruno"], said["zoe"], said["amina_again"]],
    )

    refused = client.send(path, {"reason": "", "enclosed": ticked})
    assert (refused.status_code, "Dites ce qui se passe." in words(refused)) == (422, True)
    sent = client.send(path, {"reason": "hurt", "enclosed": ticked})
    assert (sent.status_code, sent.location) == (303, f"/threads/{said['thread']}#m-{said['amina']}")
    assert client_of(cast.amina).get(path).status_code == 403


def test_said_again_once_it_is_decided_it_does_not_pretend_to_have_left(cast, zoe, said, report, decide, client_of):
    path = f"/threads/{said['thread']}/messages/{said['amina']}/report"
    client = client_of(zoe)
    assert decide(cast.bruno, report(), "keep") == (201, "decided")
    sent = client.send(path, {"reason": "hurt"})
    told = client.get(sent.location.partition("#")[0])
    assert [word in told.get_data(as_text=True) for word in ("Quelqu’un a déjà décidé.", "est parti")] == [True, False]


def test_who_answers_now_stands_before_any_form(app, cast, zoe, said, client_of):
    path = f"/threads/{said['thread']}/messages/{said['amina']}/report/danger"
    with app.app_context(), transaction():
        house = db.session.get_one(House, cast.houses["canal"])
        house.hours = [{"days": [0, 1, 2, 3, 4], "opens": "10:00", "closes": "18:30"}]
    client = client_of(zoe)
    with time_machine.travel(datetime(2026, 11, 25, 21, tzinfo=UTC), tick=False):
        page = client.get(path).page
    main = text_of(page.all(".//main")[0])
    numbers = [link.get("href") for link in page.all(".//ul[@class='sos']//a")]

    assert numbers == ["tel:112", "tel:17", "tel:15", "tel:3114", "tel:3919", "tel:119"]
    assert "Elle lira demain à 10 h." in main
    assert "Écrivez au 114. Numéros vérifiés le 2 novembre 2026." in main
    assert main.index("3114") < main.index("Prévenir aussi la Maison")
    assert client.send(path).status_code == 303
    with app.app_context():
        assert db.session.scalars(db.select(Report.danger)).all() == [True]


def test_every_country_says_a_number(app):
    with app.app_context():
        assert [key for key in countries() if not help_in(key).lines] == []
        assert [key for key in countries() if help_in(key).checked] == ["FR"]
        assert [line.number for line in help_in("SE").lines] == ["112"]
        assert help_in("JP").lines == []


def test_what_a_decision_lacks_is_said_beside_its_field(cast, said, report, client_of):
    path = f"/reports/{report()}"
    client = client_of(cast.bruno)
    for sent, told in (
        ({"rule": "1", "reason": "Cela blesse."}, "Choisissez : garder ou cacher."),
        ({"outcome": "hide", "reason": "Cela blesse."}, "Choisissez une règle."),
        ({"outcome": "hide", "rule": "1", "reason": " "}, "Dites pourquoi, en une phrase."),
    ):
        refused = client.send(path, sent)
        assert (refused.status_code, told in words(refused)) == (422, True)
    assert (
        client.send(path, {"outcome": "hide", "rule": "1", "reason": "Cela blesse.", "until": "7"}).status_code == 303
    )
    assert "Rendre le message ?" in words(client.get(path))
    assert client.send(path, {"rule": "1", "reason": "Il s’est excusé."}).status_code == 303
    assert client.get(path).status_code == 410


def test_the_author_reads_it_once_as_new_and_objects_once(app, cast, said, report, decide, client_of):
    decide(cast.bruno, report(), "hide")
    client = client_of(cast.amina)
    assert "Une décision vous concerne" in words(client.get("/"))
    with app.app_context():
        path = f"/decisions/{db.session.scalars(db.select(Decision.id)).one()}"
    page = words(client.get(path))
    for told in ("1. Respecter chacun", "Cette phrase blesse.", "Pour de bon", "Reste à la maison."):
        assert told in page
    assert "Une décision vous concerne" not in words(client.get("/"))

    assert client.send(f"{path}/objection", {"body": " "}, on=path).status_code == 422
    assert client.send(f"{path}/objection", {"body": "Je plaisantais."}, on=path).status_code == 303
    assert client.send(f"{path}/objection", {"body": "Encore."}, on=path).status_code == 409
    assert "« Je plaisantais. »" in words(client.get(path))


def test_where_one_person_is_the_team_it_says_who_answers(app, cast, report, decide, a_day_later, client_of):
    """Nobody answers for what they decided: the objection waits for a second person, and all who read it know."""
    one = report()
    a_day_later(one)
    waits, alone = "Votre contestation attend une deuxième personne.", "Vous êtes seul dans l’équipe"
    desk, author = client_of(cast.elise), client_of(cast.amina)
    assert alone not in words(desk.get(f"/reports/{one}"))
    with app.app_context(), transaction():
        db.session.execute(db.delete(StaffPost).where(StaffPost.account_id != cast.elise.account_id))
    assert alone in words(desk.get(f"/reports/{one}"))
    assert decide(cast.elise, one, "hide") == (201, "decided")
    with app.app_context():
        path = f"/decisions/{db.session.scalars(db.select(Decision.id)).one()}"
    assert words(author.get(path)).count(waits) == 1
    assert "vous êtes seul dans l’équipe" not in words(desk.get("/desk"))
    author.send(f"{path}/objection", {"body": "Je plaisantais."}, on=path)
    assert words(author.get(path)).count(waits) == 1
    assert "vous êtes seul dans l’équipe : elle attend une deuxième personne." in words(desk.get("/desk"))
    with app.app_context(), transaction():
        canal = cast.houses["canal"]
        db.session.add(StaffPost(account_id=cast.denis.account_id, house_id=canal))
    assert waits not in words(author.get(path))
    assert "vous êtes seul dans l’équipe" not in words(desk.get("/desk"))
