"""The row of a card on the page of one's own account, and what is said of it to who comes in; for who has one."""

from flask_babel import gettext as _

from app.accounts.cards.queries import card_for, printed_again
from app.core.actor import Actor
from app.web.filters import day_long
from app.web.parts import Part


def card_row(actor: Actor) -> Part | None:
    """Whether the card works, and the button that blocks it."""
    card = card_for(actor)
    if card is None:
        return None
    told = {"blocked": card.blocked_at is not None, "locked": card.tries_left < 1, "printed": card.printed_at}
    return Part("cards/_row.html", told)


def was_printed_again(account_id: str) -> str | None:
    """The desk cannot know who asked for new words: the person does."""
    moment = printed_again(account_id)
    if moment is None:
        return None
    said = _("L’accueil a imprimé votre carte de nouveau le %(day)s.", day=day_long(moment))
    return f"{said} {_('Ce n’était pas vous ? Bloquez-la dans « Mon compte », et dites-le à la maison.')}"
