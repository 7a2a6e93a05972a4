"""10,000 customers dealt out to a team of 100: `python -m benchmarks dealing`."""

import time
from collections import Counter

from benchmarks.ground import admin, ground, sales_team
from models.customers import csv_import
from models.distribution.rounds import Rounds
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Customer

CUSTOMERS = 10_000
TEAM = 100
RULES = {"follow_up_within": "P5D", "max_hold": "P30D", "reclaim_cooldown": "P10D"}


async def main() -> None:
    async with ground():
        pool, team = await sales_team(TEAM, CUSTOMERS, Rules.from_json(RULES))
        boss = await admin(team)
        for strategy in ("IN_TURN", "LEAST_LOADED"):
            rules = Rules.from_json(RULES | {"distribution": {"strategy": strategy}})
            await pools.change_rules(boss, pool.id, rules)
            started = time.perf_counter()
            dealt = await Rounds()()
            seconds = time.perf_counter() - started
            owners = Counter(
                await Customer.filter(pool_id=pool.id).values_list("owner_id", flat=True)
            )
            assert dealt == CUSTOMERS
            assert max(owners.values()) - min(owners.values()) <= 1
            print(f"{dealt:,} dealt out to {TEAM}, {strategy}: {seconds:.2f} s")
            names = [f"{strategy} {n}" for n in range(CUSTOMERS)]
            await csv_import.import_customers(boss, pool.id, "\n".join(["name", *names]))
