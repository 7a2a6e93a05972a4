"""One tree's side of `python -m benchmarks against`: it does on request what the tree can do.

It runs with the tree's modules, so it imports nothing but what the tree's own benchmarks use. It
reads the name of an act on a line, does it, and writes CPU and wall seconds as a line of JSON.
"""

import asyncio
import importlib
import json
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from itertools import cycle
from typing import Any
from uuid import uuid4

Acts = Mapping[str, Callable[[], Awaitable[Any]]]

# Where modules are differs from tree to tree; the tree's benchmarks know.
ground = importlib.import_module("benchmarks.ground")
planning = importlib.import_module("benchmarks.planning")
changes = importlib.import_module("benchmarks.rule_changes")
csv_import = getattr(ground, "csv_import", None) or ground.importing
TEAM = 50


async def main(held: int, rows: int) -> None:
    async with ground.ground():
        rules = [changes.Rules.from_json({"max_hold": span}) for span in ("P20D", "P30D")]
        pool, team = await ground.sales_team(TEAM, held, rules[-1])
        boss = await ground.admin(team)
        other = await changes.pools.create(boss, "Imported", rules[-1])
        boss = await ground.admin(team)
        await ground.hold_all(team)
        await ground.database.rows("ANALYZE")
        acts = _acts(boss, pool, other, cycle(rules), rows)
        print(json.dumps(list(acts)), flush=True)
        while name := (await asyncio.to_thread(sys.stdin.readline)).strip():
            print(json.dumps(await _timed(acts[name])), flush=True)


def _acts(boss: Any, pool: Any, other: Any, rules: Any, rows: int) -> Acts:
    new = planning.Rules.from_json({"capacity": 100, "follow_up_within": "P5D", "max_hold": "P25D"})

    async def imports() -> None:
        names = [f"{uuid4()} {n}" for n in range(rows)]
        await csv_import.import_customers(boss, other.id, "\n".join(["name", *names]))

    async def change() -> None:
        await changes.pools.change_rules(boss, pool.id, next(rules))
        await changes.reevaluate()

    return {
        "import": imports,
        "preview": lambda: planning.preview.preview(boss, pool.id, new),
        "change of rules": change,
    }


async def _timed(act: Callable[[], Awaitable[Any]]) -> list[float]:
    began, spent = time.perf_counter(), time.process_time()
    await act()
    return [time.process_time() - spent, time.perf_counter() - began]


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
