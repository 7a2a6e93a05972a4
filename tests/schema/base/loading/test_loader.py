"""A loader reads many keys at once, when its operation asks for nothing more."""

import asyncio

import pytest

from schema.base.loading.loader import Loader, Pace


class Tenfold:
    """Ten times each key, and a fault for a key below 0."""

    def __init__(self) -> None:
        self.reads: list[list[int]] = []

    async def __call__(self, keys: list[int]) -> list[int | Exception]:
        self.reads.append(keys)
        return [ValueError("below 0") if key < 0 else 10 * key for key in keys]


async def test_keys_that_are_asked_for_together_are_read_together_and_once() -> None:
    read = Tenfold()
    loader: Loader[int, int] = Loader(read, Pace())
    assert await loader.load_many([1, 2, 1]) == [10, 20, 10]
    assert await loader.load(2) == 20
    assert await loader.load(3) == 30
    assert read.reads == [[1, 2], [3]]


async def test_a_fault_is_of_its_key_alone() -> None:
    loader: Loader[int, int] = Loader(Tenfold(), Pace())
    good, bad = loader.load(1), loader.load(-1)
    with pytest.raises(ValueError, match="below 0"):
        await bad
    assert await good == 10


async def test_a_read_that_fails_fails_for_every_key() -> None:
    async def read(_: list[int]) -> list[int]:
        raise ConnectionError

    loader: Loader[int, int] = Loader(read, Pace())
    for future in (loader.load(1), loader.load(2)):
        with pytest.raises(ConnectionError):
            await future


async def test_rounds_of_the_loop_do_not_part_what_one_operation_asks_for() -> None:
    read, pace = Tenfold(), Pace()
    loader: Loader[int, int] = Loader(read, pace)
    pace.hold()
    first = loader.load(1)
    for _ in range(5):
        await asyncio.sleep(0)
    second = loader.load(2)
    assert read.reads == []
    pace.go()
    assert [await first, await second] == [10, 20]
    assert read.reads == [[1, 2]]


async def test_what_is_primed_is_not_read() -> None:
    read = Tenfold()
    loader: Loader[int, int] = Loader(read, Pace())
    loader.prime_many([(1, 11)])
    assert await loader.load(1) == 11
    assert read.reads == []


async def test_a_cancelled_future_is_asked_for_again() -> None:
    read = Tenfold()
    loader: Loader[int, int] = Loader(read, Pace())
    loader.load(1).cancel()
    assert await loader.load(1) == 10


async def test_keys_of_one_name_are_one() -> None:
    read = Tenfold()
    loader: Loader[int, int] = Loader(read, Pace(), name_of=lambda key: key % 2)
    assert await loader.load_many([1, 3]) == [10, 10]
    assert read.reads == [[1]]
