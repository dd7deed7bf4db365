"""What the tests of reports share: a discussion in Tilleul, somebody who reports, a second lead."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.clubs.actions import set_role
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job
from app.facilitation.models import Report
from app.messaging import actions as talk
from app.messaging.actions import Draft
from tests.support.cast import Cast, Person, make_person

WHY = {"rule": "1", "reason": "Cette phrase blesse."}


@pytest.fixture
def zoe(app: Flask, cast: Cast) -> Person:
    """A member of Tilleul who reports."""
    app.config["LIMIT_FACTOR"] = 1e6
    with app.app_context():
        return make_person("zoe", tilleul="Zoé")


@pytest.fixture
def said(app: Flask, cast: Cast, zoe: Person) -> dict[str, str]:
    """What was said in Tilleul: by Bruno, Amina (twice) and Zoé."""
    with app.app_context():
        opened = talk.open_thread(cast.bruno.actor, "tilleul", "Prix et devis", draft("Mon premier devis."))
        thread = opened.thread.id
        found = {"thread": thread, "bruno": opened.message.id}
        for key, person, body in (
            ("amina", cast.amina, "Reste à la maison."),
            ("zoe", zoe, "Ce n’est pas une façon de répondre."),
            ("amina_again", cast.amina, "Je plaisante."),
        ):
            found[key] = talk.post_message(person.actor, thread, draft(body)).message.id
        return found


@pytest.fixture
def report(said: dict[str, str], api_of: Any, zoe: Person) -> Callable[..., str]:
    """``report("amina", danger=True)``: Zoé reports what Amina said; gives the report's id."""

    def send(key: str = "amina", by: Person = zoe, **told: Any) -> str:
        answer = api_of(by).post(f"/messages/{said[key]}/report", json={"reason": "hurt", **told})
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    return send


@pytest.fixture
def decide(api_of: Any) -> Callable[..., Any]:
    """``decide(cast.bruno, id, "hide")``: status and code, or state."""

    def send(person: Person, report_id: str, outcome: str, **told: Any) -> tuple[int, str]:
        sent = {"outcome": outcome, **WHY, **told}
        answer = api_of(person).post(f"/reports/{report_id}/decision", json=sent)
        return answer.status_code, answer.json.get("code") or answer.json["state"]

    return send


@pytest.fixture
def lead(app: Flask, cast: Cast) -> Callable[[Person], Person]:
    """``lead(zoe)``: leads Tilleul too from now on."""

    def name(person: Person) -> Person:
        with app.app_context():
            set_role(cast.bruno.actor, person.memberships["tilleul"], "lead")
        return person

    return name


@pytest.fixture
def a_day_later(app: Flask) -> Callable[[str], None]:
    """``a_day_later(id)``: the leads had their day."""

    def pass_by(report_id: str) -> None:
        with app.app_context(), transaction():
            row = db.session.get_one(Report, report_id)
            row.made_at -= timedelta(hours=24)
            row.escalates_at = now()

    return pass_by


def draft(body: str) -> Draft:
    return Draft(str(uuid.uuid4()), body)


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer.json["items"]]


def leave_now(app: Any, run_jobs: Any) -> None:
    """Quiet hours are over, and what gathers has gathered."""
    with app.app_context(), transaction():
        db.session.execute(db.update(Job).where(Job.kind == "mail:send").values(run_at=now()))
    run_jobs()
