"""A limit for each test: one that waits for ever fails, and says where it waited.

pytest-timeout ends the whole process: uvloop drops what its signal raises. So an asynchronous test
is cancelled a little before.
"""

import asyncio
import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

# Of the time until pytest-timeout acts; the rest is for fixtures.
SHARE = 0.8


def limited(test: Callable[..., Awaitable[None]], seconds: float) -> Callable[..., Awaitable[None]]:
    @functools.wraps(test)
    async def within(*given: Any, **named: Any) -> None:
        async with asyncio.timeout(seconds):
            await test(*given, **named)

    return within


def pytest_itemcollected(item: pytest.Item) -> None:
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        marker = item.get_closest_marker("timeout")
        seconds = float(marker.args[0] if marker else item.config.getini("timeout"))
        item.obj = limited(item.obj, SHARE * seconds)
