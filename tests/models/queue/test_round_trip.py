import asyncio
import socket

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from models.queue import round_trip
from models.queue.round_trip import Command, send
from models.queue.valkey import client
from settings import Settings

KEY, LIST = "test:round trip", "test:a list"
WRITES: list[Command] = [
    ("SET", KEY, "客户\r\n".encode(), "NX", "PX", 60_000),
    ("ZADD", LIST, "NX", 7, "first", 9, "second"),
]


async def clean(valkey: Redis) -> None:
    await valkey.delete(KEY, LIST)


async def test_commands_arrive_as_they_are_and_in_order(settings: Settings) -> None:
    async with client(settings) as valkey:
        await clean(valkey)
        await send(valkey, WRITES)
        await send(valkey, [("SET", KEY, b"", "NX"), ("ZREM", LIST, "first")])
        assert await valkey.get(KEY) == "客户\r\n".encode()
        assert 0 < await valkey.pttl(KEY) <= 60_000
        assert await valkey.zrange(LIST, 0, -1, withscores=True) == [(b"second", 9.0)]
        await clean(valkey)


async def test_late_answers_after_an_error_are_nobody_elses(settings: Settings) -> None:
    async with client(settings) as valkey:
        await clean(valkey)
        with pytest.raises(ResponseError, match="wrong number of arguments"):
            await send(valkey, [*WRITES, ("SET", KEY), ("BLPOP", "test:nothing", "0.1")])
        assert await valkey.echo("asked") == b"asked"
        assert await valkey.zcard(LIST) == 2
        await clean(valkey)


async def test_answers_after_a_cancellation_are_nobody_elses(settings: Settings) -> None:
    async with client(settings) as valkey:
        await clean(valkey)
        for moment in range(30):
            sending = asyncio.create_task(send(valkey, WRITES))
            for _ in range(moment):
                await asyncio.sleep(0)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            assert await valkey.echo("asked") == b"asked"
        await clean(valkey)


async def test_a_server_that_never_answers_is_given_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_trip, "ANSWER_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        async with client(settings.model_copy(update={"redis_url": url}), None) as valkey:
            async with asyncio.timeout(5):
                with pytest.raises(TimeoutError):
                    await send(valkey, WRITES)
