"""Reading in an emergency: two people, a day at most, to be read only, and the club knows whatever anybody does."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.clubs.models import Change, Membership
from app.clubs.queries import members_of
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.ids import new_id
from app.facilitation.break_glass import actions
from app.facilitation.break_glass.actions import Grounds
from app.facilitation.break_glass.models import BreakGlass
from app.facilitation.break_glass.queries import reading_for, told_in
from app.houses.desk import cases_for
from app.houses.journal import all_entries, entries_of_club
from app.houses.models import StaffPost
from app.houses.team.actions import remove
from app.messaging import actions as talk
from tests.support import clients
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.page import Page

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WHY = Grounds("danger", "Un appel au secours.", 4)
LATER = Grounds("danger", "Un appel au secours.", 4, "lead", 7)
NOTICE = "pour cette raison : Une personne est en danger."


def refusal(act: Callable[..., Any], *args: Any) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        act(*args)
    return refused.value.status, refused.value.code


def draft(body: str) -> talk.Draft:
    return talk.Draft(str(uuid.uuid4()), body)


def opened(cast: Cast, slug: str = "romarin", why: Grounds = WHY) -> str:
    """Denis asks, Élise says yes."""
    row = actions.ask(cast.denis.actor, slug, why).id
    actions.confirm(cast.elise.actor, row)
    return row


def said_in(cast: Cast) -> tuple[str, str]:
    posted = talk.open_thread(cast.dario.actor, "romarin", "Titre de Romarin", draft("Message de Dario."))
    return posted.thread.id, posted.message.id


def doors(page: Any, api: Any, thread: str, message: str) -> dict[str, int]:
    """Every door of a club, to read and to write."""
    body, reads, writes = {"body": "Bonjour.", "client_id": str(uuid.uuid4())}, page.get, page.send
    return {
        **{path: reads(path).status_code for path in (
            "/clubs/romarin", "/clubs/romarin/members", "/clubs/romarin/journal", "/clubs/romarin/requests",
            "/clubs/romarin/threads/new", f"/threads/{thread}", f"/threads/{thread}/messages/{message}/report",
        )},
        **{path: api.get(path).status_code for path in (
            "/clubs/romarin", "/clubs/romarin/members", "/clubs/romarin/threads", f"/threads/{thread}/messages",
            "/clubs/romarin/changes", "/clubs/romarin/changes?since=0", "/clubs/romarin/changes?since=1&wait=1",
        )},
        "post": writes(f"/threads/{thread}", body, on="").status_code,
        "say": api.post(f"/threads/{thread}/messages", json=body).status_code,
        "react": api.put(f"/messages/{message}/reactions/🙏").status_code,
        "edit": api.patch(f"/messages/{message}", json={"body": "x"}).status_code,
        "withdraw": api.delete(f"/messages/{message}").status_code,
        "report": api.post(f"/messages/{message}/report", json={"reason": "hurt"}).status_code,
        "leave": api.post("/clubs/romarin/leave").status_code,
    }  # fmt: skip


def test_nothing_opens_without_the_row_and_with_it_only_its_own_pages(
    app: Flask, cast: Cast, client_of: Any, api_of: Any
) -> None:
    with app.app_context():
        thread, message = said_in(cast)
        row = actions.ask(cast.denis.actor, "romarin", WHY).id
    pages = (f"/break-glass/{row}/club", f"/break-glass/{row}/threads/{thread}")
    denis, elise, dario = client_of(cast.denis), client_of(cast.elise), client_of(cast.dario)

    def read() -> list[list[int]]:
        return [[each.get(path).status_code for path in pages] for each in (denis, elise, dario)]

    nothing = [[404, 404]] * 3
    shut = dict.fromkeys(doors(denis, api_of(cast.denis), thread, message), 404)
    assert (read(), doors(denis, api_of(cast.denis), thread, message)) == (nothing, shut)
    # Who asked is not the second person.
    assert denis.send(f"/break-glass/{row}/confirm", on="").status_code == 404
    assert read() == nothing
    assert elise.submit(f"/break-glass/{row}", action=f"/break-glass/{row}/confirm").status_code == 303
    assert read() == [[200, 200], [404, 404], [404, 404]]
    club = Page(denis.get(pages[0]).text).main
    assert [word in club for word in ("Sacha", "Dario", "Titre de Romarin")] == [True] * 3
    shown = Page(denis.get(pages[1]).text)
    assert "Message de Dario." in shown.main
    # Nothing can be written from there: the one form ends the reading.
    assert [form.action for form in shown.forms() if "/break-glass" in form.action or "threads" in form.action] == [
        f"/break-glass/{row}/end"
    ]
    # Every other door is as shut as before, to both.
    for person in (cast.denis, cast.elise):
        assert doors(client_of(person), api_of(person), thread, message) == shut
    assert api_of(cast.denis).get("/me").json["memberships"] == []
    with app.app_context(), time_machine.travel(now() + timedelta(hours=4, seconds=1)):
        assert refusal(reading_for, cast.denis.actor, row) == (404, "not_found")


@sqlite
def test_every_member_reads_the_notice_at_once_and_it_stays(app: Flask, cast: Cast, client_of: Any) -> None:
    with app.app_context():
        thread, _message = said_in(cast)
        row = opened(cast)
        members = [one.name for one in members_of(db.session.get_one(make.Club, cast.clubs["romarin"]))]
        assert members == ["Dario", "Sacha"]
    amina = client_of(cast.amina)
    for path in ("/clubs/romarin", "/clubs/romarin/members", f"/threads/{thread}"):
        page = Page(amina.get(path).text).main
        assert NOTICE in page
        assert "L’équipe lit ce club jusqu’au" in page
        assert "Un appel au secours." in page
        assert "Denis" not in page
    assert "Lu aussi par l’équipe, jusqu’au" in Page(amina.get(f"/threads/{thread}").text).main
    assert NOTICE not in Page(amina.get("/clubs/tilleul").text).main
    client_of(cast.denis).get(f"/break-glass/{row}/club")
    client_of(cast.denis).get(f"/break-glass/{row}/club")
    with app.app_context():
        actions.end(cast.elise.actor, row)
        kinds = list(db.session.scalars(select(Change.kind).where(Change.kind.like("emergency:%"))))
        assert kinds == ["emergency:pinned", "emergency:ended"]
        acts = [entry.act for entry in entries_of_club(cast.clubs["romarin"])]
        # Opened twice, written down once.
        assert acts == ["break-glass:ended", "break-glass:read", "break-glass:began"]
    assert "L’équipe a lu ce club du" in Page(amina.get("/clubs/romarin").text).main
    assert "Deux personnes de l’équipe ouvrent un club" in Page(amina.get("/clubs/romarin/journal").text).main
    with time_machine.travel(now() + timedelta(days=15)):
        amina = client_of(cast.amina)
        assert NOTICE not in Page(amina.get("/clubs/romarin").text).main
        assert "Deux personnes de l’équipe ouvrent un club" in Page(amina.get("/clubs/romarin/journal").text).main


def test_a_notice_that_comes_later_comes_whatever_the_team_does(app: Flask, cast: Cast, client_of: Any) -> None:
    """Ended early, by people who are no more of the team, with every job thrown away, and nobody can take the row."""
    with app.app_context():
        club = db.session.get_one(make.Club, cast.clubs["romarin"])
        row = opened(cast, why=LATER)
        reading_for(cast.denis.actor, row)
        actions.open_club(cast.denis.actor, row)
        actions.keep_to_the_clock()
        assert (told_in(club), entries_of_club(club.id)) == ([], [])
        assert [entry.act for entry in all_entries()][:2] == ["break-glass:read", "break-glass:began"]
        actions.end(cast.denis.actor, row)
        assert db.session.scalar(select(Change.seq).where(Change.kind.like("emergency:%"))) is None
        for attack in (
            delete(BreakGlass),
            update(BreakGlass).values(notice_at=now() + timedelta(days=3000)),
            update(BreakGlass).values(began_at=None, until=None, notice_at=None, confirmed_by_id=None),
            update(BreakGlass).values(reason="Rien."),
        ):
            with pytest.raises(IntegrityError), transaction():
                db.session.execute(attack)
        with transaction():
            db.session.execute(delete(make.Account).where(make.Account.role != "member"))
    assert NOTICE not in Page(client_of(cast.amina).get("/clubs/romarin").text).main
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        page = Page(client_of(cast.amina).get("/clubs/romarin").text).main
        assert NOTICE in page
        assert "Elle ne l’a pas dit plus tôt, pour cette raison : Une personne responsable" in page
        with app.app_context():
            actions.keep_to_the_clock()
            actions.keep_to_the_clock()
            assert [entry.act for entry in entries_of_club(cast.clubs["romarin"])] == ["break-glass:told"]
            kinds = list(db.session.scalars(select(Change.kind).where(Change.kind.like("emergency:%"))))
            assert kinds == ["emergency:pinned"]


@pytest.mark.usefixtures("context")
def test_the_database_refuses_one_person_alone_and_more_than_a_day(cast: Cast) -> None:
    row = actions.ask(cast.denis.actor, "romarin", WHY)
    began = {"began_at": now(), "until": now() + timedelta(hours=1), "notice_at": now()}
    for wrong in (
        {**began, "confirmed_by_id": cast.denis.account_id},
        {"confirmed_by_id": cast.elise.account_id},
        {"hours": 25},
        {"notice_days": 31, "later_ground": "lead"},
        {"notice_days": 3},
        {"reason": " "},
        {"ground": "curious"},
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(BreakGlass).where(BreakGlass.id == row.id).values(**wrong))
    # Begun, but by nobody: no read.
    with transaction():
        db.session.execute(update(BreakGlass).where(BreakGlass.id == row.id).values(**began))
    assert refusal(reading_for, cast.denis.actor, row.id) == (404, "not_found")


@pytest.mark.usefixtures("context")
@sqlite
def test_who_may_ask_what(app: Flask, cast: Cast) -> None:
    def ask(slug: str = "romarin", **values: Any) -> Any:
        told = {"ground": "danger", "reason": "Un appel.", "hours": 4, **values}
        return actions.ask(cast.denis.actor, slug, Grounds(**told))

    assert refusal(actions.ask, cast.amina.actor, "romarin", WHY) == (404, "not_found")
    assert refusal(ask, "nowhere") == (404, "not_found")
    assert refusal(lambda: ask(ground="curious")) == (422, "ground_unknown")
    assert refusal(lambda: ask(reason=" ")) == (422, "reason_empty")
    assert refusal(lambda: ask(hours=25)) == (422, "hours_out_of_range")
    assert refusal(lambda: ask(notice_days=3)) == (422, "notice_out_of_range")
    assert refusal(lambda: ask(notice_days=31, later_ground="lead")) == (422, "notice_out_of_range")
    assert refusal(lambda: ask(notice_days=3, later_ground="shy")) == (422, "later_ground_unknown")
    row = ask()
    assert refusal(ask) == (409, "already_asked")
    assert refusal(actions.confirm, cast.denis.actor, row.id) == (404, "not_found")
    assert refusal(actions.confirm, cast.bruno.actor, row.id) == (404, "not_found")
    with app.test_request_context():
        for person, urgency in ((cast.elise, "now"), (cast.denis, "")):
            assert [case.urgency for case in cases_for(person.actor, []) if "break-glass" in case.href] == [urgency]
    with time_machine.travel(now() + timedelta(days=1, seconds=1)):
        assert refusal(actions.confirm, cast.elise.actor, row.id) == (404, "not_found")
        # What nobody answered is no obstacle.
        again = ask()
        actions.confirm(cast.elise.actor, again.id)
        assert reading_for(cast.denis.actor, again.id)[1].slug == "romarin"
    assert db.session.scalar(select(Membership.id).where(Membership.account_id == cast.denis.account_id)) is None


@pytest.mark.usefixtures("context")
@sqlite
def test_it_ends_with_the_work_in_the_house(cast: Cast) -> None:
    row = opened(cast)
    remove(cast.elise.actor, "canal", cast.denis.account_id)
    assert refusal(reading_for, cast.denis.actor, row) == (404, "not_found")
    assert db.session.get_one(BreakGlass, row).ended_at is not None
    assert "break-glass:ended" in [entry.act for entry in all_entries()]


@pytest.mark.usefixtures("context")
@sqlite
def test_what_nobody_answered_is_taken_back_with_the_work_and_the_journal_can_say_so(cast: Cast) -> None:
    actions.ask(cast.denis.actor, "romarin", WHY)
    remove(cast.elise.actor, "canal", cast.denis.account_id)
    assert "break-glass:withdrawn" in [entry.act for entry in all_entries()]


@pytest.mark.usefixtures("context")
@sqlite
def test_what_waits_goes_with_the_work_and_the_journal_says_so_in_its_words(cast: Cast) -> None:
    actions.ask(cast.denis.actor, "romarin", WHY)
    remove(cast.elise.actor, "canal", cast.denis.account_id)
    acts = [entry.act for entry in all_entries() if entry.act.startswith("break-glass")]
    assert acts == ["break-glass:withdrawn", "break-glass:asked"]


@sqlite
def test_a_house_with_one_person_says_that_it_cannot(app: Flask, cast: Cast, client_of: Any) -> None:
    with app.app_context(), transaction():
        db.session.execute(delete(StaffPost).where(StaffPost.account_id == cast.elise.account_id))
    page = Page(client_of(cast.denis).get("/break-glass/new").text)
    assert "vous y travaillez sans autre personne. Il faut être deux, ce n’est donc pas possible." in page.main
    assert [form for form in page.forms() if form.action.startswith("/break-glass")] == []


@sqlite
def test_the_form_gives_back_what_was_typed(app: Flask, cast: Cast, client_of: Any) -> None:
    denis = client_of(cast.denis)
    sent = {"club": "romarin", "ground": "", "reason": "Un appel.", "hours": "4", "days": "3", "later": ""}
    answer = denis.send("/break-glass/new", sent, on="/break-glass/new")
    assert answer.status_code == 422
    assert "Un appel." in answer.text
    answer = denis.send("/break-glass/new", {**sent, "ground": "law"}, on="/break-glass/new")
    assert (answer.status_code, "Choisissez aussi dans combien de jours" in answer.text) == (422, True)
    asked = denis.send("/break-glass/new", {**sent, "ground": "law", "later": "lead"}, on="/break-glass/new")
    assert asked.status_code == 303
    assert "Rien n’est ouvert." in Page(denis.get(asked.location).text).main


@sqlite
def test_each_step_takes_a_fresh_proof(app: Flask, cast: Cast) -> None:
    with app.app_context():
        waiting, read = actions.ask(cast.denis.actor, "tilleul", WHY).id, opened(cast)
        with transaction():
            secret = {
                person.key: make.make_session(person.account_id, proved_at=now() - timedelta(hours=1))[1]
                for person in (cast.denis, cast.elise)
            }
    for key, path, method in (
        ("denis", "/break-glass/new", "GET"),
        ("elise", f"/break-glass/{waiting}/confirm", "POST"),
        ("denis", f"/break-glass/{read}/club", "GET"),
        ("denis", f"/break-glass/{read}/threads/{new_id()}", "GET"),
    ):
        client = clients.visitor(app)
        with client.session_transaction() as session:
            session["_user_id"] = secret[key]
        sent = {"csrf_token": client.token()} if method == "POST" else {}
        assert client.open(path, method=method, data=sent).location.startswith("/account/prove")
