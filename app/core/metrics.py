"""What is counted, for who watches over the machine: sums of the whole house, on the admin port alone.

No label holds a club, a person, an address or anything that somebody typed: only words that stand in the code. With
several processes each writes into a folder of its own files, and who is asked adds them up (prometheus-client does).
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LAGS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

CHANGES = Counter("pepiniere_changes", "Rows written into the clubs' logs, all clubs together", ["kind"])
POSTS = Counter("pepiniere_posts", "Messages stored")
CLAIMS = Counter("pepiniere_claims", "Slots claimed")
PUSHES = Counter("pepiniere_pushes", "Changes sent, once for each socket that hears them")
LAG = Histogram(
    "pepiniere_push_lag_seconds", "From the writing of a change, just before its commit, to its push", buckets=LAGS
)
SOCKETS = Gauge("pepiniere_sockets", "Open live connections", multiprocess_mode="livesum")
REFUSALS = Counter("pepiniere_refusals", "What was refused, by its code and where it was asked", ["code", "door"])
ERRORS = Counter("pepiniere_errors", "Trouble of our own, as the log names it", ["event", "error"])
JOBS_RAN = Gauge("pepiniere_jobs_ran_at_seconds", "When due jobs were last looked for", multiprocess_mode="max")
CANARY_HEARD = Gauge("pepiniere_canary_at_seconds", "When the canary was last heard", multiprocess_mode="max")
COUNTED = {"message:posted": POSTS, "claim:made": CLAIMS}
AGES = {
    "pepiniere_jobs_age_seconds": (JOBS_RAN, "pepiniere_jobs_ran_at_seconds"),
    "pepiniere_canary_age_seconds": (CANARY_HEARD, "pepiniere_canary_at_seconds"),
}


def changed(kind: str) -> None:
    """A row of a log is committed."""
    CHANGES.labels(kind).inc()
    if kind in COUNTED:
        COUNTED[kind].inc()


def all_changed(kinds: Iterable[str]) -> None:
    """As ``changed``, for many rows of one act."""
    for kind in kinds:
        changed(kind)


def pushed(sockets: int, seconds: float) -> None:
    """A change went out to so many, so long after it was written."""
    PUSHES.inc(sockets)
    LAG.observe(max(0.0, seconds))


def failed(event: str, error: str) -> None:
    """The log says that something of ours went wrong."""
    ERRORS.labels(event, error).inc()


class _Ages:
    """How long ago something last happened, at the moment of asking; nothing for what never did."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (gauge, source) in AGES.items():
            at = self.registry.get_sample_value(source)
            if at:
                yield GaugeMetricFamily(name, f"Seconds since: {gauge._documentation}", value=time.time() - at)


def exposition() -> bytes:
    """Everything, as Prometheus reads it."""
    registry = REGISTRY
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    ages = CollectorRegistry()
    ages.register(_Ages(registry))
    return generate_latest(registry) + generate_latest(ages)


def forget_process(pid: int) -> None:
    """A process has ended: what it counted stays, what it held is gone."""
    if FOLDER in os.environ:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The admin port: one address, to read."""
    if environ["PATH_INFO"] != "/metrics" or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []
    body = exposition()
    head = [("Content-Type", CONTENT_TYPE), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response("200 OK", head)
    return [body if environ["REQUEST_METHOD"] == "GET" else b""]


def serve(host: str, port: int) -> None:
    """Answer on the admin port. Raises OSError."""
    from gevent.pywsgi import WSGIServer

    WSGIServer((host, port), answer, log=None, error_log=None).start()
