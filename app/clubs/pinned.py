"""What stands in a club for every member, whatever anybody wants: the floors above say it, nothing takes it away."""

from collections.abc import Callable
from dataclasses import dataclass

from app.clubs.models import Club


@dataclass(frozen=True)
class Pinned:
    """lines: in sentences. reader: who else reads what one writes; empty when nobody does any more.

    kind, icon: of the note · link, href: where one reads on; the club's journal, if nothing is said.
    """

    lines: list[str]
    reader: str = ""
    kind: str = "brick"
    icon: str = "eye"
    link: str = ""
    href: str = ""


pinned: list[Callable[[Club], list[Pinned]]] = []


def pinned_in(club: Club) -> list[Pinned]:
    """Everything pinned in a club now; the caller has proved to be in it."""
    return [one for ask in pinned for one in ask(club)]
