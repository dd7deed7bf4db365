"""Who decides a report: leads first and not those whom it concerns, then the team; judged at the moment of asking."""

import pytest

from app.clubs import actions as clubs
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.facilitation.reports import actions
from app.houses.models import StaffPost
from app.messaging.models import Message
from tests.facilitation.reports.conftest import ids, leave_now
from tests.support.cast import membership

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_leads_first_the_team_after_a_day(cast, zoe, report, api_of, decide, a_day_later):
    one = report()
    assert ids(api_of(cast.bruno).get("/reports")) == [one]
    for other in (cast.amina, zoe, cast.chloe, cast.denis, cast.elise):
        assert ids(api_of(other).get("/reports")) == []
        assert decide(other, one, "hide") == (404, "not_found")
    a_day_later(one)

    assert ids(api_of(cast.denis).get("/reports")) == [one]
    assert api_of(cast.bruno).get("/reports").json["items"][0]["state"] == "team"
    assert decide(cast.denis, one, "keep") == (201, "decided")
    assert decide(cast.bruno, one, "hide") == (409, "already_decided")


@sqlite
def test_a_danger_goes_to_the_team_and_to_the_leads_at_once(cast, zoe, said, report, api_of, decide):
    one = report()
    again = api_of(zoe).post(f"/messages/{said['amina']}/report", json={"danger": True})

    assert (again.status_code, again.json) == (200, {"id": one, "state": "team"})
    assert ids(api_of(cast.bruno).get("/reports")) == ids(api_of(cast.denis).get("/reports")) == [one]


@sqlite
def test_who_may_decide_is_written_to(app, cast, said, report, lead, zoe, mailbox, run_jobs):
    """A report of Bruno's message: Amina leads too; the team for a danger. To Bruno nothing leaves, nor any club."""
    lead(cast.amina)
    report("bruno", danger=True)
    leave_now(app, run_jobs)

    told = [mail["To"] for mail in mailbox.mails() if mail["Subject"] == "Une décision vous attend"]
    assert sorted(told) == ["amina@demo.example", "denis@demo.example", "elise@demo.example"]
    assert "illeul" not in "".join(mail.as_string() for mail in mailbox.mails())


@sqlite
def test_to_a_lead_whom_it_concerns_it_does_not_exist(app, cast, zoe, said, report, api_of, decide, lead, queries):
    """No other lead is left: the team decides at once; Bruno finds nothing, in as many statements as before."""
    api = api_of(cast.bruno)
    with queries() as before:
        assert ids(api.get("/reports")) == []
    one = report("bruno")
    with queries() as after:
        assert ids(api.get("/reports")) == []

    assert len(before) == len(after)
    assert decide(cast.bruno, one, "keep") == (404, "not_found")
    # Whom Bruno now makes a lead takes it from nobody.
    lead(cast.amina)
    assert ids(api_of(cast.denis).get("/reports")) == [one]
    assert ids(api_of(cast.amina).get("/reports")) == []


@sqlite
def test_when_the_last_such_lead_leaves_the_team_may_decide(app, cast, zoe, report, api_of, lead):
    lead(cast.amina)
    one = report("bruno")
    assert ids(api_of(cast.denis).get("/reports")) == []
    with app.app_context():
        clubs.leave_club(cast.amina.actor, "tilleul")

    assert ids(api_of(cast.denis).get("/reports")) == [one]


@sqlite
def test_a_lead_does_not_decide_what_they_reported_of_another_lead(cast, report, api_of, lead):
    one = report("bruno", by=lead(cast.amina))

    assert ids(api_of(cast.amina).get("/reports")) == []
    assert ids(api_of(cast.denis).get("/reports")) == [one]


@sqlite
def test_nor_of_who_led_a_moment_ago(app, cast, zoe, said, report, api_of, lead):
    lead(zoe)
    with app.test_request_context():
        clubs.set_role(cast.bruno.actor, zoe.memberships["tilleul"], "member")
        with pytest.raises(DomainError) as refused:
            actions.hide_message(cast.bruno.actor, said["zoe"], actions.Ruling("hide", "1", "Non."))
        assert refused.value.code == "lead_message"
    told = report("zoe", by=cast.bruno)
    assert [ids(api_of(person).get("/reports")) for person in (cast.bruno, cast.denis)] == [[], [told]]


@sqlite
def test_another_house_s_team_sees_nothing(app, cast, report, api_of, decide):
    one = report(danger=True)
    with app.app_context(), transaction():
        for post in db.session.scalars(db.select(StaffPost)):
            post.house_id = cast.houses["port"]
    assert ids(api_of(cast.denis).get("/reports")) == []
    assert decide(cast.denis, one, "keep") == (404, "not_found")


@sqlite
def test_a_lead_does_not_decide_what_was_said_before_their_time(app, cast, zoe, said, report, api_of):
    made = report("amina", enclosed=[said["bruno"]])
    with app.app_context(), transaction():
        first = db.session.get_one(Message, said["bruno"]).seq
        membership(cast.bruno, "tilleul").first_seq = first + 1
    assert (ids(api_of(cast.bruno).get("/reports")), ids(api_of(cast.denis).get("/reports"))) == ([], [made])
    with app.app_context(), transaction():
        membership(cast.bruno, "tilleul").first_seq = first
    assert (ids(api_of(cast.bruno).get("/reports")), ids(api_of(cast.denis).get("/reports"))) == ([made], [])


def test_a_danger_that_leads_keep_is_still_the_team_s(cast, zoe, said, report, api_of, decide):
    made = report("amina", danger=True)
    assert decide(cast.bruno, made, "keep") == (201, "team")
    assert ids(api_of(cast.bruno).get("/reports")) == []
    assert decide(cast.bruno, made, "hide") == (409, "already_decided")
    assert ids(api_of(cast.denis).get("/reports")) == [made]
    assert decide(cast.denis, made, "hide") == (201, "decided")
