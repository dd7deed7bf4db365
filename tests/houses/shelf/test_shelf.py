"""The shelf: closed words filter it, a check is dated, a dead link is told once a person and nobody reads by whom."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.clubs.shelf.actions import propose_item
from app.core import retention
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.houses.desk import cases_for
from app.houses.journal import all_entries
from app.houses.queries import house_by_slug
from app.houses.shelf import actions
from app.houses.shelf.actions import ItemSaid
from app.houses.shelf.models import DeadLink, ShelfItem, ShelfProposal
from app.houses.shelf.queries import items_of, sheets_for_need, shown_items
from tests.houses.partners import advise, partner
from tests.support import kiosks
from tests.support.cast import Cast
from tests.support.clients import PageClient, client_of
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SITE = "https://www.service-public.fr/"


def said(title: str = "Un site", **more: Any) -> ItemSaid:
    base: dict[str, Any] = {"purpose": "Pour commencer.", "language": "fr", "link": SITE, "needs": ["job"], **more}
    return ItemSaid(title, **base)


def put(cast: Cast, title: str = "Un site", **more: Any) -> str:
    return actions.add_item(cast.denis.actor, "canal", said(title, **more)).id


def titles(found: list[ShelfItem]) -> list[str]:
    return [one.title for one in found]


@pytest.mark.usefixtures("context")
def test_it_is_filtered_by_closed_words(cast: Cast) -> None:
    put(cast, "Pour tous")
    put(cast, "Vente", trade="vente", needs=["own"])
    put(cast, "Fiche", link="", body="Un texte.", language="ar")
    assert titles(shown_items()) == ["Fiche", "Pour tous", "Vente"]
    assert titles(shown_items("own")) == ["Vente"]
    assert titles(shown_items(trade="bureau")) == ["Fiche", "Pour tous"]
    assert titles(shown_items(language="ar")) == ["Fiche"]
    # For the doors of needs: the reader's language first.
    assert titles(sheets_for_need("job", "ar")) == ["Fiche", "Pour tous"]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    "wrong", [{"body": "Les deux"}, {"link": ""}, {"link": "javascript:alert(1)"}, {"needs": ["x"]}, {"trade": "x"}]
)
def test_what_cannot_lie_there(cast: Cast, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        put(cast, **wrong)


def cases(cast: Cast) -> list[str]:
    return [str(one.title) for one in cases_for(cast.denis.actor, [house_by_slug("canal")])]


@pytest.mark.usefixtures("context")
def test_a_dead_link_is_told_once_a_person_until_it_is_checked(cast: Cast, app: Flask) -> None:
    item = put(cast)
    with app.test_request_context():
        assert cases(cast) == []
        for person in (cast.amina, cast.amina, cast.chloe):
            actions.tell_dead(person.actor, item)
        assert (cases(cast), [dead for _item, dead in items_of(house_by_slug("canal"))]) == (
            ["1 ressource à regarder"], [2],
        )  # fmt: skip
        told = str(db.session.execute(db.select(DeadLink.from_hash)).all())
        assert cast.amina.account_id not in told
        actions.check_item(cast.denis.actor, "canal", item)
        assert (cases(cast), db.session.scalars(db.select(DeadLink)).all()) == ([], [])
        with time_machine.travel(now() + timedelta(days=185)):
            assert cases(cast) == ["1 ressource à regarder"]


@pytest.mark.usefixtures("context")
def test_a_club_proposes_and_nothing_says_which(cast: Cast, app: Flask) -> None:
    with app.test_request_context():
        propose_item(cast.dario.actor, "romarin", said("D’un club"))
        assert (titles(shown_items()), cases(cast)) == ([], ["1 ressource à regarder"])
        item = db.session.scalars(db.select(ShelfItem)).one()
        row = str({column.name: getattr(item, column.name) for column in ShelfItem.__table__.columns})
        told = db.session.scalars(db.select(ShelfProposal)).one()
        row += str({column.name: getattr(told, column.name) for column in ShelfProposal.__table__.columns})
        for secret in (cast.dario.account_id, cast.clubs["romarin"], cast.dario.memberships["romarin"]):
            assert secret not in row
        assert all_entries() == []
        actions.show_item(cast.denis.actor, "canal", item.id, shown=True)
        assert titles(shown_items()) == ["D’un club"]
        propose_item(cast.dario.actor, "romarin", said("Un autre"))
        other = db.session.scalars(db.select(ShelfItem).where(ShelfItem.title == "Un autre")).one()
        with pytest.raises(Invalid, match="reason_empty"):
            actions.show_item(cast.denis.actor, "canal", other.id, shown=False)
        actions.show_item(cast.denis.actor, "canal", other.id, shown=False, reason="known")
        assert [entry.act for entry in all_entries()] == ["shelf:declined", "shelf:accepted"]
        assert titles(list(db.session.scalars(db.select(ShelfItem)))) == ["D’un club"]


def answers(page: Any) -> list[str]:
    return [text_of(each) for each in page.all(".//section[@aria-labelledby='proposed']//li")]


def test_the_leads_read_what_became_of_it_and_why(app: Flask, cast: Cast) -> None:
    dario, desk = client_of(app, cast.dario), client_of(app, cast.denis)
    told = {"purpose": "Pour commencer.", "link": SITE, "needs": "job", "language": "fr"}
    for title in ("Un bon site", "Une réclame"):
        assert dario.submit("/clubs/romarin/shelf", {**told, "title": title}).status_code == 303
    waiting = answers(dario.get("/clubs/romarin/requests").page)
    assert [("En attente" in one, "Gardé" in one) for one in waiting] == [(True, False)] * 2
    assert "/clubs/romarin/shelf#proposed" not in dario.get("/").page.links
    with app.app_context():
        items = dict(db.session.execute(db.select(ShelfItem.title, ShelfItem.id)).all())
    kept, not_kept = (f"/houses/canal/shelf/{items[one]}/show" for one in ("Un bon site", "Une réclame"))
    desk.send(kept, {"shown": "1"}, on="/houses/canal/shelf")
    # Without a reason it waits on: the page says what to choose.
    answer = desk.send(not_kept, {"shown": "0"}, on="/houses/canal/shelf", follow_redirects=True)
    assert "Choisissez pourquoi" in answer.page.text
    desk.send(not_kept, {"shown": "0", "reason": "sells"}, on="/houses/canal/shelf")
    for path in ("/clubs/romarin/requests", "/clubs/romarin/shelf"):
        page = dario.get(path).page
        good, bad = answers(page)
        assert ("Gardé" in good, "Pas gardé" in bad) == (True, True)
        assert "Il faut payer, ou c’est une publicité." in bad
        assert f"/shelf/{items['Un bon site']}" in page.links
    assert "/clubs/romarin/shelf#proposed" in dario.get("/").page.links
    # Nobody else: no other member of that club, no lead of another, nobody of the team.
    amina, bruno = client_of(app, cast.amina), client_of(app, cast.bruno)
    assert [amina.get(f"/clubs/romarin/{page}").status_code for page in ("requests", "shelf")] == [403, 403]
    assert "/clubs/romarin/shelf#proposed" not in amina.get("/").page.links
    assert answers(bruno.get("/clubs/tilleul/requests").page) == []
    assert "omarin" not in desk.get("/houses/canal/shelf").page.text


@pytest.mark.usefixtures("context")
def test_an_answer_is_read_for_a_month(cast: Cast, app: Flask) -> None:
    with app.test_request_context():
        propose_item(cast.dario.actor, "romarin", said("D’un club"))
        propose_item(cast.dario.actor, "romarin", said("Qui attend"))
        item = db.session.scalars(db.select(ShelfItem).where(ShelfItem.title == "D’un club")).one()
        actions.show_item(cast.denis.actor, "canal", item.id, shown=True)
    for days, left in ((29, ["D’un club", "Qui attend"]), (32, ["Qui attend"])):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            list(retention.run(["shelf:answers"]))
            query = db.select(ShelfProposal.title).order_by(ShelfProposal.title)
            assert list(db.session.scalars(query)) == left


def test_who_advises_changes_and_takes_back_what_the_partner_put_there(app: Flask, cast: Cast) -> None:
    with app.app_context():
        own, other = partner(cast.elise), partner(cast.elise, "Permanence")
        advise(cast.bruno, cast.elise, own)
        item = actions.add_for_partner(cast.bruno.actor, own, said("Un site")).id
        of_house, of_other = put(cast), actions.add_for_partner(cast.denis.actor, other, said("Ailleurs")).id
        actions.tell_dead(cast.amina.actor, item)
    bruno, path = client_of(app, cast.bruno), f"/partners/{own}/shelf"
    page = bruno.get(path).page
    assert [text_of(each) for each in page.all(".//main//ul[@class='list']//h2")] == ["Un site"]
    assert "1 personne dit qu’il ne s’ouvre plus" in page.main
    form = f"{path}/{item}/edit"
    assert bruno.submit(form, {"title": "Un autre site"}, action="").location == path
    with app.app_context():
        changed = db.session.get_one(ShelfItem, item)
        assert (changed.title, changed.state, db.session.scalars(db.select(DeadLink)).all()) == (
            "Un autre site", "shown", [],
        )  # fmt: skip
    for there in (of_house, of_other):
        assert bruno.get(f"{path}/{there}/edit").status_code == 404
        assert bruno.send(f"{path}/{there}/withdraw", on=path).status_code == 404
    assert bruno.submit(path, action=f"{path}/{item}/withdraw").location == path
    assert bruno.get(f"/shelf/{item}").status_code == 404
    # Only the team shows it again.
    assert (bruno.get(form).status_code, bruno.send(f"{path}/{item}/withdraw", on=path).status_code) == (404, 404)
    assert client_of(app, cast.chloe).get(path).status_code == 404
    with app.app_context():
        assert [(one.act, one.by_role) for one in all_entries()[:2]] == [
            ("shelf:hidden", "member"), ("shelf:changed", "member"),
        ]  # fmt: skip


def test_an_adviser_adds_with_the_partner_beside(app: Flask, cast: Cast) -> None:
    with app.app_context():
        own = partner(cast.elise)
        advise(cast.bruno, cast.elise, own)
        item = actions.add_for_partner(cast.bruno.actor, own, said()).id
    assert f"/partners/{own}" in client_of(app, cast.amina).get(f"/shelf/{item}").page.links


def test_a_kiosk_shows_the_address_and_no_link(app: Flask, cast: Cast, visitor: PageClient) -> None:
    with app.app_context():
        item = put(cast)
    path = f"/shelf/{item}"
    (link,) = visitor.get(path).page.all(".//a[@class='link-out']")
    assert (link.get("href"), "noreferrer" in (link.get("rel") or "").split()) == (SITE, True)
    kiosk = kiosks.kiosk_of(app, cast.denis)
    page = kiosk.get(path).page
    assert [SITE in each for each in page.links] == [False] * len(page.links)
    assert [text_of(each) for each in page.all(".//span[@class='link-out']")] == ["www.service-public.fr"]


def test_the_page_filters_by_its_address_and_an_unknown_word_filters_nothing(
    app: Flask, cast: Cast, visitor: PageClient
) -> None:
    with app.app_context(), transaction():
        put(cast, "Travail")
        put(cast, "Langue", needs=["tongue"])
    listed = [
        [text_of(each) for each in visitor.get(f"/shelf{asked}").page.all(".//main//h2/a")]
        for asked in ("", "?need=job", "?need=nothing")
    ]
    assert listed == [["Langue", "Travail"], ["Travail"], ["Langue", "Travail"]]
