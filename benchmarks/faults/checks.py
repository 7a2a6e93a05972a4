"""What must hold after each fault; each check returns the violations by name."""

import asyncio
import functools
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from benchmarks.faults.following import Following
from benchmarks.faults.load import CLAIM, Load
from benchmarks.faults.world import World
from models import database
from models.alerts import queries
from models.ledger import feed, replay
from models.ledger.feed import Cursor
from models.tables import Event

ALL = 1_000_000
REPEATED = 40
MOST_SECONDS = 10
# A worker that was killed keeps its deliveries for 30 s.
WEBHOOKS_SECONDS = 40
HELD = "SELECT FROM customer WHERE organization_id = $1 AND owner_id IS NOT NULL LIMIT 1"
KEYS = """
SELECT idempotency_key FROM event
WHERE organization_id = $1 AND seq > $2 AND idempotency_key IS NOT NULL
"""
EARLY = """
SELECT id FROM event
WHERE organization_id = $1 AND seq > $2 AND action = 'RELEASED' AND at < due_at
"""
# Told once, or the release says that it came too late: exactly one of both.
REMINDERS = """
SELECT n, count(*) FROM (
  SELECT (SELECT count(*) FROM event m WHERE m.organization_id = r.organization_id
      AND m.customer_id = r.customer_id AND m.epoch = r.epoch AND m.due_at = r.due_at
      AND m.action = 'REMINDED')
    + coalesce(jsonb_array_length(r.details -> 'missed_reminders'), 0) AS n
  FROM event r WHERE organization_id = $1 AND seq > $2 AND action = 'RELEASED') AS told
WHERE n <> 1 GROUP BY n
"""
TO_WEBHOOK = """
SELECT id, customer_id FROM event WHERE organization_id = $1 AND seq > $2
  AND action IN ('CLAIMED', 'FOLLOWED_UP', 'REMINDED', 'RELEASED') ORDER BY seq
"""


async def violations(world: World, load: Load, since: Cursor) -> AsyncIterator[str]:
    """Of the ledger and the tables, once nobody holds a customer any more."""
    own = world.boss.organization.id
    if not await within(MOST_SECONDS, lambda: _nobody_holds(world)):
        yield "due releases are not made"
    kept = [row["idempotency_key"] for row in await database.rows(KEYS, own, since.seq)]
    done = [claim.key for claim, answer in load.acknowledged if answer in ("Claimed", "Held")]
    if lost := set(done) - set(kept):
        yield f"{len(lost)} acknowledged are lost"
    if len(kept) != len(set(kept)):
        yield "a key was used twice"
    if early := await database.rows(EARLY, own, since.seq):
        yield f"{len(early)} released early"
    for row in await database.rows(REMINDERS, own, since.seq):
        yield f"{row['count']} reminders told {row['n']} times"
    if others := await _other_answers(world, load):
        yield f"{len(others)} repeated keys answered {set(others)}"
    if found := await replay.differences():
        yield f"{len(found)} differences to the ledger, e.g. {found[0]}"


async def _nobody_holds(world: World) -> bool:
    return not await database.rows(HELD, world.boss.organization.id)


async def _other_answers(world: World, load: Load) -> list[str]:
    """What keys get that are repeated and had another answer."""
    claimed = [each for each in load.acknowledged if each[1] == "Claimed"]
    others = []
    for claim, first in random.sample(claimed, min(REPEATED, len(claimed))):
        # Either may have just closed its idle connection.
        if (again := await load.ask(random.choice(world.apis), claim, CLAIM)) == "gone":
            again = await load.ask(random.choice(world.apis), claim, CLAIM)
        if again != first:
            others.append(again)
    return others


async def feed_violations(
    world: World, since: Cursor, alerts: Following, changes: Following
) -> AsyncIterator[str]:
    """Each subscription has told all that the ledger has, in its order."""
    own, upto = world.boss.organization.id, await feed.head()
    due = await database.models(
        Event, queries.NEXT, own, world.team[0].id, *_bounds(since, upto), ALL
    )
    opened = await feed.pool_changes_after(own, world.pool.id, since, upto, ALL)
    expected = {
        "alerts": (alerts, due),
        "pool changes": (changes, [event for event in opened if feed.pool_change(event)]),
    }
    for name, (following, events) in expected.items():
        seal = world.boss.seal
        cursors = [await feed.format_cursor(feed.cursor_of(event), seal) for event in events]
        if not await within(MOST_SECONDS, functools.partial(_has, following, cursors)):
            missing = len(set(cursors) - following.cursors.keys())
            yield f"{missing} of {len(cursors)} {name} are missing"
        elif list(following.cursors) != cursors:
            yield f"{name} are not in order"
        if following.errors:
            yield f"{name} ended with {', '.join(following.errors)}"


async def webhook_violations(world: World, since: Cursor) -> AsyncIterator[str]:
    rows = await database.rows(TO_WEBHOOK, world.boss.organization.id, since.seq)
    expected = {f"Event_{row['id'].hex}": f"Customer_{row['customer_id'].hex}" for row in rows}
    arrived = world.receiver.arrived

    async def complete() -> bool:
        return expected.keys() <= arrived.keys()

    if not await within(WEBHOOKS_SECONDS, complete):
        yield f"{len(expected.keys() - arrived.keys())} of {len(expected)} webhooks are missing"
    came = {event: customer for event, customer in arrived.items() if event in expected}
    wanted = {event: customer for event, customer in expected.items() if event in came}
    if _by_customer(came) != _by_customer(wanted):
        yield "webhooks are not in the order of their customer"


def _by_customer(events: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for event, customer in events.items():
        found.setdefault(customer, []).append(event)
    return found


def _bounds(since: Cursor, upto: Cursor) -> tuple[Any, ...]:
    return since.txid, since.seq, upto.txid, upto.seq


async def _has(following: Following, cursors: list[str]) -> bool:
    return following.cursors.keys() >= set(cursors)


async def within(seconds: float, true: Callable[[], Awaitable[bool]]) -> bool:
    deadline = time.monotonic() + seconds
    while not await true():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.1)
    return True
