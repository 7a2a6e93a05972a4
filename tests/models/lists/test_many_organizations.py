"""Among many organizations, what a member asks for reads no more than among few.

A prepared statement's plan is made for any organization: by what the planner knows of all.
"""

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

import engines as embedded
from models import database
from models.channels import reads
from models.channels.turns import read_cursor
from models.holding import follow_ups
from models.ledger import feed
from models.lists.customers import pooled_customers
from models.ownership import claims, releases
from models.paging import Window
from models.pools.private_pools import private_pools
from models.queue import queue
from models.tables import Pool
from settings import Settings
from tests.conftest import own_database
from tests.support.channels import assigned, channel
from tests.support.kept import Kept
from tests.support.samples import Office, done, found

OTHERS = """
WITH o AS (
  INSERT INTO organization (name, time_zone)
  SELECT 'Organization ' || n, 'UTC' FROM generate_series(1, 400) n RETURNING id
), p AS (
  INSERT INTO pool (organization_id, name, rules, rules_version)
  SELECT o.id, 'Pool ' || n, '{}', 1 FROM o, generate_series(1, 4) n RETURNING organization_id, id
)
INSERT INTO customer (organization_id, pool_id, name, name_key, sort_name, keyed_at)
SELECT organization_id, id, 'Customer ' || n, 'customer ' || n,
  'customer ' || n || repeat(' of a long name', 20), now()
FROM p, generate_series(1, 20) n
"""
OWN = """
INSERT INTO customer (organization_id, pool_id, name, name_key, sort_name, masked_name, keyed_at)
SELECT $1, $2, 'Own ' || n, 'own ' || n, 'own ' || n || repeat(' of a long name', 20), NULL, now()
FROM generate_series(1, 3000) n
"""
# A history: by it the planner guesses that a message has hundreds of alerts.
RELEASED = """
INSERT INTO event (organization_id, pool_id, customer_id, epoch, action, member_id)
SELECT $1, $2, id, n, 'RELEASED', id FROM customer, generate_series(1, 4) n WHERE pool_id = $2
"""
COLLEAGUES = """
WITH m AS (
  INSERT INTO member (organization_id, name, email, role)
  SELECT $1, 'Colleague', n || '@many.test', 'SALES' FROM generate_series(1, 3000) n RETURNING id
)
INSERT INTO seat (organization_id, pool_id, member_id, held)
SELECT $1, p.id, m.id, 1 FROM m, pool p WHERE p.organization_id = $1
"""
EXPLAINED = """
LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on; SET plan_cache_mode = force_generic_plan;
SET client_min_messages = log
"""
MOST_PAGES = 120


@dataclass(frozen=True)
class Crowded:
    """A database with a pool of 3,000 customers beside 1,600 pools of others."""

    name: str
    office: Office
    pool: Pool


@pytest_asyncio.fixture(scope="module")
async def crowded(
    engines: embedded.Engines, template: str, kept_connection: Kept
) -> AsyncIterator[Crowded]:
    """To copy: to fill it takes ten times as long."""
    async with own_database(engines, template, kept_connection) as settings:
        async with database.connected(settings), queue.connected(settings):
            office = await found()
            pool = await office.pool()
        own = await asyncpg.connect(**database.credentials(settings.database_url or ""))
        await own.execute("SET session_replication_role = replica")
        await own.execute(OTHERS)
        await own.execute(OWN, office.id, pool.id)
        await own.execute("VACUUM ANALYZE")
        name = await own.fetchval("SELECT current_database()")
        await own.close()
        yield Crowded(name, office, pool)


@pytest_asyncio.fixture
async def settings(
    engines: embedded.Engines, crowded: Crowded, kept_connection: Kept
) -> AsyncIterator[Settings]:
    async with own_database(engines, crowded.name, kept_connection) as settings:
        yield settings


@pytest.fixture
def office(crowded: Crowded, database: None) -> Office:
    return crowded.office


@pytest.fixture
def crowd(crowded: Crowded) -> Pool:
    return crowded.pool


@pytest_asyncio.fixture
async def connection(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(**database.credentials(settings.database_url or ""))
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


async def most_pages(connection: Any, caplog: pytest.LogCaptureFixture, sign: str) -> int:
    """The pages that the logged statement with this sign reads, when it runs once more."""
    plan = await plan_of(connection, caplog, sign)
    read = re.findall(r"Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?", plan)
    return max(int(hit or 0) + int(missed or 0) for hit, missed in read)


async def plan_of(connection: Any, caplog: pytest.LogCaptureFixture, sign: str) -> str:
    logged = [each.args for each in caplog.records if isinstance(each.args, tuple)]
    sql, values = next((sql, values) for sql, values in logged if sign in str(sql))
    assert isinstance(values, list)
    told: list[str] = []
    connection.add_log_listener(lambda _, message: told.append(message.message))
    await connection.execute(EXPLAINED)
    statement = await connection.prepare(sql)
    await statement.fetch(*values)
    # The log comes with the answer, and is told by the next one at the latest.
    await connection.execute("RESET client_min_messages")
    # The driver looks up types in between.
    (plan,) = [each for each in told if sign in each]
    return plan


async def test_a_page_by_name_reads_its_rows_alone(
    office: Office, crowd: Pool, connection: Any, caplog: pytest.LogCaptureFixture
) -> None:
    admin = await office.admin()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    wanted: dict[str, Any] = {"order": "NAME", "search": None, "level": None}
    pages = await pooled_customers(admin, [crowd.id], window=Window(), **wanted)
    page = pages[crowd.id]
    assert [node.name for node in page.nodes[:2]] == ["Own 1", "Own 10"]
    assert await most_pages(connection, caplog, "LATERAL") < MOST_PAGES
    caplog.clear()
    before = Window(20, page.end_cursor, backward=True)
    back = (await pooled_customers(admin, [crowd.id], window=before, **wanted))[crowd.id]
    assert [node.name for node in back.nodes] == [node.name for node in page.nodes[:-1]]
    assert await most_pages(connection, caplog, "LATERAL") < MOST_PAGES
    assert back.beyond is not None
    assert await back.beyond()
    assert await most_pages(connection, caplog, "EXISTS (SELECT FROM customer c") < MOST_PAGES


async def test_a_search_for_a_frequent_term_reads_names_in_an_index_alone(
    office: Office, crowd: Pool, connection: Any, caplog: pytest.LogCaptureFixture
) -> None:
    admin = await office.admin()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    # The latter is in the names of others alone: all 3,000 are read.
    for term, count in (("own", 20), ("customer", 0)):
        wanted: dict[str, Any] = {"order": "OPENED_LATEST", "search": term, "level": None}
        pages = await pooled_customers(admin, [crowd.id], window=Window(), **wanted)
        assert len(pages[crowd.id].nodes) == count
    walk, unwalked = "search_name, c.masked_name", " OFFSET "
    assert await most_pages(connection, caplog, walk) < MOST_PAGES
    for sign in (walk, unwalked):
        plan = await plan_of(connection, caplog, sign)
        assert "Index Only Scan Backward using customer_pooled on customer" in plan


async def test_a_private_pool_reads_its_seats_alone(
    office: Office, crowd: Pool, connection: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """PostgreSQL expects ten members, and would read the seats of all for so many."""
    li, id = await office.person(), await office.customer(crowd)
    for _ in range(3):
        await office.pool()
    await connection.execute(COLLEAGUES, office.id)
    await connection.execute("VACUUM ANALYZE member, seat")
    await claims.claim(li, [id])
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    held = await private_pools(li, [(li.member, None)])
    assert held[li.id, None].held == 1
    assert await most_pages(connection, caplog, "coalesce(s.held, 0)") < MOST_PAGES


async def test_a_message_of_a_channel_reads_its_alerts_alone(
    office: Office, crowd: Pool, connection: Any, caplog: pytest.LogCaptureFixture
) -> None:
    admin, li = await office.admin(), await office.person()
    await connection.execute(RELEASED, office.id, crowd.id)
    await connection.execute("VACUUM ANALYZE event")
    own = await channel(admin, "SLACK", "http://127.0.0.1:9/", for_organization=True)
    await assigned(office, crowd, li)
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    assert await reads.count(own, read_cursor(own), await feed.head()) == 1
    assert await most_pages(connection, caplog, "count(*) AS n") < MOST_PAGES


async def test_a_claim_reads_its_customer_alone(
    office: Office, crowd: Pool, connection: Any, caplog: pytest.LogCaptureFixture
) -> None:
    li, id = await office.person(), await office.customer(crowd)
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    (outcome,) = await claims.claim(li, [id])
    done(outcome)
    assert (
        await most_pages(connection, caplog, "1. wanted: each customer and its new owner")
        < MOST_PAGES
    )


async def test_a_follow_up_and_a_release_read_their_customer_alone(
    office: Office, crowd: Pool, connection: Any, caplog: pytest.LogCaptureFixture
) -> None:
    li, id = await office.person(), await office.customer(crowd)
    await claims.claim(li, [id])
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    await follow_ups.log_follow_up(li, id, "CALL", "谈了价格")
    assert await most_pages(connection, caplog, "1. The new values of each customer") < MOST_PAGES
    await releases.give_back(li, id, "moved away")
    assert await most_pages(connection, caplog, "1. picked: the customers, locked") < MOST_PAGES
