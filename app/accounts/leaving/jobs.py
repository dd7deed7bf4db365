"""The clock's door of leaving: nothing of who has left stands in a file of the house."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from flask import current_app

from app.accounts.leaving.idle import warn_idle
from app.config import Settings
from app.core import jobs
from app.core.clock import now
from app.core.db import transaction, truncate_journal
from app.core.offload import offload
from app.core.sealed import unseal

SOON = timedelta(minutes=1)


@jobs.every("leaving:warn-idle", minutes=24 * 60)
def warn() -> None:
    """Who has not come for eleven months is told."""
    warn_idle()


@jobs.handler("leaving:outbox")
def empty_outbox(payload: dict[str, Any]) -> None:
    """A house without a mail server keeps its mails in a folder: those to the person go too."""
    address = unseal(payload["sealed"])
    settings: Settings = current_app.extensions["settings"]
    if address:
        offload(lambda: _unlink_mails(settings.instance / "outbox", address.lower()))


def _unlink_mails(folder: Path, address: str) -> None:
    for path in folder.glob("*.eml"):
        if str(message_from_bytes(path.read_bytes(), policy=default)["To"]).lower() == address:
            path.unlink(missing_ok=True)


@jobs.handler("leaving:wipe")
def wipe(payload: dict[str, Any]) -> None:
    """Once every club shows it: no byte of what was erased stays in the journal of the database's file."""
    if not truncate_journal():
        with transaction():
            jobs.enqueue("leaving:wipe", payload, now() + SOON)
