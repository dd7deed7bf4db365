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

    def mails(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails() if mail["To"] == address]

    def code_for(self, address: str) -> str:
        """The six digits of the last mail to an address."""
        text = self.to(address)[-1].get_content()
        return "".join(re.findall(r"\b(\d{3})[ \u00a0\u202f]?(\d{3})\b", text)[0])

    def empty(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink()
