"""Report, read, decide, by the JSON door: what each is answered, and who sees that there is something."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.clubs import actions as clubs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job
from app.facilitation.models import Decision, Objection, Report
from app.facilitation.reports import actions
from app.houses.models import JournalEntry
from app.messaging.actions import edit_message, withdraw_message
from app.messaging.models import Message
from tests.facilitation.reports.conftest import WHY, ids, leave_now

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def acts(app: Any) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.act, row.by_role) for row in db.session.scalars(db.select(JournalEntry))]


def test_report_message(cast, zoe, said, api_of):
    path = f"/messages/{said['amina']}/report"
    first = api_of(zoe).post(path, json={"reason": "hurt", "enclosed": [said["zoe"], said["bruno"]]})
    again = api_of(zoe).post(path, json={"reason": "secret"})
    another = api_of(cast.bruno).post(path, json={"reason": "Il se moque d’un accent."})

    assert (first.status_code, first.json["state"]) == (201, "leads")
    assert (again.status_code, again.json) == (200, first.json)
    assert (another.status_code, another.json["id"] == first.json["id"]) == (201, False)


@sqlite
def test_leaving_and_coming_back_makes_no_second_report(app, zoe, said, report, api_of):
    first = report()
    with app.app_context():
        clubs.leave_club(zoe.actor, "tilleul")
        clubs.join_club(zoe.actor, "tilleul", "Zoé")
    again = api_of(zoe).post(f"/messages/{said['amina']}/report", json={"reason": "ad"})
    assert (again.status_code, again.json["id"]) == (200, first)


@sqlite
def test_what_cannot_be_reported(cast, zoe, said, api_of):
    def refused(person: Any, message: str, **body: Any) -> tuple[int, str]:
        answer = api_of(person).post(f"/messages/{message}/report", json={"reason": "hurt", **body})
        return answer.status_code, answer.json["code"]

    many = [said["zoe"], said["bruno"], said["amina_again"], *["a" * 26, "b" * 26, "c" * 26]]
    assert refused(cast.amina, said["amina"]) == (403, "own_message")
    assert refused(cast.chloe, said["amina"]) == (404, "not_found")
    assert refused(cast.denis, said["amina"]) == (404, "not_found")
    assert refused(zoe, "a" * 26) == (404, "not_found")
    assert refused(zoe, said["amina"], reason=" ") == (422, "reason_empty")
    assert refused(zoe, said["amina"], reason="é" * 301) == (422, "reason_too_long")
    assert refused(zoe, said["amina"], enclosed=many) == (422, "too_many_enclosed")
    assert refused(zoe, said["amina"], enclosed=["a" * 26]) == (422, "enclosed_unreadable")


@sqlite
def test_what_decides_is_read_by_letters_and_as_it_was(app, cast, zoe, said, report, api_of):
    """Edited, taken back: who decides reads what was reported. The names are letters, the reported person is A."""
    report(enclosed=[said["amina_again"], said["bruno"], said["zoe"]])
    with app.app_context():
        edit_message(cast.amina.actor, said["amina"], "Rien de grave.")
        withdraw_message(cast.amina.actor, said["amina_again"])
    item = api_of(cast.bruno).get("/reports").json["items"][0]

    assert set(item) == {"id", "reason", "danger", "state", "since", "message", "enclosed"}
    assert (item["message"]["author"], item["message"]["body"]) == ("A", "Reste à la maison.")
    assert [(each["author"], each["body"]) for each in item["enclosed"]] == [
        ("B", "Mon premier devis."),
        ("C", "Ce n’est pas une façon de répondre."),
        ("A", "Je plaisante."),
    ]
    assert not {"Ama", "Zoé", "Bruno"} & set(str(item).replace("'", " ").split())


@sqlite
def test_the_reporter_is_named_only_if_they_wish(cast, zoe, said, report, api_of):
    report(named=True, note="Il recommence.")
    item = api_of(cast.bruno).get("/reports").json["items"][0]

    assert (item["reporter"], item["note"]) == ("Zoé", "Il recommence.")


@sqlite
def test_what_was_decided_is_reported_again_for_other_words_or_a_danger(cast, zoe, said, report, api_of, decide):
    path = f"/messages/{said['amina']}/report"

    def again(**told: Any) -> tuple[int, str]:
        answer = api_of(zoe).post(path, json={"reason": "hurt", **told})
        return answer.status_code, answer.json["state"]

    assert decide(cast.bruno, report(), "keep") == (201, "decided")
    assert again() == (200, "decided")
    assert api_of(cast.amina).patch(f"/messages/{said['amina']}", json={"body": "Pire."}).status_code == 200
    assert (again(), again()) == ((201, "leads"), (200, "leads"))

    (new,) = api_of(cast.bruno).get("/reports").json["items"]
    assert (new["message"]["body"], decide(cast.bruno, new["id"], "keep")) == ("Pire.", (201, "decided"))
    assert (again(), again(danger=True), again(danger=True)) == ((200, "decided"), (201, "team"), (200, "team"))
    assert len(ids(api_of(cast.denis).get("/reports"))) == 1


def test_the_message_is_hidden_and_comes_back_by_who_hid_it(app, cast, report, said, api_of, decide):
    one, other = report(), report(by=cast.bruno)
    assert decide(cast.bruno, one, "hide", rule=2) == (201, "decided")
    read = api_of(cast.amina).get(f"/threads/{said['thread']}/messages").json["items"][1]
    assert read["hidden"] == {"rule": "2", "by": "lead"}
    assert ids(api_of(cast.bruno).get("/reports")) == []
    assert decide(cast.bruno, other, "hide") == (409, "already_decided")

    assert decide(cast.bruno, one, "restore") == (201, "decided")
    assert decide(cast.bruno, one, "restore") == (409, "already_decided")
    read = api_of(cast.amina).get(f"/threads/{said['thread']}/messages").json["items"][1]
    assert read["body"] == "Reste à la maison."
    assert acts(app) == [("decision:hide", "lead"), ("decision:restore", "lead")]


@sqlite
def test_a_decision_that_lacks_something_is_refused(cast, report, said, api_of):
    one, api = report(), api_of(cast.bruno)
    for told, code in WRONG:
        answer = api.post(f"/reports/{one}/decision", json={"outcome": "hide", **WHY, **told})
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert "body" in api_of(cast.amina).get(f"/threads/{said['thread']}/messages").json["items"][1]


WRONG = [
    ({"outcome": "erase"}, "outcome_invalid"),
    ({"rule": ""}, "rule_empty"),
    ({"rule": None}, "rule_empty"),
    ({"reason": " "}, "reason_empty"),
    ({"until": "2020-01-01T00:00:00Z"}, "until_invalid"),
    ({"until": "2199-01-01T00:00:00Z"}, "until_invalid"),
    ({"until": "demain"}, "until_invalid"),
]
LACKING = {
    "rule": {"rule": " "},
    "reason": {"reason": ""},
    "duration": {"for_good": False},
    "both durations": {"until": "2027-01-01 00:00:00", "for_good": True},
    "objection": {"objection_until": None},
    "outcome": {"outcome": "erase"},
}


def test_the_database_keeps_no_decision_that_lacks_something(app, cast):
    moment = "2026-11-25 10:00:00"
    whole = {
        "id": "d" * 26, "club_id": cast.clubs["tilleul"], "outcome": "hide", "rule": "1", "reason": "Pourquoi.",
        "until": None, "for_good": True, "objection_until": moment, "decided_at": moment, "by_role": "lead",
    }  # fmt: skip

    def write(**values: Any) -> None:
        told = whole | values
        names = ", ".join(told)
        with db.engine.begin() as connection:
            connection.execute(
                text(f"INSERT INTO decision ({names}) VALUES ({', '.join(f':{name}' for name in told)})"), told
            )

    with app.app_context():
        for told in LACKING.values():
            with pytest.raises(IntegrityError):
                write(**told)
        write()


@sqlite
def test_what_is_hidden_for_a_time_comes_back_by_itself(app, cast, report, said, decide, run_jobs):
    soon = now() + timedelta(hours=2)
    one = report()
    assert decide(cast.bruno, one, "hide", until=soon.isoformat()) == (201, "decided")
    run_jobs()
    with app.app_context(), transaction():
        assert db.session.get_one(Message, said["amina"]).hidden_at is not None
        db.session.scalars(db.select(Decision)).one().until = now()
        for job in db.session.scalars(db.select(Job)):
            job.run_at = now()
    run_jobs()

    with app.app_context():
        assert db.session.get_one(Message, said["amina"]).hidden_at is None
    assert acts(app)[-1] == ("message:restored", "house")


@sqlite
def test_a_lead_hides_a_member_s_message_at_once_but_not_a_lead_s(app, cast, zoe, said, report, api_of, lead):
    report()
    with app.test_request_context():
        actions.hide_message(cast.bruno.actor, said["amina"], actions.Ruling("hide", "1", "Cela blesse."))
        lead(zoe)
        for who, what, code in (("bruno", "zoe", "lead_message"), ("amina", "zoe", "not_a_lead")):
            with pytest.raises(actions.NotAllowed) as refused:
                actions.hide_message(getattr(cast, who).actor, said[what], actions.Ruling("hide", "1", "Non."))
            assert refused.value.code == code
        decision = db.session.scalars(db.select(Decision)).one()
        assert (decision.by_role, decision.report_id is not None) == ("lead", True)
    assert ids(api_of(cast.bruno).get("/reports")) == []


def test_one_objection_decided_by_somebody_else(
    app, cast, report, said, api_of, decide, a_day_later, mailbox, run_jobs
):
    """Denis hid it; Amina objects once; Denis may not answer, Élise may: the message is back, Amina is told."""
    one = report()
    a_day_later(one)
    assert decide(cast.denis, one, "hide") == (201, "decided")
    with app.app_context():
        decision = db.session.scalars(db.select(Decision)).one().id
        actions.object_to(cast.amina.actor, decision, "Je plaisantais.")
        for person, error in ((cast.amina, "already_objected"), (cast.bruno, "not_found")):
            with pytest.raises(actions.DomainError) as refused:
                actions.object_to(person.actor, decision, "Encore.")
            assert refused.value.code == error
    assert ids(api_of(cast.denis).get("/reports")) == []
    assert [(item["id"], item["state"]) for item in api_of(cast.elise).get("/reports").json["items"]] == [
        (one, "contested")
    ]
    assert decide(cast.denis, one, "restore") == (403, "not_yourself")
    assert decide(cast.bruno, one, "restore") == (409, "already_decided")
    assert decide(cast.elise, one, "restore", reason="") == (422, "reason_empty")
    assert decide(cast.elise, one, "restore", reason="C’était une blague.") == (201, "decided")
    assert decide(cast.elise, one, "hide") == (409, "already_decided")

    with app.app_context():
        objection = db.session.scalars(db.select(Objection)).one()
        assert (objection.outcome, objection.answer) == ("overruled", "C’était une blague.")
        assert db.session.get_one(Message, said["amina"]).hidden_at is None
    leave_now(app, run_jobs)
    assert [mail["Subject"] for mail in mailbox.to("amina@demo.example")] == [
        "Une décision vous concerne",
        "Une réponse à ce que vous avez contesté",
    ]


@sqlite
def test_an_objection_is_upheld(app, cast, report, said, decide):
    one = report()
    decide(cast.bruno, one, "hide")
    with app.app_context():
        actions.object_to(cast.amina.actor, db.session.scalars(db.select(Decision)).one().id, "Non.")
    assert decide(cast.denis, one, "hide", reason="La règle est claire.") == (201, "decided")

    with app.app_context():
        assert db.session.get_one(Message, said["amina"]).hidden_at is not None
        assert db.session.scalars(db.select(Objection.outcome)).one() == "upheld"


@sqlite
def test_after_twenty_days_it_is_too_late(app, cast, report, decide):
    decide(cast.bruno, report(), "hide")
    with app.app_context():
        with transaction():
            decision = db.session.scalars(db.select(Decision)).one()
            decision.objection_until = now()
        with pytest.raises(actions.Gone) as refused:
            actions.object_to(cast.amina.actor, decision.id, "Trop tard ?")
        assert refused.value.code == "too_late"


@sqlite
def test_that_the_team_read_it_is_noted_once(app, cast, zoe, report, api_of):
    report(danger=True)
    for _again in range(2):
        api_of(cast.bruno).get("/reports")
        api_of(cast.denis).get("/reports")
    api_of(cast.elise).get("/reports")

    assert acts(app) == [("report:opened", "facilitator"), ("report:opened", "manager")]


@sqlite
def test_the_list_is_paged_in_as_many_statements_for_three_as_for_one(app, cast, zoe, said, report, api_of, queries):
    found = [report("amina")]
    with queries() as one:
        api_of(cast.bruno).get("/reports")
    found += [report("amina_again"), report("zoe", by=cast.amina)]
    with queries() as three:
        answer = api_of(cast.bruno).get("/reports")
    api = api_of(cast.bruno)
    first = api.get("/reports?limit=2").json
    rest = api.get(f"/reports?limit=2&cursor={first['next_cursor']}").json

    assert (len(one), ids(answer)) == (len(three), found)
    assert [item["id"] for item in first["items"] + rest["items"]] == found
    assert (rest["next_cursor"], api.get("/reports?cursor=aGVsbG8").status_code) == (None, 422)


@sqlite
def test_with_the_message_goes_what_was_kept_of_it(app, cast, report, said):
    report(enclosed=[said["zoe"]])
    with app.app_context(), transaction():
        db.session.execute(db.delete(Message).where(Message.id == said["zoe"]))
        rows = db.session.execute(db.text("SELECT message_id FROM reported_message")).scalars().all()
        assert rows == [said["amina"]]
        db.session.execute(db.delete(Message).where(Message.id == said["amina"]))
        assert db.session.scalars(db.select(Report)).all() == []
