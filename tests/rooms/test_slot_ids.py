"""Slot ids: opaque, stable, and only ours are read."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.rooms.slot_ids import read_slot_id, slot_id

START = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
END = START + timedelta(hours=2)
minutes = st.integers(0, 2**31).map(lambda n: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@quick
@given(number=st.integers(1, 2**31), start=minutes, length=st.integers(1, 24 * 60))
def test_an_id_is_read_back(app: Flask, number: int, start: datetime, length: int) -> None:
    end = start + timedelta(minutes=length)
    with app.app_context():
        text = slot_id(number, start, end)
        assert read_slot_id(text) == (number, start, end)
        assert len(text) == 26
        assert text.isalnum()


@quick
@given(text=st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=26, max_size=26) | st.text(max_size=30))
def test_another_text_is_not_read(app: Flask, text: str) -> None:
    with app.app_context():
        assert read_slot_id(text) is None


def test_the_same_slot_always_has_the_same_id_and_a_neighbour_another(context: None) -> None:
    assert slot_id(1, START, END) == slot_id(1, START, END)
    others = {
        slot_id(2, START, END),
        slot_id(1, START, END + timedelta(minutes=1)),
        slot_id(1, START - timedelta(hours=1), END),
    }
    assert len(others | {slot_id(1, START, END)}) == 4


def test_a_changed_letter_is_not_read(context: None) -> None:
    text = slot_id(1, START, END)
    for at in range(26):
        changed = text[:at] + ("a" if text[at] != "a" else "b") + text[at + 1 :]
        assert read_slot_id(changed) is None
