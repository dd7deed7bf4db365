"""The mails that an installation without SMTP writes into its outbox."""

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path


class Mailbox:
    """``instance/outbox``, oldest first."""

    def __init__(self, instance: Path) -> None:
        self.folder = instance / "outbox"

    def _written(self) -> list[bytes]:
        files = sorted(self.folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [path.read_bytes() for path in files]

    def mails(self) -> list[EmailMessage]:
        return [_read(written) for written in self._written()]

    def to(self, address: str) -> list[EmailMessage]:
        # Reading a mail takes long: only those that may be meant are read.
        read = (_read(written) for written in self._written() if address.encode() in written)
        return [mail for mail in read if mail["To"] == address]

    def code_for(self, address: str) -> str:
        """The six digits of the last mail to an address."""
        # The last that brings one: in the evening a summary of the day may have come after it.
        for written in reversed(self._written()):
            mail = _read(written) if address.encode() in written else None
            if mail and mail["To"] == address:
                found = re.search(r"\b(\d{3})[ \u00a0\u202f]?(\d{3})\b", words_of(mail))
                if found:
                    return "".join(found.groups())
        raise LookupError(f"no mail to {address} brings a code")

    def empty(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink()


def _read(written: bytes) -> EmailMessage:
    return email.message_from_bytes(written, policy=email.policy.default)


def end_the_night() -> None:
    """Mails leave at any hour of the day that the tests are run at."""
    from sqlalchemy import update

    from app.core.clock import now
    from app.core.db import db, transaction
    from app.core.models import Job

    with transaction():
        waiting = update(Job).where(Job.kind == "mail:send", Job.tries == 0, Job.run_at > now())
        db.session.execute(waiting.values(run_at=now()))


def words_of(mail: EmailMessage) -> str:
    """The plain words of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
