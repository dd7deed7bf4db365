"""The clock's door of paths: what a club said of its session goes with the session."""

from app.core.retention import stays
from app.meetings.paths import leaving as leaving

stays(
    ("session_path", "review_line", "session_goal", "session_seat"),
    "it goes with its session, a year after the last meeting",
)
