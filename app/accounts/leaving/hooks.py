"""What the floors above have to do, and to say, when somebody leaves for good."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from app.core.actor import Actor

Messages = Literal["blank", "keep"]


@dataclass(frozen=True)
class Farewell:
    """What leaving means in one place, in plain words. alarm: is it worth a second thought?"""

    icon: str
    text: Any
    alarm: bool = False


# Raises DomainError for who must hand something over first.
holds: list[Callable[[Actor], None]] = []
# ``(account_id, messages, at_once)``: let a person part from what others see of them, in the present transaction.
# Gives the moment by which all of it is done.
partings: list[Callable[[str, Messages, bool], datetime]] = []
# What is said before, on the page where one chooses.
farewells: list[Callable[[Actor], list[Farewell]]] = []
