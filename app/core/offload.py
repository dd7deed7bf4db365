"""What would hold the event loop (argon2, compression, long reads) runs in gevent's threadpool."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def offload(work: Callable[[], T], *, own_thread: bool = False) -> T:
    """Run ``work`` off the loop in the server, in place elsewhere. It must not touch the database session.

    own_thread: not behind others in the pool; for what everybody waits for.
    """
    from gevent import get_hub, monkey

    if not monkey.is_module_patched("threading"):
        return work()
    result: T = (_own_pool() if own_thread else get_hub().threadpool).apply(work)
    return result


@cache
def _own_pool() -> Any:
    from gevent.threadpool import ThreadPool

    return ThreadPool(1)
