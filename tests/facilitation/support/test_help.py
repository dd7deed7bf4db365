"""Leads ask the team for a hand: both write, nobody else reads, and the mail says neither what nor which club."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.clubs import actions as clubs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.facilitation.models import HelpRequest
from app.facilitation.support import actions
from app.facilitation.support.desk import help_requests
from app.houses.journal import entries_of_club
from app.houses.queries import houses_of_staff
from tests.support.cast import Cast, make_person, membership
from tests.support.mailbox import end_the_night, words_of
from tests.support.page import Page

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TITLE, BODY = "Nous venons de moins en moins", "Avez-vous une idée ? Zinnia."


def refusal(act: Callable[..., Any], *args: Any) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        act(*args)
    return refused.value.status, refused.value.code


def test_from_the_question_to_its_end(
    app: Flask, cast: Cast, client_of: Any, mailbox: Any, run_jobs: Callable[[], int]
) -> None:
    bruno, denis = client_of(cast.bruno), client_of(cast.denis)
    path = bruno.submit("/clubs/tilleul/help", {"title": TITLE, "body": BODY}).location
    with app.app_context():
        end_the_night()
    run_jobs()
    told = [mail.as_string() + words_of(mail) for mail in mailbox.mails()]
    assert len(told) == 2
    assert [word in text for text in told for word in ("Tilleul", "Zinnia", TITLE)] == [False] * 6
    with app.test_request_context():
        (case,) = help_requests(cast.denis.actor, houses_of_staff(cast.denis.actor))
        assert (case.title, case.urgency, case.href) == (TITLE, "today", path)
    read = denis.get(path).get_data(as_text=True)
    assert ["Zinnia" in read, "Bruno" in read, "Une personne responsable" in read] == [True, False, True]
    denis.submit(path, action=f"{path}/take")
    denis.submit(path, {"body": "Essayez un autre jour."}, action="")
    assert "Essayez un autre jour." in bruno.get(path).get_data(as_text=True)
    for other in (cast.amina, cast.chloe):
        assert client_of(other).get(path).status_code == 404
    bruno.submit(path, action=f"{path}/close")
    assert denis.send(path, {"body": "Encore."}).status_code == 410
    with app.test_request_context():
        assert help_requests(cast.denis.actor, houses_of_staff(cast.denis.actor)) == []
        acts = [row.act for row in entries_of_club(cast.clubs["tilleul"])]
        assert acts == ["help:closed", "help:taken", "help:asked"]


@pytest.mark.usefixtures("context")
def test_who_steps_down_reads_it_no_more(cast: Cast) -> None:
    made = actions.ask_help(cast.bruno.actor, "tilleul", TITLE, BODY)
    clubs.set_role(cast.bruno.actor, cast.amina.memberships["tilleul"], "lead")
    assert actions.write_note(cast.amina.actor, made.id, "Moi aussi.").by_role == "lead"
    clubs.set_role(cast.amina.actor, cast.bruno.memberships["tilleul"], "member")
    assert refusal(actions.write_note, cast.bruno.actor, made.id, "Encore.") == (404, "not_found")


@pytest.mark.usefixtures("context")
def test_what_is_refused(cast: Cast) -> None:
    assert refusal(actions.ask_help, cast.amina.actor, "tilleul", TITLE, BODY) == (403, "not_a_lead")
    assert refusal(actions.ask_help, cast.chloe.actor, "tilleul", TITLE, BODY) == (404, "not_found")
    assert refusal(actions.ask_help, cast.bruno.actor, "tilleul", " ", BODY) == (422, "title_empty")
    assert refusal(actions.ask_help, cast.bruno.actor, "tilleul", TITLE, " ") == (422, "body_empty")
    assert refusal(actions.ask_help, cast.bruno.actor, "tilleul", "x" * 121, BODY) == (422, "title_too_long")
    assert list(db.session.scalars(db.select(HelpRequest))) == []
    made = actions.ask_help(cast.bruno.actor, "tilleul", TITLE, BODY)
    assert refusal(actions.take_help, cast.bruno.actor, made.id) == (403, "not_allowed")


@pytest.mark.usefixtures("context")
def test_the_budget_is_one_of_an_hour(cast: Cast) -> None:
    made = actions.ask_help(cast.bruno.actor, "tilleul", TITLE, BODY)
    with time_machine.travel(now()) as clock:
        for _ in range(20):
            actions.write_note(cast.denis.actor, made.id, "Un mot.")
        assert refusal(actions.write_note, cast.denis.actor, made.id, "Un mot.") == (429, "too_many")
        clock.shift(timedelta(hours=1, seconds=1))
        actions.write_note(cast.denis.actor, made.id, "Un mot.")


def stop(request_id: str, verb: str, client: Any) -> Any:
    how = {"until": "1d"} if verb == "pause" else {}
    return client.submit(f"/help-requests/{request_id}/{verb}", {**how, "rule": "1", "reason": "Des mots durs."})


@pytest.mark.parametrize("verb", ["pause", "remove"])
def test_between_leads_the_team_decides(app: Flask, cast: Cast, client_of: Any, verb: str) -> None:
    with app.app_context():
        lena = make_person("lena", tilleul="Léna")
        with transaction():
            membership(lena, "tilleul").role = "lead"
        asked = actions.ask_help(lena.actor, "tilleul", TITLE, BODY, cast.bruno.memberships["tilleul"]).id
    path, bruno, denis = f"/help-requests/{asked}", client_of(cast.bruno), client_of(cast.denis)
    # To the lead whom it is about there is no such request, in no list and in no journal.
    assert bruno.get(path).status_code == 404
    read = [bruno.get(page).get_data(as_text=True) for page in ("/clubs/tilleul/help", "/clubs/tilleul/requests")]
    assert [TITLE in page for page in read] == [False, False]
    with app.app_context():
        assert [row.act for row in entries_of_club(cast.clubs["tilleul"])] == []
    seen = denis.get(path).get_data(as_text=True)
    assert ["Bruno" in seen, "Léna" in seen, f'href="{path}/{verb}"' in seen] == [False, False, True]
    assert stop(asked, verb, denis).location == path
    assert client_of(lena).get("/clubs/tilleul").status_code == 200
    assert bruno.get("/clubs/tilleul/members").status_code == 404
    told = Page(bruno.get("/decisions").get_data(as_text=True)).links
    (decision,) = [link for link in told if link.startswith("/decisions/")]
    assert "Des mots durs." in bruno.get(decision).get_data(as_text=True)
    assert denis.send(f"{path}/{verb}", {"until": "1d", "rule": "1", "reason": "Encore."}).status_code == 410


@pytest.mark.usefixtures("context")
def test_the_last_lead_is_not_removed_by_the_team(cast: Cast) -> None:
    lena = make_person("lena", tilleul="Léna")
    with transaction():
        membership(lena, "tilleul").role = "lead"
    asked = actions.ask_help(lena.actor, "tilleul", TITLE, BODY, cast.bruno.memberships["tilleul"]).id
    clubs.leave_club(lena.actor, "tilleul")
    assert refusal(actions.remove_lead, cast.denis.actor, asked, "1", "Des mots durs.") == (409, "last_lead")


@pytest.mark.usefixtures("context")
def test_only_another_lead_is_meant(cast: Cast) -> None:
    for about in (cast.amina.memberships["tilleul"], cast.bruno.memberships["tilleul"], "x" * 26):
        assert refusal(actions.ask_help, cast.bruno.actor, "tilleul", TITLE, BODY, about) == (422, "about_invalid")
