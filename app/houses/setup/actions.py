"""Verbs of the first opening: print a code, bring it, say the steps, open the house."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError

from app.accounts.actions import make_staff
from app.accounts.addresses import read_address
from app.accounts.budgets import Asker, place_budget
from app.accounts.models import Account
from app.accounts.notices import has_mail
from app.accounts.passwords import check_password, hash_password, words_of_the_house
from app.accounts.queries import may_enter
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import constraint_of, db, transaction
from app.core.errors import Invalid, NotFound, Taken
from app.core.ids import TO_COPY, new_code, new_id, new_secret
from app.core.limits import Window, give_back, spend
from app.houses.journal import note
from app.houses.models import House, StaffPost
from app.houses.setup.furnishing import RoomPlan, furnishing, windows_of
from app.houses.setup.models import FirstOpening, SetupCode
from app.houses.setup.queries import browser_key, code_key, code_of, is_empty

LENGTH = 8
UNUSED = timedelta(days=1)
TRIES = Window("setup-code", 10, 10)
MAX_ROOMS = 20


@dataclass(frozen=True)
class Opened:
    """The house that was opened, and the address that its first manager comes in with."""

    slug: str
    email: str


def print_code() -> str | None:
    """A code for the first opening, for whoever started the program; None once there is a house.

    Codes of other processes still work: each has printed its own. Those of starts long ago go.
    """
    if not is_empty():
        db.session.rollback()
        return None
    code = new_code(TO_COPY, LENGTH)
    with transaction():
        old = SetupCode.made_at < now() - UNUSED
        db.session.execute(delete(SetupCode).where(old))
        db.session.add(SetupCode(id=new_id(), code_hash=code_key(code), steps={}, made_at=now()))
    return code


def bring_code(typed: str, mark: str, ip: str) -> str:
    """A code opens the steps to the first browser that brings it, and to no other. Returns the browser's mark.

    Raises Invalid for a wrong or used one, TooMany.
    """
    place = place_budget(Asker(ip))[1]
    spend(TRIES, place)
    mark = mark or new_secret()
    mine = browser_key(mark)
    with transaction():
        free = or_(SetupCode.browser_hash.is_(None), SetupCode.browser_hash == mine)
        wanted = SetupCode.code_hash == code_key(typed)
        found = db.session.execute(
            update(SetupCode).where(wanted, free).values(browser_hash=mine).returning(SetupCode.id),
            execution_options={"synchronize_session": False},
        ).scalar()
        if found is None:
            raise Invalid("setup_code_wrong", _l("Ce n’est pas le code, ou il a déjà servi."), field="once")
    give_back(TRIES, place)
    return mark


def say_step(mark: str, step: str, said: Any) -> None:
    """Keep what one step says until all are said; nothing of the house is made yet. Raises NotFound."""
    with transaction():
        code = code_of(mark)
        if code is None:
            raise NotFound()
        code.steps = {**code.steps, step: said}


def open_house(mark: str, email: str, name: str, password: str = "") -> Opened:
    """Make the house, its rooms and its first manager, all of it or nothing; of two at once one wins (Taken).

    password: in a house without mail, where no code lets in. Raises Invalid, NotFound.
    """
    address = read_address(email)
    if not may_enter(address.demo):
        raise Invalid("email_invalid", _l("Cette adresse ne reçoit rien. Écrivez la vôtre."), field="email")
    hashed = None
    if not has_mail():
        check_password(password, address.local, words_of_the_house())
        hashed = hash_password(password)
    try:
        with transaction():
            code = code_of(mark)
            if code is None or not is_empty():
                raise NotFound()
            db.session.add(FirstOpening(number=1, at=now()))
            db.session.flush()
            house = _make_house(code.steps)
            account_id = make_staff(address.text, "manager")
            db.session.get_one(Account, account_id).password_hash = hashed
            db.session.add(StaffPost(account_id=account_id, house_id=house.id, name=name, since=now()))
            note("house:opened", Actor(account_id, "", "manager"), house_id=house.id)
            db.session.execute(delete(SetupCode))
            return Opened(house.slug, address.text)
    except IntegrityError as error:
        if "first_opening" not in constraint_of(error):
            raise
        raise Taken("already_open", _l("Quelqu’un vient d’ouvrir cette maison.")) from error


def _make_house(steps: dict[str, Any]) -> House:
    said, hours = steps["house"], steps["hours"]
    house = House(
        id=new_id(),
        slug=slug_of(said["name"]),
        name=said["name"],
        timezone=said["zone"],
        country=said["country"],
        languages=said["languages"],
        hours=[{"days": hours["days"], "opens": hours["opens"], "closes": hours["closes"]}],
        open_evenings=hours["evenings"],
        evening_until=hours["until"] if hours["evenings"] else "",
    )
    db.session.add(house)
    db.session.flush()
    furnishing.make_rooms(house, [_plan(room, hours) for room in steps["rooms"]])
    return house


def _plan(room: dict[str, Any], hours: dict[str, Any]) -> RoomPlan:
    windows = windows_of(room["kits"], hours)
    return RoomPlan(room["name"], room["floor"], room["capacity"], room["step_free"], windows)


def slug_of(name: str, instead: str = "maison") -> str:
    """``maison-du-canal``: what stands in addresses. A name in another script gives the word ``instead``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or instead
