"""What tests of the models are made of: an organization, its people, pools and customers."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.connection import get_connection

from models import database, viewers
from models.customers import csv_import
from models.database.seal import Seal
from models.ledger.outcomes import Done, Outcome
from models.organizations import members
from models.organizations.departments import save_department
from models.organizations.founding import create_organization
from models.organizations.members import MemberFields
from models.pools import access, pools
from models.refusals import Refusal
from models.rules.rules import Rules
from models.tables import TEXTS, TOLD_COLUMNS, Customer, Event, Member, Pool, Seat
from models.viewers import Viewer

# The ledger refuses to be changed; only a replica's session may make it older.
AGE = """
SET LOCAL session_replication_role = replica;
UPDATE event SET at = at - '{0}'::interval, due_at = due_at - '{0}'::interval;
UPDATE seat s SET claimed_on = n.day, claimed_today = n.claims FROM (
  SELECT DISTINCT ON (pool_id, member_id) pool_id, member_id, count(*) AS claims, day FROM (
    SELECT e.pool_id, e.member_id, (e.at AT TIME ZONE o.time_zone)::date AS day
    FROM event e JOIN organization o ON o.id = e.organization_id
    WHERE action = 'CLAIMED' AND NOT e.details ? 'registered') AS claim
  GROUP BY pool_id, member_id, day ORDER BY pool_id, member_id, day DESC) AS n
WHERE s.pool_id = n.pool_id AND s.member_id = n.member_id;
UPDATE customer SET created_at = created_at - '{0}'::interval,
  entered_at = entered_at - '{0}'::interval, opened_at = opened_at - '{0}'::interval,
  claimed_at = claimed_at - '{0}'::interval, followed_up_at = followed_up_at - '{0}'::interval,
  won_at = won_at - '{0}'::interval, locked_at = locked_at - '{0}'::interval,
  extended_to = extended_to - '{0}'::interval, release_at = release_at - '{0}'::interval,
  announced_release_at = announced_release_at - '{0}'::interval,
  remind_at = ARRAY(SELECT moment - '{0}'::interval FROM unnest(remind_at) AS moment);
UPDATE lookup SET times = ARRAY(SELECT moment - '{0}'::interval FROM unnest(times) AS moment),
  day = day - (extract(epoch FROM '{0}'::interval) / 86400)::integer;
UPDATE organization SET escalates_at = escalates_at - '{0}'::interval;
UPDATE event SET details = details || jsonb_build_object('day',
  (details ->> 'day')::date - (extract(epoch FROM '{0}'::interval) / 86400)::integer)
WHERE action = 'ESCALATED';
"""
numbers = count(10)


class Office:
    """An organization; all its people are in the sales department, to which pools are open."""

    def __init__(self, founder: Member) -> None:
        self.founder = founder
        self.department_id: UUID | None = None

    @property
    def id(self) -> UUID:
        return self.founder.organization_id

    @property
    def domain(self) -> str:
        return self.founder.email.partition("@")[2]

    async def admin(self) -> Viewer:
        return await self.viewer(self.founder.id)

    async def viewer(self, member_id: UUID) -> Viewer:
        """The member as of now: pools made later are not open to a viewer made before."""
        found = await viewers.viewer(self.id, member_id)
        assert found is not None
        return found

    async def pool(self, name: str = "", **rules: Any) -> Pool:
        """Rules in the form in which they are stored, e.g. max_hold="P20D"."""
        admin = await self.admin()
        pool = await pools.create(admin, name or f"公海{next(numbers)}", Rules.from_json(rules))
        department = await self._department(admin)
        return await access.set_access(await self.admin(), pool.id, [], [department], [])

    async def person(self, name: str = "", role: str = "SALES") -> Viewer:
        admin = await self.admin()
        number = next(numbers)
        fields = MemberFields(
            name=name or f"销售{number}",
            email=f"sales{number}@{self.domain}",
            role=role,
            department_id=await self._department(admin),
        )
        member = await members.save(admin, None, fields)
        return await self.viewer(member.id)

    async def customers(self, pool: Pool, how_many: int) -> list[UUID]:
        """New in the pool, in the order in which they were created."""
        names = [f"客户{next(numbers)}" for _ in range(how_many)]
        await csv_import.import_customers(await self.admin(), pool.id, "\n".join(["name", *names]))
        rows = await Customer.filter(organization_id=self.id, name__in=names)
        return sorted((row.id for row in rows), key=str)

    async def customer(self, pool: Pool) -> UUID:
        return (await self.customers(pool, 1))[0]

    async def _department(self, admin: Viewer) -> UUID:
        if self.department_id is None:
            self.department_id = (await save_department(admin, None, "销售部")).id
        return self.department_id


async def found(
    name: str = "示范企业", time_zone: str = "Asia/Shanghai", email: str = "admin@demo.test"
) -> Office:
    return Office(await create_organization(name, email, time_zone))


async def time_passes(interval: str) -> None:
    """Everything that ever happened happened so much earlier, deadlines included."""
    async with database.transaction():
        for statement in AGE.format(interval).strip().split(";")[:-1]:
            await database.rows(statement)


async def seal_of(organization_id: UUID) -> Seal:
    sql = "SELECT cursor_key FROM organization WHERE id = $1"
    return Seal((await database.rows(sql, organization_id))[0]["cursor_key"])


async def row(customer_id: UUID) -> Customer:
    return await Customer.get(id=customer_id)


async def seat(pool: Pool, who: Viewer) -> tuple[int, int, int]:
    """Held, won, claimed today."""
    found = await Seat.get(pool_id=pool.id, member_id=who.id)
    return found.held, found.won, found.claimed_today


async def story(customer_id: UUID) -> list[str]:
    """What happened to the customer, the first thing first."""
    events = await Event.filter(customer_id=customer_id).order_by("seq")
    return [event.action for event in events]


async def events(customer_id: UUID, action: str) -> list[Event]:
    """With their texts."""
    which = "c.customer_id = $1 AND c.action = $2 ORDER BY c.seq"
    sql = f"SELECT {TOLD_COLUMNS} FROM event c {TEXTS} WHERE {which}"
    found = await database.rows(sql, customer_id, action)
    return [database.as_model(Event, each) for each in found]


def done(outcome: Outcome) -> Customer:
    assert isinstance(outcome, Done), outcome
    return outcome.customer


async def refusal(act: Awaitable[Any]) -> Refusal:
    """The no that an act raises or answers."""
    try:
        answer = await act
    except Refusal as raised:
        return raised
    assert isinstance(answer, Refusal), answer
    return answer


async def until(true: Callable[[], Awaitable[Any]], seconds: float = 10.0) -> Any:
    """Wait for a condition; what it answered at last."""
    deadline = time.monotonic() + seconds
    while not (answer := await true()):
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.01)
    return answer


@contextlib.asynccontextmanager
async def connection() -> AsyncIterator[asyncpg.Connection]:
    """One of its own, beside those of the models."""
    client: Any = get_connection("default")
    own = await client.extra["connect"]()
    try:
        yield own
    finally:
        await own.close()


@contextlib.asynccontextmanager
async def under_way(act: Callable[[], Awaitable[Any]]) -> AsyncIterator[None]:
    """The act is done but not committed before this is left."""
    acted, commit = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        async with database.transaction():
            await act()
            acted.set()
            await commit.wait()

    task = asyncio.create_task(slowly())
    await asyncio.wait({task, asyncio.create_task(acted.wait())}, return_when="FIRST_COMPLETED")
    try:
        yield
    finally:
        commit.set()
        await task


async def deadlocks() -> int:
    """How many there ever were in this database."""
    (row,) = await database.rows(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    return int(row["deadlocks"])


async def someone_waits() -> bool:
    """For a lock that another transaction holds.

    Ask outside of a transaction: within one, PostgreSQL shows the sessions of the first look.
    """
    return bool(
        await database.rows(
            "SELECT FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
    )
