"""Connections to Valkey: to one server, or to the master that Sentinels name.

One fault of redis 5.3 on Python 3.11 is mended. redis-py writes within `asyncio.wait_for`. Before
Python 3.12 that forgets a cancellation which arrives as the write ends. The task lives on, and a
worker that got SIGTERM waits for it forever.
"""

import asyncio
import sys
import types
from collections.abc import Awaitable
from typing import Any, TypeVar

import redis.asyncio.connection
from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool

from addresses import Sentinels, valkey
from settings import Settings

Answer = TypeVar("Answer")
CONNECT_SECONDS = 1
ANSWER_SECONDS = 2
# For an answer of a Sentinel, before the next one is asked.
SENTINEL_SECONDS = 1


async def wait_for(answer: Awaitable[Answer], seconds: float | None) -> Answer:
    async with asyncio.timeout(seconds):
        return await answer


if sys.version_info < (3, 12):
    mended = types.ModuleType("asyncio")
    vars(mended).update(vars(asyncio), wait_for=wait_for)
    redis.asyncio.connection.asyncio = mended  # type: ignore[attr-defined]


class MasterPool(SentinelConnectionPool):
    """Connections to the master; each new one asks the Sentinels which server that is.

    redis-py leaves the connections to the Sentinels open when the pool closes.
    """

    def __init__(self, found: Sentinels, **options: Any) -> None:
        seconds = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": SENTINEL_SECONDS}
        asked = Sentinel(  # type: ignore[no-untyped-call]
            found.hosts, sentinel_kwargs=found.of_sentinels | seconds
        )
        super().__init__(  # type: ignore[no-untyped-call]
            found.service, asked, **options | found.of_master
        )

    async def disconnect(self, inuse_connections: bool = True) -> None:
        await super().disconnect(inuse_connections)
        if inuse_connections:
            for sentinel in self.sentinel_manager.sentinels:
                await sentinel.aclose()


def connection_pool(settings: Settings, **options: Any) -> ConnectionPool:
    """redis-py's pool for SEAPOOL_REDIS_URL; its `options` are for connections to Valkey."""
    assert settings.redis_url is not None
    found = valkey(settings.redis_url)
    options["socket_connect_timeout"] = CONNECT_SECONDS
    if isinstance(found, Sentinels):
        return MasterPool(found, **options)
    pool: ConnectionPool = ConnectionPool.from_url(found.url, **options | found.tls)
    return pool


def client(settings: Settings, seconds: float | None = ANSWER_SECONDS) -> Redis:
    """`seconds` are for each answer; without them the caller must not wait for ever."""
    pool = connection_pool(settings, socket_timeout=seconds, health_check_interval=15)
    client: Redis = Redis.from_pool(pool)
    return client
