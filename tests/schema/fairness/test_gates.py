"""A gate lets in as much as it holds, in the order of arrival, whoever leaves or gives up."""

import asyncio
import contextlib
import random

from schema.fairness.gates import Gate

SIZE = 10


class Watch:
    """Who is inside, and how much they ever weighed together."""

    def __init__(self) -> None:
        self.gate = Gate(SIZE)
        self.entered: list[str] = []
        self.weight = self.most = 0

    async def visit(self, name: str, weight: int, until: asyncio.Event) -> None:
        async with self.gate.passing(weight):
            self.entered.append(name)
            self.weight += weight
            self.most = max(self.most, self.weight)
            try:
                await until.wait()
            finally:
                self.weight -= weight


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_those_outside_enter_in_the_order_of_their_arrival() -> None:
    watch, leave, stay = Watch(), asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch.visit("first", 6, leave))
        tasks.create_task(watch.visit("heavy", 6, stay))
        tasks.create_task(watch.visit("light", 1, stay))
        await settle()
        assert watch.entered == ["first"]
        leave.set()
        await settle()
        assert watch.entered == ["first", "heavy", "light"]
        stay.set()


async def test_what_weighs_more_than_the_gate_holds_enters_alone() -> None:
    watch, leave, stay = Watch(), asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch.visit("light", 1, leave))
        tasks.create_task(watch.visit("giant", 100, stay))
        await settle()
        assert watch.entered == ["light"]
        leave.set()
        await settle()
        assert watch.entered == ["light", "giant"]
        stay.set()


async def test_who_gives_up_holds_up_nobody() -> None:
    watch, stay = Watch(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(watch.visit("first", 6, stay))
        impatient = tasks.create_task(watch.visit("impatient", 9, stay))
        tasks.create_task(watch.visit("light", 1, stay))
        await settle()
        impatient.cancel()
        await settle()
        assert watch.entered == ["first", "light"]
        stay.set()


async def test_whatever_is_cancelled_when_the_gate_never_overflows_and_ends_empty() -> None:
    dice = random.Random(7)
    watch = Watch()

    async def visit() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            done = asyncio.Event()
            asyncio.get_running_loop().call_later(dice.random() / 1000, done.set)
            await watch.visit("", dice.randint(1, SIZE), done)

    tasks = [asyncio.create_task(visit()) for _ in range(400)]
    for _ in tasks:
        await asyncio.sleep(0)
        dice.choice(tasks).cancel()
    await asyncio.wait(tasks, timeout=30)
    assert all(task.done() for task in tasks)
    assert watch.most <= SIZE
    async with asyncio.timeout(1), watch.gate.passing(SIZE):
        pass
