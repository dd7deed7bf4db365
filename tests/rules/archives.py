"""The archive of Tilleul on the stage: asked for by its lead, and as it stands later on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from app.clubs.models import Membership
from app.core.clock import now
from app.core.db import db, transaction
from app.messaging.archives.actions import ask_archive
from app.messaging.archives.models import ClubArchive
from tests.support.cast import Cast, make_person


def ask(cast: Cast) -> dict[str, str]:
    """Told to every member a moment ago."""
    return {"archive": ask_archive(cast.bruno.actor, "tilleul").id}


def archive_ready(stage: Any, client: Any, role: str) -> dict[str, str]:
    """Its seven days are over."""
    with stage.app.app_context(), transaction():
        archive = db.session.scalars(select(ClubArchive)).one()
        archive.told_at, archive.opens_at = now() - timedelta(days=8), now() - timedelta(days=1)
    return {}


def archive_alone(stage: Any, client: Any, role: str) -> dict[str, str]:
    """Another lead has asked for it alone, and nobody was told yet."""
    with stage.app.app_context():
        lena = make_person(f"archivist-{role}", tilleul=f"Léna {role}")
        with transaction():
            db.session.get_one(Membership, lena.memberships["tilleul"]).role = "lead"
            archive = db.session.scalars(select(ClubArchive)).one()
            archive.asked_by_id = lena.memberships["tilleul"]
            archive.told_at = archive.opens_at = archive.until = None
    return {}


def no_archive(stage: Any, client: Any, role: str) -> dict[str, str]:
    """Nobody has asked for it."""
    with stage.app.app_context(), transaction():
        db.session.execute(delete(ClubArchive))
    return {}


FIRST: dict[str, Callable[[Any, Any, str], dict[str, str]]] = {
    "archive_ready": archive_ready,
    "archive_alone": archive_alone,
    "no_archive": no_archive,
}
