"""The clock's door of calendars that are brought: they go with the last of their closures."""

from sqlalchemy import select

from app.core.retention import by_key
from app.rooms.imports.models import ImportedClosure, RoomImport
from app.rooms.jobs import PAST

by_key(
    "rooms:imports", ("room_import", "imported_closure"), PAST, RoomImport.id,
    lambda moment: select(RoomImport.id).where(
        RoomImport.made_at < PAST.before(moment),
        ~select(ImportedClosure.closure_id).where(ImportedClosure.import_id == RoomImport.id).exists(),
    ),
)  # fmt: skip
