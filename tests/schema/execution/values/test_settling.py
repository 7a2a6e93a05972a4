"""Many awaited values begin in turns, and the loaders still read for all of them at once."""

import asyncio
import inspect

import pytest

from schema.base.loading.loader import Loader, Pace
from schema.execution.turns import SLICE, Line
from schema.execution.values.settling import settled


async def test_many_awaited_values_begin_in_turns() -> None:
    begun = 0

    async def value() -> str:
        nonlocal begun
        begun += 1
        return "a"

    task = asyncio.gather(settled([value() for _ in range(3 * SLICE)], Pace(), Line()))
    most = before = 0
    while not task.done():
        await asyncio.sleep(0)
        most, before = max(most, begun - before), begun
    (answers,) = await task
    assert answers == ["a"] * (3 * SLICE)
    assert most <= SLICE


async def test_loaders_read_once_for_all_that_begin_in_turns() -> None:
    asked: list[list[int]] = []

    async def read(keys: list[int]) -> list[int]:
        asked.append(keys)
        return keys

    pace = Pace()
    pace.hold()
    loader: Loader[int, int] = Loader(read, pace)

    async def load(key: int) -> int:
        return await loader.load(key)

    many = 3 * SLICE
    assert await settled([load(key) for key in range(many)], pace, Line()) == [*range(many)]
    assert asked == [[*range(many)]]


async def test_what_has_not_begun_is_closed_at_the_end() -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    waiting = [never() for _ in range(3 * SLICE)]
    task = asyncio.create_task(settled(waiting, Pace(), Line()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [inspect.getcoroutinestate(each) for each in waiting] == ["CORO_CLOSED"] * len(waiting)
