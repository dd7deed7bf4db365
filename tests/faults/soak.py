"""``make soak``: an hour of everything that can go wrong, with many phones, and what came of it as numbers.

In the first half processes are killed too; in the second the network and the database alone fail, so that the memory of
one process can be followed. Everything lands in ``bench/results/soak.json``; the last line is the verdict, and the exit
code says it too: 0 good, 1 bad, 2 it could not begin.
"""

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402
import contextlib  # noqa: E402
import json  # noqa: E402
import random  # noqa: E402
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Callable  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402

from app.config import ROOT  # noqa: E402
from tests.support import databases, postgres, run  # noqa: E402
from tests.support.cast import Person, make_person  # noqa: E402
from tests.support.faults import Faults  # noqa: E402
from tests.support.phone import WAYS, Phone  # noqa: E402
from tests.support.postgres import Cluster  # noqa: E402
from tests.support.process import Server, children, free_port  # noqa: E402
from tests.support.redis import Valkey, valkey  # noqa: E402
from tests.support.talk import Talk, key_of  # noqa: E402

RESULT = ROOT / "bench" / "results" / "soak.json"
PER_PERSON = 40  # sockets; fifty is the most
WRITERS = 4  # people, each by three ways
MIB = 2**20
NOTHING_OF = ("lost", "doubled", "out of order", "unknown", "answered otherwise", "traces_in_log")
# Memory is judged where it was followed for long enough to tell a slope from the breath of one minute.
FOLLOWED_SECONDS, MOST_MIB_PER_HOUR = 1200, 32.0
# Seconds: how long a phone waits for an answer, and how long all have after the last fault. All of them come back at
# once, after a cut; who gave up sooner than that takes would only begin again.
ANSWERED, HEARD = 20.0, 600.0
FILES_BESIDE = 400  # what a process holds open beside two connections for each socket


class Network:
    """The proxy, as a process of its own."""

    def __init__(self, target: int, seed: int) -> None:
        self.port = free_port()
        asked = [sys.executable, "-m", "tests.support.proxy", str(self.port), str(target), str(seed)]
        self.process = subprocess.Popen(asked, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._answered("ready")

    def become(self, mode: str) -> None:
        self.process.stdin.write(f"{mode}\n")
        self.process.stdin.flush()
        self._answered(mode)

    def _answered(self, word: str) -> None:
        said = self.process.stdout.readline().strip()
        assert said == word, said

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)


class Memory:
    """What the processes of the house hold, every two seconds."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.samples: list[tuple[float, int, tuple[int, ...]]] = []
        self.watcher = gevent.spawn(self._watch)

    def _watch(self) -> None:
        while True:
            main = self.server.process
            if main is not None and main.poll() is None:
                pids = (main.pid, *children(main.pid))
                self.samples.append((time.monotonic(), sum(map(resident, pids)), pids))
            gevent.sleep(2)

    def told(self, since: float) -> dict[str, float]:
        """Of the processes that are there at the end; the slope from ``since`` on, by least squares."""
        last = self.samples[-1][2]
        calm = [(at, held) for at, held, pids in self.samples if at >= since and pids == last]
        return {
            "begin_mib": round(calm[0][1] / MIB, 1),
            "end_mib": round(calm[-1][1] / MIB, 1),
            "peak_mib": round(max(held for _at, held, _pids in self.samples) / MIB, 1),
            "slope_mib_per_hour": round(slope(calm) * 3600 / MIB, 1),
            "slope_seconds": round(calm[-1][0] - calm[0][0]),
        }


def resident(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return int(told.split("VmRSS:")[1].split()[0]) * 1024 if "VmRSS:" in told else 0


def slope(points: list[tuple[float, int]]) -> float:
    """Bytes a second."""
    middle = sum(at for at, _held in points) / len(points)
    mean = sum(held for _at, held in points) / len(points)
    spread = sum((at - middle) ** 2 for at, _held in points)
    return sum((at - middle) * (held - mean) for at, held in points) / spread if spread else 0.0


class Soak:
    def __init__(
        self,
        asked: argparse.Namespace,
        server: Server,
        redis: Valkey | None,
        cluster: Cluster | None,
        luck: random.Random,
    ) -> None:
        self.asked, self.server, self.luck = asked, server, luck
        self.seconds = asked.minutes * 60
        self.network = Network(int(server.settings["PORT"]), luck.randrange(10**6))
        self.url = f"http://127.0.0.1:{self.network.port}"
        self.faults = Faults(server, self.network, redis, cluster, luck)
        self.happened: Counter[str] = Counter()

    def known(self, kills: bool) -> dict[str, Callable[[], None]]:
        full = min(1.0, self.seconds / 1800)  # an hour has each at full length
        found: dict[str, Callable[[], None]] = {
            "cut 1 s": partial(self.faults.bad_network, "reset", 1),
            "cut 30 s": partial(self.faults.bad_network, "finish", 30 * full),
            "cut 90 s": partial(self.faults.bad_network, "reset", 90 * full),
            "half open": partial(self.faults.bad_network, "half_open", 60 * full),
            "lossy": partial(self.faults.bad_network, "lossy", 60 * full),
            "database away": partial(self.faults.no_database, 8),
        }
        if kills:
            found["kill -9"] = self.faults.kill
        if kills and self.faults.redis is not None:
            found["one process dies"] = self.faults.kill_one
        if self.faults.redis is not None:
            found["redis away"] = partial(self.faults.no_redis, 30 * full)
        return found

    def weather(self, until: float, kills: bool) -> None:
        """Faults in a drawn order, each followed by as long a calm."""
        waiting: list[str] = []
        while time.monotonic() < until:
            self.shares.append(self.server.shares())
            known = self.known(kills)
            waiting = waiting or self.luck.sample([*known, *(["kill -9"] if kills else [])], len(known) + kills)
            name = waiting.pop()
            print(f"{round(until - time.monotonic())} s left: {name}", flush=True)
            begun = time.monotonic()
            known[name]()
            self.happened[name] += 1
            time.sleep(min(max(2.0, time.monotonic() - begun), max(0.0, until - time.monotonic())))

    def run(self) -> dict[str, Any]:
        people = self._people()
        talk = Talk(
            self.server, self.url, people[:WRITERS], WAYS, pause=self.asked.pause, seconds=ANSWERED, patience=HEARD
        )
        self.shares = list[list[int]]()
        # Writers by form hold no socket.
        more = self.asked.sockets - WRITERS
        for number in range(more):
            person = people[number % len(people)]
            key = self.keys[person.key]
            phone = Phone(self.url, key, "tilleul", talk.thread, "socket", since=talk.begun, seconds=ANSWERED)
            talk.phones.append(phone.start())
            talk.told.append(0)
        talk.start(only=WRITERS * len(WAYS))
        memory, begun = Memory(self.server), time.monotonic()
        try:
            self.weather(begun + self.seconds / 2, kills=True)
            calm = time.monotonic()
            self.weather(begun + self.seconds, kills=False)
            talk.hush()
            wrong, said = talk.verdict()
            wrong["traces_in_log"] = self.server.said().count("Traceback")
            return self._told(talk, wrong, said, memory.told(calm + 10))
        finally:
            memory.watcher.kill()
            talk.end()
            self.network.end()

    def _people(self) -> list[Person]:
        with self.server.app.app_context():
            number = -(-self.asked.sockets // PER_PERSON) + WRITERS
            people = [make_person(f"phone{each}", tilleul=f"Voix {each}") for each in range(number)]
        self.keys = {person.key: key_of(self.server, person, "socket") for person in people}
        return people

    def _told(self, talk: Talk, wrong: Counter[str], said: int, memory: dict[str, float]) -> dict[str, Any]:
        following = [phone for phone in talk.phones if phone.way != "form"]
        return {
            "minutes": self.asked.minutes,
            "engine": self.asked.engine,
            "workers": self.asked.workers,
            "sockets": sum(phone.way == "socket" for phone in talk.phones),
            "messages": said,
            "seen": sum(len(phone.screen.rows) for phone in following),
            **{name: wrong[name] for name in NOTHING_OF},
            "tries": sum(phone.tries for phone in talk.phones),
            "gaps": sum(phone.screen.gaps for phone in following),
            "connections_of_each_process": [" + ".join(map(str, each)) for each in self.shares if each],
            "longest_wait_seconds": round(max(phone.longest for phone in talk.phones), 1),
            "faults": dict(sorted(self.happened.items())),
            "log_bytes": len(self.server.said()),
            "memory": memory,
        }


def main() -> int:
    asked = argparse.ArgumentParser(prog="make soak", description="Everything goes wrong for an hour; what came of it?")
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--sockets", type=int, default=500)
    asked.add_argument("--engine", choices=databases.ENGINES, default="sqlite")
    asked.add_argument("--workers", type=int, default=1, help="more than one brings a Redis along")
    asked.add_argument("--pause", type=float, default=3.0, help="seconds between two messages of one writer")
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = asked.parse_args()
    if fault := raise_file_limit(2 * given.sockets + FILES_BESIDE):
        print(f"soak: {fault}", file=sys.stderr)
        return 2
    print(f"seed {given.seed}", flush=True)
    run.begin(on_disk=True)
    try:
        told = soak(given)
    except AssertionError as error:
        print(f"Verdict: bad. {error}")
        return 1
    finally:
        postgres.stop()
        run.end()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"seed": given.seed, **told}, indent=2) + "\n")
    print(json.dumps(told, indent=2))
    wrong = faults_of(told)
    print(
        f"Verdict: {'bad. ' + ', '.join(wrong) if wrong else 'good.'} {told['messages']} messages, {told['seen']} seen."
    )
    return int(bool(wrong))


def raise_file_limit(needed: int) -> str:
    """As high as this machine lets us, for the house and the proxy too; why that is not enough, or nothing."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    known = 65_536 if hard == resource.RLIM_INFINITY else hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (known, hard))
    return f"{needed} open files are needed, this machine allows {known} (ulimit -Hn)" if known < needed else ""


def faults_of(told: dict[str, Any]) -> list[str]:
    """What must not be."""
    wrong = [f"{told[name]} {name}" for name in NOTHING_OF if told[name]]
    memory = told["memory"]
    if memory["slope_seconds"] >= FOLLOWED_SECONDS and memory["slope_mib_per_hour"] > MOST_MIB_PER_HOUR:
        wrong.append(f"memory grows by {memory['slope_mib_per_hour']} MiB an hour")
    return wrong


def soak(given: argparse.Namespace) -> dict[str, Any]:
    with contextlib.ExitStack() as around:
        redis = around.enter_context(valkey()) if given.workers > 1 else None
        cluster = around.enter_context(databases.own_cluster()) if given.engine == "postgresql" else None
        settings = {"WORKERS": given.workers, "REDIS_URL": redis.url} if redis else {}
        server = Server(cluster.url if cluster else databases.new_database(given.engine), **settings)
        around.callback(databases.close, server.app)
        around.callback(server.stop)
        server.fill()
        server.start()
        return Soak(given, server, redis, cluster, random.Random(given.seed)).run()


if __name__ == "__main__":
    sys.exit(main())
