"""Reads of the first opening: is it still to come, and how far has this browser come?"""

from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.core.sealed import keyed_hash
from app.houses.models import House
from app.houses.setup.models import SetupCode

ORDER = ("house", "hours", "rooms", "you")


def is_empty() -> bool:
    """Is there no house yet?"""
    return db.session.scalar(select(House.id).limit(1)) is None


def steps_of(mark: str) -> dict[str, Any] | None:
    """What this browser has said so far; None for one that has brought no code."""
    code = code_of(mark)
    return code.steps if code else None


def code_of(mark: str) -> SetupCode | None:
    """The code that this browser has brought."""
    if not mark:
        return None
    return db.session.scalars(select(SetupCode).where(SetupCode.browser_hash == browser_key(mark))).first()


def next_step(steps: dict[str, Any] | None) -> str:
    """The first step that is not done."""
    done = steps or {}
    return next((step for step in ORDER if not done.get(step)), "you")


def browser_key(mark: str) -> str:
    return keyed_hash("setup-browser", mark)


def code_key(code: str) -> str:
    """A code is known by this, in whatever case and with whatever spaces it was typed."""
    return keyed_hash("setup-code", "".join(c for c in code.upper() if c.isalnum()))
