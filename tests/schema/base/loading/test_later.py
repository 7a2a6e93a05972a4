"""What a loader reads becomes something else without a task for each of it."""

import asyncio
from typing import Any

import pytest

from models.tables import Member
from schema.base.loading.later import Later, once_loaded
from schema.base.loading.loader import Loader, Pace


def loader(loads: list[list[int]]) -> Loader[int, int]:
    async def load(keys: list[int]) -> list[int | BaseException]:
        loads.append(keys)
        return [ValueError("lost") if key < 0 else key * 10 for key in keys]

    return Loader(load, Pace())


async def found(value: Any) -> Any:
    return await value if hasattr(value, "__await__") else value


async def test_what_is_not_loaded_yet_comes_later_all_in_one_batch() -> None:
    loads: list[list[int]] = []
    loading = loader(loads)
    several = [once_loaded(loading, key, lambda read: read + 1) for key in (1, 2, 1)]
    assert all(isinstance(each, Later) for each in several)
    assert [await found(each) for each in several] == [11, 21, 11]
    assert loads == [[1, 2]]


async def test_what_is_loaded_comes_at_once() -> None:
    loading = loader([])
    await loading.load(1)
    assert once_loaded(loading, 1, lambda read: read + 1) == 11


async def test_what_is_made_may_be_awaited_too() -> None:
    async def made(read: int) -> int:
        await asyncio.sleep(0)
        return read + 1

    assert await found(once_loaded(loader([]), 1, made)) == 11


async def test_a_row_is_made_as_it_is() -> None:
    row = Member()
    assert await found(once_loaded(loader([]), 1, lambda _: row)) is row


async def test_faults_reach_who_awaits() -> None:
    loading = loader([])
    for _ in range(2):
        with pytest.raises(ValueError, match="lost"):
            await found(once_loaded(loading, -1, lambda read: read))
    with pytest.raises(ZeroDivisionError):
        await found(once_loaded(loading, 1, lambda _: 1 // 0))
