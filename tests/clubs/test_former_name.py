"""A change of name shows in that club for seven days, by every door; in two clubs at once it would join them up."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.clubs.actions import rename
from app.core.clock import now
from app.messaging.actions import Draft, open_thread
from tests.support.cast import Cast

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

WEEK = timedelta(days=7)
LATELY = "Vous avez changé de nom dans un autre club il y a moins de 7 jours."
AHEAD = "Vous êtes dans un autre club ? Attendez quelques jours"


@pytest.fixture
def doors(app: Flask, cast: Cast, client_of: Callable[..., Any], api_of: Callable[..., Any]) -> Callable[[], list[Any]]:
    """What each door says that Ama was called before, read by Bruno; she spoke first and is Amy now."""
    with app.app_context():
        opened = open_thread(cast.amina.actor, "tilleul", "Mardi", Draft(str(uuid.uuid4()), "Bonjour"))
        thread, mine = opened.thread.id, cast.amina.memberships["tilleul"]
        rename(cast.amina.actor, "tilleul", "Amy")

    def read() -> list[Any]:
        page, call = client_of(cast.bruno), api_of(cast.bruno)
        members = {one["id"]: one for one in call.get("/clubs/tilleul/members").json["items"]}
        (message,) = call.get(f"/threads/{thread}/messages").json["items"]
        changes = call.get("/clubs/tilleul/changes?since=0").json["changes"]
        named = {change["kind"]: change["data"] for change in changes}
        return [
            "s’appelait Ama" in page.get("/clubs/tilleul/members").page.main,
            "s’appelait Ama" in page.get(f"/threads/{thread}").page.main,
            members[mine]["former_name"],
            message["author"].get("former_name"),
            named["message:posted"]["author"].get("former_name"),
            named["membership:renamed"],
        ]

    return read


def test_every_door_shows_the_former_name_for_seven_days(cast: Cast, doors: Callable[[], list[Any]]) -> None:
    row = {"id": cast.amina.memberships["tilleul"], "name": "Amy"}
    with time_machine.travel(now() + WEEK - timedelta(minutes=1), tick=False) as clock:
        assert doors() == [True, True, "Ama", "Ama", "Ama", {**row, "former_name": "Ama"}]
        clock.shift(timedelta(minutes=1))
        assert doors() == [False, False, None, None, None, {**row, "former_name": None}]


def test_who_renames_in_two_clubs_is_warned(app: Flask, cast: Cast, client_of: Callable[..., Any]) -> None:
    def said(slug: str) -> list[bool]:
        text = client_of(cast.amina).get(f"/clubs/{slug}/name").page.main
        return [LATELY in text, AHEAD in text]

    assert (said("tilleul"), said("romarin")) == ([False, True], [False, True])
    with app.app_context():
        rename(cast.amina.actor, "tilleul", "Amy")
    assert (said("tilleul"), said("romarin")) == ([False, True], [True, False])
    with time_machine.travel(now() + WEEK, tick=False):
        assert said("romarin") == [False, True]
    # Nothing is forbidden: who must change their name changes it.
    client_of(cast.amina).submit("/clubs/romarin/name", {"name": "Camille"})
    assert (said("tilleul"), said("romarin")) == ([True, False], [True, False])
