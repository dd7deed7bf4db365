"""Who may propose a club, and who may stand behind one. Pure: what is asked is given."""

from app.core.actor import Actor


def can_found_club(actor: Actor) -> bool:
    """Staff never found clubs: a person who is both has two accounts."""
    return not actor.is_staff


def can_say_yes(actor: Actor) -> bool:
    """Who says yes becomes a member, and staff belong to no club."""
    return not actor.is_staff
