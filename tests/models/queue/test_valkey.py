import asyncio

import pytest
from redis.asyncio import Redis

from models.queue.valkey import client
from settings import Settings


async def ping(valkey: Redis) -> None:
    await valkey.ping()


async def test_a_command_that_is_cancelled_stays_cancelled_at_whatever_moment(
    settings: Settings,
) -> None:
    async with client(settings) as valkey:
        for moment in range(30):
            await valkey.ping()
            command = asyncio.create_task(ping(valkey))
            for _ in range(moment):
                await asyncio.sleep(0)
            if command.cancel():
                with pytest.raises(asyncio.CancelledError):
                    await command
