"""What is sent to people: one mail at a time, by a job, sealed until it leaves. A mail names no club.

Here a mail is written; ``mail_choices`` says who wants what and when, ``letters`` and ``postman`` make it leave.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _

from app.accounts.addresses import Address, opened
from app.accounts.mail_choices import choice_of, stop_link
from app.accounts.models import Account
from app.config import Settings
from app.core import jobs
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id
from app.core.sealed import keyed_hash, seal
from app.web.reading import RTL


@dataclass
class Letterhead:
    """Whose name stands under a mail: set by the houses."""

    name: Callable[[], str] = lambda: "Pépinière"


letterhead = Letterhead()


def has_mail() -> bool:
    """Does this house write to people at all? Where ``MAIL`` is off, people come in with cards and passwords."""
    settings: Settings = current_app.extensions["settings"]
    return not settings.mail_off


def send_mail(
    address: Address,
    subject: str,
    text: str,
    *,
    until: datetime | None = None,
    run_at: datetime | None = None,
    key: str | None = None,
    about: tuple[str, str] | None = None,
    stop: str = "",
) -> None:
    """Send a mail once the present transaction is durable, in the present language.

    until: when it is of no use any more. run_at: when it may leave. key: one of this key waits at a time.
    about, stop: the account and the kind of mail, asked again when it leaves, and the address that stops it.
    In a house without mail nothing is written.
    """
    if not has_mail():
        return
    mail = {
        # Made once: whoever gets it twice (a server that died in between) can tell that it is the same.
        "id": new_id(),
        "to": address.text,
        "from": letterhead.name(),
        "subject": subject,
        "text": text,
        "lang": str(get_locale() or current_app.config["DEFAULT_LOCALE"])[:2],
        "until": until.isoformat() if until else "",
        "about": about,
        "stop": stop,
    }
    jobs.enqueue("mail:send", {"sealed": seal(json.dumps(mail))}, run_at, key=key)


def notify(
    account_id: str,
    kind: str,
    subject: Any,
    template: str,
    *,
    path: str,
    until: datetime | None = None,
    delay: timedelta = timedelta(0),
    once: bool = False,
    **values: Any,
) -> bool:
    """Write to a person in the language they read, once the present transaction is durable.

    kind: what it is, by which they may stop it (a key of ``mail_choices.KINDS``).
    subject: lazy words. template: ``email/<template>.txt``, which is given ``link``, the address of ``path`` here, and
    the values. until: when it is of no use any more. delay: how long it waits for more of its kind. once: while one
    of this kind waits for them, no second one is made. Returns whether they are written to: not who has no address,
    nor who wants no such mail. In quiet hours it waits for their end.
    """
    if not has_mail():
        return False
    account = db.session.get(Account, account_id)
    address = opened(account.email_sealed) if account else None
    choice = choice_of(account_id)
    if account is None or address is None or kind in choice.stopped:
        return False
    run_at = choice.leaves_at(now() + delay)
    key = keyed_hash("one-mail", f"{account_id} {kind}") if once else None
    house_name, stop = letterhead.name(), stop_link(account_id, kind)
    with in_the_language_of(account):
        known = {"house_name": house_name, "link": f"{current_app.config['BASE_URL']}{path}"}
        body = written(template, **known, **values).rstrip().removesuffix(house_name).rstrip()
        text = written("end", body=body, stop_link=stop, house_name=house_name)
        send_mail(address, str(subject), text, until=until, run_at=run_at, key=key, about=(account_id, kind), stop=stop)
    return True


@contextmanager
def in_the_language_of(account: Account) -> Iterator[None]:
    """Words are those of the language that a person last read in, else of the house."""
    with force_locale(account.locale or str(current_app.config["DEFAULT_LOCALE"])):
        yield


def written(template: str, **values: Any) -> str:
    """A plain text. Not ``render_template``: what pages know of their reader is not asked here, nor there by a job."""
    return current_app.jinja_env.get_template(f"email/{template}.txt").render(**values)


def code_mail(code: str) -> tuple[str, str]:
    """Subject and text of the mail that brings a code, in the language of who asks."""
    # An ordinary space would let a text from right to left swap the two halves.
    space = "\u00a0" if str(get_locale() or "")[:2] in RTL else " "
    text = written("code", code=f"{code[:3]}{space}{code[3:]}", house_name=letterhead.name())
    return _("Votre code"), text


def address_changed_mail() -> tuple[str, str]:
    """Subject and text of the mail to an address that opens nothing any more."""
    return _("Votre adresse a changé"), written("address_changed", house_name=letterhead.name())
