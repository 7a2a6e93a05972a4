"""Awaits values together, each until it has answered or failed."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any

from schema.base.loading.later import Later


async def settled(awaitables: Sequence[Awaitable[Any]]) -> list[Any]:
    """Return the values or exceptions; one alone needs no task."""
    if len(awaitables) == 1:
        try:
            return [await awaitables[0]]
        except Exception as raised:
            return [raised]
    futures: list[asyncio.Future[Any]] = [
        each.future if isinstance(each, Later) else asyncio.ensure_future(each)
        for each in awaitables
    ]
    try:
        for future in futures:
            if not future.done():
                with suppress(Exception):
                    await future
    except BaseException:
        for future in futures:
            future.cancel()
        # None of them outlives the operation, whose connections they use.
        await asyncio.gather(*futures, return_exceptions=True)
        raise
    return [_answer(future, each) for future, each in zip(futures, awaitables, strict=True)]


def _answer(future: "asyncio.Future[Any]", awaited: Awaitable[Any]) -> Any:
    try:
        answer = future.result()
        return awaited.then(answer) if isinstance(awaited, Later) else answer
    except Exception as raised:
        return raised
