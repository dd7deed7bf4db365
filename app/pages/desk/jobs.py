"""The clock's door of the desk: once a day, sizes in bands and cues."""

from app.core.jobs import every
from app.core.retention import stays
from app.pages.desk.cues import look_at_clubs
from app.pages.desk.sizes import measure_clubs


@every("desk:look_at_clubs", minutes=24 * 60)
def once_a_day() -> None:
    """Sizes first: whether the team sees a cue depends on them."""
    measure_clubs()
    look_at_clubs()


stays(("club_size", "club_cue"), "a band and a yes or no for each club, written anew every day")
