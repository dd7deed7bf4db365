"""The JSON door of reports: report a message, read what one may decide, decide."""

from datetime import UTC, datetime
from typing import Any

from apiflask.fields import Boolean
from marshmallow import EXCLUDE

from app.core.clock import now
from app.core.errors import Invalid
from app.core.ids import ID
from app.facilitation.decisions import Ruling
from app.facilitation.models import Report
from app.facilitation.reports import actions
from app.facilitation.reports.actions import Complaint
from app.facilitation.reports.opening import note_opening
from app.facilitation.reports.queries import has_unconcerned_lead, reports_for
from app.facilitation.reports.shapes import reports_json
from app.web.api import (
    NEEDED,
    SOMETIMES,
    Answer,
    List,
    Nested,
    PageQuery,
    Schema,
    String,
    YesOrNo,
    blueprint,
    decode_cursor,
    encode_cursor,
)
from app.web.guard import actor

bp = blueprint("reports")
STATES = ["leads", "team", "decided", "contested"]
MOMENT = {"format": "date-time"}


class RuleIn(String):
    """The number of a rule of the house, or a rule in words; a number may come as one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return super()._deserialize(str(value) if whole else value, attr, data, **kwargs)


class ReportIn(Schema):
    """``enclosed``: up to five readable messages of the same discussion. ``named``: show my name to who decides."""

    class Meta:
        unknown = EXCLUDE

    reason = String(
        load_default=None,
        allow_none=True,
        metadata={"description": "hurt, secret, ad, other, or 1 to 300 characters", NEEDED: True},
    )
    danger = YesOrNo(load_default=False, allow_none=True)
    enclosed = List(String(), load_default=list, allow_none=True)
    note = String(load_default="", allow_none=True)
    named = YesOrNo(load_default=False, allow_none=True)


class DecisionIn(Schema):
    """``until``: a moment within a year; without it, for good. Read for ``hide`` alone."""

    class Meta:
        unknown = EXCLUDE

    outcome = String(load_default=None, allow_none=True, metadata={"enum": ["keep", "hide", "restore"], NEEDED: True})
    rule = RuleIn(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "the number of a rule of the house, or a rule in words",
            "type": ["string", "integer"],
            NEEDED: True,
        },
    )
    reason = String(load_default=None, allow_none=True, metadata={"description": "1 to 500 characters", NEEDED: True})
    until = String(load_default=None, allow_none=True, metadata=MOMENT)


class ReportStateOut(Answer):
    """``leads``: the leads decide · ``team``: the team of the house may too · ``decided`` · ``contested``."""

    id = String()
    state = String(metadata={"enum": STATES})


class SaidOut(Answer):
    """``author``: a letter, the same for the same person in one report."""

    id = String()
    author = String()
    body = String()
    at = String(metadata=MOMENT)


class ReportOut(ReportStateOut):
    """``note`` and ``reporter`` are there when who reported gave them."""

    reason = String()
    danger = Boolean()
    since = String(metadata=MOMENT)
    message = Nested(SaidOut)
    enclosed = List(Nested(SaidOut))
    note = String(metadata=SOMETIMES)
    reporter = String(metadata=SOMETIMES)


class ReportsOut(Answer):
    items = List(Nested(ReportOut))
    next_cursor = String(allow_none=True)


@bp.post("/messages/<message_id>/report")
@bp.input(ReportIn, location="json", arg_name="data")
@bp.output(ReportStateOut, 201)
@bp.doc(summary="Report a message", responses=[200, 403, 410, 429])
def report_message(message_id: str, data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Report another member's message; again by the same person answers 200 and the same report."""
    complaint = Complaint(
        data["reason"], bool(data["danger"]), data["enclosed"] or [], data["note"] or "", bool(data["named"])
    )
    report, created = actions.report_message(actor(), message_id, complaint)
    return {"id": report.id, "state": state_of(report)}, 201 if created else 200


@bp.get("/reports")
@bp.input(PageQuery, location="query", arg_name="query")
@bp.output(ReportsOut)
@bp.doc(summary="The reports that one may decide")
def list_reports(query: dict[str, Any]) -> dict[str, Any]:
    """The oldest first; empty for who may decide none. What one of the team reads is noted in the journal."""
    limit, after = query["limit"], decode_cursor(query.get("cursor"))
    if after is not None and not ID.fullmatch(after):
        raise Invalid("cursor_invalid", field="cursor")
    cases = reports_for(actor(), after=after, limit=limit + 1)
    page = cases[:limit]
    note_opening(actor(), page)
    cursor = encode_cursor(page[-1].report.id) if len(cases) > limit else None
    return {"items": reports_json(page), "next_cursor": cursor}


@bp.post("/reports/<report_id>/decision")
@bp.input(DecisionIn, location="json", arg_name="data")
@bp.output(ReportStateOut, 201)
@bp.doc(summary="Decide a report, or answer an objection to what was decided", responses=[403, 409])
def decide_report(report_id: str, data: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """``keep``, ``hide``, ``restore`` what was hidden. After an objection ``restore`` overrules, ``hide`` upholds."""
    ruling = Ruling(str(data["outcome"]), data["rule"], data["reason"], moment_of(data["until"]))
    case = actions.decide_report(actor(), report_id, ruling)
    return {"id": case.report.id, "state": state_of(case.report)}, 201


def state_of(report: Report) -> str:
    """What its reporter may know of it."""
    if report.decided_at is not None:
        return "decided"
    team = report.danger or report.escalates_at <= now() or not has_unconcerned_lead(report)
    return "team" if team else "leads"


def moment_of(text: str | None) -> datetime | None:
    """RFC 3339; one without an offset is UTC. Raises Invalid."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("until_invalid", field="until") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
