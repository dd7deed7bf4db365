"""Verbs of the desk about cards: print a new one, print one again."""

from flask_babel import lazy_gettext as _l

from app.accounts.cards.actions import Secret, draw_card, make_account, renew_card
from app.accounts.cards.numbers import read_number
from app.core.actor import Actor
from app.core.db import transaction
from app.core.errors import Invalid, NotFound
from app.core.limits import Window, spend
from app.houses.cards.policy import can_print_card
from app.houses.journal import note
from app.houses.queries import first_house_of_staff

# Each is an account, and a line of the journal that stays.
PRINTS = Window("print-card", 40, 60)


def open_printing(actor: Actor) -> None:
    """Raises NotFound for who is not of the team."""
    if not can_print_card(actor):
        raise NotFound()


def print_card(actor: Actor) -> Secret:
    """Make an account that has a card and nothing else; what stands on it is shown once. Raises NotFound, TooMany."""
    open_printing(actor)
    spend(PRINTS, actor.account_id)
    drawn = draw_card()
    with transaction():
        account_id, secret = make_account(drawn)
        note("card:printed", actor, house_id=first_house_of_staff(actor), about_id=account_id)
        return secret


def reprint_card(actor: Actor, typed: str) -> Secret:
    """Print a card again by its number: new words, the old ones open nothing, what they had opened is closed.

    Raises NotFound, Invalid, TooMany.
    """
    open_printing(actor)
    number = read_number(typed)
    spend(PRINTS, actor.account_id)
    drawn = draw_card(number)
    with transaction():
        try:
            account_id = renew_card(drawn)
        except NotFound:
            raise Invalid("no_such_card", _l("Aucune carte n’a ce numéro. Faites-en une nouvelle."), field="card")
        note("card:reprinted", actor, house_id=first_house_of_staff(actor), about_id=account_id)
        return drawn
