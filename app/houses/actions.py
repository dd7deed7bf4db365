"""Verbs of houses: who works there, and what is done from the command line in somebody's place."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.actions import end_everything, make_staff, make_token
from app.accounts.addresses import read_address
from app.accounts.cards.actions import Secret, draw_card, give_first_card
from app.accounts.models import Account
from app.accounts.notices import has_mail
from app.accounts.proofs.actions import forget_proofs
from app.accounts.queries import may_enter
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound
from app.houses.journal import note
from app.houses.models import StaffPost
from app.houses.queries import house_by_slug
from app.web.forms import checked

MAX_REASON = 300


def first_card_for(account_id: str) -> Secret | None:
    """In a house without mail, the card with which somebody of the team comes in once; None where a code does."""
    if has_mail():
        return None
    drawn = draw_card()
    with transaction():
        return give_first_card(account_id, drawn)


def create_staff(email: str, house: str, role: str) -> str:
    """Make a staff account, or give one another house; returns its id.

    A staff account belongs to no club: an address that a member uses is refused (Taken). Raises Invalid, NotFound.
    """
    with transaction():
        place = house_by_slug(house)
        account_id = make_staff(email, role)
        if db.session.get(StaffPost, (account_id, place.id)) is None:
            db.session.add(StaffPost(account_id=account_id, house_id=place.id, since=now()))
    return account_id


def reset_staff(email: str) -> str:
    """Somebody of the team has lost what finishes their way in: it ends, with sessions and keys, and they choose anew.

    For who runs the machine, where no colleague can help. They still come in by their own mail, or by a card for once,
    first. Returns the id of the account. Raises Invalid, NotFound.
    """
    with transaction():
        account = db.session.scalars(select(Account).where(Account.email_hash == read_address(email).key)).first()
        if account is None or account.role == "member":
            raise NotFound()
        forget_proofs(account.id)
        end_everything(account.id)
        note("staff:proofs-reset", None, about_id=account.id, subject_id=account.id)
        return account.id


def make_key(email: str, label: str, reason: str = "") -> str:
    """Make a key for a program in somebody's place; returns its secret.

    For a member it takes a reason: a key opens all that they read. They find it with the reason beside their keys, and
    the journal says that it was made. Raises Invalid, NotAllowed, NotFound, Taken.
    """
    why = checked(reason, "reason", MAX_REASON)
    with transaction():
        account = db.session.scalars(select(Account).where(Account.email_hash == read_address(email).key)).first()
        if account is None:
            raise NotFound()
        if not may_enter(account.demo):
            raise NotAllowed("demo_account")
        if account.role == "member" and not why:
            raise Invalid("reason_needed", _l("Dites pourquoi, en une phrase."), field="reason")
        token_id, secret = make_token(account.id, label, why)
        note("token:made", None, about_id=account.id, subject_id=token_id)
        return secret
