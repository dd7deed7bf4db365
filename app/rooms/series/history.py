"""What became of a claim, as rows: written in the transaction of the act, read by the club alone."""

from dataclasses import dataclass
from datetime import datetime

from app.clubs.models import Membership
from app.core.clock import now
from app.core.db import db
from app.rooms.models import Claim
from app.rooms.series.models import ClaimEvent

Place = tuple[datetime, str]


@dataclass(frozen=True)
class Desk:
    """The team, at the request of the club."""


DESK = Desk()
# By whom: a lead of the club, the team for it; None for the house and its clock.
By = Membership | Desk | None


def lead_id(by: By) -> str | None:
    """The membership that is kept with what was done."""
    return by.id if isinstance(by, Membership) else None


def place_of(claim: Claim) -> Place:
    """When and in which room it stands now."""
    return claim.starts_at, claim.room_id


def remember(
    act: str,
    claim: Claim,
    by: By,
    *,
    was: Place | None = None,
    to: Place | None = None,
    series_id: str | None = None,
) -> None:
    """Add a row in the present transaction."""
    from_at, from_room_id = was or (None, None)
    to_at, to_room_id = to or (None, None)
    db.session.add(
        ClaimEvent(
            claim_id=claim.id, series_id=series_id, act=act, at=now(), by_id=lead_id(by),
            at_desk=by == DESK, from_at=from_at, from_room_id=from_room_id, to_at=to_at, to_room_id=to_room_id,
        )
    )  # fmt: skip
