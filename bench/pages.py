"""What a page costs the server: a discussion of 50 messages and the week of a house, both as a member reads them.

Beside them, in the same run: a bare Jinja render of as many lines, and ``/healthz``, which is what any answer costs.
"""

import time
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from jinja2 import Environment
from sqlalchemy import select

from app.clubs.models import Membership
from app.core.db import db
from app.demo.crowd import load_crowd
from app.messaging.models import Thread
from bench import places
from bench.house import make_large_house
from bench.places import fresh, percentile
from tests.support.cast import Person
from tests.support.clients import client_of

TIMES, SHORT_TIMES = 40, 5
MEMBERS, MESSAGES = 20, 50
LINE = "<li id={{ one.id }}><b>{{ one.name }}</b> <time>{{ one.at }}</time><p>{{ one.body }}</p></li>"
BARE = Environment(autoescape=True).from_string(
    "<!doctype html><title>{{ title }}</title><ol>{% for one in lines %}" + LINE + "{% endfor %}</ol>"
)


def run(engine: str) -> dict[str, Any]:
    """Medians in ms of this process's own work; a page beside the bare render."""
    _url, app = fresh(engine)
    with app.app_context():
        make_large_house(20, 8)
        list(load_crowd(1, MEMBERS, MESSAGES))
        thread = db.session.scalars(select(Thread.id)).one()
        account = db.session.scalars(select(Membership.account_id).where(Membership.role == "member")).first()
        db.session.remove()
    assert account is not None
    client = client_of(app, Person("essai", account, ""))
    asked: dict[str, Callable[[], Any]] = {
        "discussion": lambda: _ask(client, f"/threads/{thread}"),
        "week": lambda: _ask(client, "/houses/grande/slots?room=salle-7"),
        "healthz": lambda: _ask(client, "/healthz"),
        "bare Jinja": _bare,
    }
    spent = _medians(asked)
    return {
        "messages": MESSAGES,
        "ms of processor": spent,
        "discussion / bare": round(spent["discussion"] / spent["bare Jinja"], 1),
        "week / bare": round(spent["week"] / spent["bare Jinja"], 1),
    }


def _ask(client: FlaskClient, path: str) -> None:
    # The client of the tests reads each page over; here it is only asked for.
    answer = FlaskClient.open(client, path)
    assert answer.status_code == 200, (path, answer.status_code)


def _bare() -> None:
    lines = [
        {"id": n, "name": f"Essai {n}", "at": "10:00", "body": "bonjour merci demain " * 4} for n in range(MESSAGES)
    ]
    BARE.render(title="Discussion", lines=lines)


def _medians(asked: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """In turn, so that what else runs weighs on all of them alike."""
    spent: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(SHORT_TIMES if places.short else TIMES):
        for name, ask in asked.items():
            begun = time.process_time()
            ask()
            spent[name].append((time.process_time() - begun) * 1000)
    return {name: round(percentile(each, 0.5), 2) for name, each in spent.items()}
