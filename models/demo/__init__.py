"""A sales team to try Seapool with: its people, pools and customers, with a past that is true.

Everything is written in one transaction: killed half-way, it leaves nothing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from models import database
from models.demo import organization_events, organization_rows, stories
from models.demo.customer_rows import customer_row, seat_rows
from models.demo.lives import Event, Life
from models.demo.organizations import DEMO, ORGANIZATIONS, STAFF, STAFF_OF_OTHER, TIME_ZONE
from models.duplicates.backlog import keep_all
from models.erasure.moving import move_all
from models.holding import alarms
from models.rules.calendars import Calendar
from models.tables import CUSTOMER_COLUMNS, Customer

# In the order in which they are shown.
PEOPLE = tuple(person.email for person in (*STAFF, *STAFF_OF_OTHER))
WHO_IS_THERE = """
SELECT m.id, m.organization_id, m.name, m.email, m.role, o.name AS organization,
       d.name AS department
FROM member m JOIN organization o ON o.id = m.organization_id
LEFT JOIN department d ON d.organization_id = m.organization_id AND d.id = m.department_id
WHERE m.active AND m.email = ANY ($1::text[])
ORDER BY array_position($1::text[], m.email)
"""
SEED = 20260101
FOUNDED_BEFORE = timedelta(days=150)

NOW = "SELECT clock_timestamp() AS now"
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
    """How many rows the demo has."""

    customers: int
    held: int
    events: int


async def seed(say: Callable[[str], object] = lambda line: None) -> Demo | None:
    """Write the demo; return None where it exists already."""
    async with database.transaction():
        await database.wait_for(database.Lock.DEMO)
        now: datetime = (await database.rows(NOW))[0]["now"]
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
    """Return those of PEOPLE who exist, in its order, each with its organization's name."""
    return await database.rows(WHO_IS_THERE, list(PEOPLE))


async def _write(lives: list[Life], now: datetime) -> int:
    founded = (now - FOUNDED_BEFORE).isoformat()
    events: list[Event] = []
    for organization in ORGANIZATIONS:
        for table, rows in organization_rows.rows(organization, founded).items():
            await _insert(table, rows)
        events += organization_events.events(organization, founded)
    await _insert("customer", [customer_row(life) for life in lives])
    await keep_all()
    await _insert("seat", seat_rows(lives))
    blank: Event = dict.fromkeys(EVENT_COLUMNS.split()) | {"details": {}}
    # Sorting is stable: what happened to a customer at one moment stays in its order.
    told = sorted((event for life in lives for event in life.events), key=lambda event: event["at"])
    await _insert("event", [blank | event for event in events + told])
    await move_all()
    return len(events) + len(told)


async def _insert(table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        text = json.dumps(rows, default=_plain, ensure_ascii=False)
        await database.rows(INSERT.format(table=table, columns=", ".join(rows[0])), text)


async def _arm(now: datetime) -> None:
    for organization in ORGANIZATIONS:
        customers = await database.models(Customer, RELEASED_SOME_DAY, organization.id)
        await alarms.arm(customers, now)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
