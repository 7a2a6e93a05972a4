"""Releases that fall due together: alarms that drain beside one job for each customer."""

import asyncio
import time

from benchmarks.ground import ground, hold_all, sales_team
from models import database
from models.holding import alarms
from models.ownership.drain import release_due
from models.rules.rules import Rules
from models.tables import CUSTOMER_COLUMNS, Customer
from models.viewers import Viewer
from settings import Settings
from workers.runner import arq_worker

DUE = 5000
LEFT = "SELECT count(*) AS n FROM customer WHERE owner_id IS NOT NULL"


async def main() -> None:
    async with ground() as settings:
        rules = Rules.from_json({"max_hold": "PT0.2S", "reminders": []})
        _, team = await sales_team(20, DUE, rules)
        rates = {
            "the drain alone": await _drained(team),
            "alarms through arq that drain": await _rung(settings, team),
        }
    print(f"releases a second, {DUE} due at once:")
    for name, rate in rates.items():
        print(f"  {name:32} {rate:8.0f}")


async def _drained(team: list[Viewer]) -> float:
    await hold_all(team)
    await asyncio.sleep(0.3)
    started = time.perf_counter()
    await release_due()
    return DUE / (time.perf_counter() - started)


async def _rung(settings: Settings, team: list[Viewer]) -> float:
    await hold_all(team)
    await asyncio.sleep(0.3)
    rows = await database.rows(
        f"SELECT {CUSTOMER_COLUMNS} FROM customer c WHERE owner_id IS NOT NULL"
    )
    held = [database.as_model(Customer, row) for row in rows]
    now = (await database.rows("SELECT now() AS now"))[0]["now"]
    await alarms.arm(held, now)
    worker = arq_worker(settings, burst=True)
    started = time.perf_counter()
    await worker.run_check()
    seconds = time.perf_counter() - started
    await worker.close()
    assert (await database.rows(LEFT))[0]["n"] == 0
    return DUE / seconds
