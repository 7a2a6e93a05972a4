"""A sales team to try Seapool with: its people, pools and customers, with a past that is true.

Everything is written in one transaction: killed half-way, it leaves nothing.
"""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from models import database
from models.demo import ground, organizations, stories
from models.demo.lives import Event, Life
from models.demo.organizations import DEMO, ORGANIZATIONS, STAFF, STAFF_OF_OTHER, TIME_ZONE
from models.holding import alarms
from models.rules.calendars import Calendar
from models.tables import CUSTOMER_COLUMNS, Customer

# In the order in which they are shown.
PEOPLE = tuple(person.email for person in (*STAFF, *STAFF_OF_OTHER))
WHO_IS_THERE = """
SELECT m.id, m.organization_id, m.name, m.email, m.role, o.name AS organization
FROM member m JOIN organization o ON o.id = m.organization_id
WHERE m.active AND m.email = ANY ($1::text[])
ORDER BY array_position($1::text[], m.email)
"""
SEED = 20260101
FOUNDED_BEFORE = timedelta(days=150)

NOW = "SELECT clock_timestamp() AS now, pg_advisory_xact_lock($1)"
THERE = "SELECT id FROM organization WHERE name = $1"
INSERT = """
INSERT INTO {table} ({columns})
SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, $1::jsonb)
"""
RELEASED_SOME_DAY = f"""
SELECT {CUSTOMER_COLUMNS} FROM customer c WHERE c.organization_id = $1 AND c.release_at IS NOT NULL
"""
EVENT_COLUMNS = """
organization_id customer_id epoch action actor_id member_id former_id reason release_reason pool_id
due_at at details
"""


@dataclass(frozen=True)
class Demo:
    """What was written."""

    customers: int
    held: int
    events: int


async def seed(say: Callable[[str], object] = lambda line: None) -> Demo | None:
    """Write the demo once; None where it is already there."""
    async with database.transaction():
        now: datetime = (await database.rows(NOW, database.Lock.DEMO))[0]["now"]
        if await database.rows(THERE, DEMO):
            return None
        say(f"Seeding the demo, {DEMO}…")
        lives = stories.tell(Random(SEED), Calendar(ZoneInfo(TIME_ZONE)), now)
        events = await _write(lives, now)
        await _arm(now)
    demo = Demo(len(lives), sum(life.owner_id is not None for life in lives), events)
    say(f"Seeded {demo.customers} customers, {demo.held} of them held, {demo.events} events.")
    return demo


async def people() -> list[dict[str, Any]]:
    """Those of PEOPLE who are there, in its order, with their organization's name."""
    return await database.rows(WHO_IS_THERE, list(PEOPLE))


async def _write(lives: list[Life], now: datetime) -> int:
    founded = (now - FOUNDED_BEFORE).isoformat()
    events: list[Event] = []
    for organization in ORGANIZATIONS:
        for table, rows in ground.rows(organization, founded).items():
            await _insert(table, rows)
        events += ground.events(organization, founded)
    await _insert("customer", [life.row() for life in lives])
    await _insert("seat", _seats(lives))
    blank: Event = dict.fromkeys(EVENT_COLUMNS.split()) | {"details": {}}
    # Sorting is stable: what happened to a customer at one moment stays in its order.
    told = sorted((event for life in lives for event in life.events), key=lambda event: event["at"])
    await _insert("event", [blank | event for event in events + told])
    return len(events) + len(told)


async def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        text = json.dumps(rows, default=_plain, ensure_ascii=False)
        await database.rows(INSERT.format(table=table, columns=", ".join(rows[0])), text)


def _seats(lives: list[Life]) -> list[dict[str, Any]]:
    """A seat for whoever ever owned a customer of the pool, with what it counts today."""
    claims: dict[tuple[UUID, UUID], list[date]] = defaultdict(list)
    owned: dict[tuple[UUID, UUID], list[Life]] = defaultdict(list)
    for life in lives:
        for event in life.events:
            if event["action"] == "CLAIMED":
                key = (event["pool_id"], event["member_id"])
                claims[key].append(life.calendar.day_of(event["at"]))
        if life.owner_id:
            owned[life.pool.id, life.owner_id].append(life)
    organization = {pool.id: each.id for each in ORGANIZATIONS for pool in each.pools}
    return [
        {
            "id": organizations.id_of("seat", str(pool), str(member)),
            "organization_id": organization[pool],
            "pool_id": pool,
            "member_id": member,
            "held": len(owned[pool, member]),
            "won": sum(bool(life.facts and life.facts.won_at) for life in owned[pool, member]),
            "claimed_on": max(claims[pool, member], default=None),
            "claimed_today": claims[pool, member].count(
                max(claims[pool, member], default=date.min)
            ),
        }
        for pool, member in sorted({*claims, *owned})
    ]


async def _arm(now: datetime) -> None:
    for organization in ORGANIZATIONS:
        rows = await database.rows(RELEASED_SOME_DAY, organization.id)
        await alarms.arm([database.as_model(Customer, row) for row in rows], now)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
