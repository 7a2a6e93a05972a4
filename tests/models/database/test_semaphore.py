"""The pool's semaphore gives its places in the order of arrival, and loses none."""

import asyncio
import random

from models.database.connections.semaphore import Semaphore

PLACES = 3


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_those_who_wait_get_places_in_the_order_of_arrival() -> None:
    semaphore, entered = Semaphore(1), list[int]()
    await semaphore.acquire()

    async def enter(number: int) -> None:
        await semaphore.acquire()
        entered.append(number)

    waiting = [asyncio.create_task(enter(number)) for number in range(4)]
    await settle()
    waiting[1].cancel()
    for seen in ([0], [0, 2], [0, 2, 3]):
        semaphore.release()
        # Who comes now is behind those who wait.
        assert not semaphore.free
        await settle()
        assert entered == seen
    semaphore.release()
    assert semaphore.free == 1


async def test_a_place_given_to_a_cancelled_task_goes_to_the_next() -> None:
    semaphore = Semaphore(1)
    await semaphore.acquire()
    first, second = (asyncio.create_task(semaphore.acquire()) for _ in range(2))
    await settle()
    semaphore.release()
    first.cancel()
    await settle()
    assert (first.cancelled(), second.done(), semaphore.free) == (True, True, 0)


async def test_tasks_cancelled_at_any_moment_leave_all_places_free() -> None:
    semaphore, chance = Semaphore(PLACES), random.Random(1)
    inside = most = 0

    async def visit() -> None:
        nonlocal inside, most
        await semaphore.acquire()
        inside += 1
        most = max(most, inside)
        try:
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
        finally:
            inside -= 1
            semaphore.release()

    for _ in range(300):
        tasks = [asyncio.create_task(visit()) for _ in range(8)]
        for _ in range(4):
            await asyncio.sleep(0)
            chance.choice(tasks).cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert (semaphore.free, most, inside) == (PLACES, PLACES, 0)
