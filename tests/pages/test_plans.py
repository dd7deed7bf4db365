"""What grows with the years is found by an index: no page reads the whole of such a table.

SQLite reads in C, so that a long read stops every socket of the process.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from app.core.db import db
from tests.support.cast import Cast
from tests.support.queries import heard

SMALL = frozenset({"house", "club", "room", "opening_window", "closure", "meeting_session", "staff_post", "clock_job"})
SCAN = re.compile(r"SCAN ([a-z_]+?)(?:_\d+)?(?: USING .*)?")


@contextmanager
def asked(app: Flask) -> Iterator[set[tuple[str, tuple[Any, ...]]]]:
    """The reads of a block, with their values."""
    seen: set[tuple[str, tuple[Any, ...]]] = set()

    def note(statement: str, values: tuple[Any, ...]) -> None:
        if statement.startswith("SELECT"):
            seen.add((statement, values))

    with heard(app, note):
        yield seen


def read_whole(app: Flask, reads: set[tuple[str, tuple[Any, ...]]]) -> set[str]:
    """The tables that these reads go through from one end to the other."""
    with app.app_context(), db.engine.connect() as connection:
        steps = [
            step[3]
            for statement, values in reads
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    return {found[1] for step in steps if (found := SCAN.fullmatch(step))} & set(db.metadata.tables)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_page_reads_the_whole_of_what_grows(
    app: Flask, client_of: Any, api_of: Any, visitor: Any, cast: Cast, talk: Any, meet: Any
) -> None:
    thread, claim = talk(cast.bruno, "tilleul", "Mardi"), meet("tilleul", "Relire son CV", public=True)
    with asked(app) as reads:
        for path in ("/", "/clubs", "/clubs/tilleul", "/houses/canal/slots", f"/meetings/{claim}"):
            for client in (visitor, client_of(cast.bruno), client_of(cast.denis)):
                assert client.get(path, follow_redirects=True).status_code == 200
        for path in ("/agenda", "/account", f"/threads/{thread}", "/clubs/tilleul/members", f"/claims/{claim}"):
            assert client_of(cast.bruno).get(path).status_code == 200
        for path in ("/me", "/tokens", "/clubs", "/clubs/tilleul/members", "/clubs/tilleul/threads"):
            assert api_of(cast.bruno).get(path).status_code == 200
        for path in (f"/threads/{thread}/messages", "/clubs/tilleul/changes?since=0"):
            assert api_of(cast.bruno).get(path).status_code == 200
    assert len(reads) > 60
    whole = read_whole(app, reads)
    assert "house" in whole
    assert whole - SMALL == set()
