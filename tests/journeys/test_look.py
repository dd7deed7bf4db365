"""Every page as readers set it stands in nobody's way: axe finds nothing."""

import urllib.parse
from collections.abc import Callable

import pytest
from flask import Flask

from tests.journeys.eyes import bring_axe, obstacles, open_page, set_colours
from tests.journeys.pages import PAGES, address
from tests.rules.stage import Stage
from tests.support.browser import DESKTOP, PHONE, Reader
from tests.support.process import Server

# Light on the phone and on the desk, and in Arabic: everything is asked. In other colours nothing but they changes.
LOOKS = [
    ("m.light..fr", [(PHONE, "light", ""), (DESKTOP, "light", ""), (PHONE, "dark", ""), (PHONE, "light", "more")]),
    ("m.light..ar", [(PHONE, "light", "")]),
]


@pytest.mark.parametrize(("role", "path"), PAGES, ids=lambda each: each)
def test_a_page_has_no_obstacle_however_it_is_read(
    stage: tuple[Stage, Server], back_again: Callable[..., Reader], role: str, path: str
) -> None:
    reader = back_again(role)
    found = {}
    for reading, looks in LOOKS:
        open_page(reader, address(stage[0], role, path), reading)
        bring_axe(reader.page)
        for size, theme, contrast in looks:
            reader.page.set_viewport_size(size)
            set_colours(reader.page, theme, contrast)
            found[reading, size["width"], theme, contrast] = obstacles(
                reader.page, of_colour=(theme, contrast) != ("light", "")
            )
    assert {look: violations for look, violations in found.items() if violations} == {}


def test_every_page_of_the_house_stands_here(stage: tuple[Stage, Server]) -> None:
    """Pages that a GET opens; those of the way in are walked through by the journeys."""
    app: Flask = stage[1].app
    adapter = app.url_map.bind("localhost")
    walked = {
        adapter.match(urllib.parse.urlsplit(address(stage[0], r, p)).path)[0] for r, p in PAGES if p != "/nowhere"
    }
    elsewhere = {
        "draw.show_record", "ballots.show_record",
        "accounts.confirm_address", "accounts.enter_code", "accounts.leave", "accounts.sign_up", "health.show_health",
        "health.show_readiness", "openapi.spec", "reading.choose_language", "static_files.serve",
        "assisted.begin", "assisted.show_receipt", "invitations.open_link", "leaving.confirm_leaving",
        "setup.name_house", "setup.set_hours", "setup.add_room", "setup.open_house",
        "proofs.show_second_step", "proofs.show_rescue_codes", "desk_cards.show_card",
        "calendars.show_calendar", "calendars.download_meeting", "calendars.show_house_calendar",
        "calendars.show_house_feed", "shelf.get_file", "shelf.read_file",
    }  # fmt: skip
    known = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if ("GET" in rule.methods and not rule.rule.startswith("/api/v1/")) or rule.endpoint == "openapi.spec"
    }
    assert walked | elsewhere == known
