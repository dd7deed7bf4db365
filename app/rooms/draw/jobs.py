"""The clock's door of draws: the next one is there a week before it closes, and is drawn when it does."""

from typing import Any

from sqlalchemy import select

from app.core import jobs
from app.core.retention import Lasting, by_key
from app.rooms.draw.actions import hold_draw, let_draw_go, open_draws
from app.rooms.draw.models import ClubSplit, Draw, SplitWord

PAST = Lasting(months=12)
OVER = Lasting(days=1)

by_key(
    "draw:past", ("draw", "draw_bid"), PAST, Draw.id,
    lambda moment: select(Draw.id).where(Draw.closes_at < PAST.before(moment)),
)  # fmt: skip
by_key(
    "draw:splits", ("club_split",), OVER, ClubSplit.club_id,
    lambda moment: select(ClubSplit.club_id).where(ClubSplit.until < OVER.before(moment)),
)  # fmt: skip
by_key(
    "draw:split-words", ("split_word",), OVER, SplitWord.club_id,
    lambda moment: select(SplitWord.club_id).where(SplitWord.until < OVER.before(moment)),
)  # fmt: skip


@jobs.every("draw:open", minutes=10)
def open_next() -> None:
    """A house with scarce slots has its next draw."""
    open_draws()


@jobs.handler("draw:hold")
def hold(payload: dict[str, Any]) -> None:
    """Wishes are closed: draw."""
    hold_draw(payload["draw"])


@jobs.when_dropped("draw:hold")
def let_go(payload: dict[str, Any]) -> None:
    """It cannot be drawn any more: who books first has the slots."""
    let_draw_go(payload["draw"])
