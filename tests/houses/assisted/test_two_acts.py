"""Acts that are noted at the same moment: a page and a socket of one assisted session."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.actions import begin_session
from app.accounts.models import Account
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.houses.assisted.actions import note_act
from app.houses.assisted.models import Assistance, AssistedAct
from tests.support.cast import Cast


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_each_has_its_own_rank(app: Flask, cast: Cast) -> None:
    person, helper, start = cast.amina.account_id, cast.denis.account_id, Barrier(4)
    with app.test_request_context(), transaction():
        entry = begin_session(db.session.get_one(Account, person), True, assisted_by=helper)
        until = now() + timedelta(minutes=30)
        told = {"by_id": helper, "by_role": "facilitator", "began_at": now(), "expires_at": until}
        row = Assistance(id=new_id(), account_id=person, session_id=entry.session_id, mark_hash="x", **told)
        db.session.add(row)
    actor = Actor(person, f"session:{entry.session_id}", assisted_by=helper)

    def act(_number: int) -> None:
        start.wait()
        with app.app_context():
            note_act(actor, "post")

    with ThreadPoolExecutor(4) as crowd:
        list(crowd.map(act, range(4)))
    with app.app_context():
        assert db.session.scalars(select(AssistedAct.rank).order_by(AssistedAct.rank)).all() == [1, 2, 3, 4]
