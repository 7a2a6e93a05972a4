"""What a failover took, and what it broke."""

import asyncio
import time
from itertools import pairwise

from arq.constants import default_queue_name

from benchmarks.failover.load import Load
from benchmarks.faults.following import Following
from models import database
from models.ledger import replay
from models.queue.queue import queue

OVERDUE_SECONDS = 30
# By then the sweep has released what fell due during the failover: later ones are of alarms.
SETTLED_SECONDS = 10
KEYS = "SELECT idempotency_key AS key FROM event WHERE idempotency_key IS NOT NULL"
FIRST_RELEASE = """
SELECT extract(epoch FROM min(at))::float AS at FROM event
WHERE action = 'RELEASED' AND at > to_timestamp($1)
"""
LATENESS = """
SELECT count(*) AS count,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - due_at)) AS median,
  percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM at - due_at)) AS p99
FROM event WHERE action = 'RELEASED' AND at BETWEEN to_timestamp($1) AND to_timestamp($2)
"""
EARLY = "SELECT FROM event WHERE action = 'RELEASED' AND at < due_at"
ANY_HELD = "SELECT FROM customer WHERE owner_id IS NOT NULL LIMIT 1"


async def tell(load: Load, following: Following, died_at: float, back_at: float) -> None:
    answered = sorted(each.answered_at for each in load.done)
    gap = max(later - earlier for earlier, later in pairwise(answered))
    print(f"the longest while without a claim {gap:11.1f} s")
    (row,) = await database.rows(FIRST_RELEASE, died_at)
    print(f"the first release after it {row['at'] - died_at:18.1f} s")
    print(f"the longest single answer {load.longest:19.1f} s")
    print(f"claims: {len(load.done)} acknowledged, {load.repeated} requests repeated")
    await _tell_lateness("before", 0, died_at)
    await _tell_lateness("afterwards", back_at + SETTLED_SECONDS, time.time())
    assert queue.redis is not None
    print(f"alarms in the queue: {await queue.redis.zcard(default_queue_name)}")
    later = sum(at > back_at + SETTLED_SECONDS for at in following.cursors.values())
    ended = ", ".join(following.errors) or "nothing"
    print(f"alerts of one member: {later} of {len(following.cursors)} afterwards, ended by {ended}")


async def _tell_lateness(when: str, begin: float, end: float) -> None:
    (row,) = await database.rows(LATENESS, begin, end)
    print(f"{row['count']} releases {when}: late by {row['median'] or 0:.2f} s (median)", end="")
    print(f", {row['p99'] or 0:.2f} s (p99)")


async def check(load: Load) -> None:
    """Print what broke, when all that is held has fallen due and was released."""
    deadline = time.monotonic() + OVERDUE_SECONDS
    while await database.rows(ANY_HELD) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.2)
    broken = []
    kept = [row["key"] for row in await database.rows(KEYS)]
    if lost := {each.key for each in load.done} - set(kept):
        broken.append(f"{len(lost)} acknowledged claims are lost")
    if len(kept) != len(set(kept)):
        broken.append("a key was used twice")
    if early := await database.rows(EARLY):
        broken.append(f"{len(early)} were released early")
    if await database.rows(ANY_HELD):
        broken.append("due releases are not made")
    if differences := await replay.differences():
        broken.append(f"{len(differences)} differences to the ledger")
    print(f"broken: {', '.join(broken) or 'nothing'}")
