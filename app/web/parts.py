"""A piece of a page that a feature on a higher floor puts there."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Part:
    """A template that finds its values under ``part``.

    waiting: how many things it asks for · beside: it stands beside the rest, where the page has room for that.
    """

    template: str
    part: dict[str, Any] = field(default_factory=dict)
    waiting: int = 0
    beside: bool = False
