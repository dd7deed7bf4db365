"""Fresh proof: before an export or a dangerous act, whoever is at the keyboard shows again that they are the person.

A page or a call asks for it with ``@needs_fresh_proof()`` (or, inside, ``ask_fresh_proof(actor())``): pages then lead
to "prove it is you" and back, calls answer 403 ``proof_needed``. Decorate the page that asks *and* the form that acts:
the proof then comes before anything is typed. A session proves once for some minutes; a key for a program never is
fresh, so a call that programs may make takes the proof in its own body: ``prove(actor(), body, asker())``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask_babel import lazy_gettext as _l

from app.accounts import codes, queries
from app.accounts.budgets import Asker, knows
from app.accounts.models import Account, LoginSession
from app.accounts.notices import has_mail
from app.accounts.queries import account_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed
from app.web.guard import actor as present_actor

MINUTES = 10
F = TypeVar("F", bound=Callable[..., Any])


class ProofNeeded(NotAllowed):
    """The act asks for a proof given in the last minutes."""

    code = "proof_needed"
    detail = _l("Prouvez d’abord que c’est bien vous.")


@dataclass(frozen=True)
class Kind:
    """One way of proving who one is.

    field: what brings it, in the form or the body. template: its part of the page, a form that posts to
    ``proofs.prove_oneself``. offered: does this person have it? check: raises Invalid, Gone or TooMany when what was
    given proves nothing. strong: good enough for the team outside the demo.
    """

    field: str
    template: str
    offered: Callable[[Account], bool]
    check: Callable[[Actor, Mapping[str, Any], Asker], None]
    strong: bool = False


# In the order of the page. Other packages add theirs.
kinds: list[Kind] = []


def needs_second_step(account: Account) -> bool:
    """Who works in a house that others can reach proves with what finished their way in, never with a mail alone."""
    return queries.needs_second_step(account.role, account.demo)


def kinds_for(actor: Actor) -> list[Kind]:
    """The proofs that a person can give."""
    account = account_for(actor)
    strong_alone = needs_second_step(account)
    return [kind for kind in kinds if (kind.strong or not strong_alone) and kind.offered(account)]


def is_fresh(actor: Actor, minutes: int = MINUTES) -> bool:
    """Has the person proved who they are, in this session and lately?"""
    return actor.proved_at is not None and actor.proved_at > now() - timedelta(minutes=minutes)


def ask_fresh_proof(actor: Actor, minutes: int = MINUTES) -> None:
    """Raises ProofNeeded unless the person has proved lately who they are."""
    if not is_fresh(actor, minutes):
        raise ProofNeeded()


def needs_fresh_proof(minutes: int = MINUTES) -> Callable[[F], F]:
    """Open a page, a form or a call only to who has proved in the last minutes who they are. Under the route's line."""

    def mark(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            ask_fresh_proof(present_actor(), minutes)
            return view(*args, **values)

        return cast(F, guarded)

    return mark


def prove(actor: Actor, given: Mapping[str, Any], asker: Asker) -> None:
    """Prove who one is, with the first proof among what was given; a session is fresh from then on.

    given: the fields of a form or a body (``password``, ``code``, …). Raises Invalid, Gone, TooMany; ProofNeeded when
    nothing that was given is a proof of this person.
    """
    kind = next((each for each in kinds_for(actor) if given.get(each.field)), None)
    if kind is None:
        raise ProofNeeded()
    kind.check(actor, given, asker)
    with transaction():
        held = db.session.get(LoginSession, actor.credential.removeprefix("session:"))
        if held is not None:
            held.proved_at = now()


def _check_password(actor: Actor, given: Mapping[str, Any], _asker: Asker) -> None:
    stored = account_for(actor).password_hash
    db.session.rollback()
    if not knows(actor.account_id, stored, str(given["password"])):
        raise Invalid("wrong_password", _l("Ce n’est pas votre mot de passe."), field="password")


def _check_code(actor: Actor, given: Mapping[str, Any], asker: Asker) -> None:
    codes.prove_by_code(actor, str(given["code"]), asker)


kinds += [
    Kind("password", "proofs/_by_password.html", lambda account: account.password_hash is not None, _check_password),
    Kind("code", "proofs/_by_code.html", lambda account: account.email_hash is not None and has_mail(), _check_code),
]
