"""Somebody who leaves their mark in every field that a person can fill, and where to look for it afterwards."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import JSON, String, func, select

from app.accounts.actions import make_token
from app.accounts.models import Token
from app.accounts.proofs.models import Passkey
from app.clubs import actions as clubs
from app.clubs.founding import actions as founding
from app.clubs.founding.models import Proposal
from app.core.clock import now
from app.core.db import db, transaction
from app.core.ids import new_id
from app.core.models import Job
from app.facilitation.decisions import Ruling
from app.facilitation.models import Decision
from app.facilitation.pauses.actions import pause_member
from app.facilitation.reports import actions as reports
from app.facilitation.reports.actions import Complaint
from app.facilitation.support.actions import ask_help
from app.facilitation.visits.actions import invite_visitor
from app.houses.advice import actions as booking
from app.meetings.actions import Plan, answer_meeting, plan_meeting
from app.meetings.minutes.actions import pick_decision, write_minutes
from app.meetings.polls import wishes as dates
from app.meetings.polls.actions import open_poll
from app.meetings.programme.actions import add_point, ask_thing
from app.meetings.tasks.actions import make_task
from app.meetings.today.actions import move_meeting, say_on_way
from app.messaging import actions as talk
from app.practice.actions import Asking, offer_to_listen, take_rehearsal
from app.rooms.actions import Wish, claim_slot
from app.rooms.queries import find_slot
from app.rooms.sessions.answers import grant_session
from tests.houses import partners
from tests.rooms.places import make_places
from tests.rules import deciding
from tests.rules.arranged import ask_for_session, begin
from tests.rules.paths import speak_of_sessions
from tests.rules.practising import listening
from tests.rules.stage import draft, free_slots
from tests.support import factories as make
from tests.support.cast import Cast, Person

MARK = "Zorglubine"
PLANTED = {
    ("session_goal", "text"), ("review_line", "text"),
    ("advice_booking", "name"), ("adviser", "name"),
    *deciding.PLANTED,
    ("backer", "name"), ("claim", "title"), ("meeting", "title"), ("meeting", "area"), ("meeting", "moved_to"),
    ("decision", "rule"),
    ("decision", "reason"), ("help_note", "body"),
    ("practice_offer", "name"), ("rehearsal", "asker_name"),
    ("help_request", "title"), ("membership", "name"), ("membership", "former_name"), ("membership", "sentence"),
    ("message", "body"), ("message", "hidden_rule"), ("objection", "body"), ("objection", "answer"),
    ("passkey", "label"), ("proposal", "name"), ("proposal", "sentence"), ("proposal", "note"), ("proposal", "charter"),
    ("proposal", "reason"), ("report", "reason"), ("report", "note"), ("reported_message", "body"),
    ("meeting_session", "name"), ("session_request", "name"), ("key_holder", "name"),
    ("poll", "title"), ("poll_date", "place"),
    ("agenda_point", "text"), ("thing", "text"), ("minutes_version", "text"), ("noted_decision", "text"),
    ("task", "text"),
    ("thread", "title"), ("token", "label"), ("token", "house_reason"), ("visit", "reason"),
}  # fmt: skip
HOUSE = "the house's own words, written by its team"
ONE_OF_FEW = "one of a few words"
DRAWN = "drawn or counted by the house"
NOT_PLANTED = {
    **dict.fromkeys(
        [("house", name) for name in ("slug", "name", "kind", "timezone", "country", "languages", "address", "phone",
                                      "access", "hours", "open_evenings", "evening_until")]
        + [("house_contact", "name"), ("house_contact", "text"), ("house_text", "page"), ("house_text", "language"),
           ("house_text", "body"), ("room", "slug"), ("room", "name"), ("room", "floor"), ("closure", "reason"),
           ("house_link", "pattern"),
           ("opening_window", "starts"), ("opening_window", "ends"), ("session_request", "reason"),
           ("setup_code", "steps"), ("break_glass", "reason"), ("pairing_code", "place")]
        + [("partner", name) for name in ("name", "sentence", "about", "place", "link", "needs", "ways", "languages")]
        + [("shelf_item", name) for name in ("title", "purpose", "link", "body", "needs", "trade", "language", "state")]
        + [("shelf_proposal", name) for name in ("title", "answer", "reason_code")]
        + [("advice_hour", name) for name in ("way", "room", "language", "title")], HOUSE),
    **dict.fromkeys(
        [("club", name) for name in ("slug", "name", "plant", "sentence", "about", "charter", "door", "tile", "hue",
                                     "languages", "format", "history")],
        "the club's, agreed on by three people and the house"),
    **dict.fromkeys(
        [("account", "role"), ("account", "locale"), ("assistance", "by_role"), ("assisted_act", "kind"),
         ("break_glass", "ground"), ("break_glass", "later_ground"), ("change", "kind"), ("club_cue", "kind"),
         ("decision", "outcome"), ("decision", "by_role"), ("device", "kind"), ("help_note", "by_role"),
         ("invitation", "kind"), ("invitation_request", "answer"), ("mail_choice", "stopped"), ("membership", "role"),
         ("message", "hidden_by"), ("objection", "outcome"), ("passage", "kind"), ("passage", "way"),
         ("pause", "kind"), ("proposal", "languages"), ("proposal", "format"), ("proposal", "kit"),
         ("proposal", "door"), ("proposal", "history"), ("proposal", "tile"), ("proposal", "hue"),
         ("reaction", "emoji"), ("reported_message", "letter"), ("rsvp", "answer"),
         ("practice_offer", "kind"), ("rehearsal", "trade"), ("rehearsal", "way"), ("rehearsal", "cancelled_by"),
         ("journal_entry", "act"),
         ("journal_entry", "by_role"), ("job", "kind"), ("job", "failure"), ("clock_job", "name"),
         ("clock_job", "failure")], ONE_OF_FEW),
    **dict.fromkeys(
        [("backer", "consent_version"), ("membership", "consent_version"), ("backer", "seen"), ("claim", "door_word"),
         ("claim_request", "digest"), ("message", "first_digest"), ("passkey", "handle"),
         ("passkey_challenge", "challenge"), ("passkey_challenge", "handle"), ("plant_hold", "slug"),
         ("advice_booking", "slip"), ("plant_hold", "plant"), ("proposal", "plant"),
         ("retired_slug", "slug"), ("login_session", "assisted_by")],
        DRAWN),
    **dict.fromkeys([("draw_bid", "outcome"), ("review_line", "kind")], ONE_OF_FEW),
    **dict.fromkeys([("draw", "record"), ("draw_bid", "label"),
                     ("draw_bid", "wishes")], DRAWN),
    **dict.fromkeys([("ballot", "way"), ("ballot", "outcome"), ("ballot_voice", "picks")], ONE_OF_FEW),
    **dict.fromkeys([("ballot", "counts"), ("ballot", "record")], DRAWN),
    **dict.fromkeys([("claim_event", "act"), ("claim_swap", "outcome"), ("hold", "kind")], ONE_OF_FEW),
    **dict.fromkeys([("practice_grid", "before"), ("practice_grid", "after")], ONE_OF_FEW),
    ("shelf_file", "kind"): ONE_OF_FEW,
    **dict.fromkeys([("need_help", "need"), ("need_help", "kind")], ONE_OF_FEW),
    ("session_request", "outcome"): ONE_OF_FEW,
    **dict.fromkeys([("poll", "outcome"), ("poll_date", "kind"), ("poll_answer", "answer")], ONE_OF_FEW),
    **dict.fromkeys([("claim_series", "rule"), ("claim_series", "answer")], DRAWN),
    **dict.fromkeys([("session_request", "dates"), ("session_request", "lost")], DRAWN),
    **dict.fromkeys([("claim_swap", "ours_slot"), ("claim_swap", "theirs_slot")], DRAWN),
    ("staff_post", "name"): "a name for work: see the test of one of the team",
    ("journal_entry", "facts"): "numbers and dates: no text of anybody, tested with the journal",
    ("job", "payload"): "ids and what is sealed",
}  # fmt: skip
# Keys, hashes and what is sealed hold no text.
NO_TEXT = ("_id", "_hash", "_key", "_sealed")


def text_columns() -> Iterator[tuple[Any, Any]]:
    """Every column that could hold what somebody wrote."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, String | JSON) or column.foreign_keys:
                continue
            if column.name not in ("id", "key") and not column.name.endswith(NO_TEXT):
                yield table, column


def marked() -> set[tuple[str, str]]:
    """Where the mark stands, in any column of any table."""
    with db.engine.connect() as connection:
        return {
            (table.name, column.name)
            for table in db.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, String | JSON)
            and any(MARK.lower() in str(row[0]).lower() for row in connection.execute(select(column)))
        }


def plant(cast: Cast) -> Person:
    """By the real actions. She leads Tilleul with Bruno, is in Romarin, and asks to enter Glycine."""
    make_places()
    with transaction():
        account = make.make_account(f"{MARK}@demo.example", "member", make.PASSWORD, demo=True)
        mara = Person("mara", account.id, f"{MARK}@demo.example")
        for slug, role in (("tilleul", "lead"), ("romarin", "member")):
            club = db.session.get_one(make.Club, cast.clubs[slug])
            mara.memberships[slug] = make.make_membership(account, club, f"{MARK} {slug}", role).id
        for post in db.session.scalars(select(make.StaffPost)):
            post.name = "Denis" if post.account_id == cast.denis.account_id else "Élise"
    clubs.rename(mara.actor, "tilleul", f"{MARK} encore")
    clubs.join_club(mara.actor, "glycine", f"{MARK} aussi", f"Je suis {MARK}.")
    _talk(cast, mara)
    _lead(cast, mara)
    _found(mara)
    _practise(cast, mara)
    _advise(cast, mara)
    make_token(mara.actor, f"Clé de {MARK}")
    with transaction():
        db.session.scalars(select(Token).where(Token.account_id == mara.account_id)).one().house_reason = MARK
        make.add(Passkey(
            id=new_id(), account_id=mara.account_id, credential_id=new_id(), public_key="k", handle="h",
            label=f"Le {MARK}", created_on=now().date(),
        ))  # fmt: skip
    return mara


def _practise(cast: Cast, mara: Person) -> None:
    offer_to_listen(mara.actor, listening(f"{MARK} écoute"))
    offer = offer_to_listen(cast.bruno.actor, listening("Basile", "14:00", "15:00"))
    take_rehearsal(mara.actor, offer.id, 0, Asking(f"{MARK} essaie", "phone", "0612345678"))


def _talk(cast: Cast, mara: Person) -> None:
    amina, denis, elise = cast.amina.actor, cast.denis.actor, cast.elise.actor
    opened = talk.open_thread(mara.actor, "tilleul", f"Qui est {MARK} ?", draft(f"Je suis {MARK}."))
    thread = opened.thread.id
    theirs = talk.post_message(amina, thread, talk.Draft(draft("").client_id, "Bonjour.", opened.message.id))
    talk.react(mara.actor, theirs.message.id, "🙏")
    second = talk.post_message(mara.actor, thread, draft(f"Encore {MARK}.")).message.id
    talk.edit_message(mara.actor, second, f"Toujours {MARK}.")
    talk.open_thread(mara.actor, "romarin", f"{MARK} ici", draft(f"Ici {MARK}."))
    start = now() + timedelta(days=4)
    wishes = [dates.Wish("elsewhere", start=start, end=start + timedelta(hours=n), place=MARK) for n in (1, 2)]
    open_poll(mara.actor, "tilleul", dates.Proposal(f"Voir {MARK}", now() + timedelta(days=3), wishes))
    make_task(mara.actor, "tilleul", f"Appeler {MARK}", cast.amina.memberships["tilleul"])
    complaint = Complaint("hurt", danger=True, enclosed=[opened.message.id])
    report, _new = reports.report_message(amina, second, complaint)
    reports.decide_report(denis, report.id, Ruling("hide", f"Règle de {MARK}", f"{MARK} exagère."))
    decision = db.session.scalars(select(Decision.id).where(Decision.report_id == report.id)).one()
    objection = reports.object_to(mara.actor, decision, f"{MARK} conteste.")
    reports.answer_objection(elise, objection.id, "upheld", f"Non, {MARK}.")
    told = Complaint(f"{MARK} se plaint", note=f"Signé {MARK}", named=True)
    reports.report_message(mara.actor, theirs.message.id, told)


def _lead(cast: Cast, mara: Person) -> None:
    thread = talk.open_thread(cast.amina.actor, "tilleul", "Autre chose", draft("Un mot de trop.")).message.id
    reports.hide_message(mara.actor, thread, Ruling("hide", f"Charte : {MARK}", f"Selon {MARK}."))
    until = now() + timedelta(days=3)
    pause_member(mara.actor, cast.amina.memberships["tilleul"], until, f"Charte : {MARK}", f"Dit {MARK}.")
    ask_help(mara.actor, "tilleul", f"Aidez {MARK}", f"Merci, {MARK}.")
    # Another lead asks about her.
    ask_help(cast.bruno.actor, "tilleul", "Entre nous", "Venez.", mara.memberships["tilleul"])
    invite_visitor(mara.actor, "tilleul", cast.denis.account_id, now() + timedelta(days=2), f"Pour {MARK}.")
    grant_session(cast.denis.actor, ask_for_session(mara, "tilleul", f"La session de {MARK}"))
    speak_of_sessions(mara, MARK)
    evening = next(each for each in free_slots() if find_slot(each).stretch.evening)
    claim = claim_slot(mara.actor, Wish(evening, "tilleul", f"Avec {MARK}", holder=f"Clé {MARK}")).claim
    answer_meeting(mara.actor, claim.id, "yes")
    soon = now() + timedelta(days=4)
    begun = begin(cast)["begun"]
    answer_meeting(mara.actor, begun, "yes")
    say_on_way(mara.actor, begun, "late")
    move_meeting(mara.actor, begun, f"Chez {MARK}")
    write_minutes(mara.actor, begun, 0, f"Ce que dit {MARK}")
    pick_decision(mara.actor, begun, 1, 0)
    add_point(mara.actor, begun, f"Parler de {MARK}")
    ask_thing(mara.actor, begun, f"Le gâteau de {MARK}", mine=True)
    where = {"area": f"Près de {MARK}", "address": f"1 rue {MARK}"}
    plan_meeting(mara.actor, "tilleul", Plan(f"Dehors avec {MARK}", soon, soon + timedelta(hours=2), **where))
    deciding.plant(cast, mara, MARK)


def _found(mara: Person) -> None:
    founding.found_club(mara.actor, founding.Idea(f"Les {MARK}", f"Pour {MARK}.", ["fr"], "here"))
    founding.choose_door(mara.actor, founding.Rules("", "open", "all", f"Comme {MARK}"))
    founding.keep_word(mara.actor, f"{MARK}", f"Signé {MARK}")
    with transaction():
        db.session.scalars(select(Proposal)).one().reason = f"Pas encore, {MARK}."


def _advise(cast: Cast, mara: Person) -> None:
    """She gives advice for one partner, and has asked another one for an hour."""
    own, other = (partners.partner(cast.elise, name) for name in ("Premier", "Second"))
    partners.advise(mara, cast.elise, own, f"Conseil de {MARK}")
    booking.book_hour(mara.actor, partners.hour(cast.denis, other), f"Rendez-vous de {MARK}")


def run_all(until: Any, clock: Any) -> int:
    """Every job at its own moment, until a moment. Returns how many moments there were."""
    from app.core import jobs

    moments = 0
    while True:
        db.session.rollback()
        due = db.session.scalar(select(func.min(Job.run_at)).where(Job.parked_at.is_(None), Job.run_at <= until))
        if due is None:
            return moments
        clock.move_to(max(due, now()) + timedelta(seconds=1))
        jobs.run_due(100)
        moments += 1


def files_of(app: Flask) -> list[Path]:
    """The database's files, and everything in the folder of the installation."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    found = [path for path in app.extensions["settings"].instance.rglob("*") if path.is_file()]
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        found += file.parent.glob(f"{file.name}*")
    return found


def marked_files(paths: list[Path]) -> list[str]:
    mark = MARK.encode().lower()
    return sorted(path.name for path in paths if path.is_file() and mark in path.read_bytes().lower())
