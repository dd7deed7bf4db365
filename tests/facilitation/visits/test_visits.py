"""A visit opens every door from its beginning to its end, none before, none after; the whole club sees it."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs import actions as clubs
from app.clubs.models import Change, Membership
from app.clubs.queries import leads_of, members_in, members_of, visitors_in
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.facilitation.models import Visit
from app.facilitation.visits import actions
from app.houses.actions import create_staff
from app.houses.desk import cases_for
from app.houses.journal import entries_of_club
from app.houses.models import StaffPost
from app.houses.team.actions import remove
from app.meetings.actions import answer_meeting
from app.messaging import actions as talk
from tests.support.cast import Cast, Person

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


def name_the_team(cast: Cast) -> None:
    with transaction():
        for person, name in ((cast.denis, "Denis"), (cast.elise, "Élise")):
            db.session.scalars(select(StaffPost).where(StaffPost.account_id == person.account_id)).one().name = name


def invited(cast: Cast, lasting: timedelta = DAY, slug: str = "tilleul") -> str:
    lead = {"tilleul": cast.bruno, "romarin": cast.dario}[slug]
    return actions.invite_visitor(lead.actor, slug, cast.denis.account_id, now() + lasting, "Nous aider.").id


def refusal(act: Callable[..., Any], *args: Any) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        act(*args)
    return refused.value.status, refused.value.code


def draft(body: str = "Le corps.") -> talk.Draft:
    return talk.Draft(str(uuid.uuid4()), body)


def doors(page: Any, api: Any, slug: str, thread: str) -> dict[str, int]:
    body = {"body": "Bonjour.", "client_id": str(uuid.uuid4())}
    return {
        "club": page.get(f"/clubs/{slug}/members").status_code,
        "thread": page.get(f"/threads/{thread}").status_code,
        "threads": api.get(f"/clubs/{slug}/threads").status_code,
        "messages": api.get(f"/threads/{thread}/messages").status_code,
        "names": api.get(f"/clubs/{slug}/members").status_code,
        "changes": api.get(f"/clubs/{slug}/changes?since=0").status_code,
        "poll": api.get(f"/clubs/{slug}/changes?since=1&wait=1").status_code,
        "post": api.post(f"/threads/{thread}/messages", json=body).status_code,
    }


def test_nothing_before_nothing_after(app: Flask, cast: Cast, client_of: Any, api_of: Any) -> None:
    with app.app_context():
        name_the_team(cast)
        thread = talk.open_thread(cast.amina.actor, "tilleul", "Titre", draft()).thread.id
    page, api = client_of(cast.denis), api_of(cast.denis)
    closed = dict.fromkeys(doors(page, api, "tilleul", thread), 404)
    assert doors(page, api, "tilleul", thread) == closed
    with app.app_context():
        visit = invited(cast)
    assert doors(page, api, "tilleul", thread) == closed
    assert client_of(cast.elise).get(f"/visits/{visit}").status_code == 404
    assert page.submit(f"/visits/{visit}", action=f"/visits/{visit}/begin").location == "/clubs/tilleul"
    assert doors(page, api, "tilleul", thread) == {**dict.fromkeys(closed, 200), "post": 201}
    assert doors(client_of(cast.elise), api_of(cast.elise), "tilleul", thread) == closed
    # In the club everybody sees who is there, on each page, and the badge under what they say.
    for path in ("/clubs/tilleul", "/clubs/tilleul/members", f"/threads/{thread}"):
        assert "Denis, équipe" in client_of(cast.amina).get(path).get_data(as_text=True)
    thread_page = client_of(cast.amina).get(f"/threads/{thread}").get_data(as_text=True)
    assert "Lu aussi par Denis, équipe, en visite jusqu" in thread_page
    assert "ne lit pas les messages" not in thread_page
    said = api_of(cast.amina).get(f"/threads/{thread}/messages").json["items"][-1]["author"]
    assert (said["name"], said["role"]) == ("Denis, équipe", "staff")
    with time_machine.travel(now() + DAY + timedelta(seconds=1)):
        page = client_of(cast.denis)
        assert doors(page, api, "tilleul", thread) == closed
        assert page.get(f"/visits/{visit}").status_code == 404
        after = client_of(cast.amina).get("/clubs/tilleul/members").get_data(as_text=True)
        assert "Denis, équipe" not in after
        with app.app_context():
            jobs.run_due(100)
            acts = [row.act for row in entries_of_club(cast.clubs["tilleul"])]
            assert acts == ["visit:ended", "visit:began", "visit:invited"]
            kinds = list(
                db.session.scalars(select(Change.kind).where(Change.kind.like("visit:%")).order_by(Change.seq))
            )
            assert kinds == ["visit:began", "visit:ended"]
        # What was said stays said by the team.
        kept = api_of(cast.amina).get(f"/threads/{thread}/messages").json["items"][-1]["author"]
        assert kept == said


@sqlite
def test_a_visitor_reads_from_the_beginning_of_the_visit(app: Flask, cast: Cast, api_of: Any) -> None:
    """In a club where a newcomer reads from the day of joining; and it exists for them alone."""
    with app.app_context():
        name_the_team(cast)
        before = talk.open_thread(cast.dario.actor, "romarin", "Avant", draft("Avant la visite.")).thread.id
        actions.begin_visit(cast.denis.actor, invited(cast, slug="romarin"))
        after = talk.open_thread(cast.dario.actor, "romarin", "Pendant", draft("Pendant la visite.")).thread.id
    api = api_of(cast.denis)
    assert [row["id"] for row in api.get("/clubs/romarin/threads").json["items"]] == [after]
    assert [api.get(f"/threads/{each}/messages").status_code for each in (before, after)] == [404, 200]
    assert "Avant" not in api.get("/clubs/romarin/changes?since=0").get_data(as_text=True)
    assert api_of(cast.elise).get("/clubs/romarin").status_code == 404


@pytest.mark.usefixtures("context")
@sqlite
def test_a_visitor_is_counted_nowhere_and_holds_nothing(cast: Cast) -> None:
    name_the_team(cast)
    club = actions.begin_visit(cast.denis.actor, invited(cast))
    (visitor,) = visitors_in(club)
    assert (members_in(club), leads_of(club)) == (2, ["Bruno"])
    assert visitor.id not in [one.id for one in members_of(club)]
    message = talk.open_thread(cast.amina.actor, "tilleul", "Titre", draft()).message.id
    assert talk.react(cast.denis.actor, message, "🙏")[1].id == visitor.id
    assert refusal(clubs.rename, cast.denis.actor, "tilleul", "Autre") == (404, "not_found")
    assert refusal(clubs.leave_club, cast.denis.actor, "tilleul") == (404, "not_found")
    assert refusal(clubs.join_club, cast.denis.actor, "tilleul", "Autre") == (403, "staff_joins_no_club")
    assert refusal(clubs.set_role, cast.bruno.actor, visitor.id, "lead") == (404, "not_found")
    assert refusal(clubs.set_role, cast.denis.actor, cast.amina.memberships["tilleul"], "lead") == (403, "not_a_lead")
    assert refusal(invite_again, cast.denis.actor, cast) == (403, "not_a_lead")
    assert refusal(answer_meeting, cast.denis.actor, "x" * 26, "yes")[0] == 404


def invite_again(actor: Any, cast: Cast) -> None:
    actions.invite_visitor(actor, "tilleul", cast.elise.account_id, now() + DAY, "x")


@pytest.mark.usefixtures("context")
@sqlite
def test_who_may_invite_whom_and_for_how_long(cast: Cast) -> None:
    def invite(person: Person, whom: Person, ahead: timedelta = DAY, reason: str = "Nous aider.") -> Any:
        return actions.invite_visitor(person.actor, "tilleul", whom.account_id, now() + ahead, reason)

    # Who chose no name cannot be shown in a club: nobody invites them.
    assert refusal(invite, cast.bruno, cast.denis) == (422, "person_unknown")
    name_the_team(cast)
    assert refusal(invite, cast.amina, cast.denis) == (403, "not_a_lead")
    assert refusal(invite, cast.chloe, cast.denis) == (404, "not_found")
    assert refusal(invite, cast.bruno, cast.amina) == (422, "person_unknown")
    assert refusal(invite, cast.bruno, cast.denis, timedelta(days=14, minutes=2)) == (422, "until_out_of_range")
    assert refusal(invite, cast.bruno, cast.denis, -DAY) == (422, "until_out_of_range")
    assert refusal(invite, cast.bruno, cast.denis, DAY, " ") == (422, "reason_empty")
    visit = invite(cast.bruno, cast.denis, timedelta(days=14))
    assert refusal(invite, cast.bruno, cast.denis) == (409, "already_invited")
    assert [case.href for case in cases_for(cast.elise.actor, [])] == []
    assert refusal(actions.begin_visit, cast.elise.actor, visit.id) == (404, "not_found")
    with time_machine.travel(now() + timedelta(days=15)):
        assert refusal(actions.begin_visit, cast.denis.actor, visit.id) == (404, "not_found")


@pytest.mark.usefixtures("context")
@sqlite
def test_either_ends_it_and_another_may_follow(cast: Cast) -> None:
    name_the_team(cast)
    for ender in (cast.bruno, cast.denis):
        declined = invited(cast)
        actions.end_visit(ender.actor, declined)
        assert refusal(actions.begin_visit, cast.denis.actor, declined) == (404, "not_found")
        visit = invited(cast)
        actions.begin_visit(cast.denis.actor, visit)
        assert refusal(actions.begin_visit, cast.denis.actor, visit) == (404, "not_found")
        assert refusal(actions.end_visit, cast.amina.actor, visit) == (403, "not_a_lead")
        assert refusal(actions.end_visit, cast.chloe.actor, visit) == (404, "not_found")
        assert refusal(actions.end_visit, cast.elise.actor, visit) == (404, "not_found")
        actions.end_visit(ender.actor, visit)
        gone = db.session.get_one(Membership, db.session.get_one(Visit, visit).membership_id)
        assert (gone.active, gone.name) == (False, "Denis, équipe")
    # One that the clock ended, and no job yet, is no obstacle to the next.
    actions.begin_visit(cast.denis.actor, invited(cast))
    with time_machine.travel(now() + 2 * DAY):
        actions.begin_visit(cast.denis.actor, invited(cast))


@pytest.mark.usefixtures("context")
@sqlite
def test_an_invitation_ends_with_the_lead_who_made_it(cast: Cast) -> None:
    name_the_team(cast)
    visit = invited(cast)
    clubs.set_role(cast.bruno.actor, cast.amina.memberships["tilleul"], "lead")
    clubs.set_role(cast.amina.actor, cast.bruno.memberships["tilleul"], "member")
    assert refusal(actions.begin_visit, cast.denis.actor, visit) == (410, "invitation_over")
    assert refusal(actions.end_visit, cast.bruno.actor, visit) == (403, "not_a_lead")
    actions.end_visit(cast.amina.actor, visit)


@sqlite
def test_pages_of_a_lead(app: Flask, cast: Cast, client_of: Any) -> None:
    client = client_of(cast.bruno)
    assert client.get("/clubs/tilleul/visits/new").page.h1 == "Inviter l’équipe dans le club"
    assert "personne n’a encore donné de nom" in client.get("/clubs/tilleul/visits/new").get_data(as_text=True)
    with app.app_context():
        name_the_team(cast)
    assert cast.denis.account_id not in client.get("/clubs/tilleul/visits/new").get_data(as_text=True)
    assert client.submit("/clubs/tilleul/visits/new", {"reason": "x"}).status_code == 422
    form = client.get("/clubs/tilleul/visits/new").page
    (option,) = form.all(".//option[.='Denis']")
    said = {"person": str(option.get("value")), "until": "2w", "reason": "Nous aider."}
    assert client.submit("/clubs/tilleul/visits/new", said).location == "/clubs/tilleul/requests"
    with app.app_context():
        (visit,) = db.session.scalars(select(Visit))
        assert visit.account_id == cast.denis.account_id
    end = f"/visits/{visit.id}/end"
    assert client.submit("/clubs/tilleul/requests", action=end).location == "/clubs/tilleul/requests"


def test_the_watch_ends_with_the_visit(server: Any, socket_of: Any) -> None:
    """By the clock, with no event at all; and by a lead."""
    cast = server.cast
    with server.app.app_context():
        name_the_team(cast)
        visit = invited(cast, timedelta(seconds=3))
    heard = socket_of(cast.denis)
    assert heard.call("club:watch", {"club": "tilleul"})["ok"] is False
    with server.app.app_context():
        actions.begin_visit(cast.denis.actor, visit)
    assert heard.call("club:watch", {"club": "tilleul"})["ok"]
    assert heard.next("club:closed", 6) == {"club": "tilleul"}
    assert heard.call("club:watch", {"club": "tilleul"})["ok"] is False
    with server.app.app_context():
        second = invited(cast)
        actions.begin_visit(cast.denis.actor, second)
    assert heard.call("club:watch", {"club": "tilleul"})["ok"]
    with server.app.app_context():
        actions.end_visit(cast.bruno.actor, second)
    assert heard.next("club:closed", 3) == {"club": "tilleul"}


@pytest.mark.usefixtures("context")
@sqlite
def test_who_works_no_more_in_the_house_is_in_none_of_its_clubs(cast: Cast) -> None:
    """Also when they still work in another one."""
    name_the_team(cast)
    create_staff(cast.denis.email, "port", "facilitator")
    begun, waiting = invited(cast), invited(cast, slug="romarin")
    actions.begin_visit(cast.denis.actor, begun)
    thread = talk.open_thread(cast.bruno.actor, "tilleul", "Titre", draft()).thread.id
    remove(cast.elise.actor, "canal", cast.denis.account_id)
    assert refusal(talk.post_message, cast.denis.actor, thread, draft()) == (404, "not_found")
    assert refusal(actions.begin_visit, cast.denis.actor, waiting) == (404, "not_found")
    assert [entries_of_club(cast.clubs[slug])[0].act for slug in ("tilleul", "romarin")] == [
        "visit:ended",
        "visit:withdrawn",
    ]


@pytest.mark.usefixtures("context")
@sqlite
def test_inviting_over_and_over_is_bounded(cast: Cast) -> None:
    """Each time is a mail to one of the team, and a line of the journal that stays."""
    name_the_team(cast)
    for _ in range(20):
        actions.end_visit(cast.bruno.actor, invited(cast))
    assert refusal(invited, cast) == (429, "too_many")
