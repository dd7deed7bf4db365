"""What the club's log says of how long it keeps things, read when it is sent."""

from collections.abc import Sequence

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.web.api import stamp


@renders("club:keeping")
def _keeping(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    told = {"months": club.keep_months, "next": club.keep_next, "next_at": stamp(club.keep_next_at)}
    return {club_id: Shown(told) for club_id in ids}
