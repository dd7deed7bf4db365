"""Budgets of coming in: the place's first, then the account's, so that who is already refused harms nobody else.

A browser that has come in to an account before brings a mark, and has budgets of its own: strangers cannot lock it
out. What they try at an account from other browsers stays within narrow windows, the same for unknown addresses.
"""

import hmac
import ipaddress
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from flask import current_app
from flask_babel import lazy_gettext as _l

from app.accounts.passwords import verify_password
from app.config import Settings
from app.core.errors import TooMany
from app.core.ids import new_secret
from app.core.limits import SIGN_IN_ACCOUNT, SIGN_IN_ADDRESS, Window, give_back, spend
from app.core.sealed import keyed_hash

HOUSE_FACTOR = 20
HOUSE_BUDGET = replace(SIGN_IN_ADDRESS, amount=SIGN_IN_ADDRESS.amount * HOUSE_FACTOR)
DAY = 24 * 60
# Who is patient has thousands of ten minutes in a month.
WIDE = (Window("wrong-day", 30, DAY), Window("wrong-month", 100, 30 * DAY))
# New codes give new tries: these bound them all together.
ENTRIES = (Window("code-entry", 15, 60), *WIDE)
MAILS = Window("mails", 20, DAY)
# Wrong cards, all cards together: one purse for the house (its networks and its paired devices), one for everywhere
# else, so that strangers at home cannot use up what the people at the desk have. What was right does not count.
CARDS = Window("cards", 40, 60)
# One place cannot use up all the mails of somebody else.
MAILS_OF_PLACE = Window("mails-of-place", 10, DAY)

Budget = tuple[Window, str]


class Guessed(TooMany):
    """Somebody has tried this address for hours: waiting is no way in, so the page says another."""

    advice = True


@dataclass(frozen=True)
class Asker:
    """Who tries to come in: from which network address, with which mark of an earlier time, on which paired device."""

    ip: str
    mark: str = ""
    device: str = ""

    def known_to(self, address_key: str) -> str:
        """A name for this browser if it has come in to the account of this address before, else nothing."""
        number, _, proof = self.mark[:200].partition(".")
        if not self.mark.isascii() or not hmac.compare_digest(
            proof.encode("ascii"), _proof(number, address_key).encode()
        ):
            return ""
        return number


@dataclass
class Try:
    """One try: it counts as wrong until it proves right. ``slowed`` is what it would be refused with."""

    spent: list[Budget] = field(default_factory=list)
    slowed: TooMany | None = None

    def spend(self, *budgets: Budget) -> None:
        """All of these budgets or none. Raises TooMany."""
        taken: list[Budget] = []
        try:
            for each in budgets:
                spend(*each)
                taken.append(each)
        except TooMany:
            _give_back(taken)
            raise
        self.spent += taken

    def was_right(self) -> None:
        """It was no wrong try: it does not count."""
        _give_back(self.spent)


def new_mark(address_key: str) -> str:
    """What a browser keeps to be known to this account again; it tells nobody which account that is."""
    number = new_secret()
    return f"{number}.{_proof(number, address_key)}"


def _proof(number: str, address_key: str) -> str:
    return keyed_hash("known-browser", f"{number}:{address_key}")


def _give_back(budgets: Sequence[Budget]) -> None:
    for each in budgets:
        give_back(*each)


def place_budget(asker: Asker) -> Budget:
    """The budget of the place that asks: a device of the house, an IPv4 address, an IPv6 network of one home."""
    if asker.device:
        return HOUSE_BUDGET, f"device:{asker.device}"
    return _network_budget(asker.ip)


def _network_budget(ip: str) -> Budget:
    settings: Settings = current_app.extensions["settings"]
    try:
        known = ipaddress.ip_address(ip)
    except ValueError:
        return SIGN_IN_ADDRESS, ip
    if isinstance(known, ipaddress.IPv6Address):
        # How a server that listens on both sees IPv4.
        known = known.ipv4_mapped or known
    if any(known in ipaddress.ip_network(each) for each in settings.house_networks):
        return HOUSE_BUDGET, str(known)
    home = ipaddress.ip_network((known, 64), strict=False) if known.version == 6 else known
    return SIGN_IN_ADDRESS, str(home)


def try_password(address_key: str, asker: Asker) -> Try:
    """Begin a try of a password. Raises TooMany."""
    attempt = Try()
    attempt.spend(place_budget(asker))
    try:
        _charge(attempt, (SIGN_IN_ACCOUNT, *WIDE), f"password:{address_key}", asker.known_to(address_key))
    except TooMany as error:
        if error.retry_after > SIGN_IN_ACCOUNT.minutes * 60:
            raise Guessed(error.retry_after, _l("Trop d’essais pour cette adresse. Demandez un code."))
        raise
    return attempt


def try_code(address_key: str, asker: Asker) -> Try:
    """Begin a try of a code. Raises TooMany for the place alone; for the account it is said in ``slowed``."""
    attempt = Try()
    attempt.spend(place_budget(asker))
    try:
        _charge(attempt, ENTRIES, f"entry:{address_key}", asker.known_to(address_key))
    except TooMany as error:
        words = _l("Trop d’essais pour cette adresse. Demandez un autre code.")
        attempt.slowed = Guessed(error.retry_after, words)
    return attempt


def try_card(card_key: str, asker: Asker) -> Try:
    """Begin a try of a card; a browser that has come in with it before has a purse of its own. Raises TooMany."""
    attempt, place = Try(), place_budget(asker)
    browser = asker.known_to(card_key)
    purse = browser or ("house" if place[0] is HOUSE_BUDGET else "elsewhere")
    attempt.spend(place, (CARDS, purse))
    return attempt


def try_number(account_key: str, asker: Asker) -> Try:
    """Begin a try of a one-time number or a rescue code, by who has taken the first step. Raises TooMany."""
    attempt = Try()
    attempt.spend(place_budget(asker))
    try:
        _charge(attempt, (SIGN_IN_ACCOUNT, *WIDE), f"number:{account_key}", asker.known_to(account_key))
    except TooMany:
        _give_back(attempt.spent)
        raise
    return attempt


def _charge(attempt: Try, windows: Sequence[Window], key: str, browser: str) -> None:
    """A known browser is refused by its own budgets only; what it does still counts for the account."""
    shared = [(window, key) for window in windows]
    if not browser:
        attempt.spend(*shared)
        return
    attempt.spend(*[(window, f"{key}:{browser}") for window in windows])
    with suppress(TooMany):
        attempt.spend(*shared)


def knows(account_id: str, stored: str | None, typed: str) -> bool:
    """Does whoever is at the keyboard of somebody who is in know their password, or the words of their card?

    Wrong answers are counted for the account alone, whose way in they do not close. Raises TooMany.
    """
    budget = SIGN_IN_ACCOUNT, f"present:{account_id}"
    spend(*budget)
    right = verify_password(stored, typed)
    if right:
        give_back(*budget)
    return right


def ask_mail(address_key: str, asker: Asker) -> bool:
    """Spend what asking for a code costs; may a mail still go to this address today? Raises TooMany.

    Each place has its own five: asking guesses nothing, and what a stranger asks elsewhere must keep nobody out.
    """
    attempt = Try()
    attempt.spend(place_budget(asker), _asking(address_key, asker))
    try:
        attempt.spend(*_mails(address_key, asker))
    except TooMany:
        return False
    return True


def _asking(address_key: str, asker: Asker) -> Budget:
    asked_by = asker.known_to(address_key) or place_budget(asker)[1]
    return SIGN_IN_ACCOUNT, f"code:{address_key}:{asked_by}"


def _mails(address_key: str, asker: Asker) -> list[Budget]:
    browser = asker.known_to(address_key)
    if browser:
        return [(MAILS, f"{address_key}:{browser}")]
    return [(MAILS, address_key), (MAILS_OF_PLACE, f"{address_key}:{place_budget(asker)[1]}")]


def give_mail_back(address_key: str, asker: Asker) -> None:
    """The code that was asked for has been used: asking for it does not count either."""
    _give_back([place_budget(asker), _asking(address_key, asker), *_mails(address_key, asker)])
