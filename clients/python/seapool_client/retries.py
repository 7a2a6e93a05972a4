"""When a call comes again: after a fault that passes, and only if a second time does no harm."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from seapool_client.errors import ConnectionLost, OverBudget, SeapoolError, Unavailable

FIRST_SECONDS = 0.3
LONGEST_SECONDS = 10.0

Result = TypeVar("Result")


def is_passing(error: SeapoolError) -> bool:
    """Whether the same call may succeed later."""
    return isinstance(error, ConnectionLost | Unavailable | OverBudget)


def may_come_again(error: SeapoolError, repeatable: bool) -> bool:
    """Nothing was done over a budget; after the other faults, perhaps everything was."""
    return isinstance(error, OverBudget) or (repeatable and is_passing(error))


def pause_seconds(failures: int, retry_after: float = 0, part: float | None = None) -> float:
    """Seconds before the next attempt, `failures` after the last success.

    Never before `retry_after`. `part`, from 0 to 1, is the jitter: random where it is not given.
    """
    most = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 10))
    return retry_after + most * (0.5 + (random.random() if part is None else part) / 2)


async def retrying(
    act: Callable[[], Awaitable[Result]], *, attempts: int, repeatable: bool
) -> Result:
    """Raises the error of the last attempt."""
    failures = 0
    while True:
        try:
            return await act()
        except SeapoolError as error:
            failures += 1
            if failures >= attempts or not may_come_again(error, repeatable):
                raise
            pause = pause_seconds(failures, error.retry_after)
        await asyncio.sleep(pause)
