"""What a loop or a job says of a fault that it outlives."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from models import database, sparing_log

FIRST_WAIT, LONGEST_WAIT = 0.1, 0.5

log = structlog.get_logger()


def outlive(what: str, fault: Exception, **facts: object) -> bool:
    """Log the fault; return whether it passes, so that trying again helps.

    A fault that passes costs one line a second of a kind, without a traceback: PostgreSQL is away
    or busy, and says so in its own log. Raises CancelledError if the task is to end.
    """
    database.end_if_cancelled()
    passes = database.retry_after(fault) is not None
    if passes:
        sparing_log.warning(f"{what}: PostgreSQL is busy or away", fault=repr(fault), **facts)
    else:
        log.error(what, exc_info=fault, **facts)
    return passes


async def outlast(what: str, act: Callable[[], Awaitable[None]]) -> None:
    """Act, again while PostgreSQL is busy or away; any other fault is logged, and that is all."""
    wait = FIRST_WAIT
    while True:
        try:
            return await act()
        except Exception as fault:
            if not outlive(what, fault):
                return None
        await asyncio.sleep(wait)
        wait = min(LONGEST_WAIT, 2 * wait)
