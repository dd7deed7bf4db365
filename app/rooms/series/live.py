"""What the club's log says of exchanges: an id alone; what it is, the leads read on their page."""

from collections.abc import Sequence

from app.clubs.live import Shown, renders
from app.clubs.models import Club


@renders("swap:asked", "swap:ended")
def _swap(_club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {swap_id: Shown({"swap": swap_id}) for swap_id in ids}
