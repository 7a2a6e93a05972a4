"""redis-py's connection with one fault of redis 5.3 on Python 3.11 mended.

redis-py writes within `asyncio.wait_for`. Before Python 3.12 that forgets a cancellation which
arrives as the write ends. The task lives on, and a worker that got SIGTERM waits for it forever.
"""

import asyncio
import sys
import types
from collections.abc import Awaitable
from typing import TypeVar

import redis.asyncio.connection
from redis.asyncio import Redis

from settings import Settings

Answer = TypeVar("Answer")


async def wait_for(answer: Awaitable[Answer], seconds: float | None) -> Answer:
    async with asyncio.timeout(seconds):
        return await answer


if sys.version_info < (3, 12):
    mended = types.ModuleType("asyncio")
    vars(mended).update(vars(asyncio), wait_for=wait_for)
    redis.asyncio.connection.asyncio = mended  # type: ignore[attr-defined]


def client(settings: Settings) -> Redis:
    assert settings.redis_url is not None
    client: Redis = Redis.from_url(
        settings.redis_url, socket_connect_timeout=1, socket_timeout=2, health_check_interval=15
    )
    return client
