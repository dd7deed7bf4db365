"""The JSON door of pauses."""

from typing import Any

from apiflask.fields import Raw
from marshmallow import EXCLUDE

from app.facilitation.models import MAX_REASON
from app.facilitation.pauses import actions
from app.web.api import Answer, Length, Schema, String, blueprint, stamp
from app.web.guard import actor

bp = blueprint("pauses")
RULE = {"description": "the number of a rule of the house, or a rule in words", "type": ["string", "integer"]}


class RulingIn(Schema):
    class Meta:
        unknown = EXCLUDE

    rule = Raw(required=True, metadata=RULE)
    reason = String(required=True, validate=Length(1, MAX_REASON))


class PauseIn(RulingIn):
    until = String(
        required=True,
        metadata={"format": "date-time", "description": "one hour to four weeks from now; without a zone it is UTC"},
    )


class PauseOut(Answer):
    id = String()
    membership = String()
    until = String(metadata={"format": "date-time"})
    rule = String()
    reason = String()


@bp.post("/memberships/<membership_id>/pause")
@bp.input(PauseIn, location="json")
@bp.output(PauseOut, status_code=201)
@bp.doc(summary="Keep a member from reading and writing for a time", responses=[403, 409])
def pause_member(membership_id: str, json_data: dict[str, Any]) -> dict[str, Any]:
    pause, decision = actions.pause_member(
        actor(), membership_id, json_data["until"], json_data["rule"], json_data["reason"]
    )
    return {
        "id": pause.id,
        "membership": membership_id,
        "until": stamp(pause.until),
        "rule": decision.rule,
        "reason": decision.reason,
    }


@bp.delete("/memberships/<membership_id>")
@bp.input(RulingIn, location="json")
@bp.output({}, status_code=204)
@bp.doc(summary="Put a member out of the club", responses=[403])
def remove_member(membership_id: str, json_data: dict[str, Any]) -> str:
    actions.remove_member(actor(), membership_id, json_data["rule"], json_data["reason"])
    return ""
