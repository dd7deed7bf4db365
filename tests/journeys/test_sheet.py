"""What goes on paper is one sheet: the evening's on A4, a card in the size of a card, none of the page around it."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.actions import Wish, claim_slot
from app.rooms.models import Claim, Room
from app.rooms.queries import ONE_DAY, slots_between, today_in
from tests.houses.partners import hour, partner
from tests.rooms.places import house, make_places, room
from tests.support.browser import Reader
from tests.support.process import Server

PAGES = re.compile(rb"/Type\s*/Page\b")
CARD = re.compile(rb"/MediaBox\s*\[0 0 24[34][.\d]* 153[.\d]*\]")
A5 = re.compile(rb"/MediaBox\s*\[0 0 (419|420)[.\d]* 59[45][.\d]*\]")
A4 = re.compile(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]")


def test_the_sheet_is_one_page(server: Server, reader: Callable[..., Reader]) -> None:
    with server.app.app_context():
        make_places()
        with transaction():
            # Whatever the hour on this machine: an evening in the zone where it is seven in the evening.
            start = now().replace(minute=0, second=0, microsecond=0)
            place = db.session.scalars(db.select(Room).where(Room.slug == "salle-1")).one()
            there = db.session.get_one(House, place.house_id)
            west = (start.hour - 19) % 24
            there.timezone = f"Etc/GMT+{west}" if west <= 12 else f"Etc/GMT-{24 - west}"
            values = {"starts_at": start, "ends_at": start + timedelta(hours=2), "made_at": now(), "title": "Relire"}
            club_id = server.cast.clubs["tilleul"]
            db.session.add(Claim(id=new_id(), club_id=club_id, room_id=place.id, door_word="Boussole", **values))
    page = reader(server.cast.denis).page
    page.goto("/desk/evening")
    page.emulate_media(media="print")
    around = page.locator(".topbar, .nav, .foot, .no-print")
    assert around.evaluate_all("all => all.filter(each => each.checkVisibility()).length") == 0
    cells = [text.replace("\u00a0", " ") for text in page.locator("tbody tr > *").all_inner_texts()]
    assert cells == ["19 h – 21 h", "Salle 1", "Boussole", "Club Tilleul", "moins de 5 personnes", "à dire à l’accueil"]
    printed = page.pdf(prefer_css_page_size=True)
    assert (len(PAGES.findall(printed)), A4.search(printed) is not None) == (1, True)


def test_a_poster_is_one_page_however_long_its_title(server: Server, reader: Callable[..., Reader]) -> None:
    with server.app.app_context():
        make_places()
        slots = slots_between(
            house("canal"), [room("salle-1")], *(today_in(house("canal")) + n * ONE_DAY for n in (2, 4))
        )
        titles = ("Venez", "Écrire sa lettre sans faute et sans peur, puis la relire à voix haute ensemble !")
        claims = [
            claim_slot(server.cast.bruno.actor, Wish(slot.id, "tilleul", title, public=True)).claim.id
            for slot, title in zip([one for one in slots if one.open], titles, strict=False)
        ]
    page = reader().page
    for claim in claims:
        page.goto(f"/meetings/{claim}/poster")
        printed = page.pdf(prefer_css_page_size=True)
        assert (len(PAGES.findall(printed)), A4.search(printed) is not None) == (1, True)


def test_a_slip_for_an_hour_of_advice_is_one_sheet(server: Server, reader: Callable[..., Reader]) -> None:
    with server.app.app_context():
        own = partner(server.cast.elise)
        hour(server.cast.denis, own)
    page = reader(server.cast.denis).page
    page.goto(f"/partners/{own}/hours")
    page.get_by_role("button", name="Réserver sur papier").click()
    expect(page.locator(".paper-card")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert (len(PAGES.findall(printed)), A5.search(printed) is not None) == (1, True)


def test_a_card_is_one_sheet_of_its_own_size(server: Server, reader: Callable[..., Reader]) -> None:
    page = reader(server.cast.denis).page
    page.goto("/desk/cards")
    page.get_by_role("button", name="Faire une carte").click()
    expect(page.locator(".paper-card")).to_be_visible()
    printed = page.pdf(prefer_css_page_size=True)
    assert (len(PAGES.findall(printed)), CARD.search(printed) is not None) == (1, True)
