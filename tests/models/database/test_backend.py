import asyncio
import contextlib
import random
from typing import Any

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from models import database as databases
from models.database.connection import config as tortoise_config
from models.database.connections.backend import Client
from models.organizations.founding import create_organization
from models.tables import Member
from settings import Settings

SWEEP = databases.Lock.SWEEP
SIZE = 4
TORTOISES_OWN = "tortoise.backends.asyncpg"


async def test_a_task_cancelled_at_any_moment_gives_its_connection_back(
    settings: Settings,
) -> None:
    async with databases.connected(settings.model_copy(update={"pool_size": SIZE})):
        assert isinstance(get_connection("default"), Client)
        await cancelled_at_random(databases.transaction)
        assert await free_connections() == SIZE


async def test_tortoises_own_backend_loses_connections_the_same_way(settings: Settings) -> None:
    """The fault that models/backend.py mends. When this fails, Tortoise has mended it."""
    config = tortoise_config(settings, pool_size=SIZE)
    config["connections"]["default"]["engine"] = TORTOISES_OWN
    await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        left = SIZE
        for seed in range(1, 6):
            await cancelled_at_random(lambda: in_transaction("default"), seed)
            if (left := await free_connections()) < SIZE:
                break
        assert left < SIZE
    finally:
        lossy: Any = get_connection("default")
        lossy._pool.terminate()
        await Tortoise.close_connections()


async def test_a_task_that_ran_out_of_time_goes_on_with_a_good_connection(
    database: None,
) -> None:
    chance = random.Random(3)
    for _ in range(100):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(chance.random() / 500):
                async with databases.transaction():
                    await databases.rows("SELECT pg_sleep(0.0005)")
        assert not databases.inside_transaction()
        assert await databases.rows("SELECT 1 AS one") == [{"one": 1}]


async def test_waiting_for_a_free_connection_has_an_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database.connections.kept_pool.ACQUIRE_SECONDS", 0.1)
    async with databases.connected(settings.model_copy(update={"pool_size": 2})):
        async with asyncio.timeout(5), contextlib.AsyncExitStack() as stack:
            await databases.rows("SELECT 1")
            pool: Any = get_connection("default")
            for _ in range(2):
                await stack.enter_async_context(pool.acquire_connection())
            for wait in (databases.rows("SELECT 1"), transact()):
                with pytest.raises(TimeoutError):
                    await wait
        assert await free_connections() == 2


async def test_a_lock_that_was_cancelled_is_free_again(settings: Settings) -> None:
    chance = random.Random(4)
    async with databases.connected(settings.model_copy(update={"pool_size": SIZE})):
        await databases.rows("SELECT 1")

        async def hold() -> None:
            async with databases.advisory_lock(SWEEP):
                await databases.rows("SELECT pg_sleep(0.0005)")

        for _ in range(60):
            await cancel(asyncio.create_task(hold()), chance.random() / 200)
        assert await free_connections() == SIZE
        async with databases.advisory_lock(SWEEP) as held:
            assert held
        for _ in range(20):
            assert await databases.rows("SELECT 1 AS one") == [{"one": 1}]


async def test_only_one_at_a_time_gets_the_lock(database: None) -> None:
    await databases.rows("SELECT 1")
    async with (
        databases.advisory_lock(SWEEP) as first,
        databases.advisory_lock(SWEEP) as second,
    ):
        assert (first, second) == (True, False)
    async with databases.advisory_lock(SWEEP) as third:
        assert third


async def test_a_pool_whose_connections_were_cut_connects_anew(
    database: None, settings: Settings
) -> None:
    await asyncio.gather(*(databases.rows("SELECT pg_sleep(0.02)") for _ in range(5)))
    own = await asyncpg.connect(**databases.credentials(settings.database_url or ""))
    # It answers once each has ended.
    cut = await own.fetchval(
        "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000)) FROM pg_stat_activity"
        " WHERE application_name = 'seapool' AND datname = current_database()"
    )
    await own.close()
    assert cut >= 2
    assert await databases.rows("SELECT 1 AS one") == [{"one": 1}]


async def test_several_users_at_once_share_one_pool_until_the_last_one_leaves(
    settings: Settings,
) -> None:
    inside, leave = asyncio.Barrier(3), asyncio.Event()
    seen: list[object] = []

    async def use() -> None:
        async with databases.connected(settings):
            await inside.wait()
            seen.append(get_connection("default"))
            await leave.wait()

    users = [asyncio.create_task(use()) for _ in range(2)]
    async with databases.connected(settings):
        await inside.wait()
        leave.set()
        await asyncio.gather(*users)
        assert await databases.rows("SELECT 1 AS one") == [{"one": 1}]
        assert {id(each) for each in seen} == {id(get_connection("default"))}


async def test_migrating_leaves_whoever_is_connected_connected(
    database: None, settings: Settings
) -> None:
    admin = await create_organization("示范企业", "admin@demo.test", "Asia/Shanghai")
    await databases.migrate(settings)
    assert await databases.rows("SELECT id FROM member") == [{"id": admin.id}]
    assert [each.id for each in await Member.all()] == [admin.id]


async def test_effects_follow_the_commit_and_a_rollback_has_none(database: None) -> None:
    told: list[str] = []

    async def tell(what: str) -> None:
        told.append(what)

    async with databases.transaction():
        await databases.after_commit(lambda: tell("kept"))
        async with databases.transaction():
            await databases.after_commit(lambda: tell("inner"))
        assert told == []
    with contextlib.suppress(ZeroDivisionError):
        async with databases.transaction():
            await databases.after_commit(lambda: tell("lost"))
            raise ZeroDivisionError
    await databases.after_commit(lambda: tell("at once"))
    assert told == ["kept", "inner", "at once"]


async def cancelled_at_random(begin: Any, seed: int = 1) -> None:
    """Four hundred small transactions, each cancelled within two milliseconds."""
    chance = random.Random(seed)
    await ask()

    async def work() -> None:
        async with begin():
            await ask()

    for _ in range(100):
        tasks = [asyncio.create_task(work()) for _ in range(SIZE)]
        await asyncio.gather(*(cancel(task, chance.random() / 500) for task in tasks))


async def cancel(task: asyncio.Task[None], after: float) -> None:
    await asyncio.wait([task], timeout=after)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, TimeoutError):
        await asyncio.wait_for(task, 1)


async def ask() -> None:
    """A statement that Tortoise's own backend has too."""
    await get_connection("default").execute_query_dict("SELECT 1")


async def free_connections() -> int:
    """How many can be had at once, of as many as there should be."""
    client: Any = get_connection("default")
    taken: list[Any] = []
    with contextlib.suppress(TimeoutError):
        while len(taken) <= SIZE:
            async with asyncio.timeout(0.3):
                taken.append(await client._pool.acquire())
    for connection in taken:
        await client._pool.release(connection)
    return len(taken)


async def transact() -> None:
    async with databases.transaction():
        pass
