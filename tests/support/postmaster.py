"""A real mail server (aiosmtpd) that does what a test asks of it."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Postmaster:
    """What the mail server does with the next mails: ``answers``, one for each, then it takes what comes."""

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = {"RCPT": [], "DATA": []}
        self.taken: list[bytes] = []
        self.dies = False
        # Called once a mail is taken, before that is said.
        self.then: Callable[[], object] = lambda: None

    def _answer(self, command: str, fine: str) -> str:
        waiting = self.answers[command]
        return waiting.pop(0) if waiting else fine

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: Any) -> str:
        answer = self._answer("RCPT", "250 fine")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.dies:
            self.dies = False
            server.transport.abort()
            return "451 never heard"
        answer = self._answer("DATA", "250 taken")
        if answer.startswith("250"):
            self.taken.append(envelope.original_content or b"")
            self.then()
        return answer

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]
