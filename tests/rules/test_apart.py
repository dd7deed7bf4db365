"""PRODUCT 4.2: a curious member of two clubs, who sees all that both show, pairs nobody better than chance.

One matcher at three and a half standard deviations comes up by chance about once in 4,000 times. Who looks joined up is
looked at once more, in a new play with other draws: the same one in both comes up about once in 400,000 runs.
"""

import re
import secrets

import pytest
from flask import Flask

from tests.rules.apart import Play
from tests.rules.pairing import Evidence, beyond_chance, matchers
from tests.support import application, databases
from tests.support.cast import Cast, make_cast

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SURE = 3.5


def played(app: Flask, cast: Cast, *leaks: str) -> Evidence:
    seed = secrets.randbelow(2**32)
    print(f"seed of the play: {seed}")
    return Play(app, cast, seed, frozenset(leaks)).perform()


def joined(found: Evidence) -> set[str]:
    """The matchers that pair people better than chance."""
    known = {name: beyond_chance(likeness, found.truth) for name, likeness in matchers(found).items()}
    for name, (deviations, hits) in sorted(known.items(), key=lambda each: -each[1][0]):
        print(f"{deviations:6.2f} deviations, {hits:2d} of {len(found.truth)} right: {name}")
    assert len(known) > 20
    return {name for name, (deviations, _hits) in known.items() if deviations > SURE}


def test_two_clubs_cannot_be_joined_up(app: Flask, cast: Cast) -> None:
    found = played(app, cast)
    alike = joined(found)
    for seen in (found.first, found.second):
        assert len(seen.heard) > 90
        assert {"membership:ended", "membership:renamed", "message:edited"} <= {
            each["kind"] for _at, each in seen.heard
        }
    # No answer bears a time, or a mark made of one, but its own.
    assert [line for line in found.headers if re.match("(?i)(etag|last-modified):", line)] == []
    # Who has gone is in the archive of a club for as long as the club shows them.
    for seen in (found.first, found.second):
        there = [sum(seen.number_in(name, one) is not None for one in seen.members) for name in seen.archives]
        assert (there[0], there[1] > there[2] > there[3], there[3]) == (len(seen.members), True, 0)
    # Some of it failed, and the log says so, but not of whom.
    log = "\n".join(found.log)
    known = {*found.truth, *found.truth.values(), *found.first.members.values(), *found.second.members.values()}
    assert log.count("job_failed") > 5
    assert [word for word in known if word in log] == []
    if alike:
        databases.empty(app)
        application.forget(app)
        with app.app_context():
            cast = make_cast()
        alike &= joined(played(app, cast))
    assert alike == set()


def test_the_matchers_find_what_leaks_and_nothing_else(app: Flask, cast: Cast) -> None:
    """The same play, but everybody goes everywhere at once, ids begin alike, a program numbers its messages, what
    waited leaves both clubs at once, archives number people in one order, a line of the log names both memberships."""
    alike = joined(played(app, cast, "at_once", "ids", "client_id", "outbox", "numbers", "log"))
    assert {
        "time of membership:ended", "pieces of ids", "order of ids", "words in common", "time of what waited",
        "number in archive before", "line of the log",
    } <= alike  # fmt: skip
    assert alike & {
        "time of message:posted", "time of message:edited", "time of reaction:added", "time of membership:renamed",
        "number of rows", "length of rows", "order of coming", "presence in archive before",
    } == set()  # fmt: skip
