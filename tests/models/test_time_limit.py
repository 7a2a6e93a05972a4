"""A limit of time ends what takes longer, and leaves all else alone."""

import asyncio

import pytest

from models.time_limit import TimeLimit

SHORT, LONG = 0.02, 30.0


async def for_ever() -> None:
    await asyncio.Event().wait()


async def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError), TimeLimit(SHORT):
        await for_ever()
    task = asyncio.current_task()
    assert task
    assert not task.cancelling()


async def test_a_short_limit_ends_before_a_long_one_that_began_first() -> None:
    with TimeLimit(LONG) as long:
        with pytest.raises(TimeoutError), TimeLimit(SHORT):
            await for_ever()
        assert not long.is_reached
        await asyncio.sleep(0)


async def test_each_of_many_limits_is_reached() -> None:
    async def limited(seconds: float) -> bool:
        try:
            with TimeLimit(seconds):
                await for_ever()
        except TimeoutError:
            return True
        return False

    assert await asyncio.gather(*(limited(SHORT + n / 1000) for n in range(20))) == [True] * 20


async def test_a_limit_that_was_put_off_is_not_reached_before() -> None:
    with TimeLimit(SHORT) as limit:
        limit.ends_at += LONG
        with pytest.raises(TimeoutError), TimeLimit(2 * SHORT):
            await for_ever()
        assert not limit.is_reached


async def test_the_outer_of_two_limits_that_are_reached_together_raises() -> None:
    with pytest.raises(TimeoutError) as raised, TimeLimit(0) as outer, TimeLimit(0) as inner:
        await for_ever()
    assert outer.is_reached
    assert inner.is_reached
    assert isinstance(raised.value.__cause__, asyncio.CancelledError)


async def test_who_cancels_the_task_ends_it_also_at_its_limit() -> None:
    begun = asyncio.Event()
    limit = TimeLimit(LONG)

    async def work() -> None:
        with limit:
            begun.set()
            await for_ever()

    task = asyncio.create_task(work())
    await begun.wait()
    limit.reach()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_after_its_end_a_limit_cancels_nobody() -> None:
    with TimeLimit(SHORT):
        pass
    with pytest.raises(TimeoutError), TimeLimit(2 * SHORT):
        await for_ever()


def test_each_loop_has_its_own_timer() -> None:
    async def ended() -> bool:
        with TimeLimit(LONG):
            try:
                with TimeLimit(SHORT):
                    await for_ever()
            except TimeoutError:
                return True
        return False

    assert [asyncio.run(ended()) for _ in range(2)] == [True, True]
