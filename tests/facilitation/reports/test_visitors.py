"""One of the team may be reported too, for what they wrote on a visit: to them it does not exist either."""

from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.facilitation.models import Decision
from app.facilitation.reports import actions, mails
from app.facilitation.visits import actions as visits
from app.houses.models import StaffPost
from app.messaging.actions import post_message
from tests.facilitation.reports.conftest import draft


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_wrote_it_on_a_visit_decides_nothing_about_it(app, cast, said, report, api_of, decide, monkeypatch):
    with app.test_request_context():
        with transaction():
            db.session.get_one(StaffPost, (cast.denis.account_id, cast.houses["canal"])).name = "Denis"
        until = now() + timedelta(days=2)
        visit = visits.invite_visitor(cast.bruno.actor, "tilleul", cast.denis.account_id, until, "Nous aider.")
        visits.begin_visit(cast.denis.actor, visit.id)
        said["denis"] = post_message(cast.denis.actor, said["thread"], draft("Voyons.")).message.id
    told: list[str] = []
    monkeypatch.setattr(mails, "notify", lambda account_id, *args, **values: told.append(account_id))
    one = report("denis", danger=True)
    assert told == [cast.bruno.account_id, cast.elise.account_id]
    assert [
        [each["id"] for each in api_of(person).get("/reports").json["items"]] for person in (cast.denis, cast.elise)
    ] == [[], [one]]
    assert decide(cast.denis, one, "keep") == (404, "not_found")
    assert decide(cast.bruno, one, "hide") == (201, "decided")
    with app.test_request_context():
        decision = db.session.scalars(db.select(Decision)).one().id
        objection = actions.object_to(cast.denis.actor, decision, "Non.").id
        with pytest.raises(DomainError) as refused:
            actions.answer_objection(cast.denis.actor, objection, "overruled", "Si.")
        assert refused.value.code == "not_found"
        actions.answer_objection(cast.elise.actor, objection, "upheld", "C’est juste.")
