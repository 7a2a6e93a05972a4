"""What the crowd may write to a websocket past its generator, and when it may not."""

import asyncio
from typing import Any

import pytest

from models.tables import Pool
from schema.execution.websocket import Handler
from schema.fanout.outlet import Outlet, Payload
from schema.fanout.watching import crowds
from tests.schema.fanout.test_audiences import watching
from tests.support.running import Client
from tests.support.samples import Office

TOLD = Payload("told")
LARGE = Payload("x" * 1_000_000)


def outlet_of(pool: Pool) -> Outlet:
    """Of its only watcher."""
    (crowd,) = (by_pool[pool.id] for by_pool in crowds.values() if pool.id in by_pool)
    (watcher,) = crowd.watchers
    return watcher.outlet


def protocol_of(outlet: Outlet) -> Any:
    return outlet._write.__self__  # type: ignore[attr-defined]


async def test_what_is_written_is_the_operations_next_message(api: Client, office: Office) -> None:
    pool = await office.pool()
    async with watching(api, pool, [await office.person()]) as (socket,):
        assert outlet_of(pool).write(TOLD)
        message = await socket.message()
    assert (message["type"], message["payload"]) == ("next", {"data": "told"})


async def test_a_connection_that_takes_no_more_is_left_alone_until_it_does(
    api: Client, office: Office
) -> None:
    pool = await office.pool()
    async with watching(api, pool, [await office.person()]) as (socket,):
        outlet, written = outlet_of(pool), 0
        socket.connection.transport.pause_reading()
        while outlet.write(LARGE):
            written += 1
            assert written < 100
        # uvicorn's own answers wait as well.
        assert not protocol_of(outlet).writable.is_set()
        socket.connection.transport.resume_reading()
        for _ in range(written):
            await socket.message()
        async with asyncio.timeout(10):
            await protocol_of(outlet).writable.wait()
        assert outlet.write(TOLD)


async def test_nothing_is_written_behind_a_close(api: Client, office: Office) -> None:
    pool = await office.pool()
    async with watching(api, pool, [await office.person()]) as (socket,):
        outlet = outlet_of(pool)
        socket.connection.transport.pause_reading()
        await protocol_of(outlet).send({"type": "websocket.close", "code": 4403})
        assert not outlet.has_ended()
        assert not outlet.write(TOLD)
        socket.connection.transport.resume_reading()
        assert await socket.closed() == 4403


async def test_nothing_is_written_to_a_connection_that_is_gone(api: Client, office: Office) -> None:
    pool = await office.pool()
    async with watching(api, pool, [await office.person()]):
        outlet = outlet_of(pool)
        protocol_of(outlet).transport.abort()
        assert not outlet.has_ended()
        assert not outlet.write(TOLD)


async def test_nothing_is_written_behind_the_clients_complete(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, clean_up = await office.pool(), Handler.cleanup_operation
    written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def cleanup(handler: Handler, operation_id: str) -> None:
        await clean_up(handler, operation_id)
        if not written.done():
            written.set_result(outlet.write(TOLD))

    async with watching(api, pool, [await office.person()]) as (socket,):
        outlet = outlet_of(pool)
        monkeypatch.setattr(Handler, "cleanup_operation", cleanup)
        await socket.send(type="complete", id=id_of(outlet))
        assert not await written


def id_of(outlet: Outlet) -> str:
    """Of the messages that it writes."""
    return outlet._head.decode().split('"')[3]
