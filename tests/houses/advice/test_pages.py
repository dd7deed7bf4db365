"""The pages of partners and hours: who sees a name, who sees only a place that is taken."""

from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import new_id
from app.houses.advice.actions import book_at_desk, book_hour
from app.houses.advice.queries import hour_for, hour_planned_by
from app.houses.journal import all_entries
from app.houses.partners import actions, advisers
from app.houses.partners.queries import advisers_of, partners_of
from app.houses.queries import house_by_slug
from tests.houses.partners import advise, hour, partner
from tests.support import clients
from tests.support.cast import Cast
from tests.support.clients import PageClient, client_of
from tests.support.page import text_of
from tests.support.queries import counted

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def here(app: Flask, cast: Cast) -> dict[str, str]:
    """A partner that Bruno advises for, with an hour that Amina has and one on a slip."""
    with app.app_context():
        own = partner(cast.elise)
        advise(cast.bruno, cast.elise, own)
        taken, slip = hour(cast.denis, own), hour(cast.denis, own, starts="15:00")
        book_hour(cast.amina.actor, taken, "Dame du jeudi")
        return {"partner": own, "taken": taken, "slip": book_at_desk(cast.denis.actor, slip)[1]}


def test_a_name_is_read_by_the_adviser_and_nobody_else(app: Flask, cast: Cast, here: dict[str, str]) -> None:
    path = f"/partners/{here['partner']}/hours"
    said = {who.key: client_of(app, who).get(path).page.main for who in (cast.bruno, cast.denis, cast.elise)}
    assert {key: "Dame du jeudi" in text for key, text in said.items()} == {
        "bruno": True, "denis": False, "elise": False,
    }  # fmt: skip
    assert {key: here["slip"] in text for key, text in said.items()} == {"bruno": True, "denis": False, "elise": False}
    for client in (clients.visitor(app), client_of(app, cast.chloe)):
        assert "Dame du jeudi" not in client.get(f"/partners/{here['partner']}").page.main
        assert "Dame du jeudi" not in client.get(f"/advice/{here['taken']}").page.main


def test_a_person_books_by_a_form_that_is_empty_and_cancels_by_one_button(app: Flask, cast: Cast) -> None:
    with app.app_context():
        offered = hour(cast.denis, partner(cast.elise))
    chloe = client_of(app, cast.chloe)
    page = chloe.get(f"/advice/{offered}").page
    (field,) = page.all(".//input[@name='name']")
    assert (field.get("value"), field.get("autocomplete")) == ("", "off")
    assert chloe.submit(f"/advice/{offered}", {"name": "C."}, action=f"/advice/{offered}/book").status_code == 303
    assert "sous le nom « C. »" in chloe.get(f"/advice/{offered}").page.main
    assert f"/advice/{offered}" in chloe.get("/partners").page.links
    # No button that a thumb hits by accident: it lies behind another word.
    behind = chloe.get(f"/advice/{offered}").page.all(
        f".//details[@class='more']//form[@action='/advice/{offered}/cancel']"
    )
    assert len(behind) == 1
    answer = chloe.submit(f"/advice/{offered}", action=f"/advice/{offered}/cancel")
    # Back where it can be taken again.
    assert (answer.status_code, answer.location) == (303, f"/advice/{offered}")
    again = chloe.get(f"/advice/{offered}").page
    assert ("La place est libre." in again.text, len(again.all(".//input[@name='name']"))) == (True, 1)
    assert f"/advice/{offered}" not in chloe.get("/partners").page.links


def test_who_plans_hours_finds_the_way_back(app: Flask, cast: Cast, here: dict[str, str]) -> None:
    path, page = f"/partners/{here['partner']}/hours", f"/partners/{here['partner']}"

    def back(who: Any) -> str | None:
        (crumb,) = client_of(app, who).get(path).page.all(".//a[@class='crumb']")
        return crumb.get("href")

    assert (back(cast.elise), back(cast.denis), back(cast.bruno)) == ("/houses/canal/partners", page, page)
    with app.app_context():
        actions.hide_partner(cast.elise.actor, "canal", here["partner"], hidden=True)
    assert (back(cast.denis), back(cast.bruno)) == ("/partners", "/partners")


def test_a_list_of_languages_begins_with_a_capital(app: Flask, cast: Cast, visitor: PageClient) -> None:
    with app.app_context():
        own = partner(cast.elise)
    assert "Français, arabe" in visitor.get("/partners").page.main
    assert "Français, arabe" in visitor.get(f"/partners/{own}").page.main


def test_a_visitor_is_asked_to_sign_in_and_comes_back(app: Flask, cast: Cast, visitor: PageClient) -> None:
    with app.app_context():
        offered = hour(cast.denis, partner(cast.elise))
    assert f"/sign-in?next=/advice/{offered}" in visitor.get(f"/advice/{offered}").page.links


def test_a_slip_is_shown_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        own = partner(cast.elise)
        offered = hour(cast.denis, own)
    desk = client_of(app, cast.denis)
    first = desk.submit(f"/partners/{own}/hours", action=f"/advice/{offered}/slip", follow_redirects=True).page
    (number,) = [text_of(each) for each in first.all(".//section[@class='paper-card']//b[@dir='ltr']")]
    assert desk.get("/desk/slips").page.all(".//section[@class='paper-card']") == []
    assert desk.submit("/desk/slips", {"slip": number}).status_code == 303
    assert desk.submit("/desk/slips", {"slip": number}).status_code == 422


def test_hours_are_published_by_one_form_that_says_the_dates(app: Flask, cast: Cast, here: dict[str, str]) -> None:
    bruno = client_of(app, cast.bruno)
    sent = {"day": "2027-01-05", "starts": "09:00", "minutes": "20", "row": "2", "weeks": "3", "way": "phone"}
    path = f"/partners/{here['partner']}/hours/new"
    answer = bruno.submit(path, sent, follow_redirects=True)
    assert "C’est publié : mardi 5 janvier, mardi 12 janvier et mardi 19 janvier." in answer.page.text
    assert bruno.submit(path, {**sent, "minutes": "90"}).status_code == 422


def test_a_code_serves_once_and_what_it_gave_can_be_ended(app: Flask, cast: Cast) -> None:
    with app.app_context():
        own = partner(cast.elise)
        code = advisers.make_code(cast.elise.actor, "canal", own)
    chloe, dario = client_of(app, cast.chloe), client_of(app, cast.dario)
    told = {"code": f" {code[:5].lower()} {code[5:]}", "name": "Chloé"}
    assert chloe.submit("/advisers", told).location == f"/partners/{own}/hours"
    assert dario.submit("/advisers", told).status_code == 422
    with app.app_context():
        (adviser,) = advisers_of(partners_of(house_by_slug("canal")))[own]
        advisers.remove_adviser(cast.elise.actor, "canal", own, adviser.id)
        acts = [(entry.act, entry.by_id) for entry in all_entries()]
    assert chloe.get(f"/partners/{own}/hours").status_code == 404
    by = cast.elise.account_id
    assert acts == [("adviser:removed", by), ("adviser:added", None), ("adviser:invited", by), ("partner:added", by)]


def test_the_code_is_shown_once_to_who_made_it(app: Flask, cast: Cast, here: dict[str, str]) -> None:
    elise, path = client_of(app, cast.elise), "/houses/canal/partners"
    page = elise.submit(path, action=f"{path}/{here['partner']}/advisers", follow_redirects=True).page
    assert len(page.all(".//p[@class='word word--code']")) == 1
    assert elise.get(path).page.all(".//p[@class='word word--code']") == []


def test_what_is_hidden_is_seen_by_nobody_but_who_had_booked(app: Flask, cast: Cast, here: dict[str, str]) -> None:
    with app.app_context():
        actions.hide_partner(cast.elise.actor, "canal", here["partner"], hidden=True)
    amina, chloe = client_of(app, cast.amina), client_of(app, cast.chloe)
    paths = (f"/partners/{here['partner']}", f"/advice/{here['taken']}")
    assert [chloe.get(path).status_code for path in paths] == [404, 404]
    assert [amina.get(path).status_code for path in paths] == [404, 200]


def test_a_hidden_hour_costs_as_much_as_none(app: Flask, cast: Cast, here: dict[str, str]) -> None:
    """The clock tells nobody what there is."""
    with app.app_context():
        actions.hide_partner(cast.elise.actor, "canal", here["partner"], hidden=True)
        db.session.rollback()
        asked = []
        for ask in (hour_for, hour_planned_by):
            for which in (here["taken"], new_id()):
                db.session.rollback()
                with counted(app) as queries, pytest.raises(NotFound):
                    ask(cast.chloe.actor, which)
                asked.append(len(queries))
    assert asked == [2, 2, 2, 2]


def test_one_hour_or_three_cost_as_much(app: Flask, cast: Cast, visitor: PageClient) -> None:
    with app.app_context():
        own = partner(cast.elise)
        hour(cast.denis, own)

    def cost() -> Any:
        with counted(app) as queries:
            visitor.get(f"/partners/{own}")
        return len(queries)

    cost()
    one = cost()
    with app.app_context():
        hour(cast.denis, own, starts="16:00", row=2)
    assert cost() == one
