"""When a person came in and went out, for them alone: the minute and the way, nothing of the device, for six months."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.accounts.models import Passage
from app.core.actor import Actor
from app.core.clock import now, to_the_minute
from app.core.db import db
from app.core.ids import new_id
from app.core.retention import Lasting

PASSAGES = Lasting(months=6)
IN: dict[str, Any] = {
    "password": _l("Entrée, avec le mot de passe"),
    "code": _l("Entrée, avec un code par e-mail"),
    "passkey": _l("Entrée, avec une clé d’accès"),
    "card": _l("Entrée, avec la carte"),
    "second": _l("Entrée, en deux étapes"),
    "assisted": _l("Entrée, avec l’aide de l’équipe"),
}
OUT: dict[str, Any] = {
    "left": _l("Sortie"),
    "quiet": _l("Sortie : personne ne bougeait"),
    "closed": _l("Un appareil est fermé"),
    "reprint": _l("L’accueil a imprimé votre carte de nouveau : tout est fermé"),
}


def note_passage(account_id: str, kind: str, way: str) -> None:
    """In the transaction that lets in or ends."""
    db.session.add(Passage(id=new_id(), account_id=account_id, kind=kind, way=way, at=to_the_minute(now())))


def passages_for(actor: Actor, limit: int = 100) -> list[Passage]:
    """One's own, the newest first."""
    mine = select(Passage).where(Passage.account_id == actor.account_id)
    return list(db.session.scalars(mine.order_by(Passage.at.desc(), Passage.kind, Passage.id).limit(limit)))


def in_words(passage: Passage) -> str:
    """What happened, in a few words; a way that is not known is not told."""
    if passage.kind == "in":
        return str(IN.get(passage.way, _l("Entrée")))
    return str(OUT.get(passage.way, _l("Sortie")))
