"""Log lines that strangers can cause: at most one a second of each kind."""

import logging
import time
from collections import defaultdict

import structlog

SECONDS = 1.0

log = structlog.get_logger()
_next: dict[str, float] = defaultdict(float)
_left_out: dict[str, int] = defaultdict(int)


def info(kind: str, **facts: object) -> None:
    """Log a line of this kind, with the number of those before it that were left out."""
    if (left_out := _turn(kind)) is not None:
        log.info(kind, **facts, **({"left_out": left_out} if left_out else {}))


def warning(kind: str, **facts: object) -> None:
    """Log a line of this kind, with the number of those before it that were left out."""
    if (left_out := _turn(kind)) is not None:
        log.warning(kind, **facts, **({"left_out": left_out} if left_out else {}))


class Sparing(logging.Filter):
    """For a library's logger: the lines of one place in its code are of one kind."""

    def filter(self, record: logging.LogRecord) -> bool:
        left_out = _turn(f"{record.pathname}:{record.lineno}")
        if left_out:
            record.left_out = left_out
        return left_out is not None


def _turn(kind: str) -> int | None:
    """Return how many lines were left out since the last one; None if this one is too."""
    now = time.monotonic()
    if now < _next[kind]:
        _left_out[kind] += 1
        return None
    _next[kind] = now + SECONDS
    return _left_out.pop(kind, 0)
