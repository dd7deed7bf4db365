"""Where a screen may hang beside the hall. The floor that has the rooms tells it (``walls.append``)."""

from collections.abc import Sequence
from typing import Protocol

from app.houses.models import House


class Wall(Protocol):
    """A kind of place. page: the endpoint of the one page that a screen there opens, by GET alone."""

    page: str

    def choices(self, house: House) -> list[tuple[str, str]]:
        """The places of a house: ``(id, name)``."""

    def names(self, device_ids: Sequence[str]) -> dict[str, str]:
        """Which of these screens hang there, and at which place."""

    def hang(self, device_id: str, place: str) -> None:
        """A screen was paired for a place: note it, in the present transaction."""


walls: list[Wall] = []


def places_in(house: House) -> list[tuple[str, str]]:
    """Every place beside the hall."""
    return [choice for wall in walls for choice in wall.choices(house)]


def names_of(device_ids: Sequence[str]) -> dict[str, str]:
    """Where some screens hang; those in the hall are left out."""
    return {device: name for wall in walls for device, name in wall.names(device_ids).items()}


def page_of(device_id: str) -> str:
    """The one page that a screen opens; empty for a kiosk in the hall."""
    return next((wall.page for wall in walls if wall.names([device_id])), "")


def hang(device_id: str, house: House, place: str) -> None:
    """A screen hangs at a place of the house from now on."""
    for wall in walls:
        if place in dict(wall.choices(house)):
            wall.hang(device_id, place)
