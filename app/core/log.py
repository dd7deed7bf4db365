"""How logs are written: events by name, one JSON object a line on standard error. For every process of the house."""

import logging
import sys

import structlog


def _count(_logger: object, method: str, told: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if method == "error":
        # Not before: where it counts is settled when it is first imported.
        from app.core import metrics

        metrics.failed(str(told["event"]), str(told.get("error", "")))
    return told


def write_from(level: str) -> None:
    """Write what is at least as grave as the level."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _count,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
