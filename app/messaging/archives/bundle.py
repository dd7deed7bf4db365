"""What is in a club's archive: what its members wrote who do not keep out, under numbers, and no name."""

import functools
import json
import re
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, groupby
from typing import IO, Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.clubs.models import Club, Membership
from app.core.clock import now
from app.core.db import db, snapshot
from app.core.offload import offload
from app.core.plain_text import normalized
from app.messaging.archives.models import ClubArchive
from app.messaging.archives.queries import authors_in, names_in
from app.messaging.models import Message, Thread
from app.messaging.queries import STANDS
from app.web.api import stamp
from app.web.packing import IN_MEMORY, packed

# Messages read at once, and pieces written before the others in the house have their turn.
PAGE = 200
BREATH = 100


@dataclass(frozen=True)
class Content:
    """What is in it. Its discussions are read as they are asked for, page by page, however long the club has talked."""

    club: dict[str, Any]
    made_on: str
    numbers: dict[str, str]
    veil: "Veil"
    wanted: Select[*tuple[Any, ...]]

    def threads(self) -> Iterator[dict[str, Any]]:
        """Each discussion, with what stands in it: to be read in this order. Its title, if who gave it is in."""
        for number, (_id, rows) in enumerate(groupby(self._rows(), lambda row: row[0].thread_id), 1):
            first, said = next(rows)
            known = first.opened_by_id in self.numbers
            title = self.veil.over(first.title) if known else _("Discussion %(number)s", number=number)
            yield {"title": title, "messages": self._messages(chain([(first, said)], rows))}

    def _messages(self, rows: Iterable[tuple[Any, str]]) -> Iterator[dict[str, Any]]:
        places: dict[str, int] = {}
        for number, (row, said) in enumerate(rows, 1):
            places[row.id] = number
            yield {
                "number": number,
                "by": self.numbers[row.membership_id],
                "at": stamp(row.posted_at),
                "answers": places.get(row.reply_to_id),
                "text": said,
            }

    def _rows(self) -> Iterator[tuple[Any, str]]:
        """Each message, and its text without names; the others in the house have their turn meanwhile."""
        after = (0, 0)
        while True:
            rows = db.session.execute(self.wanted.where(_beyond(*after)).limit(PAGE)).all()
            yield from zip(rows, self._veiled([row.body for row in rows]), strict=True)
            if len(rows) < PAGE:
                return
            after = rows[-1].thread_seq, rows[-1].seq

    def _veiled(self, bodies: list[str]) -> list[str]:
        return offload(lambda: [self.veil.over(body) for body in bodies])


def _beyond(thread_seq: int, seq: int) -> ColumnElement[bool]:
    return or_(Thread.seq > thread_seq, and_(Thread.seq == thread_seq, Message.seq > seq))


def content_of(club: Club, archive: ClubArchive, first_seq: int) -> Content:
    """The club, and what its members wrote who are in.

    first_seq: from where the lead who fetches it reads the club, by this door as by every other.
    """
    authors = [one.id for one in authors_in(archive)]
    those = Message.club_id == club.id, Message.membership_id.in_(authors), Message.seq >= first_seq, STANDS
    wrote = set(db.session.scalars(select(Message.membership_id).where(*those).distinct()))
    numbers = {each: _("membre %(number)s", number=n) for n, each in enumerate((a for a in authors if a in wrote), 1)}
    columns = Message.id, Message.seq, Message.thread_id, Message.membership_id, Message.posted_at, Message.reply_to_id
    wanted = select(*columns, Message.body, Thread.seq.label("thread_seq"), Thread.title, Thread.opened_by_id)
    return Content(
        {"name": club.name, "sentence": club.sentence, "charter": club.charter},
        now().date().isoformat(),
        numbers,
        Veil(names_in(club.id), numbers),
        wanted.join(Thread, Thread.id == Message.thread_id).where(*those).order_by(Thread.seq, Message.seq),
    )


class Veil:
    """Puts a number where a text says the name of a member, and "un membre" for who is not in the archive.

    A name is found without its accents and in any case, as people type it.
    """

    def __init__(self, members: Any, numbers: dict[str, str]) -> None:
        self.said = {_bare(name)[0]: numbers.get(one.id, _("un membre")) for one in members for name in _names(one)}
        longest = sorted(self.said, key=len, reverse=True)
        self.names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")

    def over(self, text: str) -> str:
        """The text without the names."""
        if not self.said:
            return text
        whole = normalized(text)
        bare, places = _bare(whole)
        kept, end = [], 0
        for name in self.names.finditer(bare):
            kept += [whole[end : places[name.start()]], self.said[name[0]]]
            end = places[name.end() - 1] + 1
        return "".join([*kept, whole[end:]])


def _bare(text: str) -> tuple[str, list[int]]:
    """The letters alone, without accents and case, and of which sign of the text each is."""
    signs = [(s, place) for place, sign in enumerate(normalized(text)) for s in _letters(sign)]
    return "".join(s for s, _place in signs), [place for _s, place in signs]


@functools.lru_cache(4096)
def _letters(sign: str) -> str:
    plain = normalized(sign, "NFKD").casefold()
    return "".join(s for s in plain if not unicodedata.combining(s))


def _names(one: Membership) -> list[str]:
    return [name for name in (one.name, one.former_name) if name]


def pack_archive(club: Club, archive: ClubArchive, first_seq: int) -> IO[bytes]:
    """A page to read without a network, in the language of who fetches it, and the same as data: in one zip.

    Both are read at one moment, and wait in files without a name: a long archive is never whole in memory.
    """
    with snapshot():
        content = content_of(club, archive, first_seq)
        files = [("archive.html", _kept(_page(content))), ("archive.json", _kept(_data(content)))]
    with closing(files[0][1]), closing(files[1][1]):
        return offload(lambda: packed(files))


def _kept(pieces: Iterator[str]) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 whoever packs it closes it
    for number, piece in enumerate(pieces):
        if number % BREATH == 0:
            time.sleep(0)
        file.write(piece.encode())
    file.seek(0)
    return file


def _page(content: Content) -> Iterator[str]:
    template = current_app.jinja_env.get_template("archives/_offline.html")
    return template.generate(content=content, lang=str(get_locale()))


def _data(content: Content) -> Iterator[str]:
    yield f'{{"club": {_json(content.club)}, "made_on": {_json(content.made_on)}, "threads": ['
    for number, thread in enumerate(content.threads()):
        yield f'{"," if number else ""}\n{{"title": {_json(thread["title"])}, "messages": ['
        yield from (f"{',' if each['number'] > 1 else ''}\n {_json(each)}" for each in thread["messages"])
        yield "]}"
    yield "]}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
