"""What a person takes away: a page to read offline, without script and without a link, and JSON beside it.

Only what they wrote, gave and chose: other people's messages and names are not in it. Everything is read at one moment,
and the file is called after the day alone: neither a house nor a club stands in its name.
"""

import io
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import IO, Any

from flask import current_app
from flask_babel import format_date, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.leaving.words import CODED, CODES, NAMES
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import snapshot
from app.core.errors import NotAllowed
from app.core.limits import Window, spend
from app.core.offload import offload
from app.core.privacy import Chapter, chapters
from app.web.api import stamp
from app.web.filters import hm, typo, wall
from app.web.packing import packed
from app.web.reading import RTL

# Each is a long read.
TAKE_AWAY = Window("take-away", 6, 60)
# Between two of them the others in the house have their turn.
BREATH = 100


@dataclass(frozen=True)
class Told:
    """One chapter as it was read: rows for the file, and files beside."""

    chapter: Chapter
    rows: list[dict[str, Any]]
    attached: list[tuple[str, bytes]]


@dataclass(frozen=True)
class Archive:
    """A zip, open at its beginning, and how to call it."""

    file: IO[bytes]
    name: str


def take_away(actor: Actor) -> Archive:
    """Pack what a person wrote, gave and chose. Raises NotAllowed on a device that serves several people, TooMany."""
    if not actor.on_own_device:
        detail = _l("Pas sur un appareil partagé : ce fichier y resterait. Faites-le sur un appareil à vous.")
        raise NotAllowed("shared_device", detail)
    spend(TAKE_AWAY, actor.account_id)
    with snapshot():
        told = [_read(chapter, actor.account_id) for chapter in chapters()]
    texts = {
        "index.html": "".join(_page(told)),
        f"{_('LISEZMOI')}.txt": _read_me(told),
    }
    return Archive(offload(lambda: packed(_files(told, texts))), f"pepiniere-{now():%Y-%m-%d}.zip")


def _read(chapter: Chapter, account_id: str) -> Told:
    time.sleep(0)
    return Told(chapter, chapter.rows(account_id), list(chapter.attached(account_id)) if chapter.attached else [])


def _files(told: list[Told], texts: dict[str, str]) -> Iterator[tuple[str, str | bytes]]:
    yield from texts.items()
    for each in told:
        yield f"json/{each.chapter.name}.json", _json(each.rows)
        for name, content in each.attached:
            yield f"files/{each.chapter.name}/{name}", content


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _page(told: list[Told]) -> Iterator[str]:
    """The page, piece by piece: the loop is not held by somebody who has written much."""
    language = str(get_locale() or current_app.config["DEFAULT_LOCALE"])[:2]
    template = current_app.jinja_env.get_template("leaving/archive.html")
    shown = template.generate(
        _=_,
        language=language,
        direction="rtl" if language in RTL else "ltr",
        day=format_date(wall(now()).date(), "long"),
        parts=[(str(each.chapter.title), _groups(each.rows)) for each in told if each.rows],
    )
    for number, piece in enumerate(shown):
        if number % BREATH == 0:
            time.sleep(0)
        yield piece


def _groups(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[list[tuple[str, str]]]]]:
    """Rows whose first value is the same stand under one heading."""
    for heading, group in groupby(rows, lambda row: _first(row)):
        yield heading, [_lines(row) for row in group]


def _first(row: dict[str, Any]) -> str:
    name = next(iter(row))
    return _shown(name, row[name])


def _lines(row: dict[str, Any]) -> list[tuple[str, str]]:
    rest = list(row.items())[1:]
    return [(str(NAMES.get(name, name)), _shown(name, value)) for name, value in rest if value not in (None, "", [])]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(CODES["yes" if value else "no"])
    if isinstance(value, datetime):
        return str(_("%(day)s, %(time)s", day=format_date(wall(value).date(), "long"), time=hm(value)))
    if isinstance(value, list):
        return "\n".join(str(each) for each in value)
    return str(CODES[value]) if name in CODED and value in CODES else str(value)


def _read_me(told: list[Told]) -> str:
    file = io.StringIO()
    file.write(_("Ce fichier contient ce que vous avez écrit, donné et choisi. Les messages des autres n’y sont pas."))
    file.write("\n\n" + _("Pour lire : ouvrez index.html. Rien n’est envoyé, aucun réseau ne sert.") + "\n\n")
    file.write(_("Pour un programme : le dossier json. Un fichier par sujet, en UTF-8 ; les heures sont en UTC."))
    file.write("\n")
    for each in told:
        file.write(f"\njson/{each.chapter.name}.json – {each.chapter.title}")
        file.write("".join(f"\nfiles/{each.chapter.name}/{name}" for name, _content in each.attached))
    return str(typo(file.getvalue())) + "\n"
