"""What goes wrong with a house on purpose, each thing for so many seconds."""

import os
import random
import signal
import time
from dataclasses import dataclass
from typing import Protocol

from tests.support.database_gone import locked_or_away
from tests.support.postgres import Cluster
from tests.support.process import Server
from tests.support.redis import Valkey


class Network(Protocol):
    """A proxy: ``pass``, or one of the modes of ``tests.support.proxy``."""

    def become(self, mode: str) -> None: ...


@dataclass
class Faults:
    """redis: with several processes; cluster: the PostgreSQL that is the server's alone."""

    server: Server
    network: Network
    redis: Valkey | None
    cluster: Cluster | None
    chance: random.Random

    def bad_network(self, mode: str, seconds: float) -> None:
        self.network.become(mode)
        time.sleep(seconds)
        self.network.become("pass")

    def no_database(self, seconds: float) -> None:
        with locked_or_away(self.server, self.cluster):
            time.sleep(seconds)

    def no_redis(self, seconds: float) -> None:
        assert self.redis is not None
        self.redis.stop()
        time.sleep(seconds)
        self.redis.start()

    def kill(self) -> None:
        random_pause(self.chance)
        self.server.kill()
        self.server.start()

    def kill_one(self) -> None:
        random_pause(self.chance)
        os.kill(self.chance.choice(sorted(self.server.serving())), signal.SIGKILL)


def random_pause(chance: random.Random) -> None:
    """Until some moment of what is going on: a kill must not always fall at the same one."""
    time.sleep(chance.random() * 0.2)
