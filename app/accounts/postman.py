"""How a mail leaves: to the mail server, or as a file of the outbox on one's own machine."""

import contextlib
import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from app.core.clock import now
from app.core.ids import new_id
from app.core.jobs import GiveUp

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
SMTP_SECONDS = 20.0
FOR_GOOD = 500


def hand_over(message: EmailMessage, url: str) -> None:
    """Give a mail to the mail server. Raises GiveUp when it refuses the person or the mail for good (RFC 5321, 5yz)."""
    server = _connect(url)
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        server.close()
        # Its own text holds the address: only the number goes on.
        codes = [int(code) for code, _text in error.recipients.values()]
        raise _refused("SMTPRecipientsRefused", min(codes)) from None
    except smtplib.SMTPDataError as error:
        server.close()
        raise _refused("SMTPDataError", int(error.smtp_code)) from None
    except BaseException:
        server.close()
        raise
    # It was taken: whatever goes wrong with the goodbye, it must not be sent again.
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()


class RefusedForNow(Exception):
    """The mail server asks to come back later."""


def _refused(what: str, code: int) -> Exception:
    return GiveUp(f"{what} {code}") if code >= FOR_GOOD else RefusedForNow()


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    port = parts.port or PORTS[parts.scheme]
    seconds = float(parse_qs(parts.query).get("timeout", [str(SMTP_SECONDS)])[0])
    trust = ssl.create_default_context()
    host = str(parts.hostname)
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=trust)
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=trust)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def keep(message: EmailMessage, folder: Path) -> None:
    """Write a mail into the outbox: whole, or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now():%Y%m%d-%H%M%S-%f}-{new_id()[:6]}"
    part, whole = folder / f".{name}.part", folder / f"{name}.eml"
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(message.as_bytes())
        part.replace(whole)
    except OSError:
        part.unlink(missing_ok=True)
        raise
