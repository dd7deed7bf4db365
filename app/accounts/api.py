"""The JSON door of accounts: keys for programs, and who one is."""

from typing import Any

from apiflask.fields import Boolean
from apiflask.validators import OneOf

from app.accounts import actions, queries
from app.accounts.budgets import Asker
from app.accounts.models import ROLES, Token
from app.accounts.proofs.numbers import check_otp
from app.web.api import (
    Answer,
    Length,
    List,
    Nested,
    PageQuery,
    Schema,
    String,
    blueprint,
    decode_cursor,
    paged,
    request,
    stamp,
)
from app.web.guard import actor, no_csrf, not_on_a_kiosk, public

bp = blueprint("accounts")


class TokenIn(Schema):
    """An address, its password, and a name to know the key by; for the team also a number of their app."""

    email = String(required=True, validate=Length(1, 320))
    password = String(required=True, validate=Length(1, 1000))
    label = String(load_default="API", validate=Length(1, actions.MAX_LABEL))
    otp = String(load_default="", validate=Length(0, 20), metadata={"description": "the team, outside the demo"})


class NewTokenOut(Answer):
    """A key, shown this once."""

    id = String()
    token = String()


class TokenOut(Answer):
    """A key, without its secret."""

    id = String()
    label = String()
    created_at = String(metadata={"format": "date-time"})


class TokensOut(Answer):
    """A page of keys."""

    items = List(Nested(TokenOut))
    next_cursor = String(allow_none=True)


class MembershipOut(Answer):
    """A membership as its own person sees it; the id is the membership's."""

    id = String()
    club = String()
    name = String()
    role = String()


class MeOut(Answer):
    """The account and its memberships."""

    role = String(validate=OneOf(ROLES))
    has_password = Boolean()
    memberships = List(Nested(MembershipOut))


@bp.post("/tokens")
@bp.input(TokenIn, location="json")
@bp.output(NewTokenOut, 201)
@bp.doc(summary="Make a key for a program", responses=[401, 409, 429])
@not_on_a_kiosk
@public
@no_csrf
def make_token(json_data: dict[str, str]) -> dict[str, str]:
    """With the address and password of an account; 401 says nothing of which was wrong.

    Who works in a house adds ``otp``, the present number of their app: 401 ``otp_needed`` without, ``otp_wrong`` for
    one that is wrong or has served.
    """
    who = Asker(request.remote_addr or "")
    proved = actions.prove_password(json_data["email"], json_data["password"], who)
    check_otp(proved.account_id, json_data["otp"], who)
    token_id, secret = actions.make_token(proved, json_data["label"])
    return {"id": token_id, "token": secret}


@bp.get("/tokens")
@bp.input(PageQuery, location="query")
@bp.output(TokensOut)
@bp.doc(summary="My keys")
def list_tokens(query_data: dict[str, Any]) -> dict[str, Any]:
    """One's own keys."""
    limit = query_data["limit"]
    rows = queries.tokens_for(actor(), decode_cursor(query_data.get("cursor")), limit)
    return paged(rows, limit, lambda token: token.id, _shown)


def _shown(token: Token) -> dict[str, Any]:
    return {"id": token.id, "label": token.label, "created_at": stamp(token.created_at)}


@bp.delete("/tokens/<token_id>")
@bp.output({}, 204)
@bp.doc(summary="End a key")
def delete_token(token_id: str) -> str:
    """End one of one's own keys; its sockets close."""
    actions.delete_token(actor(), token_id)
    return ""


@bp.get("/me")
@bp.output(MeOut)
@bp.doc(summary="Who I am")
def show_me() -> dict[str, Any]:
    """One's own account and memberships."""
    return queries.me_for(actor())
