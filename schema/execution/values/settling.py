"""Awaits values together, each until it has answered or failed."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any

from schema.base.loading.later import Later
from schema.base.loading.loader import Pace
from schema.execution.turns import SLICE, Line


async def settled(awaitables: Sequence[Awaitable[Any]], pace: Pace, line: Line) -> list[Any]:
    """Return the values or exceptions. The loaders may read when all have begun, in turns."""
    if len(awaitables) == 1:  # It needs no task.
        pace.go()
        try:
            return [await awaitables[0]]
        except Exception as raised:
            return [raised]
    futures: list[asyncio.Future[Any]] = []
    try:
        for each in awaitables:
            if futures and not len(futures) % SLICE:
                await line.turn(SLICE)
            futures.append(_future(each))
        if len(futures) > SLICE:
            await line.turn(SLICE)
        pace.go()
        for future in futures:
            if not future.done():
                with suppress(Exception):
                    await future
    except BaseException:
        for future in futures:
            future.cancel()
        for each in awaitables[len(futures) :]:
            if asyncio.iscoroutine(each):
                each.close()
        # None of them outlives the operation, whose connections they use.
        await asyncio.gather(*futures, return_exceptions=True)
        raise
    return [*map(_answer, futures, awaitables)]


def _future(awaited: Awaitable[Any]) -> "asyncio.Future[Any]":
    """Loaders answer with futures; anything else needs a task."""
    if isinstance(awaited, asyncio.Future):
        return awaited
    return awaited.future if isinstance(awaited, Later) else asyncio.ensure_future(awaited)


def _answer(future: "asyncio.Future[Any]", awaited: Awaitable[Any]) -> Any:
    try:
        answer = future.result()
        return awaited.then(answer) if isinstance(awaited, Later) else answer
    except Exception as raised:
        return raised
