"""What happened in a club of the demo, told in order: the log gets its numbers as if it had been lived."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.clubs.consent import CONSENT_VERSION
from app.clubs.models import Change, Club, Membership
from app.clubs.names import name_key
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id
from app.demo.places import at, today_in
from app.houses.models import House
from app.meetings.models import Rsvp
from app.messaging.actions import first_digest
from app.messaging.models import Message, Reaction, ReadingMark, Thread
from app.rooms.calendar import Stretch, is_holiday, stretches
from app.rooms.door_words import draw_door_word
from app.rooms.models import Claim, MeetingSession, OpeningWindow, Room
from app.rooms.spans import occupy

WORDS = {"merci": "🙏", "bravo": "👏", "coming": "✋", "me_too": "🤝"}
UNREAD = 3


@dataclass
class ClubStory:
    """Tells one club's file into the database.

    person: gives the account of a key of the file. Rows are written in the order of their moments, so that a newcomer
    of a club that opens nothing older reads from the day of joining, as in life.
    """

    club: Club
    house: House
    person: Callable[[str], str]
    members: dict[str, Membership] = field(default_factory=dict)
    joined: dict[str, datetime] = field(default_factory=dict)
    answers: list[tuple[Claim, list[dict[str, Any]]]] = field(default_factory=list)
    events: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.house.timezone)

    def tell(self, told: dict[str, Any]) -> None:
        for member in told["member"]:
            self.joined[member["person"]] = self._moment(member["joined_days"], "09:30")
            self._plan(self.joined[member["person"]], partial(self._join, member))
        for asked in told.get("request", []):
            self._plan(self._moment(asked["days"], "08:15"), partial(self._ask, asked))
        for thread in told.get("thread", []):
            self._plan_thread(thread)
        for session in told.get("session", []):
            self._plan_session(session)
        for claim in told.get("claim", []):
            self._plan_claim(claim, claim["week"], claim["title"], None)
        for when, _order, act in sorted(self.events, key=lambda event: event[:2]):
            act(when)
        self._answer_meetings()
        db.session.flush()
        self._mark_read()

    def _plan(self, when: datetime, act: Callable[[datetime], None]) -> None:
        self.events.append((min(when, now()), len(self.events), act))

    def _moment(self, days: int, clock: str) -> datetime:
        return at(self.zone, today_in(self.zone) + timedelta(days=days), clock)

    def _record(self, kind: str, subject_id: str, when: datetime) -> int:
        self.club.seq += 1
        db.session.add(Change(club_id=self.club.id, seq=self.club.seq, kind=kind, subject_id=subject_id, at=when))
        return self.club.seq

    def _member(self, told: dict[str, Any], when: datetime) -> Membership:
        return Membership(
            id=new_id(),
            club_id=self.club.id,
            account_id=self.person(told["person"]),
            name=told["name"],
            name_key=name_key(told["name"]),
            role=told.get("role", "member"),
            consent_version=CONSENT_VERSION,
            asked_at=when,
        )

    def _join(self, told: dict[str, Any], when: datetime) -> None:
        member = self._member(told, when)
        member.began_at = when
        seq = self._record("membership:began", member.id, when)
        member.first_seq = 1 if self.club.history == "all" else seq
        db.session.add(member)
        db.session.flush()
        self.members[told["person"]] = member

    def _ask(self, told: dict[str, Any], when: datetime) -> None:
        member = self._member(told, when)
        member.sentence = told["sentence"]
        db.session.add(member)

    def _plan_thread(self, told: dict[str, Any]) -> None:
        thread = Thread(id=new_id(), club_id=self.club.id, title=told["title"])
        posted: list[Message] = []
        for number, said in enumerate(told["message"]):
            when = self._moment(said["day"], said["at"])
            if number == 0:
                self._plan(when, partial(self._open, thread, told["opened_by"]))
            self._plan(when, partial(self._post, thread, said, posted))
            for reaction in said.get("reactions", []):
                # Someone may say a word about what was there before them.
                later = max(when, self.joined[reaction["by"]]) + timedelta(minutes=7)
                self._plan(later, partial(self._react, reaction, posted, number))

    def _open(self, thread: Thread, by: str, when: datetime) -> None:
        thread.opened_by_id = self.members[by].id
        thread.opened_at = when
        thread.seq = self._record("thread:opened", thread.id, when)
        db.session.add(thread)
        db.session.flush()

    def _post(self, thread: Thread, said: dict[str, Any], posted: list[Message], when: datetime) -> None:
        client_id, body = str(uuid.uuid4()), said["body"].strip()
        message = Message(
            id=new_id(),
            thread_id=thread.id,
            club_id=self.club.id,
            membership_id=self.members[said["by"]].id,
            body=body,
            client_id=client_id,
            first_digest=first_digest(client_id, body),
            reply_to_id=posted[said["reply_to"] - 1].id if said.get("reply_to") else None,
            posted_at=when,
        )
        message.seq = message.changed_seq = self._record("message:posted", message.id, when)
        db.session.add(message)
        posted.append(message)

    def _react(self, told: dict[str, Any], posted: list[Message], number: int, when: datetime) -> None:
        db.session.flush()  # the message must be there first
        reaction = Reaction(
            id=new_id(),
            message_id=posted[number].id,
            membership_id=self.members[told["by"]].id,
            emoji=WORDS[told["word"]],
            added_at=when,
        )
        db.session.add(reaction)
        self._record("reaction:added", reaction.id, when)

    def _plan_session(self, told: dict[str, Any]) -> None:
        session = MeetingSession(
            id=new_id(), club_id=self.club.id, name=told["name"], granted_at=self._moment(-40, "10:00")
        )
        db.session.add(session)
        db.session.flush()
        weeks = self._weeks_of(told)
        for title in told["titles"][: told["count"]]:
            self._plan_claim(told, next(weeks), title, session.id)

    def _weeks_of(self, told: dict[str, Any]) -> Iterator[int]:
        """Week after week, but for those in which the house is shut that day: a session has all its meetings."""
        for week in range(told["first_week"], told["first_week"] + 52):
            stretch = self._stretch(told, week)
            if stretch is not None and not is_holiday(self.house.country, stretch.day):
                yield week

    def _plan_claim(self, told: dict[str, Any], week: int, title: str, session_id: str | None) -> None:
        stretch = self._stretch(told, week)
        if stretch is None or is_holiday(self.house.country, stretch.day):
            return
        made = min(stretch.start - timedelta(days=12), now() - timedelta(days=2))
        self._plan(made, partial(self._claim, told, stretch, title, session_id))

    def _stretch(self, told: dict[str, Any], week: int) -> Stretch | None:
        """The slot that a window really lists there, or None."""
        room = db.session.scalars(select(Room).where(Room.house_id == self.house.id, Room.slug == told["room"])).one()
        today = today_in(self.zone)
        day = today + timedelta(days=told["weekday"] - today.weekday(), weeks=week)
        windows = db.session.scalars(select(OpeningWindow).where(OpeningWindow.room_id == room.id)).all()
        start = at(self.zone, day, told["slot"].split("-")[0])
        listed = stretches(room, windows, self.zone, day, day + timedelta(days=1))
        return next((stretch for stretch in listed if stretch.start == start), None)

    def _claim(
        self, told: dict[str, Any], stretch: Stretch, title: str, session_id: str | None, when: datetime
    ) -> None:
        claim = Claim(
            id=new_id(),
            club_id=self.club.id,
            room_id=stretch.room.id,
            session_id=session_id,
            starts_at=stretch.start,
            ends_at=stretch.end,
            title=title,
            title_by_id=self.members[told["by"]].id,
            public=told.get("public", False),
            size=int(told["size"]),
            door_word=draw_door_word(self.house, stretch),
            made_by_id=self.members[told["by"]].id,
            made_at=when,
        )
        db.session.add(claim)
        db.session.flush()
        occupy(stretch.room, stretch.start, stretch.occupied_until, claim)
        self._record("claim:made", claim.id, when)
        self.answers.append((claim, told.get("rsvps", [])))

    def _answer_meetings(self) -> None:
        """Answers have no row in the log: they are written last, when everyone has joined."""
        for claim, answers in self.answers:
            when = min(claim.starts_at - timedelta(days=1), now() - timedelta(hours=1))
            for told in answers:
                member = self.members[told["person"]]
                db.session.add(Rsvp(meeting_id=claim.id, membership_id=member.id, answer=told["answer"], at=when))

    def _mark_read(self) -> None:
        """Everyone has read everything, but for the last words of the liveliest discussion."""
        rows = db.session.execute(
            select(Message.thread_id, Message.seq).where(Message.club_id == self.club.id).order_by(Message.seq)
        ).all()
        if not rows:
            return
        seqs: dict[str, list[int]] = {}
        for thread_id, seq in rows:
            seqs.setdefault(thread_id, []).append(seq)
        liveliest = rows[-1][0]
        for member in self.members.values():
            for thread_id, numbers in seqs.items():
                seen = numbers[-UNREAD - 1] if thread_id == liveliest and len(numbers) > UNREAD else numbers[-1]
                db.session.add(ReadingMark(membership_id=member.id, thread_id=thread_id, seq=seen))
