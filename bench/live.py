"""Live threads: a room of 1,000, fifty clubs, a storm of returns, thousands idle; ``flask seed load`` fills the house.

Beside ours, in the same run and in turn: a C broadcaster, node's socket.io, and a bare commit on the same disk.
Latency counts from the moment when a post was due, to each screen.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from app.config import ROOT
from bench import places
from bench.load import SCENARIOS, Cut, Phase, Subject, family, pin, play, settle
from bench.peers import bare_commits, c_broadcaster, missing, node
from bench.places import fresh, scratch
from tests.support.process import Server
from tests.support.redis import valkey

ROUNDS, SHORT_ROUNDS = 3, 1
WORKERS = 2
# Of a server, for each connection; and what it opens beside.
FILES, SPARE = 2, 200
MESSAGES = 20
# What the programme says in our events. Each member has a line of words: club, discussion, token, head of the log.
WORDS = {
    "auth": '{"token":"%c"}',
    "join": '["club:watch",{"club":"%a","since":%l}]',
    "post": '["message:post",{"thread":"%b","client_id":"%i","body":"%m"}]',
    "idkey": '"seq":',
}
# As fast as the stock transport allows: what is asked of each ratio.
ASKED = {"room: CPU / C": 6.0, "clubs: p99 / (bare commit + 10 × C)": 1.0, "storm: seconds / node": 3.0}


def run(engine: str) -> dict[str, Any]:
    """Medians of the rounds, the ratios beside what is asked, and whatever was lost, doubled or out of order."""
    away = missing() | _too_many()
    if "members and C broadcaster" in away:
        return {"missing": away}
    names = [name for name in SCENARIOS if name not in away]
    rounds = [_round(engine, names, "node" not in away) for _ in range(SHORT_ROUNDS if places.short else ROUNDS)]
    ratios = {name: [each["ratios"][name] for each in rounds if name in each["ratios"]] for name in ASKED}
    return {
        "missing": away,
        "rounds": len(rounds),
        **{name: _middle([each[name] for each in rounds]) for name in (*names, "bare commit")},
        "ratios": {
            name: {"median": round(median(each), 2), "rounds": each, "asked": ASKED[name],
                   "met": median(each) <= ASKED[name]}
            for name, each in ratios.items() if each
        },
    }  # fmt: skip


def _too_many() -> dict[str, str]:
    """The scenarios that need more open files than this machine lets a process have, each with its reason."""
    allowed = places.allow_open_files()
    needed = {name: FILES * each.played(short=places.short)["conns"] + SPARE for name, each in SCENARIOS.items()}
    return {
        name: f"the machine allows a process {allowed} open files, and this needs {many}: raise ulimit -Hn"
        for name, many in needed.items()
        if many > allowed
    }


def _round(engine: str, names: Sequence[str], with_node: bool) -> dict[str, Any]:
    subjects = {"C": c_broadcaster, **({"node": node} if with_node else {})}
    found: dict[str, Any] = {}
    for name in names:
        # Who stores nothing and serves nothing again has no storm.
        beside = {one: begin for one, begin in subjects.items() if (name, one) != ("storm", "C")}
        found[name] = {one: _told(name, partial(_played, name, begin)) for one, begin in beside.items()}
        found[name]["ours"] = _told(name, partial(_ours, engine, name))
    found["bare commit"] = bare_commits(fresh(engine)[0])
    return {**found, "ratios": _ratios(found)}


def _told(name: str, played: Callable[[], dict[str, Phase]]) -> dict[str, Any]:
    """The figures of a scenario; of one that did not come to its end, why."""
    try:
        return _figures(name, played())
    except Cut as why:
        return {"cut": str(why)}


def _played(name: str, begin: Any) -> dict[str, Phase]:
    with begin() as subject:
        return play(subject, SCENARIOS[name].played(short=places.short))


def _ours(engine: str, name: str) -> dict[str, Phase]:
    options = SCENARIOS[name].played(short=places.short)
    with house(engine, options["conns"], options["rooms"]) as subject:
        return play(subject, options)


@contextmanager
def house(engine: str, people: int, clubs: int) -> Iterator[Subject]:
    """The server as a house starts it, with the members of a scenario: on PostgreSQL two workers and a Redis."""
    url, _app = fresh(engine)
    with _beside(engine) as settings:
        server = Server(url, **settings)
        lines = _members(server, clubs, people // clubs)
        words = scratch() / "members"
        words.write_text("\n".join(lines) + "\n", encoding="utf-8")
        server.start()
        try:
            assert server.process is not None
            pids = family(server.process.pid)
            for pid in pids:
                pin(pid)
            settle(pids)
            yield Subject(int(server.settings["PORT"]), pids, {**WORDS, "vars": words})
        finally:
            server.stop()


@contextmanager
def _beside(engine: str) -> Iterator[dict[str, Any]]:
    if engine == "sqlite":
        yield {}
        return
    with valkey() as known:
        yield {"WORKERS": WORKERS, "REDIS_URL": known.url}


def _members(server: Server, clubs: int, members: int) -> list[str]:
    """A line for each: the first of every club, then the second of every club."""
    command = [sys.executable, "-m", "flask", "--app", "app", "seed", "load"]
    asked = {"--clubs": clubs, "--members": members, "--messages": MESSAGES}
    command += [str(word) for pair in asked.items() for word in pair]
    told = subprocess.run(command, cwd=ROOT, env=server.environ, check=True, capture_output=True, text=True).stdout
    rows = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    # Each member's arrival, the discussion, its messages.
    head = members + 1 + MESSAGES
    lines = [f"{row['club']} {row['thread']} {row['token']} {head}" for row in rows]
    return [lines[club * members + rank] for rank in range(members) for club in range(clubs)]


def _figures(name: str, phases: dict[str, Phase]) -> dict[str, Any]:
    if name == "idle":
        seen = phases["connect"]
        return {"KiB a member": seen["kib_per_conn"], "ms of CPU a connection": seen["server_cpu_ms_per_connect"],
                "idle CPU %": seen["idle_cpu_pct"], "there": seen["live"], "refused": seen["failed"]}  # fmt: skip
    if name == "storm":
        seen = phases["storm"]
        return {"seconds": seen["secs"], "CPU s": seen["server_cpu_s"], "caught up": seen["caught_up"],
                "of": seen["of"], "p99 ms": seen["caught_up_ms"]["p99"], "retries": seen["retries"],
                "refused": seen["refused_before"] + seen["refused"], "unsaid when it began": seen["unsaid"],
                **_wrong(seen, seen["members_behind"])}  # fmt: skip
    seen = phases["rate"]
    return {"there": seen["live"], "CPU ms / 1000": seen["server_cpu_ms_per_1000"], "p50 ms": seen["latency_ms"]["p50"],
            "p99 ms": seen["latency_ms"]["p99"], "acknowledged p50 ms": seen["ack_ms"]["p50"],
            "CPU ms a post": round(1000 * seen["server_cpu_s"] / max(1, seen["posts"]), 2),
            "CPU % of the members": seen["client_cpu_pct"],
            "deliveries": seen["delivered_total"], "others' CPU %": seen["other_cpu_pct"],
            **_wrong(seen, seen["lost"])}  # fmt: skip


def _wrong(seen: Phase, lost: int) -> dict[str, Any]:
    return {"lost": lost, "doubled": seen["dup"], "out of order": seen["members_order_differs"]}


def _ratios(found: dict[str, Any]) -> dict[str, float]:
    """Beside the reference of the same round; nothing of what was cut."""
    told: dict[str, float] = {}
    room, clubs, storm = (_whole(found, name) for name in ("room", "clubs", "storm"))
    if room:
        told["room: CPU / C"] = room["ours"]["CPU ms / 1000"] / room["C"]["CPU ms / 1000"]
    if clubs:
        allowed = found["bare commit"]["p99"] + 10 * clubs["C"]["p99 ms"]
        told["clubs: p99 / (bare commit + 10 × C)"] = clubs["ours"]["p99 ms"] / allowed
    if "node" in storm:
        told["storm: seconds / node"] = storm["ours"]["seconds"] / storm["node"]["seconds"]
    return {name: round(value, 2) for name, value in told.items()}


def _whole(found: dict[str, Any], name: str) -> dict[str, Any]:
    each: dict[str, Any] = found.get(name, {})
    return {} if any("cut" in one for one in each.values()) else each


def _middle(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of each figure over the rounds; of what must not be, the sum."""
    told: dict[str, Any] = {}
    for name, value in rounds[0].items():
        each = [one[name] for one in rounds if name in one]
        if isinstance(value, str):
            told[name] = value
        elif isinstance(value, dict):
            told[name] = _middle(each)
        elif name in ("lost", "doubled", "out of order"):
            told[name] = sum(each)
        else:
            told[name] = round(median(each), 2)
    return told
