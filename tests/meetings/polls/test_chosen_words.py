"""What a date said goes along into the meeting, and stays the word of who wrote it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.core.db import db, transaction
from app.core.errors import TooMany
from app.meetings.leaving import part_from_meetings, planned_rows
from app.meetings.models import Meeting
from app.meetings.places.actions import set_link
from app.meetings.polls.actions import ADD, CANCEL, OPEN, add_date, answer_poll, cancel_poll
from app.meetings.polls.choosing import choose_date
from app.meetings.polls.leaving import part_from_polls, proposed_rows
from app.meetings.polls.models import Poll, PollDate
from app.meetings.polls.queries import poll_for
from app.meetings.queries import meeting_for
from app.rooms.actions import Wish
from app.rooms.leaving import claim_rows, part_from_claims
from app.rooms.models import Claim
from app.rooms.series.changes import change_part
from tests.meetings.polls.conftest import DAY, elsewhere, in_room, online
from tests.support.cast import Cast, Person, make_person, membership

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Proposed = Callable[..., str]
LINKS = "https://rencontre.example/pep-{code}"


def choose(cast: Cast, poll_id: str, kind: str) -> Meeting:
    """Amina can come; Bruno, who leads, takes that date."""
    date = next(one for one in poll_for(cast.amina.actor, poll_id).moments if one.date.kind == kind)
    answer_poll(cast.amina.actor, poll_id, {date.id: "yes"})
    chosen = choose_date(cast.bruno.actor, poll_id, date.id)
    return db.session.get_one(Meeting, chosen.meeting_id)


def mine(rows: Callable[[str], Any], person: Person) -> list[dict[str, Any]]:
    return [{key: row[key] for key in ("title", "place") if row.get(key)} for row in rows(person.account_id)]


def test_a_date_elsewhere_takes_its_place_along(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed(None, elsewhere(place="Devant la gare"), online())
    meeting = choose(places, poll_id, "elsewhere")
    assert (meeting.area, meeting.online) == ("Devant la gare", False)
    assert meeting_for(places.amina.actor, meeting.id).spot == "Devant la gare"


def test_a_date_online_is_online(places: Cast, proposed: Proposed, context: None) -> None:
    # A house without links says it in words.
    meeting = choose(places, proposed(None, elsewhere(), online()), "online")
    assert (meeting.area, meeting.area_by_id, meeting.online) == ("En ligne", None, False)
    set_link(places.elise.actor, "canal", LINKS)
    meeting = choose(places, proposed(None, elsewhere(), online()), "online")
    assert (meeting.area, meeting.area_by_id, meeting.online) == ("", None, True)


def test_the_words_of_a_date_are_of_who_wrote_them(places: Cast, proposed: Proposed, context: None) -> None:
    poll_id = proposed(places.amina, elsewhere(), online(), title="Ma visite")
    add_date(places.bruno.actor, poll_id, elsewhere(DAY, 15, "Chez Bruno"))
    assert mine(proposed_rows, places.amina) == [
        {"title": "Ma visite", "place": "Devant la gare"},
        {"title": "Ma visite"},
    ]
    assert mine(proposed_rows, places.bruno) == [{"place": "Chez Bruno"}]
    late = poll_for(places.amina.actor, poll_id).moments[-1]
    answer_poll(places.amina.actor, poll_id, {late.id: "yes"})
    choose_date(places.bruno.actor, poll_id, late.id)
    assert mine(planned_rows, places.amina) == [{"title": "Ma visite"}]
    assert mine(planned_rows, places.bruno) == [{"place": "Chez Bruno"}]
    with transaction():
        for part in (part_from_polls, part_from_meetings):
            part(places.amina.memberships["tilleul"], "blank")
    meeting = db.session.scalars(select(Meeting)).one()
    assert (meeting.title, meeting.area, meeting.made_by_id) == ("Rencontre", "Chez Bruno", None)
    assert db.session.scalars(select(Poll.title)).one() == "Choisir une date"
    assert db.session.scalars(select(PollDate.place).order_by(PollDate.number)).all() == ["", "", "Chez Bruno"]


def test_the_title_of_a_booking_is_of_who_asked(places: Cast, proposed: Proposed, context: None) -> None:
    choose(places, proposed(places.amina, in_room(), online(), title="Ma visite"), "room")
    claim = db.session.scalars(select(Claim)).one()
    told = [claim.made_by_id, claim.title_by_id]
    assert told == [places.bruno.memberships["tilleul"], places.amina.memberships["tilleul"]]
    assert mine(claim_rows, places.amina) == [{"title": "Ma visite"}]
    # Who booked has when, not somebody else's words.
    [row] = claim_rows(places.bruno.account_id)
    assert (row["title"], row["start"]) == (None, claim.starts_at)
    for person, title in ((places.bruno, "Ma visite"), (places.amina, "Rencontre")):
        with transaction():
            part_from_claims(person.memberships["tilleul"], "blank")
        assert db.session.scalars(select(Claim.title)).one() == title


def test_proposing_has_its_limits(places: Cast, proposed: Proposed, context: None) -> None:
    for _number in range(CANCEL.amount):
        cancel_poll(places.amina.actor, proposed(None, elsewhere(), online()))
    assert (OPEN.amount, CANCEL.amount) == (10, 10)
    with pytest.raises(TooMany):
        proposed(None, elsewhere(), online())
    left = proposed(places.bruno, elsewhere(), online())
    for number in range(ADD.amount):
        # Twelve dates fill a question long before the budget: another one each time.
        if number % 10 == 0:
            left = proposed(places.bruno, elsewhere(), online())
        add_date(places.bruno.actor, left, elsewhere(DAY, 10 + number % 10, f"Là {number}"))
    with pytest.raises(TooMany):
        add_date(places.bruno.actor, proposed(places.bruno, elsewhere(), online()), elsewhere(DAY, 17))


def test_another_title_is_of_who_changed_it(places: Cast, proposed: Proposed, context: None) -> None:
    choose(places, proposed(places.amina, in_room(), online(), title="Ma visite"), "room")
    claim = db.session.scalars(select(Claim)).one()
    booked = claim.made_by_id
    nadia = make_person("nadia", tilleul="Nadia")
    with transaction():
        membership(nadia, "tilleul").role = "lead"
    change_part(nadia.actor, claim.id, "this", Wish("", "tilleul", "Autrement", size=claim.size))
    assert (claim.title, claim.made_by_id, claim.title_by_id) == ("Autrement", booked, nadia.memberships["tilleul"])
    assert mine(claim_rows, places.amina) == []
