"""Runs what takes long in a thread beside the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Made = TypeVar("Made")

# One for all: the event loop shares the interpreter's lock with it, and has half of the time. With
# three busy threads, 40 ms of work took 110 ms.
_thread = ThreadPoolExecutor(1, "aside")


async def aside(make: Callable[[], Made]) -> Made:
    return await asyncio.get_running_loop().run_in_executor(_thread, make)
