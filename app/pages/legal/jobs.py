"""The clock's door of the legal pages: nothing of them ends by the clock."""

from app.core.retention import stays

stays(("house_text", "house_contact"), "what the house says on its own pages, until it says something else")
