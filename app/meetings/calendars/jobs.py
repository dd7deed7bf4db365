"""The clock's door of calendars: nothing ends there by itself."""

from app.core.retention import stays
from app.meetings.calendars import leaving as leaving

stays("calendar_key", "the person ends it, or it goes with the account")
