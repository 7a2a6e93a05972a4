"""Reads many values in two rounds of the event loop: others are served in between."""

import asyncio
from collections.abc import Callable, Mapping
from inspect import isawaitable
from typing import Any

MANY = 500


def called(call: Callable[[], Any], arguments: Mapping[str, Any]) -> Any:
    """Call, at once or in the next round: graphql-core has just read the arguments."""
    return _in_next_round(call) if _are_many(arguments) else call()


def _are_many(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_are_many, value.values()))
    return isinstance(value, list) and len(value) > MANY


async def _in_next_round(call: Callable[[], Any]) -> Any:
    await asyncio.sleep(0)
    result = call()
    return await result if isawaitable(result) else result
