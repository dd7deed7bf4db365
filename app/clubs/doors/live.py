"""What the club's log says of its door, read when it is sent."""

from collections.abc import Sequence

from app.clubs.live import Shown, renders
from app.clubs.models import Club


@renders("club:door")
def _door(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {club_id: Shown({"door": club.door}) for club_id in ids}
