"""What one row takes and what one act costs, measured on real engines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import psutil

from benchmarks import storm
from benchmarks.ground import admin, ground, hold_all, sales_team
from benchmarks.lean_client import post_all
from benchmarks.operations import CLAIM, PAGE, PRIVATE, RULES
from benchmarks.scale.data import found, grow
from benchmarks.serving import API, running
from commands.tokens import sign
from models import database
from models.customers import csv_import
from models.holding.reminders import remind_due
from models.ledger import feed
from models.ownership.drain import release_due
from models.queue.queue import queue
from schema.base import ids

SAMPLE = 200_000
ACTS = 1_000
AT_ONCE = 16
WARM = 100
TABLES = ("customer", "customer_key", "event", "member", "pool_access", "seat")
# With indexes and long values.
BYTES = "SELECT pg_total_relation_size($1::regclass) AS bytes, count(*) AS rows FROM {}"
FOLLOW_UP = """mutation ($id: ID!) { logFollowUp(customerId: $id, kind: CALL, note: "谈了价格") {
  ... on Held { customer { id holding { release { at reason } } } } } }"""
DUE = """
UPDATE customer SET remind_at = ARRAY[now()], remind_offsets = ARRAY['P1D']
WHERE owner_id IS NOT NULL
"""
SO_FAR = """
SELECT pg_current_wal_insert_lsn() - '0/0' AS wal, (SELECT count(*) FROM event) AS events,
  pg_backend_pid() AS pid
"""
Spent = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Act:
    """Of one act: CPU seconds of Python and of PostgreSQL, bytes of WAL, events of the ledger."""

    python: float
    postgres: float
    wal: float
    events: float


@dataclass(frozen=True, slots=True)
class Table:
    """Bytes of a row, and its rows beside 1,000 customers, half of whom are held."""

    bytes: float
    rows: float


async def tables() -> dict[str, Table]:
    """Measure one organization, half of whose customers are held."""
    async with ground(pool_size=4) as settings:
        own = await asyncpg.connect(**database.credentials(settings.database_url or ""))
        try:
            await grow(own, await found(own, 1), 0, SAMPLE)
            read = {each: await own.fetchrow(BYTES.format(each), each) for each in TABLES}
        finally:
            await own.close()
    return {
        name: Table(row["bytes"] / row["rows"], 1_000 * row["rows"] / SAMPLE)
        for name, row in read.items()
    }


async def acts() -> tuple[dict[str, Act], float]:
    """Measure acts over HTTP and of a worker; and the bytes of Valkey for a held customer."""
    async with ground() as settings:
        pool, team = await sales_team(AT_ONCE, ACTS + WARM, RULES)
        await hold_all(team[:1])
        held = await _ids("owner_id IS NOT NULL")
        names = "\n".join(["name", *(f"free {n}" for n in range(ACTS + WARM))])
        await csv_import.import_customers(await admin(team), pool.id, names)
        free = await _ids("owner_id IS NULL")
        token = sign(settings, team[0].id, team[0].organization.id)
        where = {"pool": ids.encode("Pool", pool.id)}
        done = {}
        with running(API, settings) as server:

            async def ask(document: str, each: list[dict[str, Any]]) -> Act:
                asked = [(token, {"query": document, "variables": values}) for values in each]
                await post_all(server.port, AT_ONCE, asked[:WARM])
                return await _measured(
                    lambda: post_all(server.port, AT_ONCE, asked[WARM:]), server.cpu_seconds
                )

            done["page of the pool"] = await ask(PAGE, [where] * (ACTS + WARM))
            done["page of one's own"] = await ask(PRIVATE, [{}] * (ACTS + WARM))
            done["follow-up"] = await ask(FOLLOW_UP, [{"id": id} for id in held])
            before = await _valkey()
            done["claim"] = await ask(CLAIM, [{"id": id} for id in free])
            valkey = (await _valkey() - before) / len(free)
        return done | await _of_a_worker(), valkey


async def _of_a_worker() -> dict[str, Act]:
    me = psutil.Process()

    def spent() -> float:
        return float(me.cpu_times().user + me.cpu_times().system)

    await database.rows(DUE)
    reminder = await _measured(remind_due, spent)
    await database.rows("UPDATE customer SET release_at = now() WHERE owner_id IS NOT NULL")
    for statement in storm.TIDY:
        await database.rows(statement)
    release = await _measured(release_due, spent)
    return {
        "reminder": reminder,
        "release": release,
        "event in a feed": await _measured(_all_events, spent),
    }


async def _all_events() -> int:
    count, cursor = 0, feed.START
    while read := await feed.after(cursor):
        count, cursor = count + len(read), feed.cursor_of(read[-1])
    return count


async def _measured(work: Callable[[], Awaitable[Any]], spent: Spent) -> Act:
    (before,) = await database.rows(SO_FAR)
    postgres, python = _cluster_seconds(before["pid"]), spent()
    count = await work()
    python, postgres = spent() - python, _cluster_seconds(before["pid"]) - postgres
    (after,) = await database.rows(SO_FAR)
    n = count if isinstance(count, int) else len(count)
    wal, events = (float(after[name] - before[name]) / n for name in ("wal", "events"))
    return Act(python / n, postgres / n, wal, events)


def _cluster_seconds(backend: int) -> float:
    """The CPU of all processes of PostgreSQL, those that ended too."""
    server = psutil.Process(backend).parent()
    assert server
    own = server.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    times = [each.cpu_times() for each in server.children()]
    return float(total + sum(each.user + each.system for each in times))


async def _valkey() -> int:
    assert queue.redis is not None
    used: int = (await queue.redis.info("memory"))["used_memory"]
    return used


async def _ids(where: str) -> list[str]:
    rows = await database.rows(f"SELECT id FROM customer WHERE {where}")
    return [ids.encode("Customer", row["id"]) for row in rows]
