"""When a subscriber is idle: only then may others tell its client an event."""

import asyncio
from collections.abc import Callable

import pytest

from models.database import cluster
from models.tables import Event
from schema.base.subscribers import MOST_WAITING, Subscriber

EVENT = Event()


def is_idle(subscriber: Subscriber) -> bool:
    return subscriber.is_idle(cluster())


async def test_it_is_idle_while_it_waits_and_nothing_came(database: None) -> None:
    subscriber = Subscriber()
    assert not is_idle(subscriber)
    batches = subscriber.batches()
    waiting = asyncio.ensure_future(anext(batches))
    await asyncio.sleep(0)
    assert is_idle(subscriber)
    assert not subscriber.is_idle("another database")
    subscriber.put(EVENT)
    assert not is_idle(subscriber)
    assert await waiting == [EVENT]
    assert not is_idle(subscriber)
    waiting = asyncio.ensure_future(anext(batches))
    await asyncio.sleep(0)
    assert is_idle(subscriber)
    waiting.cancel()


@pytest.mark.parametrize("comes", [lambda one: one.put(EVENT), Subscriber.fall_behind])
async def test_what_came_is_told_before_what_comes_next(
    database: None, comes: Callable[[Subscriber], None]
) -> None:
    subscriber = Subscriber()
    waiting = asyncio.ensure_future(anext(subscriber.batches(), None))
    await asyncio.sleep(0)
    comes(subscriber)
    assert not is_idle(subscriber)
    await waiting
    assert not is_idle(subscriber)


async def test_it_is_not_idle_while_it_tells_what_came_before_it_waited(database: None) -> None:
    subscriber = Subscriber()
    subscriber.put(EVENT)
    batches = subscriber.batches()
    assert await anext(batches) == [EVENT]
    assert not is_idle(subscriber)


async def test_a_full_buffer_takes_no_more_and_sends_its_reader_to_the_ledger(
    database: None,
) -> None:
    subscriber = Subscriber()
    for _ in range(MOST_WAITING + 5):
        subscriber.put(EVENT)
    async with asyncio.timeout(5):
        told = [event async for batch in subscriber.batches() for event in batch]
    assert len(told) == MOST_WAITING
