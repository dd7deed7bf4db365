"""Verbs of the shelf: put something there, change it, propose it, check it, say that it is dead."""

from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from app.core.actor import Actor
from app.core.db import db, transaction, upsert
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.core.sealed import keyed_hash
from app.houses.advice.queries import partner_planned_by
from app.houses.journal import note
from app.houses.links import is_web_address
from app.houses.needs import BY_NAME
from app.houses.queries import house_of_staff
from app.houses.shelf.files import put_beside, take_away
from app.houses.shelf.models import DeadLink, ShelfItem, ShelfProposal
from app.houses.shelf.queries import item_in, item_of_partner, shown_item, today
from app.houses.shelf.reasons import REASONS
from app.houses.trades import TRADES

PROPOSES = Window("shelf-propose", 10, 24 * 60)
TELLS = Window("shelf-dead", 20, 60)
WRITES = Window("shelf-partner", 60, 60)
MAX_BODY = 6000
WHAT_TO_GIVE = _l("Donnez une adresse seule, ou un texte, ou un fichier.")


@dataclass(frozen=True)
class ItemSaid:
    """What is said of something on the shelf: a link, or a sheet that a file may stand beside. See ``ShelfItem``.

    file: the id of one that waits, to be placed; without_file: the one that is there goes.
    """

    title: str
    purpose: str
    language: str
    link: str = ""
    body: str = ""
    needs: list[str] = field(default_factory=list)
    trade: str = ""
    file: str = ""
    without_file: bool = False

    def check(self, *, beside: bool = False) -> None:
        """beside: is there a file already? Raises Invalid."""
        if bool(self.link) is bool(self.body or self._has_file(beside)):
            raise Invalid("link_or_sheet", WHAT_TO_GIVE, field="link")
        if self.link and not is_web_address(self.link):
            raise Invalid("link_invalid", _l("Écrivez une adresse qui commence par https://."), field="link")
        if not self.title or not self.purpose or set(self.needs) - set(BY_NAME) or self.trade not in ("", *TRADES):
            raise Invalid()

    def columns(self, *, beside: bool = False) -> dict[str, Any]:
        """As the row says it. A file without a text of its own stands beside the line that says what it is for."""
        told = asdict(self)
        del told["file"], told["without_file"]
        if self._has_file(beside) and not self.body:
            told["body"] = self.purpose
        return told

    def _has_file(self, beside: bool) -> bool:
        return bool(self.file) or (beside and not self.without_file)


def add_item(actor: Actor, slug: str, said: ItemSaid) -> ShelfItem:
    """The team puts something on the shelf: shown at once, checked today."""
    said.check()
    with transaction():
        house = house_of_staff(actor, slug)
        item = _add(house.id, said, state="shown", checked_on=today())
        note("shelf:added", actor, house_id=house.id, subject_id=item.id)
        return item


def add_for_partner(actor: Actor, partner_id: str, said: ItemSaid) -> ShelfItem:
    """Who gives advice for a partner puts something on the shelf of its house, with the partner's name beside it."""
    said.check()
    spend(WRITES, actor.account_id)
    with transaction():
        partner, house = partner_planned_by(actor, partner_id)
        spend(PROPOSES, actor.account_id)
        item = _add(house.id, said, state="shown", checked_on=today(), partner_id=partner.id)
        note("shelf:added", actor, role=_role(actor), house_id=house.id, subject_id=item.id)
        return item


def change_for_partner(actor: Actor, partner_id: str, item_id: str, said: ItemSaid) -> None:
    """Who gives advice for a partner changes what it put there, and by that has looked at it. Raises NotFound."""
    spend(WRITES, actor.account_id)
    with transaction():
        partner, house = partner_planned_by(actor, partner_id)
        item = item_of_partner(partner, item_id)
        changed = _write(item, said)
        _looked_at(item)
        if changed:
            note("shelf:changed", actor, role=_role(actor), house_id=house.id, subject_id=item.id, what=changed)


def withdraw_for_partner(actor: Actor, partner_id: str, item_id: str) -> None:
    """Who gives advice for a partner takes back what it put there: nobody sees it; the team can show it again."""
    spend(WRITES, actor.account_id)
    with transaction():
        partner, house = partner_planned_by(actor, partner_id)
        item = item_of_partner(partner, item_id)
        item.state = "hidden"
        note("shelf:hidden", actor, role=_role(actor), house_id=house.id, subject_id=item.id)


def _role(actor: Actor) -> str:
    """As the journal has it: of who gives advice it does not keep who it was."""
    return "" if actor.is_staff else "member"


def propose_item(actor: Actor, house_id: str, said: ItemSaid, from_hash: str) -> None:
    """Somebody proposes something, whose right to do so the caller has asked; the team says yes or no.

    Neither the person nor a club is written down, here or in the journal: from_hash finds what is answered, and tells
    nobody whom.
    """
    said.check()
    spend(PROPOSES, actor.account_id)
    with transaction():
        item = _add(house_id, said, state="proposed")
        db.session.flush()
        db.session.add(ShelfProposal(id=new_id(), item_id=item.id, from_hash=from_hash, title=item.title))


def _add(house_id: str, said: ItemSaid, **more: object) -> ShelfItem:
    item = ShelfItem(id=new_id(), house_id=house_id, **said.columns(), **more)
    db.session.add(item)
    if said.file:
        put_beside(item, said.file)
    return item


def change_item(actor: Actor, slug: str, item_id: str, said: ItemSaid) -> None:
    """The team changes what is said of something, or the file beside it."""
    with transaction():
        house = house_of_staff(actor, slug)
        item = item_in(house, item_id)
        changed = _write(item, said)
        if changed:
            note("shelf:changed", actor, house_id=house.id, subject_id=item.id, what=changed)


def _write(item: ShelfItem, said: ItemSaid) -> list[str]:
    """What is said of something, and the file beside it; returns what changed. Raises Invalid."""
    beside = item.file is not None
    said.check(beside=beside)
    told = said.columns(beside=beside)
    changed = [name for name, value in told.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, told[name])
    if said.file:
        put_beside(item, said.file)
    elif said.without_file and beside:
        take_away(item)
    return [*changed, "file"] if said.file or (said.without_file and beside) else changed


def show_item(actor: Actor, slug: str, item_id: str, *, shown: bool, reason: str = "") -> None:
    """The team shows something, or hides it; what was proposed and is not wanted goes, with a reason for its leads."""
    with transaction():
        house = house_of_staff(actor, slug)
        item = item_in(house, item_id)
        if item.state == "proposed":
            _answer(item, shown=shown, reason=reason)
            act = "accepted" if shown else "declined"
        elif (item.state == "shown") is not shown:
            item.state = "shown" if shown else "hidden"
            act = "shown" if shown else "hidden"
        else:
            return
        note(f"shelf:{act}", actor, house_id=house.id, subject_id=item_id)


def _answer(item: ShelfItem, *, shown: bool, reason: str) -> None:
    if not shown and reason not in REASONS:
        raise Invalid("reason_empty", _l("Choisissez pourquoi : le club le lira."), field="reason")
    told = update(ShelfProposal).where(ShelfProposal.item_id == item.id)
    answer = {"answer": "kept", "reason_code": ""} if shown else {"answer": "declined", "reason_code": reason}
    db.session.execute(told.values(**answer, answered_on=today()))
    if shown:
        item.state, item.checked_on = "shown", today()
    else:
        db.session.delete(item)


def remove_item(actor: Actor, slug: str, item_id: str) -> None:
    """The team erases what it has hidden, the file beside it too."""
    with transaction():
        house = house_of_staff(actor, slug)
        item = item_in(house, item_id)
        if item.state != "hidden":
            raise Invalid("not_hidden", _l("Cachez d’abord cette ressource, puis effacez-la."))
        db.session.delete(item)
        note("shelf:removed", actor, house_id=house.id, subject_id=item_id)


def check_item(actor: Actor, slug: str, item_id: str) -> None:
    """The team looked today, and it still holds: whatever was told of it is forgotten."""
    with transaction():
        house = house_of_staff(actor, slug)
        item = item_in(house, item_id)
        _looked_at(item)
        note("shelf:checked", actor, house_id=house.id, subject_id=item.id)


def _looked_at(item: ShelfItem) -> None:
    item.checked_on = today()
    db.session.execute(delete(DeadLink).where(DeadLink.item_id == item.id))


def tell_dead(actor: Actor, item_id: str) -> None:
    """Somebody says that a link does not open: counted once a person, and nobody can read who."""
    spend(TELLS, actor.account_id)
    with transaction():
        item = shown_item(item_id)
        if item.is_sheet:
            raise Invalid()
        who = keyed_hash("dead-link", f"{item.id} {actor.account_id}")
        row = upsert(DeadLink).values(item_id=item.id, from_hash=who, told_on=today())
        db.session.execute(row.on_conflict_do_nothing(index_elements=["item_id", "from_hash"]))
