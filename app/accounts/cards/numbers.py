"""The number of a card: seven random digits and one that checks them. It tells nothing, not even a count."""

import secrets

from flask_babel import lazy_gettext as _l

from app.core.errors import Invalid
from app.core.plain_text import typed_digits

LENGTH = 8


def new_number() -> str:
    """A number nobody can guess from another."""
    drawn = f"{secrets.randbelow(10 ** (LENGTH - 1)):0{LENGTH - 1}d}"
    return drawn + check_digit(drawn)


def check_digit(digits: str) -> str:
    """ISO/IEC 7064, MOD 11,10: it finds every digit that was mistyped, and nearly every two that changed places."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def read_number(text: str) -> str:
    """What was typed, in any script, with spaces or hyphens or none. Raises Invalid for what is no number of a card.

    It asks nothing of the database: a mistyped digit costs no try, and tells nothing of who has a card.
    """
    number = typed_digits(text, LENGTH)
    if number is None:
        raise Invalid("card_invalid", _l("Le numéro a 8 chiffres. Écrivez-les tous."), field="card")
    if check_digit(number[:-1]) != number[-1]:
        raise Invalid("card_mistyped", _l("Ce numéro n’est pas juste. Regardez chaque chiffre."), field="card")
    return number


def in_groups(number: str) -> str:
    """``1234 5678``."""
    return f"{number[:4]} {number[4:]}"
