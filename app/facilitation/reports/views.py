"""What the pages of reports show, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.clubs.models import Club
from app.core.clock import now
from app.facilitation.decisions import rule_words
from app.facilitation.models import Decision, Objection, Report, ReportedMessage
from app.facilitation.reports import queries
from app.facilitation.reports.checks import reason_words
from app.facilitation.reports.queries import Case
from app.messaging import queries as talk
from app.messaging.links import plain_links
from app.messaging.markdown import excerpt_of, html_of
from app.messaging.models import Message
from app.messaging.queries import Place
from app.messaging.shapes import author_name
from app.web.filters import day_long, hm, near_day

BEFORE, AFTER = 2, 3
OUTCOMES = ("hide", "pause", "remove")


@dataclass(frozen=True)
class Said:
    """One message of a report, by a letter. rank: what its id on the page is made of."""

    letter: str
    target: bool
    at: Any
    html: Markup


def said_of(reports: Sequence[Report]) -> list[Said]:
    """What one report shows. Links are text: who decides leaves for no place."""
    rows = [row for each in queries.said_in(reports).values() for row in each]
    return [_said(row) for row in rows]


def _said(row: ReportedMessage) -> Said:
    body = row.body or str(_("Ce texte est effacé : la personne qui l’a écrit est partie."))
    html = plain_links(html_of(f"{row.report_id} {row.position}", 0, body))
    return Said(row.letter, row.target, row.posted_at, Markup(html))  # noqa: S704 cleaned by nh3


def neighbours_of(place: Place, message: Message) -> list[dict[str, Any]]:
    """Up to five messages around one, that may be read: ``{id, text, excerpt, after}``, in the order of the page."""
    before = talk.messages_between(place, 0, message.seq, BEFORE * 3, last=True)
    after = talk.messages_between(place, message.seq, None, AFTER * 3)
    readable = [[row for row in rows if row[0].state == "sent"] for rows in (before, after)]
    chosen = readable[0][-BEFORE:] + readable[1][:AFTER]
    return [
        {
            "id": row[0].id,
            "text": _("%(name)s, %(time)s", name=author_name(row), time=hm(row[0].posted_at)),
            "excerpt": excerpt_of(row[0].id, row[0].changed_seq, row[0].body),
            "after": row[0].seq > message.seq,
        }
        for row in chosen
    ]


def message_shown(place: Place, message: Message) -> dict[str, Any]:
    """The message that somebody is about to report or to hide."""
    row = talk.quoted(place, [message.id])[message.id]
    html = plain_links(html_of(message.id, message.changed_seq, message.body))
    return {"name": author_name(row), "at": message.posted_at, "html": Markup(html)}  # noqa: S704 cleaned by nh3


def case_shown(case: Case) -> dict[str, Any]:
    """The head of a report: why, since when, until when the leads decide alone."""
    report = case.report
    waits = case.state == "leads"
    return {
        "id": report.id,
        "danger": report.danger,
        "reason": _("Danger") if report.danger else reason_words(report.reason),
        "words": reason_words(report.reason),
        "since": report.made_at,
        "deadline": deadline_of(report) if waits else "",
        "title": case.thread_title if case.lead else "",
        "note": report.note,
    }


def deadline_of(report: Report) -> str:
    """``demain à 9 h``."""
    return str(_("%(day)s à %(time)s", day=near_day(report.escalates_at), time=hm(report.escalates_at)))


def decision_shown(decision: Decision, club: Club, objection: Objection | None) -> dict[str, Any]:
    """A decision as the person concerned, or who answers their objection, reads it; nobody's name stands in it."""
    return {
        "id": decision.id,
        "outcome": decision.outcome,
        "title": outcome_words(decision),
        "rule": rule_words(decision.rule),
        "reason": decision.reason,
        "until": _until(decision),
        "by": _("Une personne responsable du club") if decision.by_role == "lead" else _("L’équipe de la maison"),
        "at": decision.decided_at,
        "undone": decision.undone_at is not None,
        "object_by": decision.objection_until if may_object(decision, objection) else None,
        "objection": objection,
        "new": decision.read_at is None,
    }


def outcome_words(decision: Decision) -> str:
    words = {
        "hide": _("Votre message est caché"),
        "pause": _("Vous êtes en pause dans un club"),
        "remove": _("Vous ne faites plus partie d’un club"),
    }
    return str(words[decision.outcome])


def may_object(decision: Decision, objection: Objection | None) -> bool:
    in_time = decision.objection_until is not None and decision.objection_until > now()
    return objection is None and in_time and decision.undone_at is None


def own_text(decision: Decision) -> list[Said]:
    """One's own message as it was when it was decided about."""
    rows = queries.said_about(decision)
    return [_said(row) for row in rows]


def _until(decision: Decision) -> str:
    if decision.until is None:
        return str(_("Pour de bon"))
    return str(_("Jusqu’au %(day)s, %(time)s", day=day_long(decision.until), time=hm(decision.until)))
