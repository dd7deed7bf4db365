"""One club's plans: each line of its file is an act of a member, by the same rules as on the page."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clubs.models import Club, Membership
from app.clubs.shelf.actions import propose_item
from app.core.actor import Actor
from app.core.db import db
from app.demo.places import at, today_in
from app.houses.models import House
from app.houses.shelf.actions import ItemSaid
from app.meetings.actions import Plan, answer_meeting, plan_meeting
from app.meetings.ballots.actions import Wish as Question
from app.meetings.ballots.actions import close_ballot, open_ballot
from app.meetings.ballots.voting import Said, vote
from app.meetings.minutes.actions import pick_decision, pick_task, write_minutes
from app.meetings.minutes.texts import lines_of, said
from app.meetings.paths.actions import add_goal, set_places, take_part
from app.meetings.paths.queries import SessionSteps, steps_of
from app.meetings.polls.actions import answer_poll, open_poll
from app.meetings.polls.choosing import choose_date
from app.meetings.polls.models import PollDate
from app.meetings.polls.wishes import Proposal, Wish
from app.meetings.programme.actions import add_point, ask_thing, take_thing
from app.meetings.tasks.actions import finish_task, make_task
from app.rooms.models import MeetingSession, Room
from app.rooms.queries import slots_between

Told = dict[str, Any]
# A slot of that hour is free within so many days, whatever holidays and closures come between.
LOOKED_FOR = timedelta(days=21)


class ClubPlans:
    """Tells one file. account_of: gives the account of a key of the files."""

    def __init__(self, slug: str, account_of: Callable[[str], str]) -> None:
        self.club = db.session.scalars(select(Club).where(Club.slug == slug)).one()
        self.house = db.session.get_one(House, self.club.house_id)
        self.zone = ZoneInfo(self.house.timezone)
        self.account_of = account_of

    def tell(self, told: Told) -> None:
        if "path" in told:
            self._session(told)
        for kind, act in (
            ("outing", self._outing),
            ("poll", self._poll),
            ("ballot", self._ballot),
            ("task", self._task),
            ("shelf", self._shelf),
        ):
            for each in told.get(kind, []):
                act(each)

    def _as(self, person: str) -> Actor:
        return Actor(self.account_of(person), "demo")

    def _member(self, person: str) -> str:
        """The id of their membership."""
        mine = select(Membership.id).where(
            Membership.club_id == self.club.id, Membership.account_id == self.account_of(person)
        )
        return db.session.scalars(mine).one()

    def _day(self, told: Told) -> date:
        """So many days ahead; with a weekday, the first one from there."""
        day = today_in(self.zone) + timedelta(days=told["in_days"])
        return day + timedelta(days=(told.get("weekday", day.weekday()) - day.weekday()) % 7)

    def _in(self, days: int | None) -> date | None:
        return None if days is None else today_in(self.zone) + timedelta(days=days)

    def _span(self, told: Told) -> tuple[datetime, datetime]:
        day = self._day(told)
        return at(self.zone, day, told["starts"]), at(self.zone, day, told["ends"])

    def _session(self, told: Told) -> None:
        """The path of the club's session, the programme of its next meeting, the minutes of its last one."""
        sessions = select(MeetingSession.id).where(MeetingSession.club_id == self.club.id)
        line = steps_of(db.session.scalars(sessions).one())
        path, members = told["path"], told["path"]["members"]
        set_places(self._as(told["minutes"]["picked_by"]), line.id, path["places"])
        for goal in path["goals"]:
            add_goal(self._as(goal["by"]), line.id, goal["text"])
        for person in members:
            take_part(self._as(person), line.id)
        self._programme(told["programme"], line)
        self._minutes(told["minutes"], line)

    def _programme(self, told: Told, line: SessionSteps) -> None:
        meeting_id = next(step.id for step in line.steps if step.state == "next")
        for point in told["points"]:
            add_point(self._as(point["by"]), meeting_id, point["text"], point.get("minutes"))
        for each in told["things"]:
            thing = ask_thing(self._as(each["by"]), meeting_id, each["text"])
            if "taken_by" in each:
                take_thing(self._as(each["taken_by"]), thing.id)
        self._answer(meeting_id, told)

    def _answer(self, meeting_id: str, told: Told) -> None:
        for each in told["answers"]:
            answer_meeting(self._as(each["person"]), meeting_id, each["answer"])

    def _minutes(self, told: Told, line: SessionSteps) -> None:
        """Written one after the other; a decision and a task are lines of them, known by how they begin."""
        meeting_id = [step.id for step in line.steps if step.state == "done"][-1]
        texts = list(accumulate(each["text"] for each in told["text"]))
        for number, (each, text) in enumerate(zip(told["text"], texts, strict=True)):
            write_minutes(self._as(each["by"]), meeting_id, number, text)
        lines = [said(each, 80) for each in lines_of(texts[-1].strip())]
        by = self._as(told["picked_by"])
        for pick, begins in ((pick_decision, told["decisions"]), (pick_task, told["tasks"])):
            for words in begins:
                line_number = next(number for number, each in enumerate(lines) if each.startswith(words))
                pick(by, meeting_id, len(texts), line_number)

    def _outing(self, told: Told) -> None:
        start, end = self._span(told)
        plan = Plan(told["title"], start, end, told["seats"], told["area"], told["address"])
        self._answer(plan_meeting(self._as(told["by"]), self.club.slug, plan).id, told)

    def _poll(self, told: Told) -> None:
        ends = at(self.zone, today_in(self.zone) + timedelta(days=told["ends_in"]), told["ends_at"])
        proposal = Proposal(told["title"], ends, [self._wish(each) for each in told["dates"]])
        poll = open_poll(self._as(told["by"]), self.club.slug, proposal)
        dates = db.session.scalars(select(PollDate.id).where(PollDate.poll_id == poll.id).order_by(PollDate.number))
        ids = list(dates)
        for each in told["answers"]:
            answer_poll(self._as(each["person"]), poll.id, dict(zip(ids, each["says"], strict=True)))
        if "chosen" in told:
            choose_date(self._as(told["chosen_by"]), poll.id, ids[told["chosen"] - 1])

    def _wish(self, told: Told) -> Wish:
        if told["kind"] == "room":
            return Wish("room", slot=self._free_slot(told))
        start, end = self._span(told)
        return Wish(told["kind"], start=start, end=end, place=told.get("place", ""))

    def _free_slot(self, told: Told) -> str:
        """The first one of that room and hour, from that day on, that a club may claim."""
        rooms = select(Room).where(Room.house_id == self.house.id, Room.slug == told["room"])
        first, hour = self._day(told), told["slot"].split("-")[0]
        listed = slots_between(self.house, db.session.scalars(rooms).all(), first, first + LOOKED_FOR)
        at_that_hour = (one for one in listed if f"{one.start.astimezone(self.zone):%H:%M}" == hour)
        return next(one.id for one in at_that_hour if one.open and not one.stretch.scarce)

    def _ballot(self, told: Told) -> None:
        kept = {name: told[name] for name in ("body", "options", "secret", "several", "wanted") if name in told}
        question = Question(
            told["way"], told["question"], hours=told["hours"], review_on=self._in(told.get("review_in")), **kept
        )
        ballot = open_ballot(self._as(told["by"]), self.club.slug, question)
        for voice in told["voices"]:
            vote(self._as(voice["person"]), ballot.id, Said(voice["picks"]))
        if "closed_by" in told:
            close_ballot(self._as(told["closed_by"]), ballot.id)

    def _task(self, told: Told) -> None:
        holder = self._member(told["holder"]) if "holder" in told else ""
        task = make_task(self._as(told["by"]), self.club.slug, told["text"], holder, self._in(told.get("due_in")))
        if told.get("done"):
            finish_task(self._as(told["holder"]), task.id)

    def _shelf(self, told: Told) -> None:
        sheet = ItemSaid(told["title"], told["purpose"], "fr", body=told["body"].strip(), needs=told["needs"])
        propose_item(self._as(told["by"]), self.club.slug, sheet)
