"""An operation that is cancelled leaves nothing behind."""

import asyncio
import gc
import warnings
from functools import partial
from typing import Any

import pytest
from graphql import parse
from tortoise.connection import get_connection

from models import database
from tests.schema.execution.plans.both import Asked
from tests.schema.execution.plans.faulty import SCHEMA
from tests.schema.execution.plans.spots import node

ROWS = parse("{ node { name must } mustNode { name } }")


async def cancelled(asked: Asked, once: asyncio.Event) -> None:
    task = asyncio.create_task(asked.by_plan())
    await once.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_awaited_ends_with_the_operation() -> None:
    began, ended = asyncio.Event(), []

    async def slow(name: str) -> Any:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(name)

    def root() -> Any:
        return {"node": node(name=slow("a"), must=slow("b"), number=slow("c"))}

    await cancelled(Asked(SCHEMA, parse("{ node { name must number } }"), root), began)
    assert sorted(ended) == ["a", "b", "c"]


async def test_what_was_not_begun_is_closed() -> None:
    """Rows that are completed in turns have coroutines that nobody awaits any more."""
    began = asyncio.Event()

    async def never() -> None: ...

    def root() -> Any:
        asyncio.get_running_loop().call_soon(began.set)
        return {"nodes": [node(name=lambda _info: never()) for _ in range(9_000)]}

    gc.collect()  # What earlier tests left is not this one's.
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        await cancelled(Asked(SCHEMA, parse("{ nodes { name } }"), root), began)
        # The loop lets go of the operation.
        for _ in range(3):
            await asyncio.sleep(0)
        gc.collect()
    assert [str(each.message) for each in seen] == []


@pytest.mark.usefixtures("database")
async def test_no_connection_is_lost() -> None:
    client: Any = get_connection("default")
    await database.rows("SELECT 1")
    before = client._pool._places.usual.free
    for _ in range(20):
        asked = asyncio.Event()
        await cancelled(Asked(SCHEMA, ROWS, partial(waiting_root, asked)), asked)
        assert client._pool._places.usual.free == before
    assert await database.rows("SELECT 1 AS one") == [{"one": 1}]


def waiting_root(asked: asyncio.Event) -> Any:
    async def statement(_info: Any) -> Any:
        asked.set()
        await database.rows("SELECT pg_sleep(5)")

    return {"node": node(name=statement, must=statement), "mustNode": node(name=statement)}
