"""New rules for 100,000 held customers, wrong ones that release them all, and the way back."""

import time
from collections.abc import Awaitable
from typing import Any

from benchmarks.ground import admin, ground, hold_all, sales_team
from models.holding.reevaluation import reevaluate
from models.ownership import undoing
from models.ownership.drain import release_due
from models.pools import pools
from models.rules.rules import Rules

HELD = 100_000


async def main() -> None:
    async with ground():
        pool, team = await sales_team(50, HELD, Rules.from_json({"max_hold": "P30D"}))
        boss = await admin(team)
        await hold_all(team)
        print(f"{HELD:,} held customers:")
        changed = pools.change_rules(boss, pool.id, Rules.from_json({"max_hold": "P20D"}))
        await _timed("new rules are answered", changed)
        await _timed("and have reached everyone", reevaluate())
        wrong = await pools.change_rules(boss, pool.id, Rules.from_json({"max_hold": "PT0.001S"}))
        await reevaluate()
        await _timed("wrong ones release them all", release_due())
        await pools.change_rules(boss, pool.id, Rules.from_json({"max_hold": "P20D"}))
        back = undoing.undo(
            boss, customer_id=None, pool_id=pool.id, rules_version=wrong.rules_version
        )
        undone = await _timed("and are undone", back)
        assert undone.count == HELD


async def _timed(name: str, act: Awaitable[Any]) -> Any:
    started = time.perf_counter()
    answer = await act
    print(f"  {name:32} {time.perf_counter() - started:6.2f} s")
    return answer
