"""The pool keeps connections that nobody uses, gives out as many as it may, and mends lost ones."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from benchmarks.faults.proxy import Proxy, postgres_socket, postgres_url, proxy
from models import database as databases
from models.database.connections import places
from models.database.connections.kept_pool import (
    ACQUIRE_SECONDS,
    AWAY_SECONDS,
    MOST_OPENING,
    Connection,
    KeptPool,
)
from models.database.connections.semaphore import Semaphore
from settings import Settings
from tests.support.samples import until

SIZE = 3


@pytest_asyncio.fixture
async def inner(settings: Settings) -> AsyncIterator[asyncpg.Pool]:
    address = databases.credentials(settings.database_url or "")
    pool = await asyncpg.create_pool(
        **address, connection_class=Connection, min_size=0, max_size=SIZE
    )
    yield pool
    pool.terminate()


@pytest.fixture
def pool(inner: asyncpg.Pool) -> KeptPool:
    return KeptPool(inner)


async def pid(connection: Any) -> int:
    found: int = await connection.fetchval("SELECT pg_backend_pid()")
    return found


async def test_a_connection_that_was_given_back_is_given_again(pool: KeptPool) -> None:
    first = await pool.acquire()
    backend = await pid(first)
    await pool.release(first)
    again = await pool.acquire()
    assert await pid(again) == backend
    await pool.release(again)


async def test_an_idle_connection_is_taken_at_once_in_a_place_of_the_askers(
    pool: KeptPool,
) -> None:
    asker = places.Asker(Semaphore(1), Semaphore(2))
    assert pool.take(asker) is None
    first, second = await pool.acquire(), await pool.acquire()
    await pool.release(first)
    await pool.release(second)
    assert pool.take(asker) is second
    assert (asker.operation.free, asker.organization.free, pool.take(asker)) == (0, 1, None)
    asker.leave()
    first.terminate()
    assert (pool.take(asker), asker.operation.free, pool._places.usual.free) == (None, 1, SIZE - 1)
    await pool.release(second)


async def test_who_finds_none_free_waits_until_one_is_given_back(pool: KeptPool) -> None:
    taken = [await pool.acquire() for _ in range(SIZE)]
    assert len({await pid(each) for each in taken}) == SIZE
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)
    assert not waiting.done()
    await pool.release(taken.pop())
    taken.append(await waiting)
    for each in taken:
        await pool.release(each)


async def test_who_gives_up_waiting_takes_no_place(pool: KeptPool) -> None:
    taken = [await pool.acquire() for _ in range(SIZE)]
    waiting = asyncio.create_task(pool.acquire())
    await asyncio.sleep(0)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    for each in taken:
        await pool.release(each)
    assert len({await pid(await pool.acquire()) for _ in range(SIZE)}) == SIZE


async def test_a_connection_lost_while_idle_is_replaced(pool: KeptPool) -> None:
    taken = [await pool.acquire() for _ in range(SIZE)]
    lost = {await pid(each) for each in taken}
    for each in taken:
        await pool.release(each)
    for each in taken:
        each.terminate()
    new = [await pool.acquire() for _ in range(SIZE)]
    assert not {await pid(each) for each in new} & lost
    for each in new:
        await pool.release(each)


async def test_a_connection_lost_in_use_is_replaced(pool: KeptPool) -> None:
    for _ in range(2 * SIZE):
        connection = await pool.acquire()
        connection.terminate()
        await pool.release(connection)
    connection = await pool.acquire()
    assert await connection.fetchval("SELECT 1") == 1
    await pool.release(connection)


async def test_a_transaction_left_open_is_not_given_to_the_next(pool: KeptPool) -> None:
    connection = await pool.acquire()
    await connection.execute("BEGIN")
    await pool.release(connection)
    again = await pool.acquire()
    assert not again.is_in_transaction()
    await pool.release(again)


async def test_a_pool_that_cannot_connect_loses_no_place(
    pool: KeptPool, inner: asyncpg.Pool
) -> None:
    inner.set_connect_args("postgresql://postgres@127.0.0.1:1/nowhere")
    for _ in range(2 * SIZE):
        with pytest.raises(ConnectionRefusedError):
            await pool.acquire()
    assert pool._places.usual.free == SIZE


async def test_few_are_opened_at_a_time(settings: Settings) -> None:
    """Of a server that stands still; who waits meanwhile gets what another gives back."""
    async with far_pool(settings) as (line, pool):
        used = await pool.acquire()
        line.stall()
        waiting = [asyncio.create_task(pool.acquire()) for _ in range(10)]
        await until(lambda: are_open(line, 1 + MOST_OPENING))
        await pool.release(used)
        (first,), others = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert (first.result(), line.connections) == (used, 1 + MOST_OPENING)
        line.resume()
        found = await asyncio.gather(*others)
        assert len({await pid(each) for each in [used, *found]}) == 10


async def test_who_waits_hears_soon_that_none_can_be_opened(settings: Settings) -> None:
    async with far_pool(settings, timeout=0.5) as (line, pool):
        line.stall()
        waiting = [asyncio.create_task(pool.acquire()) for _ in range(10)]
        for task in waiting:
            with pytest.raises(TimeoutError):
                await task
        await asyncio.gather(*pool._opening)
        assert pool.patience == AWAY_SECONDS
        # Now one is tried, and another after a second, for whoever is there when it can be.
        waiting = [asyncio.create_task(pool.acquire()) for _ in range(10)]
        await until(lambda: are_open(line, MOST_OPENING + 1))
        waiting.pop(0).cancel()
        line.resume()
        found = await asyncio.gather(*waiting)
        assert len({await pid(each) for each in found}) == 9
        assert pool.patience == ACQUIRE_SECONDS


async def test_a_try_on_a_line_that_is_down_holds_up_no_later_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database.connections.kept_pool.TRY_SECONDS", 0.0)
    async with far_pool(settings, timeout=60) as (line, pool):
        pool._fault = OSError()
        line.stall()
        stuck = asyncio.create_task(pool.acquire())
        await until(lambda: are_open(line, 1))
        asked = asyncio.create_task(pool.acquire())
        await until(lambda: are_open(line, 2))
        line.resume()
        assert len({await pid(await stuck), await pid(await asked)}) == 2


async def test_subscriptions_go_first(settings: Settings) -> None:
    async with far_pool(settings) as (_, pool):
        taken = [await pool.acquire() for _ in range(18)]
        waiting = [asyncio.create_task(pool.acquire()) for _ in range(10)]
        await asyncio.sleep(0)
        first = [asyncio.create_task(acquire_first(pool)) for _ in range(2)]
        taken += await asyncio.gather(*first)
        assert not any(task.done() for task in waiting)
        # Each place is given back as what it was.
        for each in taken:
            await pool.release(each)
        taken = await asyncio.gather(*waiting)
        taken += [await pool.acquire() for _ in range(8)]
        assert (pool._places.usual.free, pool._places.kept.free) == (0, 2)


async def test_subscriptions_go_first_where_connections_are_few(settings: Settings) -> None:
    async with far_pool(settings) as (line, pool):
        taken = [await pool.acquire() for _ in range(2)]
        line.stall()
        waiting = [asyncio.create_task(pool.acquire()) for _ in range(20)]
        await until(lambda: are_open(line, 2 + MOST_OPENING))
        first = asyncio.create_task(acquire_first(pool))
        left = asyncio.create_task(acquire_first(pool))
        await asyncio.sleep(0)
        await pool.release(taken[0])
        left.cancel()
        assert await first is taken[0]
        # Who has left takes nothing from others.
        await pool.release(taken[1])
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert [task.result() for task in done] == [taken[1]]
        for task in waiting:
            task.cancel()


async def acquire_first(pool: KeptPool) -> Any:
    places.go_first()
    return await pool.acquire()


@contextlib.asynccontextmanager
async def far_pool(settings: Settings, **options: Any) -> AsyncIterator[tuple[Proxy, KeptPool]]:
    """Behind a line that may stand still."""
    url = settings.database_url or ""
    async with proxy(postgres_socket(url)) as line:
        far = postgres_url(url, line.port)
        options |= {"connection_class": Connection, "min_size": 0, "max_size": 20}
        inner = await asyncpg.create_pool(far, **options)
        yield line, KeptPool(inner)
        inner.terminate()


async def are_open(line: Proxy, count: int) -> bool:
    return line.connections == count


async def test_expired_connections_are_opened_anew(pool: KeptPool) -> None:
    connection = await pool.acquire()
    before = await pid(connection)
    await pool.release(connection)
    await pool.expire_connections()
    connection = await pool.acquire()
    assert await pid(connection) != before
    await pool.release(connection)


async def test_closing_waits_for_those_in_use(pool: KeptPool) -> None:
    used, idle = await pool.acquire(), await pool.acquire()
    await pool.release(idle)
    closing = asyncio.create_task(pool.close())
    answer = await used.fetchval("SELECT 1 FROM pg_sleep(0.05)")
    assert (answer, closing.done()) == (1, False)
    await pool.release(used)
    async with asyncio.timeout(5):
        await closing
    with pytest.raises(asyncpg.InterfaceError):
        await pool.acquire()


async def test_closing_goes_on_past_a_connection_that_cannot_be_reset(pool: KeptPool) -> None:
    first, second = await pool.acquire(), await pool.acquire()
    await pool.release(first)
    await pool.release(second)
    # In one step: it asks for nothing before it runs.
    asking = asyncio.create_task(second.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await pool.close()
        with pytest.raises(asyncpg.ConnectionDoesNotExistError):
            await asking
