"""The clock's door of the shelf: nothing there ends by itself, a check ends what people told."""

from app.core.retention import stays
from app.houses.shelf import waiting as waiting

stays("shelf_item", "it is the house's own words, until its team hides or changes them; nothing says who proposed it")
stays("dead_link", "a hash that nobody can read; it goes when the team checks the link, or with it")
