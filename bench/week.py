"""The page of a week, in a house of twenty rooms with eight weeks of claims, as a visitor and as a lead.

Beside it, in the same run: the same page of a house with one room and nothing claimed, and ``/healthz``, which is what
any answer costs.
"""

import time
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from bench.house import make_large_house, make_lead
from bench.places import fresh, percentile
from tests.support.clients import client_of

TIMES = 40


def run(engine: str) -> dict[str, Any]:
    """Medians of forty, in ms: by the wall, and of this process's own work (PostgreSQL works beside it)."""
    _url, app = fresh(engine)
    with app.app_context():
        small = make_large_house(1, 0, slug="petite")
        large = make_large_house(20, 8)
        lead = make_lead("chef", large)
        del small
    app.test_client_class = FlaskClient
    visitor, led = app.test_client(), client_of(app, lead)
    pages = {
        "visitor": lambda: visitor.get("/houses/grande/slots?room=salle-7"),
        "lead": lambda: FlaskClient.open(led, "/houses/grande/slots?room=salle-7"),
        "small house": lambda: visitor.get("/houses/petite/slots"),
        "healthz": lambda: visitor.get("/healthz"),
    }
    wall, spent = _medians(pages)
    return {
        "rooms": 20,
        "weeks": 8,
        "ms": wall,
        "ms of processor": spent,
        "large / small": round(spent["visitor"] / spent["small house"], 1),
        "large / healthz": round(spent["visitor"] / spent["healthz"], 1),
    }


def _medians(pages: dict[str, Callable[[], Any]]) -> tuple[dict[str, float], dict[str, float]]:
    """By the wall and by the processor; in turn, so that what else runs weighs on all of them alike."""
    wall: dict[str, list[float]] = {name: [] for name in pages}
    spent: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(TIMES):
        for name, ask in pages.items():
            begun, busy = time.perf_counter(), time.process_time()
            assert ask().status_code == 200
            spent[name].append((time.process_time() - busy) * 1000)
            wall[name].append((time.perf_counter() - begun) * 1000)
    return _middle(wall), _middle(spent)


def _middle(values: dict[str, list[float]]) -> dict[str, float]:
    return {name: round(percentile(each, 0.5), 2) for name, each in values.items()}
