"""What every page knows without being told."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core.db import db
from app.pages.context import open_tonight_until, phone_href
from tests.support.cast import Cast

PARIS = ZoneInfo("Europe/Paris")
HOUSE = {"timezone": "Europe/Paris", "open_evenings": [0], "evening_until": "20:30"}


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=PARIS), datetime(2026, 11, 23, 20, 30, tzinfo=PARIS)),
        (datetime(2026, 11, 23, 20, 30, tzinfo=PARIS), None),
        (datetime(2026, 11, 24, 9, 0, tzinfo=PARIS), None),
        (datetime(2026, 11, 23, 0, 30, tzinfo=PARIS), datetime(2026, 11, 23, 20, 30, tzinfo=PARIS)),
        (datetime(2026, 11, 24, 0, 30, tzinfo=PARIS), None),
    ],
)
def test_open_this_evening_by_the_clock_of_the_house(at: datetime, until: datetime | None) -> None:
    with time_machine.travel(at, tick=False):
        assert open_tonight_until(HOUSE) == until
        assert open_tonight_until(HOUSE | {"evening_until": ""}) is None


@pytest.mark.parametrize(
    ("phone", "country", "link"),
    [
        ("01 00 00 00 00", "FR", "tel:+33100000000"),
        ("+33 1 00 00 00 00", "FR", "tel:+33100000000"),
        ("06 000 000", "IT", "tel:+3906000000"),
        ("555 01 00", "US", "tel:5550100"),
    ],
)
def test_a_telephone_number_is_a_link(phone: str, country: str, link: str) -> None:
    assert phone_href(phone, country) == link


def test_a_shared_device_counts_its_quiet_minutes(cast: Cast, client_of: Any, visitor: Any) -> None:
    seen = [
        browser.get("/account", follow_redirects=True).page.all(".//body")[0].get("data-idle")
        for browser in (client_of(cast.amina, shared=True), client_of(cast.amina), visitor)
    ]
    assert seen == ["240", None, None]


def test_every_page_bears_the_name_and_the_telephone_of_the_house(cast: Cast, client_of: Any) -> None:
    page = client_of(cast.amina).get("/account").page
    assert page.title == "Mon compte – Maison du Canal"
    assert "tel:+33100000000" in page.links


def test_an_installation_without_a_house_still_answers(app: Flask, visitor: Any) -> None:
    assert visitor.get("/sign-in").page.title == "Entrer – Pépinière"


def test_the_page_for_a_database_that_is_away_keeps_the_house(
    cast: Cast, visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/sign-in")

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "scalars", away)
    answer = visitor.get("/sign-in")
    assert (answer.status_code, answer.page.title) == (503, "Un instant – Maison du Canal")
    assert "tel:+33100000000" in answer.page.links
