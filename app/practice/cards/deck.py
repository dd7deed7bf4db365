"""The cards, from a data file that says who wrote them and when. In French: the language of the interview."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.core.errors import NotFound
from app.houses.trades import TRADES

FILE = Path(__file__).resolve().parents[2] / "data" / "interview_cards.toml"


@dataclass(frozen=True)
class Deck:
    """The questions of one trade. source: who wrote them, and on which day."""

    trade: str
    questions: tuple[str, ...]
    source: str

    @property
    def words(self) -> Any:
        return TRADES[self.trade]


def deck_of(trade: str) -> Deck:
    """Raises NotFound."""
    found = _decks().get(trade)
    if found is None:
        raise NotFound()
    return found


@cache
def _decks() -> dict[str, Deck]:
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {trade: Deck(trade, tuple(each["questions"]), each["source"]) for trade, each in told["trade"].items()}
