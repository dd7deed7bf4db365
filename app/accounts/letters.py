"""A mail as it leaves (RFC 5322): plain text, and the same words as simple HTML."""

import re
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from app.config import Settings
from app.core.clock import now, to_the_minute
from app.web.reading import RTL

ADDRESS = re.compile(r"https?://\S+")


def compose(mail: dict[str, Any], settings: Settings) -> EmailMessage:
    """The message; its clock shows the minute, as everywhere."""
    host = "localhost" if settings.loopback else urlsplit(settings.base_url).hostname or "localhost"
    message = EmailMessage()
    message["Subject"] = mail["subject"]
    message["From"] = formataddr((mail["from"], f"ne-pas-repondre@{host}"))
    message["To"] = mail["to"]
    message["Date"] = format_datetime(to_the_minute(now()))
    # Our own: the library's would carry the hundredth of a second, and be another one at the next try.
    message["Message-ID"] = f"<{mail['id']}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail["stop"]:
        # RFC 8058: one click in the reader's mail program is enough.
        message["List-Unsubscribe"] = f"<{mail['stop']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # A file of the outbox is read by people; mail servers prefer plain seven-bit lines.
    cte = "quoted-printable" if settings.smtp_url else "8bit"
    message.set_content(mail["text"], cte=cte)
    message.add_alternative(as_html(mail["subject"], mail["text"], mail["lang"]), subtype="html", cte=cte)
    message["Content-Language"] = mail["lang"]
    return message


def as_html(subject: str, text: str, lang: str) -> str:
    """The same words as HTML: a blank line parts paragraphs, an address becomes a link."""
    paragraphs = [[_pieces(line.strip()) for line in part.splitlines()] for part in text.strip().split("\n\n") if part]
    direction = "rtl" if lang in RTL else "ltr"
    template = current_app.jinja_env.get_template("email/base.html")
    return template.render(subject=subject, paragraphs=paragraphs, lang=lang, direction=direction)


def _pieces(line: str) -> list[tuple[str, bool]]:
    """The line in pieces, each with whether it is an address."""
    found: list[tuple[str, bool]] = []
    at = 0
    for match in ADDRESS.finditer(line):
        found += [(line[at : match.start()], False), (match[0], True)]
        at = match.end()
    return [piece for piece in (*found, (line[at:], False)) if piece[0]]
