"""The names of plants: three are drawn for a proposal or a club, held for it alone, and never more than a few a month.

What is drawn is free: no club has it, nobody holds it, and no club ever left it by turning discreet. Nobody is told
that a name is taken, since that would say that a club is there.
"""

import random
import re
import unicodedata
from datetime import timedelta
from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select

from app.accounts.passwords import house_words
from app.clubs.founding.models import PlantDraw, PlantHold, RetiredSlug
from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db, is_sqlite
from app.core.errors import DomainError, TooMany
from app.core.ids import new_id
from app.core.sealed import keyed_hash

FILE = Path(__file__).resolve().parents[2] / "data" / "plants.txt"
OFFERED = 3
MOST_DRAWS = 3
SPAN = timedelta(days=30)
HELD_FOR_A_CLUB = timedelta(days=1)
A_DAY = 24 * 60 * 60
WORD = re.compile(r"[^a-z]+")


@cache
def plants() -> dict[str, str]:
    """Every name by its slug."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return {slug_of(line): line for line in lines if line and not line.startswith("#")}


def slug_of(plant: str) -> str:
    """``Épine-vinette`` is ``epine-vinette`` in an address."""
    plain = unicodedata.normalize("NFKD", plant.replace("œ", "oe").replace("Œ", "oe")).lower()
    return WORD.sub("-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")


def held_for(*, proposal_id: str | None = None, club_id: str | None = None) -> list[PlantHold]:
    """The names held for a proposal or a club, in the order of the alphabet."""
    mine = PlantHold.proposal_id == proposal_id if proposal_id else PlantHold.club_id == club_id
    return list(db.session.scalars(select(PlantHold).where(mine).order_by(PlantHold.slug)))


def draw_plants(*, proposal_id: str | None = None, club_id: str | None = None) -> list[PlantHold]:
    """Hold three free names for a proposal or a club; who has drawn finds the same ones again."""
    _queue()
    _let_go()
    held = held_for(proposal_id=proposal_id, club_id=club_id)
    if held:
        return held
    free = sorted(set(plants()) - _given())
    if not free:
        raise DomainError(
            "no_plant", _l("Il n’y a pas de nom de plante pour le moment. Parlez-en à l’équipe."), status=409
        )
    drawn = random.SystemRandom().sample(free, min(OFFERED, len(free)))
    for slug in drawn:
        db.session.add(
            PlantHold(slug=slug, plant=plants()[slug], proposal_id=proposal_id, club_id=club_id, held_at=now())
        )
    db.session.flush()
    return held_for(proposal_id=proposal_id, club_id=club_id)


def draw_key(purpose: str, who: str) -> str:
    """Under which a draw is counted."""
    return keyed_hash("plant-draw", f"{purpose}:{who}")


def count_draw(purpose: str, who: str) -> None:
    """One more draw for a person or a club. Raises TooMany beyond three in thirty days."""
    key, moment = draw_key(purpose, who), now()
    db.session.execute(delete(PlantDraw).where(PlantDraw.at <= moment - SPAN))
    drawn = db.session.scalar(select(func.count()).select_from(PlantDraw).where(PlantDraw.drawer_key == key)) or 0
    if drawn >= MOST_DRAWS:
        raise TooMany(
            A_DAY, _l("Vous avez déjà commencé trois fois ce mois-ci. Attendez un peu, ou parlez-en à l’équipe.")
        )
    db.session.add(PlantDraw(id=new_id(), drawer_key=key, at=moment))


def retire(slug: str) -> None:
    """An address that is never given again."""
    db.session.add(RetiredSlug(slug=slug))


def _queue() -> None:
    """One draw at a time, so that two never wait for each other's names."""
    if not is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("plants"))))


def _let_go() -> None:
    """What was held for a club that did not change its door is free again."""
    over = PlantHold.held_at <= now() - HELD_FOR_A_CLUB
    db.session.execute(delete(PlantHold).where(PlantHold.club_id.is_not(None), over))


def _given() -> set[str]:
    # One statement, so that a name that goes from a hold to a club is seen in one place or the other.
    given = select(Club.slug).union(select(PlantHold.slug), select(RetiredSlug.slug))
    return set(db.session.scalars(given))


house_words.append(plants)
