"""Files of the shelf: one comes in, waits for a yes, and stands beside its sheet. Nothing says who sent it."""

from datetime import timedelta

from flask import current_app
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import delete, func, select, update

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, give_connection_back, transaction
from app.core.errors import Invalid, NotFound
from app.core.ids import new_id
from app.core.limits import Window, spend
from app.core.sealed import keyed_hash
from app.houses.models import House
from app.houses.shelf.models import ShelfFile, ShelfItem
from app.houses.shelf.washing import washed

FILES = Window("shelf-file", 20, 24 * 60)
MOST_FILES = 60
# Of one person, that wait for their yes: one more, and their oldest goes.
MOST_LOOSE = 3
LOOSE = timedelta(days=1)
GONE = _l("Ce fichier n’est plus là. Choisissez-le encore.")
FULL = _l("La maison garde déjà %(most)s fichiers. Il faut d’abord en effacer un.", most=MOST_FILES)


def hold_file(actor: Actor, house_id: str, data: bytes, *, proposed: bool = False) -> ShelfFile:
    """Somebody sends a file, whose right to do so the caller has asked: written anew, it waits a day for a yes.

    What only waits takes no room from what the team puts there. proposed: it is for the team to say yes or no to, and
    what others have proposed counts too.
    """
    spend(FILES, actor.account_id)
    give_connection_back()
    made = washed(data)
    with transaction():
        # One after the other: two at once would both be the sixtieth.
        db.session.execute(select(House.id).where(House.id == house_id).with_for_update())
        _ask_for_room(house_id, proposed=proposed)
        who = keyed_hash("loose-file", f"{house_id} {actor.account_id}")
        _make_room(who)
        told = {"kind": made.kind, "pages": made.pages, "size": len(made.content), "content": made.content}
        file = ShelfFile(id=new_id(), house_id=house_id, loose_since=now(), from_hash=who, **told)
        db.session.add(file)
        return file


def _ask_for_room(house_id: str, *, proposed: bool) -> None:
    """Raises Invalid."""
    there = select(func.count()).select_from(ShelfFile).join(ShelfItem).where(ShelfFile.house_id == house_id)
    if not proposed:
        there = there.where(ShelfItem.state != "proposed")
    if (db.session.scalar(there) or 0) >= MOST_FILES:
        raise Invalid("shelf_full", FULL, field="upload")


def _make_room(who: str) -> None:
    """Of what waits for one person, the oldest goes when there would be too many."""
    waits = select(ShelfFile.id).where(ShelfFile.from_hash == who, ShelfFile.item_id.is_(None))
    newest = db.session.scalars(waits.order_by(ShelfFile.loose_since.desc(), ShelfFile.id.desc())).all()
    db.session.execute(delete(ShelfFile).where(ShelfFile.id.in_(newest[MOST_LOOSE - 1 :])))


def put_beside(item: ShelfItem, file_id: str) -> None:
    """A file that waited takes its place, and the one before goes. Raises Invalid: it waits no more, or all is full."""
    db.session.flush()
    db.session.execute(delete(ShelfFile).where(ShelfFile.item_id == item.id))
    _ask_for_room(item.house_id, proposed=item.state == "proposed")
    waits = (ShelfFile.id == file_id, ShelfFile.house_id == item.house_id, ShelfFile.item_id.is_(None))
    placed = update(ShelfFile).where(*waits).values(item_id=item.id, loose_since=None, from_hash=None)
    if db.session.execute(placed.returning(ShelfFile.id)).scalar() is None:
        raise Invalid("file_gone", GONE, field="upload")
    db.session.expire(item, ["file"])


def take_away(item: ShelfItem) -> None:
    """The file beside a sheet goes, its bytes too."""
    db.session.execute(delete(ShelfFile).where(ShelfFile.item_id == item.id))
    db.session.expire(item, ["file"])


def loose_file(house_id: str, file_id: str) -> ShelfFile:
    """One that waits for a yes. Raises Invalid."""
    found = db.session.get(ShelfFile, file_id)
    if found is None or found.item_id is not None or found.house_id != house_id:
        raise Invalid("file_gone", GONE, field="upload")
    return found


def content_of(file: ShelfFile) -> bytes:
    """What is in it; lists are read without. Raises NotFound."""
    found = db.session.scalar(select(ShelfFile.content).where(ShelfFile.id == file.id))
    if found is None:
        raise NotFound()
    return found


def ticket_of(actor: Actor, file: ShelfFile) -> str:
    """What a form bears until its yes: it opens this file for this person alone."""
    return str(_signer().dumps([file.id, _mark(actor)]))


def file_of_ticket(actor: Actor, house_id: str, ticket: str) -> ShelfFile:
    """The file that waits. Raises Invalid."""
    try:
        file_id, mark = _signer().loads(ticket, max_age=int(LOOSE.total_seconds()))
    except (BadData, ValueError):
        file_id = mark = ""
    if mark != _mark(actor):
        raise Invalid("file_gone", GONE, field="upload")
    return loose_file(house_id, str(file_id))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="shelf-file")


def _mark(actor: Actor) -> str:
    return keyed_hash("shelf-file", actor.account_id)[:16]


def file_words(file: ShelfFile) -> str:
    """``PDF, 3 pages, 240 ko``."""
    if file.kind != "pdf":
        return str(_("Image %(kind)s, %(size)s", kind=file.kind.upper(), size=_size(file.size)))
    size = _size(file.size)
    return str(ngettext("PDF, %(num)s page, %(size)s", "PDF, %(num)s pages, %(size)s", file.pages, size=size))


def _size(size: int) -> str:
    if size < 1_000_000:
        return str(_("%(number)s ko", number=max(1, round(size / 1000))))
    return str(_("%(number)s Mo", number=format_decimal(round(size / 1_000_000, 1))))
