"""The JSON door of taking away and leaving for good."""

from typing import Any

from marshmallow import EXCLUDE
from werkzeug.wrappers import Response

from app.accounts.entrance import asker
from app.accounts.leaving import actions, archive
from app.accounts.leaving.routes import sent
from app.accounts.proofs.fresh import ask_fresh_proof
from app.core.errors import DomainError, Gone, Invalid, NotAllowed
from app.web.api import Answer, FileSchema, Length, Schema, String, YesOrNo, blueprint, stamp
from app.web.guard import actor

bp = blueprint("leaving")
NO_PROOF = ("wrong_password", "code_wrong", "code_invalid", "password_empty", "code_empty")


class LeaveIn(Schema):
    """The proof that it is really the person, and what becomes of their messages."""

    class Meta:
        unknown = EXCLUDE

    password = String(load_default="", validate=Length(max=1000), metadata={"description": "The account's password"})
    code = String(
        load_default="",
        validate=Length(max=40),
        metadata={
            "description": "Instead of the password: the six digits that POST /account/leave/code, on the pages of the "
            "house, sends to the account's address. Good for ten minutes and five tries, by any program of the account."
        },
    )
    messages = String(
        required=True,
        metadata={
            "enum": ["blank", "keep"],
            "description": "blank: bodies, titles and reasons go. keep: they stay, their author is a former member.",
        },
    )
    at_once = YesOrNo(
        load_default=False,
        metadata={
            "description": "Every club shows it now, instead of at a random moment of its own within 24 hours. "
            "Whoever is in two of the person's clubs may then notice that somebody left both together."
        },
    )


class LeftOut(Answer):
    """``done_by``: the moment by which every club shows it."""

    done_by = String(metadata={"format": "date-time"})


@bp.get("/me/archive")
@bp.output(FileSchema(type="string", format="binary"), content_type="application/zip", description="A zip")
@bp.doc(
    summary="Take away what I wrote, gave and chose",
    responses={403: "Shared device, or no fresh proof", 429: "Six an hour"},
)
def take_away() -> Response:
    """A page to read offline, JSON beside it, and files; other people's messages are not in it.

    A session has proved lately who it is (403 ``proof_needed``), as on the page; a key is not asked.
    """
    if actor().credential.startswith("session:"):
        ask_fresh_proof(actor())
    return sent(archive.take_away(actor()))


@bp.delete("/me")
@bp.input(LeaveIn, location="json")
@bp.output(LeftOut, 202)
@bp.doc(summary="Leave for good", responses=[403, 409, 422, 429])
def leave_for_good(json_data: dict[str, Any]) -> dict[str, Any]:
    """Sign-in, keys and sockets end at once; 403 for a wrong password or code."""
    try:
        done_by = actions.leave_for_good(
            actor(),
            json_data["messages"],
            password=json_data["password"],
            code=json_data["code"],
            at_once=json_data["at_once"],
            asker=asker(),
        )
    except (Invalid, Gone) as error:
        raise _refused(error) from error
    return {"done_by": stamp(done_by)}


def _refused(error: DomainError) -> DomainError:
    """What does not prove who one is is a no, not a slip of the pen."""
    if isinstance(error, Gone) or error.code in NO_PROOF:
        return NotAllowed(error.code, error.detail)
    return error
