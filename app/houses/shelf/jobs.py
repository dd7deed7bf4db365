"""The clock's door of the shelf: a file that nobody said yes to goes, an answer lasts a month; the rest stays."""

from sqlalchemy import select

from app.core.retention import Lasting, by_key, stays
from app.houses.shelf import waiting as waiting
from app.houses.shelf.files import LOOSE
from app.houses.shelf.models import ShelfFile, ShelfProposal

TOLD = Lasting(days=30)

by_key(
    "shelf:answers", ("shelf_proposal",), TOLD, ShelfProposal.id,
    lambda moment: select(ShelfProposal.id).where(ShelfProposal.answered_on < TOLD.before(moment).date()),
)  # fmt: skip

UNANSWERED = Lasting(days=LOOSE.days)

by_key(
    "shelf:files", ("shelf_file",), UNANSWERED, ShelfFile.id,
    lambda moment: select(ShelfFile.id).where(ShelfFile.loose_since < UNANSWERED.before(moment)),
)  # fmt: skip
stays(
    "shelf_item", "it is the house's own words, until its team hides, changes or erases them; nothing says whose idea"
)
stays("dead_link", "a hash that nobody can read; it goes when the team checks the link, or with it")
