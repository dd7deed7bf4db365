"""What is sent to people: one mail at a time, by a job, sealed until it leaves. A mail names no club."""

import json
import os
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from flask_babel import gettext as _

from app.accounts.addresses import Address
from app.config import Settings
from app.core import jobs
from app.core.clock import now, to_the_minute
from app.core.ids import new_id
from app.core.offload import offload
from app.core.sealed import seal, unseal

PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
SMTP_SECONDS = 20


@dataclass
class Letterhead:
    """Whose name stands under a mail: set by the houses."""

    name: Callable[[], str] = lambda: "Pépinière"


letterhead = Letterhead()


def send_mail(address: Address, subject: str, text: str) -> None:
    """Send a mail once the present transaction is durable."""
    mail = {"to": address.text, "from": letterhead.name(), "subject": subject, "text": text}
    jobs.enqueue("mail:send", {"sealed": seal(json.dumps(mail))})


def code_mail(code: str) -> tuple[str, str]:
    """Subject and text of the mail that brings a code, in the language of who asks."""
    text = render_template("email/code.txt", code=f"{code[:3]} {code[3:]}", house_name=letterhead.name())
    return _("Votre code"), text


def address_changed_mail() -> tuple[str, str]:
    """Subject and text of the mail to an address that opens nothing any more."""
    return _("Votre adresse a changé"), render_template("email/address_changed.txt", house_name=letterhead.name())


@jobs.handler("mail:send")
def deliver(payload: dict[str, Any]) -> None:
    """Hand a mail over: to the mail server, or to the outbox folder on one's own machine."""
    opened = unseal(payload["sealed"])
    if opened is None:
        return  # sealed by a house that had another key: nobody can read it any more
    settings: Settings = current_app.extensions["settings"]
    message = compose(json.loads(opened), settings)
    if settings.smtp_url:
        offload(lambda: _hand_over(message, settings.smtp_url))
    else:
        offload(lambda: _keep(message, settings.instance / "outbox"))


def compose(mail: dict[str, str], settings: Settings) -> EmailMessage:
    """The message of RFC 5322; its clock shows the minute, as everywhere."""
    host = "localhost" if settings.loopback else urlsplit(settings.base_url).hostname or "localhost"
    message = EmailMessage()
    message["Subject"] = mail["subject"]
    message["From"] = formataddr((mail["from"], f"ne-pas-repondre@{host}"))
    message["To"] = mail["to"]
    message["Date"] = format_datetime(to_the_minute(now()))
    # Our own: the library's would carry the hundredth of a second.
    message["Message-ID"] = f"<{new_id()}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    # A file of the outbox is read by people; mail servers prefer plain seven-bit lines.
    message.set_content(mail["text"], cte="quoted-printable" if settings.smtp_url else "8bit")
    return message


def _hand_over(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    port = parts.port or PORTS[parts.scheme]
    trust = ssl.create_default_context()
    host = str(parts.hostname)
    server = (
        smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=trust)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
    )
    with server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=trust)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _keep(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{now():%Y%m%d-%H%M%S-%f}-{new_id()[:6]}"
    part, whole = folder / f".{name}.part", folder / f"{name}.eml"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(message.as_bytes())
    part.replace(whole)
