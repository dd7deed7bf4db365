"""The clock's door of rooms: how long a past meeting is kept."""

from sqlalchemy import select

from app.core.retention import Lasting, by_key, stays
from app.rooms.models import Claim, Closure, Hold, MeetingSession
from app.rooms.series.models import ClaimSeries

PAST = Lasting(months=12)
# A hold that has lapsed is in nobody's way; its row goes in the night.
LAPSED = Lasting(days=1)

by_key(
    "rooms:claims", ("claim", "claim_request", "claim_event", "claim_swap", "span"), PAST, Claim.id,
    lambda moment: select(Claim.id).where(Claim.ends_at < PAST.before(moment)),
)  # fmt: skip
by_key(
    "rooms:closures", ("closure", "span"), PAST, Closure.id,
    lambda moment: select(Closure.id).where(Closure.ends_at < PAST.before(moment)),
)  # fmt: skip
by_key(
    "rooms:holds", ("hold",), LAPSED, Hold.id,
    lambda moment: select(Hold.id).where(Hold.until < LAPSED.before(moment)),
)  # fmt: skip
by_key(
    "rooms:series", ("meeting_session",), PAST, MeetingSession.id,
    lambda moment: select(MeetingSession.id).where(
        MeetingSession.granted_at < PAST.before(moment),
        ~select(Claim.id).where(Claim.session_id == MeetingSession.id).exists(),
    ),
)  # fmt: skip
by_key(
    "rooms:repeats", ("claim_series",), PAST, ClaimSeries.id,
    lambda moment: select(ClaimSeries.id).where(
        ClaimSeries.made_at < PAST.before(moment),
        ~select(Claim.id).where(Claim.series_id == ClaimSeries.id).exists(),
    ),
)  # fmt: skip
stays(("room", "opening_window"), "it is the house itself, which its team describes")
