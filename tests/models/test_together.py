"""Reads that are asked for at the same time share a call, and nothing else."""

import asyncio
import contextvars

import asyncpg
import pytest

from models import together
from models.together import Together


class Reads:
    """A read that notes what it was called for, and ends when it may."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[int]]] = []
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.together = Together(self._read)

    async def _read(self, group: str, keys: list[int]) -> list[int]:
        self.calls.append((group, keys))
        await self.may_end.wait()
        return [1000 // key for key in keys]

    async def begun(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.calls) < count:
                await asyncio.sleep(0)


async def test_who_asks_in_one_round_shares_a_call() -> None:
    reads = Reads()
    assert await asyncio.gather(*(reads.together.ask("A", key) for key in (1, 2, 1))) == [
        1000,
        500,
        1000,
    ]
    assert reads.calls == [("A", [1, 2, 1])]


async def test_who_comes_a_round_later_shares_the_call() -> None:
    reads = Reads()
    answers = [reads.together.ask("A", 1)]
    for key in (2, 4):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        answers.append(reads.together.ask("A", key))
    assert await asyncio.gather(*answers) == [1000, 500, 250]
    assert reads.calls == [("A", [1, 2, 4])]


async def test_a_call_begins_though_each_round_brings_another_one() -> None:
    reads = Reads()
    asked = 0
    async with asyncio.timeout(5):
        while not reads.calls:
            asked += 1
            reads.together.ask("A", asked)
            await asyncio.sleep(0)
    assert reads.calls[0] == ("A", [*range(1, asked + 1)])


async def test_who_asks_during_a_call_shares_the_next_one() -> None:
    reads = Reads()
    reads.may_end.clear()
    first = reads.together.ask("A", 1)
    await reads.begun(1)
    later = [reads.together.ask("A", key) for key in (2, 4)]
    await asyncio.sleep(0)
    assert reads.calls == [("A", [1])]
    reads.may_end.set()
    assert await asyncio.gather(first, *later) == [1000, 500, 250]
    assert reads.calls == [("A", [1]), ("A", [2, 4])]


async def test_nothing_is_kept_for_who_asks_afterwards() -> None:
    reads = Reads()
    for _ in range(2):
        assert await reads.together.ask("A", 1) == 1000
    assert reads.calls == [("A", [1]), ("A", [1])]


async def test_groups_have_calls_of_their_own_at_the_same_time() -> None:
    reads = Reads()
    reads.may_end.clear()
    answers = [reads.together.ask(group, 1) for group in ("A", "B")]
    await reads.begun(2)
    reads.may_end.set()
    assert await asyncio.gather(*answers) == [1000, 1000]
    assert sorted(reads.calls) == [("A", [1]), ("B", [1])]


async def test_who_leaves_leaves_the_others_their_answers() -> None:
    reads = Reads()
    reads.may_end.clear()
    left, stays, early = (reads.together.ask("A", key) for key in (1, 2, 4))
    early.cancel()
    await reads.begun(1)
    assert reads.calls == [("A", [1, 2])]
    left.cancel()
    reads.may_end.set()
    assert await stays == 500


async def test_a_fault_of_one_key_is_no_other_s() -> None:
    reads = Reads()
    answers = [reads.together.ask("A", key) for key in (1, 0, 2)]
    assert await answers[0] == 1000
    assert await answers[2] == 500
    with pytest.raises(ZeroDivisionError):
        await answers[1]


async def test_after_a_fault_nobody_asks_for_who_has_left() -> None:
    reads = Reads()
    reads.may_end.clear()
    left, stays, wrong = (reads.together.ask("A", key) for key in (1, 2, 0))
    await reads.begun(1)
    left.cancel()
    reads.may_end.set()
    assert await stays == 500
    with pytest.raises(ZeroDivisionError):
        await wrong
    assert reads.calls == [("A", [1, 2, 0]), ("A", [2]), ("A", [0])]


@pytest.mark.parametrize("fault", [TimeoutError, asyncpg.QueryCanceledError])
async def test_a_call_without_an_answer_in_time_is_not_made_again(fault: type[Exception]) -> None:
    calls: list[list[int]] = []

    async def late(group: str, keys: list[int]) -> list[int]:
        calls.append(keys)
        raise fault

    asked: Together[str, int, int] = Together(late)
    answers = [asked.ask("A", key) for key in (1, 2)]
    for each in answers:
        with pytest.raises(fault):
            await each
    assert calls == [[1, 2]]


async def test_a_call_that_takes_long_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "LATE_SECONDS", -1.0)
    reads = Reads()
    reads.may_end.clear()
    first = reads.together.ask("A", 1)
    await reads.begun(1)
    second = reads.together.ask("A", 2)
    await reads.begun(2)
    assert reads.calls == [("A", [1]), ("A", [2])]
    reads.may_end.set()
    assert [await each for each in (first, second)] == [1000, 500]


async def test_a_call_is_in_the_context_of_who_asked_first() -> None:
    who: contextvars.ContextVar[str] = contextvars.ContextVar("who")
    found: list[tuple[str, list[int]]] = []
    may_end = asyncio.Event()

    async def read(group: str, keys: list[int]) -> list[int]:
        found.append((who.get(), keys))
        await may_end.wait()
        return keys

    asked: Together[str, int, int] = Together(read)

    async def ask(name: str, key: int) -> int:
        who.set(name)
        return await asked.ask("A", key)

    asking = [asyncio.create_task(ask(name, n)) for n, name in enumerate(("Li", "Han"))]
    async with asyncio.timeout(5):
        while not found:
            await asyncio.sleep(0)
    asking += [asyncio.create_task(ask(name, n)) for n, name in enumerate(("Wang", "Zhao"), 2)]
    await asyncio.sleep(0)
    may_end.set()
    assert await asyncio.gather(*asking) == [0, 1, 2, 3]
    assert found == [("Li", [0, 1]), ("Wang", [2, 3])]
