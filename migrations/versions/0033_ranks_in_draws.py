"""published draws say ranks, and no number by which a label is known again from week to week"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

DRAW = sa.table("draw", sa.column("id", sa.String), sa.column("record", sa.JSON(none_as_null=True)))


def upgrade() -> None:
    for draw_id, record in op.get_bind().execute(sa.select(DRAW.c.id, DRAW.c.record)).all():
        if record and record["format"] == "pepiniere-draw-1":
            op.execute(sa.update(DRAW).where(DRAW.c.id == draw_id).values(record=without_numbers(record)))


def without_numbers(record: dict[str, Any]) -> dict[str, Any]:
    """As the second format says it; the sentences that bear numbers go."""
    facts = [_facts(bid) for bid in record["bids"]]
    bids = [
        {
            "label": bid["label"], "wishes": bid["wishes"], "ranks": _ranks(one, facts), "party": bid["party"],
            "barred": bid["barred"],
        }
        for bid, one in zip(record["bids"], facts, strict=True)
    ]  # fmt: skip
    results = [{name: told for name, told in each.items() if name != "sentence"} for each in record["results"]]
    return record | {"format": "pepiniere-draw-2", "bids": bids, "results": results}


def _facts(bid: dict[str, Any]) -> list[int]:
    waited = 1_000_000 if bid["waited"] is None else bid["waited"]
    return [-bid["streak"] if bid["streak"] >= 2 else 0, bid["minutes"], -waited]


def _ranks(one: list[int], facts: list[list[int]]) -> list[int]:
    return [len({each[n] for each in facts if each[:n] == one[:n] and each[n] < one[n]}) for n in range(3)]


def downgrade() -> None:
    """The numbers are gone for good."""
