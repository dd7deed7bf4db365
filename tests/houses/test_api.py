"""The JSON door of houses."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from app.core.db import transaction
from app.web.api import encode_cursor
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.factories import make_house


def test_everybody_may_list_the_houses(visitor: PageClient, cast: Cast) -> None:
    answer = visitor.get("/api/v1/houses").json
    assert ([house["slug"] for house in answer["items"]], answer["next_cursor"]) == (["canal", "port"], None)
    assert answer["items"][1]["timezone"] == "Pacific/Auckland"


def test_the_list_is_paged(visitor: PageClient, cast: Cast) -> None:
    first = visitor.get("/api/v1/houses?limit=1").json
    second = visitor.get(f"/api/v1/houses?limit=1&cursor={first['next_cursor']}").json
    assert [page["items"][0]["slug"] for page in (first, second)] == ["canal", "port"]
    assert second["next_cursor"] is None


def test_the_list_asks_as_much_for_one_as_for_many(app: Flask, visitor: PageClient, queries: Callable[[], Any]) -> None:
    counts = []
    for slugs in (("canal",), ("port", "pont")):
        with app.app_context(), transaction():
            for slug in slugs:
                make_house(slug)
        with queries() as asked:
            assert len(visitor.get("/api/v1/houses").json["items"]) == 2 * len(slugs) - 1
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_cursor_of_our_own_only(visitor: PageClient, cast: Cast) -> None:
    assert visitor.get("/api/v1/houses?cursor=%C3%A9").status_code == 422
    assert visitor.get(f"/api/v1/houses?cursor={encode_cursor('nowhere')}").status_code == 422


def test_health(visitor: PageClient) -> None:
    alive, ready = visitor.get("/healthz"), visitor.get("/readyz")
    assert (alive.status_code, alive.json) == (200, {"status": "ok"})
    assert ready.status_code == 200
    assert set(ready.json) == {"status", "database", "queue", "jobs_at", "canary_at"}
    assert ready.json["queue"] == "none"
