"""A lead stops harm: on pause nothing is read or written, by no door; leaving and coming back changes nothing."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs import actions as clubs
from app.clubs.models import Change, Club, Membership, Pause
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.models import Revocation
from app.facilitation.decisions import undo
from app.facilitation.models import Decision, Objection
from app.facilitation.pauses import actions
from app.facilitation.pauses.queries import may_be_paused
from app.houses.journal import entries_of_club
from app.messaging import actions as talk
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.race import race

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


@pytest.fixture
def paul(app: Flask, cast: Cast) -> Person:
    with app.app_context():
        return make_person("paul", tilleul="Paul")


def pause(cast: Cast, person: Person, lasting: timedelta = DAY, slug: str = "tilleul") -> tuple[Pause, Decision]:
    lead = {"tilleul": cast.bruno, "romarin": cast.dario}[slug]
    return actions.pause_member(lead.actor, person.memberships[slug], now() + lasting, "1", "Des mots durs.")


def club_of(person: Person, slug: str = "tilleul") -> Club:
    return db.session.get_one(Club, membership(person, slug).club_id)


def refusal(act: Callable[..., Any], *args: Any) -> tuple[int, str]:
    with pytest.raises(DomainError) as refused:
        act(*args)
    return refused.value.status, refused.value.code


def log_of(cast: Cast, slug: str = "tilleul") -> list[str]:
    rows = select(Change.kind).where(Change.club_id == cast.clubs[slug]).order_by(Change.seq)
    return list(db.session.scalars(rows))


def opened_by(person: Person) -> tuple[str, str]:
    posted = talk.open_thread(person.actor, "tilleul", "Titre", talk.Draft(str(uuid.uuid4()), "Le corps."))
    return posted.thread.id, posted.message.id


def doors(page: Any, api: Any, thread: str, message: str) -> dict[str, int]:
    """The status at each door of the club, reads and writes."""
    body = {"body": "Encore.", "client_id": str(uuid.uuid4())}
    return {
        "thread": page.get(f"/threads/{thread}").status_code,
        "members": page.get("/clubs/tilleul/members").status_code,
        "new": page.get("/clubs/tilleul/threads/new").status_code,
        "list": api.get("/clubs/tilleul/threads").status_code,
        "messages": api.get(f"/threads/{thread}/messages").status_code,
        "names": api.get("/clubs/tilleul/members").status_code,
        "changes": api.get("/clubs/tilleul/changes?since=0").status_code,
        "post": api.post(f"/threads/{thread}/messages", json=body).status_code,
        "edit": api.patch(f"/messages/{message}", json={"body": "Autrement."}).status_code,
        "react": api.put(f"/messages/{message}/reactions/🙏").status_code,
    }


def test_on_pause_every_door_is_closed_and_opens_by_itself(
    app: Flask, cast: Cast, paul: Person, client_of: Any, api_of: Any
) -> None:
    with app.app_context():
        thread, message = opened_by(paul)
    page, api = client_of(paul), api_of(paul)
    before = doors(page, api, thread, message)
    assert set(before.values()) <= {200, 201}
    until = (now() + DAY).isoformat()
    said = {"until": until, "rule": "2", "reason": "Un nom dit dehors."}
    answer = api_of(cast.bruno).post(f"/memberships/{paul.memberships['tilleul']}/pause", json=said)
    assert (answer.status_code, answer.json["until"][:16], answer.json["rule"]) == (201, until[:16], "2")
    assert set(doors(page, api, thread, message).values()) == {404}
    assert [row["club"] for row in api.get("/me").json["memberships"]] == []
    # The others see nothing of it: he is one of the members, and what he wrote stays.
    names = [row["name"] for row in api_of(cast.amina).get("/clubs/tilleul/members").json["items"]]
    assert sorted(names) == ["Ama", "Bruno", "Paul"]
    assert "en pause" not in client_of(cast.amina).get("/clubs/tilleul/members").get_data(as_text=True)
    assert "en pause jusqu" in client_of(cast.bruno).get("/clubs/tilleul/members").get_data(as_text=True)
    with time_machine.travel(now() + DAY + timedelta(minutes=1)):
        assert doors(client_of(paul), api, thread, message) == before


@ONE_ENGINE
def test_a_pause_says_why_and_until_when_to_the_person_alone(
    app: Flask, cast: Cast, client_of: Any, queries: Any
) -> None:
    """Also in a club that is not listed: it exists for them, and for nobody else."""
    with app.app_context():
        pause(cast, cast.amina, slug="romarin")
    own = client_of(cast.amina).get("/clubs/romarin")
    told = own.page.text if hasattr(own.page, "text") else own.get_data(as_text=True)
    assert own.status_code == 200
    assert [word in own.get_data(as_text=True) for word in ("Respecter chacun", "Des mots durs.", "/decisions")] == [
        True
    ] * 3
    assert told
    assert client_of(cast.chloe).get("/clubs/romarin").status_code == 404
    assert client_of(cast.amina).get("/clubs/romarin/join").location == "/clubs/romarin"


@ONE_ENGINE
def test_leaving_and_asking_again_changes_nothing(cast: Cast, paul: Person, api_of: Any, app: Flask) -> None:
    with app.app_context():
        held, _decision = pause(cast, paul)
        until = held.until
    api = api_of(paul)
    assert api.post("/clubs/tilleul/join", json={"name": "Paul"}).json["code"] == "paused"
    assert api.post("/clubs/tilleul/leave").status_code == 204
    answer = api.post("/clubs/tilleul/join", json={"name": "Quelqu’un"})
    assert (answer.status_code, answer.json["code"]) == (403, "paused")
    assert answer.json["until"] == until.strftime("%Y-%m-%dT%H:%M:00Z")
    # Whichever name they try, the answer is the same: it tells of no name whether somebody bears it.
    assert api.post("/clubs/tilleul/join", json={"name": "Bruno"}).json == answer.json
    with time_machine.travel(now() + DAY + timedelta(minutes=1)):
        assert api.post("/clubs/tilleul/join", json={"name": "Quelqu’un"}).json == {"state": "member"}


def test_who_was_removed_is_barred_for_twelve_months(app: Flask, cast: Cast, paul: Person, api_of: Any) -> None:
    path = f"/memberships/{paul.memberships['tilleul']}"
    answer = api_of(cast.bruno).delete(path, json={"rule": 1, "reason": "Des menaces.", "until": None})
    assert answer.status_code == 204
    with app.app_context():
        gone = membership(paul, "tilleul")
        (held,) = db.session.scalars(select(Pause))
        (decision,) = db.session.scalars(select(Decision))
        assert (gone.active, gone.name, held.kind) == (False, None, "removal")
        assert "Paul" not in str(held.name_sealed)
        assert (decision.outcome, decision.rule, decision.until) == ("remove", "1", held.until)
        assert timedelta(days=364) < held.until - now() <= timedelta(days=365)
        # To the others it looks as if he had left.
        assert log_of(cast) == ["membership:ended"]
        assert [row.act for row in entries_of_club(cast.clubs["tilleul"])] == ["decision:remove"]
    assert api_of(paul).post("/clubs/tilleul/join", json={"name": "Neuf"}).json["code"] == "paused"
    assert api_of(cast.bruno).delete(path, json={"rule": "1", "reason": "Encore."}).status_code == 404
    with time_machine.travel(now() + timedelta(days=366)):
        with app.app_context():
            jobs.run_due(100)
            assert list(db.session.scalars(select(Pause))) == []
        assert api_of(paul).post("/clubs/tilleul/join", json={"name": "Neuf"}).status_code == 200


@pytest.mark.usefixtures("context")
class TestActions:
    """What the verbs refuse, and what they leave behind."""

    @ONE_ENGINE
    @pytest.mark.parametrize(
        ("ahead", "code"),
        [
            (timedelta(minutes=58), "until_out_of_range"),
            (timedelta(minutes=59, seconds=30), None),
            (timedelta(weeks=4, seconds=30), None),
            (timedelta(weeks=4, minutes=2), "until_out_of_range"),
            (-DAY, "until_out_of_range"),
        ],
    )
    def test_one_hour_to_four_weeks(self, cast: Cast, paul: Person, ahead: timedelta, code: str | None) -> None:
        if code is None:
            pause(cast, paul, ahead)
            assert membership(paul, "tilleul").paused
        else:
            assert refusal(pause, cast, paul, ahead) == (422, code)
            assert list(db.session.scalars(select(Pause))) == []

    @ONE_ENGINE
    def test_a_moment_is_read_in_many_writings(self) -> None:
        ahead = (now() + DAY).replace(microsecond=0)
        naive, zulu = ahead.replace(tzinfo=None).isoformat(), ahead.strftime("%Y-%m-%dT%H:%M:%SZ")
        far = (ahead + timedelta(hours=2)).replace(tzinfo=None).isoformat() + "+02:00"
        assert {actions.checked_until(text) for text in (naive, zulu, far, ahead)} == {ahead}
        for text in ("demain", "", None, 12, "9999-99-99"):
            assert refusal(actions.checked_until, text) == (422, "until_invalid")
        assert refusal(actions.checked_until, datetime.max.replace(tzinfo=UTC))[0] == 422

    @ONE_ENGINE
    def test_between_leads_the_team_decides(self, cast: Cast, paul: Person) -> None:
        clubs.set_role(cast.bruno.actor, paul.memberships["tilleul"], "lead")
        for person in (paul, cast.bruno):
            assert refusal(pause, cast, person) == (403, "lead_against_lead")
            target = person.memberships["tilleul"]
            assert refusal(actions.remove_member, cast.bruno.actor, target, "1", "x") == (403, "lead_against_lead")
        # Nor does it help to make them a simple member first.
        clubs.set_role(cast.bruno.actor, paul.memberships["tilleul"], "member")
        assert refusal(pause, cast, paul) == (403, "lead_against_lead")
        assert paul.memberships["tilleul"] not in [one.id for one in may_be_paused(club_of(paul))]
        with time_machine.travel(now() + timedelta(weeks=4, hours=1)):
            assert pause(cast, paul)[1].outcome == "pause"

    @ONE_ENGINE
    def test_neither_a_member_nor_the_lead_of_another_club(self, cast: Cast, paul: Person) -> None:
        target, until = paul.memberships["tilleul"], now() + DAY
        assert refusal(actions.pause_member, cast.amina.actor, target, until, "1", "x") == (403, "not_a_lead")
        assert refusal(actions.pause_member, cast.chloe.actor, target, until, "1", "x") == (404, "not_found")
        assert refusal(actions.pause_member, cast.denis.actor, target, until, "1", "x") == (404, "not_found")

    @ONE_ENGINE
    def test_pausing_over_and_over_is_bounded(self, cast: Cast, paul: Person) -> None:
        """Each time is a mail to the person, and a line of the journal that stays."""
        for _ in range(60):
            pause(cast, paul)
            actions.end_pause(cast.bruno.actor, paul.memberships["tilleul"])
        assert refusal(pause, cast, paul) == (429, "too_many")

    @ONE_ENGINE
    @pytest.mark.parametrize(("rule", "reason", "code"), [("", "x", "rule_empty"), ("1", " ", "reason_empty")])
    def test_a_rule_and_the_facts(self, cast: Cast, paul: Person, rule: str, reason: str, code: str) -> None:
        target = paul.memberships["tilleul"]
        assert refusal(actions.pause_member, cast.bruno.actor, target, now() + DAY, rule, reason) == (422, code)
        assert refusal(actions.remove_member, cast.bruno.actor, target, rule, reason) == (422, code)
        assert membership(paul, "tilleul").active

    @ONE_ENGINE
    def test_twice_is_said_and_a_lead_ends_it_early(self, cast: Cast, paul: Person) -> None:
        pause(cast, paul)
        assert refusal(pause, cast, paul) == (409, "already_paused")
        actions.end_pause(cast.bruno.actor, paul.memberships["tilleul"])
        actions.end_pause(cast.bruno.actor, paul.memberships["tilleul"])
        assert membership(paul, "tilleul").active
        assert [row.act for row in entries_of_club(cast.clubs["tilleul"])] == ["pause:ended", "decision:pause"]
        clubs.leave_club(paul.actor, "tilleul")
        assert clubs.join_club(paul.actor, "tilleul", "Paul") == "member"

    @ONE_ENGINE
    def test_nobody_leads_who_is_on_pause(self, cast: Cast, paul: Person) -> None:
        pause(cast, paul)
        assert refusal(clubs.set_role, cast.bruno.actor, paul.memberships["tilleul"], "lead") == (404, "not_found")

    @ONE_ENGINE
    def test_the_row_of_a_pause_goes_when_it_is_over(self, cast: Cast, paul: Person) -> None:
        pause(cast, paul)
        jobs.run_due(100)
        assert len(list(db.session.scalars(select(Pause)))) == 1
        with time_machine.travel(now() + DAY + timedelta(minutes=1)):
            jobs.run_due(100)
            assert list(db.session.scalars(select(Pause))) == []
            assert membership(paul, "tilleul").paused_until is None

    @ONE_ENGINE
    def test_what_is_heard_live_ends_with_the_pause(self, cast: Cast, paul: Person) -> None:
        pause(cast, paul)
        assert list(db.session.scalars(select(Revocation.grant))) == [f"membership:{paul.memberships['tilleul']}"]
        # No row of the log: it would tell every member that somebody is on pause.
        assert log_of(cast) == []

    @ONE_ENGINE
    def test_a_pause_that_is_overruled_ends_at_once(self, cast: Cast, paul: Person) -> None:
        _held, decision = pause(cast, paul)
        take_back(decision)
        assert membership(paul, "tilleul").active
        assert list(db.session.scalars(select(Pause))) == []
        take_back(decision)

    def test_a_removal_that_is_overruled_gives_the_name_back(self, cast: Cast, paul: Person) -> None:
        _thread, message = opened_by(paul)
        decision = actions.remove_member(cast.bruno.actor, paul.memberships["tilleul"], "1", "Des menaces.")
        take_back(decision)
        back = membership(paul, "tilleul")
        assert (back.active, back.name, log_of(cast)[-2:]) == (True, "Paul", ["membership:ended", "membership:began"])
        assert talk.edit_message(paul.actor, message, "Autrement.").author.name == "Paul"
        take_back(decision)
        assert membership(paul, "tilleul").active

    @ONE_ENGINE
    def test_or_the_nearest_that_is_free(self, cast: Cast, paul: Person) -> None:
        decision = actions.remove_member(cast.bruno.actor, paul.memberships["tilleul"], "1", "Des menaces.")
        make_person("other", tilleul="paul")
        take_back(decision)
        assert membership(paul, "tilleul").name == "Paul 2"

    @ONE_ENGINE
    def test_the_name_goes_with_the_time_to_object(self, cast: Cast, paul: Person) -> None:
        decision = actions.remove_member(cast.bruno.actor, paul.memberships["tilleul"], "1", "Des menaces.")
        with transaction():
            db.session.add(Objection(id="o" * 26, decision_id=decision.id, body="Non.", made_at=now()))
        for days, kept in ((21, True), (29, False)):
            with time_machine.travel(now() + timedelta(days=days)):
                jobs.run_due(100)
                (held,) = db.session.scalars(select(Pause).execution_options(populate_existing=True))
                assert (held.name_sealed is not None) is kept
                with transaction():
                    answered = db.session.get_one(Objection, "o" * 26)
                    answered.answered_at, answered.outcome, answered.answer = now(), "upheld", "Oui."


def take_back(decision: Decision) -> None:
    with transaction():
        undo[decision.outcome](db.session.get_one(Decision, decision.id, populate_existing=True))


@ONE_ENGINE
def test_pages_of_a_lead(app: Flask, cast: Cast, paul: Person, client_of: Any) -> None:
    client, target = client_of(cast.bruno), paul.memberships["tilleul"]
    path = f"/clubs/tilleul/members/{target}"
    refused = client.submit(f"{path}/pause", {"reason": ""})
    assert refused.status_code == 422
    assert client.submit("/clubs/tilleul/pause", {"member": "", "reason": "x"}).status_code == 422
    done = client.submit("/clubs/tilleul/pause", {"member": target, "until": "1w", "rule": "3", "reason": "Pub."})
    assert done.location == "/clubs/tilleul/members"
    with app.app_context():
        assert timedelta(days=6, hours=23) < membership(paul, "tilleul").paused_until - now() <= timedelta(days=7)
    assert client.submit("/clubs/tilleul/members", action=f"{path}/pause/end").status_code == 303
    assert client.submit(f"{path}/remove", {"rule": "1", "reason": "Menaces."}).location == "/clubs/tilleul/members"
    assert client.get(f"{path}/remove").status_code == 404
    assert "Retirer Ama du club" in client.get(
        f"/clubs/tilleul/members/{cast.amina.memberships['tilleul']}/remove"
    ).get_data(as_text=True).replace("\u00a0", " ")
    # Beside the requests of the leads, the same form.
    assert client.get("/clubs/tilleul/requests").page.form("/clubs/tilleul/pause").fields["until"] == "1d"


@pytest.mark.parametrize("act", ["pause", "remove"])
def test_what_a_person_hears_ends_within_two_seconds(server: Any, socket_of: Any, act: str) -> None:
    cast = server.cast
    target = cast.amina.memberships["tilleul"]
    heard = socket_of(cast.amina)
    assert heard.call("club:watch", {"club": "tilleul"})["ok"]
    said = {"rule": "1", "reason": "Des mots durs."}
    with server.app.app_context():
        if act == "pause":
            actions.pause_member(cast.bruno.actor, target, now() + DAY, **said)
        else:
            actions.remove_member(cast.bruno.actor, target, **said)
    assert heard.next("club:closed", 2) == {"club": "tilleul"}
    again = heard.call("club:watch", {"club": "tilleul"})
    assert (again["ok"], again["problem"]["status"]) == (False, 404)


def at_once(barrier: Any, url: str, act: str, person: Person, target: str) -> str:
    with make_app(url).app_context():
        barrier.wait()
        try:
            if act == "pause":
                actions.pause_member(person.actor, target, now() + DAY, "1", "Des mots durs.")
            elif act == "remove":
                actions.remove_member(person.actor, target, "1", "Des menaces.")
            elif act == "leave":
                clubs.leave_club(person.actor, "tilleul")
            else:
                clubs.leave_club(person.actor, "tilleul")
                clubs.join_club(person.actor, "tilleul", "Quelqu’un")
        except DomainError as error:
            return error.code
        return act


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_two_leads_and_one_who_leaves_at_once(app: Flask, cast: Cast, paul: Person) -> None:
    """However it falls, there is one pause, and who left is kept out exactly if a pause came first."""
    url, target = app.config["SQLALCHEMY_DATABASE_URI"], paul.memberships["tilleul"]
    with app.app_context():
        clubs.set_role(cast.bruno.actor, cast.amina.memberships["tilleul"], "lead")
        db.session.remove()
    found = race(
        at_once,
        (url, "pause", cast.bruno, target),
        (url, "pause", cast.amina, target),
        (url, "again", paul, target),
    )
    with app.app_context():
        held = list(db.session.scalars(select(Pause)))
        there = select(Membership.name).where(Membership.account_id == paul.account_id, Membership.ended_at.is_(None))
        inside = list(db.session.scalars(there))
    if "pause" in found:
        assert (sorted(found[:2])[1], len(held), found[2], inside) == ("pause", 1, "paused", [])
        assert sorted(found[:2])[0] in ("already_paused", "not_found")
    else:
        assert (found, held, inside) == (["not_found", "not_found", "again"], [], ["Quelqu’un"])


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_who_leaves_while_being_removed(app: Flask, cast: Cast, paul: Person) -> None:
    url, target = app.config["SQLALCHEMY_DATABASE_URI"], paul.memberships["tilleul"]
    found = race(at_once, (url, "remove", cast.bruno, target), (url, "leave", paul, target))
    with app.app_context():
        assert log_of(cast) == ["membership:ended"]
        assert len(list(db.session.scalars(select(Pause)))) == found.count("remove")
    assert sorted(found) in (["leave", "not_found"], ["not_found", "remove"])
