"""Claims: ours (read, then one set-based statement) beside ORM steps in a transaction."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from benchmarks.ground import ground, sales_team
from models import database
from models.ledger.idempotency import idempotent
from models.ownership import claims
from models.rules.deadlines import Facts
from models.rules.rules import Rules
from models.rules.schedule import schedule
from models.tables import Customer, Pool, Seat
from models.taking.capacity import ensure_seats
from models.viewers import Viewer

ROUNDS = 5
CLAIMS = 1000
AT_ONCE = 16
Claim = Callable[[Viewer, UUID], Awaitable[None]]


async def ours(viewer: Viewer, customer_id: UUID) -> None:
    await claims.claim(viewer, [customer_id])


async def keyed(viewer: Viewer, customer_id: UUID) -> None:
    request = ["claim", [str(customer_id)]]
    await idempotent(viewer, str(customer_id), request, lambda: claims.claim(viewer, [customer_id]))


async def orm_steps(viewer: Viewer, customer_id: UUID) -> None:
    """The usual way: lock, look, count, save and log, each a statement of one transaction."""
    async with in_transaction("default"):
        customer = await Customer.filter(id=customer_id).select_for_update().get()
        pool = await Pool.get(id=customer.pool_id)
        seat = await Seat.filter(pool_id=pool.id, member_id=viewer.id).select_for_update().get()
        if customer.owner_id or seat.held >= (pool.rules.capacity or 10**9):
            return
        now = datetime.now(UTC)
        facts = Facts(claimed_at=now)
        clock = schedule(pool.rules, facts, viewer.organization.calendar, now)
        customer.update_from_dict(
            {
                "owner_id": viewer.id,
                "epoch": customer.epoch + 1,
                "claimed_at": now,
                "opened_at": None,
                "rules_version": pool.rules_version,
                "release_at": clock.release_at,
                "release_reason": clock.release_reason,
            }
        )
        await customer.save(
            update_fields=[
                "owner_id",
                "epoch",
                "claimed_at",
                "opened_at",
                "rules_version",
                "release_at",
                "release_reason",
            ]
        )
        await Seat.filter(id=seat.id).update(held=F("held") + 1)
        await database.rows(
            "INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id,"
            " pool_id, due_at) VALUES ($1, $2, $3, 'CLAIMED', $4, $4, $5, $6)",
            customer.organization_id,
            customer.id,
            customer.epoch,
            viewer.id,
            pool.id,
            clock.release_at,
        )


async def main() -> None:
    ways: dict[str, Claim] = {"ours": ours, "ours, with a key": keyed, "ORM steps": orm_steps}
    rules = Rules.from_json({"capacity": 1_000_000, "follow_up_within": "P10D"})
    async with ground():
        pool, team = await sales_team(40, ROUNDS * CLAIMS * len(ways), rules)
        for viewer in team:
            await ensure_seats(viewer.organization.id, [pool.id], viewer.id)
        rows = await database.rows("SELECT id FROM customer ORDER BY id")
        ids = [row["id"] for row in rows]
        rates: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, claim in ways.items():
                batch = [ids.pop() for _ in range(CLAIMS)]
                rates[name].append(await _rate(claim, team, batch))
    print(f"claims a second, {AT_ONCE} at once, median of {ROUNDS} rounds of {CLAIMS}:")
    slowest = statistics.median(rates["ORM steps"])
    for name, each in rates.items():
        median = statistics.median(each)
        print(f"  {name:18} {median:8.0f}   {median / slowest:.1f} x ORM steps")


async def _rate(claim: Claim, team: list[Viewer], ids: list[UUID]) -> float:
    waiting = list(enumerate(ids))

    async def claimant() -> None:
        while waiting:
            n, customer_id = waiting.pop()
            await claim(team[n % len(team)], customer_id)

    started = time.perf_counter()
    await asyncio.gather(*(claimant() for _ in range(AT_ONCE)))
    return len(ids) / (time.perf_counter() - started)
