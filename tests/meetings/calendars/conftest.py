"""Calendars stand in the rooms of the tests of rooms."""

from tests.rooms.conftest import claimed, monday, places, slot_id

__all__ = ["claimed", "monday", "places", "slot_id"]
