"""Verbs around a ballot: put a question, change a proposal, take it back, end it, look at it again.

The club is locked first, then the ballot: whoever votes, changes or ends one waits for the other.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete

from app.clubs import live
from app.clubs.actions import not_a_lead
from app.clubs.models import Club, Membership
from app.clubs.queries import members_in, settled_club_for
from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound, QuotaReached, Taken
from app.core.ids import new_id
from app.core.limits import Bucket, Window, spend
from app.core.sealed import seal
from app.meetings.ballots import box
from app.meetings.ballots.closing import end_ballot, take_back
from app.meetings.ballots.models import MAY_BE_SECRET, WAYS, Ballot, BallotVoice
from app.meetings.ballots.policy import (
    can_amend_ballot,
    can_close_ballot,
    can_open_ballot,
    can_review_ballot,
    can_withdraw_ballot,
)
from app.meetings.ballots.queries import anybody_voted, ballot_for, is_running, number_open
from app.meetings.ballots.rule import FEWEST
from app.rooms.draw.rule import hash_of
from app.web.forms import checked

MAX_QUESTION, MAX_BODY, MAX_OPTION = 140, 2000, 120
LEAST_OPTIONS, MOST_OPTIONS, MOST_WANTED = 2, 8, 20
SHORTEST, LONGEST = 1, 30 * 24
MOST_OPEN, MOST_ROUNDS = 10, 10
DAY = timedelta(days=1)
OPEN = Window("open-ballot", 10, 60)
AMEND = Window("amend-ballot", 10, 60)
CHANGE = Bucket("ballot", 30, 20)


@dataclass(frozen=True)
class Wish:
    """What a member asks their club. hours: how long it may be answered. review_on: when it comes up again."""

    way: str
    question: str
    body: str = ""
    options: Sequence[str] = field(default_factory=tuple)
    secret: bool = False
    several: bool = False
    wanted: int = 1
    hours: int = 72
    review_on: date | None = None


def open_ballot(actor: Actor, slug: str, wish: Wish) -> Ballot:
    """A member puts a question to their club; whether with names or without is said now and never changes."""
    with transaction():
        club, me = settled_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        if not me.active:
            raise NotFound()
        if not can_open_ballot(me):
            raise NotAllowed()
        return put(club, me, wish)


def put(club: Club, me: Membership, wish: Wish, again_of: Ballot | None = None) -> Ballot:
    """In the present transaction, which holds the club. again_of: put anew, in words that stay their writers'."""
    ballot = _checked(wish, club)
    if number_open(club) >= MOST_OPEN:
        raise QuotaReached("too_many_ballots", _l("Votre club décide déjà de dix choses. Attendez la fin d’une."))
    spend(OPEN, me.id)
    ballot.put_by_id = ballot.opened_by_id = ballot.body_by_id = me.id
    if again_of is not None:
        ballot.again_of_id = again_of.id
        ballot.opened_by_id, ballot.body_by_id = again_of.opened_by_id, again_of.body_by_id
    ballot.seq = live.next_seq(club.id)
    _set_up(ballot)
    live.record(club.id, "ballot:opened", ballot.id, seq=ballot.seq)
    return ballot


def _set_up(ballot: Ballot) -> None:
    if ballot.way == "lots":
        seed = secrets.token_hex(32)
        ballot.seed_sealed, ballot.seed_hash = seal(seed), hash_of(seed)
    db.session.add(ballot)
    db.session.flush()
    if ballot.secret:
        box.set_up(ballot)
        db.session.flush()
    jobs.enqueue("ballots:close", {"ballot": ballot.id}, ballot.ends_at)


def _checked(wish: Wish, club: Club) -> Ballot:
    """The row of what was asked. Raises Invalid."""
    if wish.way not in WAYS:
        raise Invalid("way_unknown", _l("Choisissez une façon de décider."), field="way")
    if not SHORTEST <= wish.hours <= LONGEST:
        raise Invalid("hours_out_of_range", _l("Choisissez une durée, d’une heure à 30 jours."), field="hours")
    if wish.secret and wish.way not in MAY_BE_SECRET:
        raise Invalid("way_is_named", _l("Cette façon de décider se fait avec les noms."), field="secret")
    if wish.secret and members_in(club) < FEWEST:
        raise Invalid("too_few_members", _too_few(), field="secret")
    if wish.way == "lots" and not 1 <= wish.wanted <= MOST_WANTED:
        raise Invalid("wanted_out_of_range", _l("Choisissez de 1 à 20 personnes."), field="wanted")
    moment = now()
    return Ballot(
        id=new_id(), club_id=club.id, way=wish.way,
        question=checked(wish.question, "question", MAX_QUESTION, empty=_l("Écrivez la question.")),
        body=_checked_body(wish.way, wish.body),
        options=_checked_options(wish.options) if wish.way == "choice" else [],
        secret=wish.secret, several=wish.several and wish.way == "choice",
        wanted=wish.wanted if wish.way == "lots" else 0, opened_at=moment,
        ends_at=moment + timedelta(hours=wish.hours), review_on=wish.review_on if wish.way != "sense" else None,
    )  # fmt: skip


def _too_few() -> object:
    return _l("Votre club a moins de cinq membres : un vote sans nom se devinerait. Choisissez « avec les noms ».")


def _checked_body(way: str, body: str) -> str:
    # What one consents to is written down.
    needed = _l("Écrivez la proposition.") if way == "consent" else None
    return checked(body, "body", MAX_BODY, empty=needed, lines=True)


def _checked_options(options: Sequence[str]) -> list[str]:
    found = [text for text in (checked(each, "options", MAX_OPTION) for each in options) if text]
    if not LEAST_OPTIONS <= len(found) <= MOST_OPTIONS:
        raise Invalid("options_number", _l("Écrivez de 2 à 8 choix, un par ligne."), field="options")
    if len({each.casefold() for each in found}) < len(found):
        raise Invalid("option_twice", _l("Deux choix sont les mêmes."), field="options")
    return found


def held(actor: Actor, ballot_id: str, *, quiet: bool = False) -> tuple[Ballot, Club, Membership]:
    """A ballot of the actor's club, locked until the transaction ends, with rights as they are now. Raises NotFound.

    quiet: the club is not locked, for what leaves no row in its log.
    """
    _ballot, club, me = ballot_for(actor, ballot_id)
    if not quiet:
        live.hold(club.id)
    found = db.session.get(Ballot, ballot_id, with_for_update=True, populate_existing=True)
    db.session.refresh(me)
    if found is None or not me.active:
        raise NotFound()
    return found, club, me


def refuse_closed(ballot: Ballot) -> None:
    """Raises Gone."""
    if not is_running(ballot):
        raise Gone("ballot_closed", _l("C’est fini : plus personne ne répond."))


def amend_ballot(actor: Actor, ballot_id: str, body: str) -> Ballot:
    """Who put it changes the proposal; what was answered goes, and everybody is asked anew.

    So that there is time, it ends in a day at the soonest, or in as long as it was opened for if that is less.
    """
    with transaction():
        ballot, club, me = held(actor, ballot_id)
        if not can_amend_ballot(me, ballot):
            raise NotAllowed()
        if ballot.way != "consent":
            raise Invalid("not_a_proposal", _l("Seule une proposition se change."), field="body")
        refuse_closed(ballot)
        text = _checked_body(ballot.way, body)
        if text == ballot.body:
            return ballot
        if ballot.round >= MOST_ROUNDS:
            raise QuotaReached("too_many_rounds", _l("La proposition a déjà changé neuf fois. Ouvrez-en une autre."))
        spend(AMEND, me.id)
        moment = now()
        least = min(DAY, ballot.ends_at - (ballot.amended_at or ballot.opened_at))
        ballot.body, ballot.round, ballot.amended_at = text, ballot.round + 1, moment
        ballot.body_by_id = me.id
        ballot.ends_at = max(ballot.ends_at, moment + least)
        db.session.execute(delete(BallotVoice).where(BallotVoice.ballot_id == ballot.id))
        jobs.enqueue("ballots:close", {"ballot": ballot.id}, ballot.ends_at)
        live.record(club.id, "ballot:changed", ballot.id)
        return ballot


def withdraw_ballot(actor: Actor, ballot_id: str) -> str:
    """Who put the question takes it back, as long as nobody has answered. Returns the slug of the club.

    What it put anew is to be looked at again, as before.
    """
    with transaction():
        ballot, club, me = held(actor, ballot_id)
        if not can_withdraw_ballot(me, ballot):
            raise NotAllowed()
        refuse_closed(ballot)
        if anybody_voted(ballot):
            raise Taken("already_answered", _l("Quelqu’un a déjà répondu : la question reste."))
        spend(CHANGE, me.id)
        take_back(ballot)
        return club.slug


def close_ballot(actor: Actor, ballot_id: str) -> Ballot:
    """A lead ends it before its time; it counts as if its end had come."""
    with transaction():
        ballot, _club, me = held(actor, ballot_id)
        if not can_close_ballot(me):
            raise not_a_lead()
        refuse_closed(ballot)
        spend(CHANGE, me.id)
        end_ballot(ballot)
        return ballot


def review_ballot(actor: Actor, ballot_id: str) -> Ballot:
    """A lead says that it was looked at again."""
    with transaction():
        ballot, club, me = held(actor, ballot_id)
        if not can_review_ballot(me):
            raise not_a_lead()
        if ballot.review_on is None or ballot.closed_at is None:
            raise Gone("nothing_to_review", _l("Il n’y a rien à revoir."))
        if ballot.reviewed_at is None:
            spend(CHANGE, me.id)
            ballot.reviewed_at = now()
            live.record(club.id, "ballot:changed", ballot.id)
        return ballot
