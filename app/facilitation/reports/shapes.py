"""The JSON of a report: the message and what was enclosed, people as letters; nothing else of the club.

state: ``leads`` (the leads decide) · ``team`` (the team of the house may decide too) · ``decided`` · ``contested``
(decided; an objection waits for somebody else).
"""

from collections.abc import Sequence
from typing import Any

from app.facilitation.models import ReportedMessage
from app.facilitation.reports.queries import Case, names_shown, said_in
from app.web.api import stamp


def reports_json(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Many at once, in as many statements as one."""
    reports = [case.report for case in cases]
    said, names = said_in(reports), names_shown(reports)
    return [_report_json(case, said[case.report.id], names.get(case.report.id)) for case in cases]


def _report_json(case: Case, said: Sequence[ReportedMessage], name: str | None) -> dict[str, Any]:
    report = case.report
    told = {
        "id": report.id,
        "reason": report.reason,
        "danger": report.danger,
        "state": case.state,
        "since": stamp(report.made_at),
        "message": next(_said_json(one) for one in said if one.target),
        "enclosed": [_said_json(one) for one in said if not one.target],
    }
    if report.note:
        told["note"] = report.note
    if name is not None:
        told["reporter"] = name
    return told


def _said_json(one: ReportedMessage) -> dict[str, Any]:
    return {"id": one.message_id, "author": one.letter, "body": one.body, "at": stamp(one.posted_at)}
