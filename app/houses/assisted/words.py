"""Acts of an assisted session: which request is which, and how the receipt says it. No word names a club."""

from typing import Any

from flask_babel import lazy_gettext as _l

WORDS: dict[str, Any] = {
    "joined": _l("Vous êtes entré dans un club, ou vous l’avez demandé."),
    "left": _l("Vous avez quitté un club, ou repris votre demande."),
    "renamed": _l("Vous avez changé votre nom dans un club."),
    "wrote": _l("Vous avez écrit un message."),
    "changed_message": _l("Vous avez changé ou retiré un message."),
    "reacted": _l("Vous avez répondu par un mot."),
    "rehearsed": _l("Vous avez préparé un entretien, ou offert d’écouter."),
    "answered": _l("Vous avez dit si vous venez à une rencontre."),
    "reported": _l("Vous avez signalé un message."),
    "founded": _l("Vous avez préparé ou soutenu un nouveau club."),
    "advice": _l("Vous avez réservé ou annulé un rendez-vous."),
    "room": _l("Vous avez réservé ou rendu une salle."),
    "account": _l("Vous avez changé quelque chose sur votre compte."),
    "other": _l("Vous avez fait autre chose."),
}
# By the endpoint, or by its first word and a star.
KINDS = {
    "clubs.join_club": "joined",
    "invitations.accept_invitation": "joined",
    "clubs_api.join_club": "joined",
    "clubs.leave_club": "left",
    "clubs.withdraw_request": "left",
    "clubs_api.leave_club": "left",
    "clubs.rename": "renamed",
    "messaging.open_thread": "wrote",
    "messaging.post_message": "wrote",
    "messaging_api.open_thread": "wrote",
    "messaging_api.post_message": "wrote",
    "message:post": "wrote",
    "messaging.edit_message": "changed_message",
    "messaging.withdraw_message": "changed_message",
    "messaging_api.edit_message": "changed_message",
    "messaging_api.withdraw_message": "changed_message",
    "messaging.react": "reacted",
    "messaging.unreact": "reacted",
    "messaging_api.react": "reacted",
    "messaging_api.unreact": "reacted",
    "meetings.answer_meeting": "answered",
    "reports.report_message": "reported",
    "reports.report_danger": "reported",
    "reports_api.report_message": "reported",
    "advice.*": "advice",
    "founding.*": "founded",
    "practice.*": "rehearsed",
    "practice_grids.*": "rehearsed",
    "rooms.*": "room",
    "rooms_api.*": "room",
    "accounts.*": "account",
    "accounts_api.*": "account",
    "cards.*": "account",
    "mails.*": "account",
    "proofs.*": "account",
}
# What is no act of the person: how the page is read, that somebody is there, the session itself.
NO_ACTS = frozenset({
    "accounts.stay", "accounts.leave", "accounts.sign_out", "accounts.sign_out_everywhere", "reading.choose_reading",
    "assisted.begin", "assisted.end", "assisted.close", "assisted.cancel", "invitations.open_invitation",
})  # fmt: skip
# The only event of a socket that writes.
EVENTS = frozenset({"message:post"})


def kind_of(endpoint: str) -> str:
    """What a write was, as the receipt says it; empty for what is no act."""
    if endpoint in NO_ACTS:
        return ""
    return KINDS.get(endpoint) or KINDS.get(f"{endpoint.partition('.')[0]}.*") or "other"
