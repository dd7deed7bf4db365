"""What would hold the event loop (argon2, compression, long reads) runs in gevent's threadpool."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def offload(work: Callable[[], T]) -> T:
    """Run ``work`` off the loop in the server, in place elsewhere. It must not touch the database session."""
    from gevent import get_hub, monkey

    if not monkey.is_module_patched("threading"):
        return work()
    result: T = get_hub().threadpool.apply(work)
    return result
