"""A preview of new rules for 100,000 held customers, and reports of a year of a million events."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from benchmarks.ground import admin, ground, sales_team
from models import database
from models.pools import advice, preview, reports
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer

HELD = 100_000
EVENTS = 1_000_000
CLAIM_ALL = """
UPDATE customer c SET owner_id = m.ids[1 + n % cardinality(m.ids)], epoch = 1, opened_at = NULL,
  claimed_at = now() - n * interval '17 seconds', rules_version = 1,
  followed_up_at = CASE n % 3 WHEN 0 THEN now() - n * interval '7 seconds' END,
  release_at = now() - n * interval '17 seconds' + interval '30 days', release_reason = 'MAX_HOLD'
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM customer) AS r,
  (SELECT array_agg(id) AS ids FROM member WHERE role = 'SALES') AS m
WHERE c.id = r.id
"""
# Three in ten are claims, a quarter releases, one in twenty a deal: a life after another.
TELL = """
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id,
  release_reason, pool_id, at, details)
SELECT c.organization_id, c.id, 2 * life + 1, k.action, m.id, m.id,
  CASE k.action WHEN 'RELEASED' THEN
    (ARRAY['NOT_FOLLOWED_UP', 'NO_DEAL', 'GIVEN_BACK'])[1 + life % 3] END, c.pool_id,
  now() - interval '360 days' + life * interval '100 days' + c.n * interval '80 seconds'
    + k.after * interval '1 day' * (1 + c.n % 9),
  CASE k.action WHEN 'FOLLOWED_UP' THEN '{"kind": "VISIT"}'::jsonb ELSE '{}' END
FROM (SELECT id, organization_id, pool_id, row_number() OVER (ORDER BY id) AS n FROM customer) AS c
CROSS JOIN generate_series(0, 2) AS life
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM member WHERE role = 'SALES') AS m
  ON m.n = (c.n + life) % 50
JOIN (VALUES ('CLAIMED', 0, 1), ('FOLLOWED_UP', 1, 1), ('WON', 2, 6), ('RELEASED', 3, 1),
  ('REMINDED', 2, 4)) AS k(action, after, every) ON c.n % k.every = 0
ORDER BY life, c.n, k.after
"""


async def main() -> None:
    async with ground():
        pool, team = await sales_team(50, HELD, Rules.from_json({"max_hold": "P30D"}))
        boss = await admin(team)
        await database.rows(CLAIM_ALL)
        await database.rows("SET synchronous_commit = off")
        await database.rows(TELL)
        await _vacuum()
        count = (await database.rows("SELECT count(*) AS n FROM event"))[0]["n"]
        print(f"{HELD:,} held customers, {count:,} events:")
        for name, act in _acts(boss, pool).items():
            for _ in range(3):
                seconds, stalled = await timed(act)
                print(f"  {name:28} {seconds:6.2f} s, the loop held up for {stalled * 1e3:4.0f} ms")


def _acts(boss: Viewer, pool: Pool) -> dict[str, Callable[[], Awaitable[Any]]]:
    rules = Rules.from_json(
        {
            "capacity": 100,
            "first_follow_up_within": "P7D",
            "follow_up_within": "P5D",
            "deal_within": "P20D",
            "max_hold": "P25D",
            "grace": "P3D",
            "working_days": True,
        }
    )
    now = boss.asked_at + timedelta(days=1)
    week, year = now - timedelta(days=7), now - timedelta(days=365)
    return {
        "preview": lambda: preview.preview(boss, pool.id, rules),
        "report of a year": lambda: reports.report(boss, pool.id, year, now),
        "report of a week": lambda: reports.report(boss, pool.id, week, now),
        "advice": lambda: advice.advise_capacity(boss, pool.id, None, None),
    }


async def timed(act: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
    """How long it took, and the longest that anything else had to wait for its turn."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - before)

    ticking = asyncio.create_task(tick())
    started = time.perf_counter()
    await act()
    seconds = time.perf_counter() - started
    ticking.cancel()
    return seconds, longest


async def _vacuum() -> None:
    from tortoise.connection import get_connection

    async with get_connection("default").acquire_connection() as connection:
        await connection.execute("VACUUM ANALYZE event")
        await connection.execute("VACUUM ANALYZE customer")
