"""Budgets of several processes become one: each tells Valkey what was spent, and hears of the rest.

Without Valkey each process counts by itself. Nothing waits for this.
"""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from typing import Any

from models.queue.queue import FAULTS, queue
from models.queue.valkey import ANSWER_SECONDS
from schema.fairness.budgets import Budgets

SECONDS = 0.25
PAUSE_SECONDS = 1.0
PREFIX = "seapool:budget:"
# By Valkey's clock, so that the hosts' clocks do not matter. All times are milliseconds.
ADD = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local owed = {}
for n, key in ipairs(KEYS) do
  local free_at = math.max(now, tonumber(redis.call('GET', key) or '0')) + tonumber(ARGV[n])
  if free_at > now then
    redis.call('SET', key, string.format('%d', free_at), 'PX', string.format('%d', free_at - now))
  end
  owed[n] = free_at - now
end
return owed
"""


class NotConnected(Exception):
    """This process has no Valkey."""


@contextlib.asynccontextmanager
async def sharing(budgets: Budgets) -> AsyncIterator[None]:
    """Exchange with the other processes while entered."""
    task = asyncio.create_task(_share(budgets))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _share(budgets: Budgets) -> None:
    while True:
        await asyncio.sleep(SECONDS)
        if not await exchange(budgets):
            await asyncio.sleep(PAUSE_SECONDS)


async def exchange(budgets: Budgets) -> bool:
    """Tell what was spent since the last time, and adopt the sums; False without Valkey."""
    spent = budgets.take_unsent()
    if not spent:
        return True
    try:
        owed = await _added(queue.redis, spent)
    except (*FAULTS, NotConnected):
        budgets.put_back(spent)
        return False
    for spender, milliseconds in zip(spent, owed, strict=True):
        budgets.owes(spender, milliseconds / 1000)
    return True


async def _added(redis: Any | None, spent: dict[str, float]) -> list[int]:
    if redis is None:
        raise NotConnected
    keys = [PREFIX + spender for spender in spent]
    added = [math.ceil(seconds * 1000) for seconds in spent.values()]
    async with asyncio.timeout(ANSWER_SECONDS):
        owed: list[int] = await redis.eval(ADD, len(keys), *keys, *added)
    return owed
