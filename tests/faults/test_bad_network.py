"""A talk in the storm: the power goes, the line is cut, hangs or loses, the database is away. All screens are alike."""

import contextlib
from collections.abc import Callable
from functools import partial

import pytest

from tests.support import databases
from tests.support.faults import Faults
from tests.support.phone import WAYS
from tests.support.process import Server, free_port
from tests.support.proxy import proxied
from tests.support.redis import valkey
from tests.support.scale import SOAK, chance, scaled
from tests.support.talk import Talk

# By house: how often it is killed. Two processes with Redis stand for the others too, but at full length.
KILLS = {"sqlite": scaled(2, 10), "postgresql two": scaled(1, 10)}
if SOAK:
    KILLS |= {"sqlite two": 10, "postgresql": 10}
BETWEEN = scaled(12, 200)  # messages that must be answered between two faults
LEAST = scaled(100, 10_000)


def storm(faults: Faults, kills: int) -> list[Callable[[], None]]:
    """In a drawn order, each as long as it lasts. Shorter in continuous integration, in time alone."""
    cuts = [
        ("reset", scaled(0.5, 1)),
        ("finish", scaled(1.5, 30)),
        ("reset", scaled(2, 90)),
        ("half_open", scaled(2.5, 60)),
        ("lossy", scaled(4, 60)),
    ]
    found: list[Callable[[], None]] = [faults.kill] * kills
    found += [partial(faults.bad_network, *each) for each in cuts]
    found.append(partial(faults.no_database, scaled(2, 8)))
    found += [faults.kill_one, partial(faults.no_redis, scaled(3, 30))] if faults.redis else []
    faults.chance.shuffle(found)
    return found


@pytest.mark.parametrize("house", KILLS)
def test_nothing_is_lost_doubled_or_out_of_order(start_server: Callable[..., Server], house: str) -> None:
    luck, (engine, *two) = chance(), house.split()
    with contextlib.ExitStack() as around:
        redis = around.enter_context(valkey()) if two else None
        cluster = around.enter_context(databases.own_cluster()) if engine == "postgresql" else None
        server = start_server(
            cluster.url if cluster else engine, **({"WORKERS": 2, "REDIS_URL": redis.url} if redis else {})
        )
        around.callback(server.stop)
        proxy = around.enter_context(proxied(free_port(), int(server.settings["PORT"]), luck))
        talk = Talk(server, proxy.url, (server.cast.amina, server.cast.bruno), WAYS).start()
        try:
            for fault in storm(Faults(server, proxy, redis, cluster, luck), KILLS[house]):
                talk.go_on(BETWEEN)
                fault()
            talk.go_on(max(BETWEEN, LEAST - talk.answered))
            talk.hush()
            assert talk.check() >= LEAST
        finally:
            talk.end()
    assert "Traceback" not in server.said()
