"""Verbs of managers: invite, change and remove who works in the house; say what the house is."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.actions import end_everything, make_staff
from app.accounts.addresses import read_address
from app.accounts.cards.actions import Secret, draw_card, forget_card, give_first_card
from app.accounts.models import Account
from app.accounts.notices import has_mail, notify
from app.accounts.proofs.actions import forget_proofs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, NotAllowed, Taken
from app.houses.journal import note
from app.houses.models import House, StaffPost
from app.houses.queries import house_of_staff
from app.houses.team.policy import can_change_house, can_change_team
from app.houses.team.queries import colleague_in, houses_of, managers_in

ROLES = ("facilitator", "manager")
# What else ends with somebody's work in a house, in the same transaction: the floors above fill it.
ending: list[Callable[[Actor, House, str], None]] = []


@dataclass(frozen=True)
class HouseSaid:
    """What a house says of itself."""

    name: str
    address: str
    phone: str
    access: str
    languages: list[str]
    hours: list[dict[str, Any]]
    open_evenings: list[int]
    evening_until: str
    claim_quota: int
    evening_quota: int


def invite(actor: Actor, slug: str, email: str, name: str, role: str) -> Secret | None:
    """A manager lets somebody work in the house; they are told, and come in with a code.

    In a house without mail they come in with a card that serves once, and then choose a password: it is returned, to
    be printed. Raises Invalid, and Taken for a member's address, for who is there already or has another role.
    """
    drawn = None if has_mail() else draw_card()
    with transaction():
        house = _led_house(actor, slug)
        account_id = _account_for(email, role, house)
        db.session.add(StaffPost(account_id=account_id, house_id=house.id, name=name, since=now()))
        note("staff:invited", actor, house_id=house.id, about_id=account_id, subject_id=account_id, role_given=role)
        notify(account_id, "team", _l("Vous êtes de l’équipe"), "team_invited", path="/sign-in", house=house.name)
        return give_first_card(account_id, drawn) if drawn else None


def _account_for(email: str, role: str, house: House) -> str:
    address = read_address(email)
    known = db.session.scalars(select(Account).where(Account.email_hash == address.key)).first()
    if known is not None and house.id in houses_of(known.id):
        raise Taken("already_here", _l("Cette personne est déjà de l’équipe."), field="email")
    if known is not None and known.role not in ("member", role) and houses_of(known.id):
        words = _l("Cette personne travaille dans une autre maison, avec un autre rôle. Choisissez le même.")
        raise Taken("other_role", words, field="role")
    return make_staff(email, role)


def change(actor: Actor, slug: str, account_id: str, name: str, role: str) -> None:
    """A manager changes the role or the name of a colleague; a house never loses its last manager."""
    with transaction():
        house = _led_house(actor, slug)
        account, post = _held(house, account_id)
        if role != account.role:
            _change_role(actor, account, role)
            note("staff:role", actor, house_id=house.id, about_id=account.id, subject_id=account.id, role_given=role)
        if name != post.name:
            post.name = name
            note("staff:renamed", actor, house_id=house.id, about_id=account.id, subject_id=account.id)


def _change_role(actor: Actor, account: Account, role: str) -> None:
    if set(houses_of(account.id)) - set(houses_of(actor.account_id)):
        words = _l("Cette personne travaille aussi ailleurs. Une personne qui gère toutes ses maisons peut le faire.")
        raise Taken("works_elsewhere", words, field="role")
    if account.role == "manager":
        for house_id in houses_of(account.id):
            _keep_a_manager(house_id)
    account.role = role


def remove(actor: Actor, slug: str, account_id: str) -> None:
    """A manager ends somebody's work here: sessions, keys and sockets end at once; the last manager stays.

    Who works in no other house has no account any more: their address is free, what they did stays in the journal.
    """
    with transaction():
        house = _led_house(actor, slug)
        account, post = _held(house, account_id)
        if account.role == "manager":
            _keep_a_manager(house.id)
        db.session.delete(post)
        db.session.flush()
        for end in ending:
            end(actor, house, account.id)
        end_everything(account.id)
        if not houses_of(account.id):
            account.email_hash = account.email_sealed = account.password_hash = None
            forget_proofs(account.id)
            forget_card(account.id)
            account.role = "member"
        note("staff:removed", actor, house_id=house.id, about_id=account.id, subject_id=account.id)


def reset_proofs(actor: Actor, slug: str, account_id: str) -> None:
    """A colleague has lost what finishes their way in: it ends, with sessions and keys, and they choose anew.

    They still come in by their own mail first. One's own second step stays: who is in still has it. Raises Taken.
    """
    with transaction():
        house = _led_house(actor, slug)
        account, _post = _held(house, account_id)
        if account.id == actor.account_id:
            raise Taken("own_proofs", _l("Pour vous-même, passez par « Mon compte »."))
        forget_proofs(account.id)
        end_everything(account.id)
        note("staff:proofs-reset", actor, house_id=house.id, about_id=account.id, subject_id=account.id)


def _led_house(actor: Actor, slug: str) -> House:
    """The house, for one of its managers."""
    house = house_of_staff(actor, slug)
    if not can_change_team(actor):
        raise not_a_manager()
    return house


def not_a_manager() -> NotAllowed:
    return NotAllowed("not_a_manager", _l("Seules les personnes qui gèrent la maison peuvent faire cela."))


def _held(house: House, account_id: str) -> tuple[Account, StaffPost]:
    """A colleague, with every house that they work in locked: managers are counted by one change at a time."""
    colleague_in(house, account_id)
    ids = sorted({house.id, *houses_of(account_id)})
    db.session.execute(select(House.id).where(House.id.in_(ids)).order_by(House.id).with_for_update()).all()
    account, post = colleague_in(house, account_id)
    db.session.refresh(account)
    return account, post


def _keep_a_manager(house_id: str) -> None:
    if managers_in(house_id) < 2:
        words = _l("C’est la seule personne qui gère la maison. Nommez d’abord quelqu’un d’autre.")
        raise DomainError("last_manager", words, status=409, field="role")


def change_house(actor: Actor, slug: str, said: HouseSaid) -> None:
    """A manager says what the house is, when it opens and how much a club may claim; its address here stays."""
    with transaction():
        house = house_of_staff(actor, slug)
        if not can_change_house(actor):
            raise not_a_manager()
        changed = _changed(house, asdict(said))
        if changed:
            note("house:changed", actor, house_id=house.id, what=changed)


def _changed(house: House, said: dict[str, Any]) -> Sequence[str]:
    names = [name for name, value in said.items() if getattr(house, name) != value]
    for name in names:
        setattr(house, name, said[name])
    return names
