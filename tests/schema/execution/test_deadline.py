"""A request has one deadline: at it, what runs is ended, and nothing of it is left behind."""

import asyncio
import contextlib
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs
from tortoise.connection import get_connection

from models import database
from schema.base import deadline
from tests.support.asking import CLAIM, CLAIMS, customer_gid, gid
from tests.support.kept_places import go_first_for_the_rest
from tests.support.running import Client, Person
from tests.support.samples import Office, connection, events, row, until
from tests.support.sockets import let_in

UNAVAILABLE = {"code": "UNAVAILABLE", "retryAfter": 1}
REPORT = """query ($pool: ID!) {
  poolReport(poolId: $pool, from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z") { claims }
}"""
# Takes longer than the deadline of these tests.
SLOW = """
SELECT 0 AS count FROM pg_sleep(1.2),
  (SELECT $1::uuid, $2::uuid, $3::timestamptz, $4::timestamptz, $5::uuid[])
"""
OPEN = """
SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'seapool'
  AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
"""
# As long as the longest statement that the pool allows, were it not ended before.
SLOW_READ = (
    "SELECT $1::uuid AS id, 0 AS held, 0 AS waiting FROM pg_sleep(60), (SELECT $2::uuid[]) x"
)
PROGRESS = "query ($pool: ID!) { pool(id: $pool) { rulesProgress { held } } }"
# Of a client that is gone PostgreSQL hears within a second; the statement may take several.
SOON = 5
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = $1"
POOL = "query ($pool: ID!) { pool(id: $pool) { customers { nodes { id } } } }"


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 0.5)


async def test_a_mutation_is_ended_at_its_deadline_and_its_key_may_be_repeated(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D")
    li, id = await office.person(), await office.customer(pool)
    given = {"customer": customer_gid(id), "key": "key"}
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM customer FOR UPDATE")
        response = await api.post(li.member, CLAIM, given)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
        (error,) = response.json()["errors"]
        assert error["extensions"] == UNAVAILABLE
        await until(nothing_is_open)
    assert await free_connections(api) == api.settings.pool_size
    for _ in range(2):
        answer = await api.data(li.member, CLAIM, **given)
        assert answer["claimCustomer"]["__typename"] == "Claimed"
    assert len(await events(id, "CLAIMED")) == 1


async def test_a_claim_that_nobody_waits_for_is_not_begun(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await office.pool(max_hold="P20D")
    li, id = await office.person(), await office.customer(pool)
    monkeypatch.setattr("models.taking.batching.MAX_CONCURRENT_BATCHES", 0)
    response = await api.post(li.member, CLAIM, {"customer": customer_gid(id)})
    assert response.status_code == 503
    monkeypatch.undo()
    other = await office.customer(pool)
    await api.data(li.member, CLAIM, customer=customer_gid(other))
    assert (await row(id)).owner_id is None


async def test_a_query_of_a_websocket_is_ended_at_its_deadline(api: Client, office: Office) -> None:
    li, pool = await office.person(), await office.pool()
    async with let_in(api, li.member) as socket, connection() as other, other.transaction():
        await other.execute("LOCK TABLE customer")
        await socket.ask(POOL, pool=gid("Pool", pool.id))
        error = await socket.error()
        assert (error["extensions"], error.get("path")) == (UNAVAILABLE, None)
    assert await free_connections(api) == api.settings.pool_size


async def test_what_a_query_reads_ends_with_it(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    li, pool = await office.person(), await office.pool()
    monkeypatch.setattr("models.holding.reevaluation.PROGRESS", SLOW_READ)
    response = await api.post(li.member, PROGRESS, {"pool": gid("Pool", pool.id)})
    assert response.status_code == 503
    await until(nothing_is_open, SOON)
    async with let_in(api, li.member) as socket:
        await socket.ask(PROGRESS, pool=gid("Pool", pool.id))
        assert (await socket.error())["extensions"] == UNAVAILABLE
        await until(nothing_is_open, SOON)
    assert await free_connections(api) == api.settings.pool_size


async def test_a_query_ends_when_its_client_leaves(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 60.0)
    li, pool = await office.person(), await office.pool()
    monkeypatch.setattr("models.holding.reevaluation.PROGRESS", SLOW_READ)
    with capture_logs() as logs:
        await ask_and_leave(api, li.member, PROGRESS, {"pool": gid("Pool", pool.id)}, is_reading)
        await until(nothing_is_open, SOON)
    request, cut = logs
    assert (request["event"], request["outcome"]) == ("request", "left")
    assert cut["event"] == "request cut off: its client left"


async def test_a_mutation_is_done_though_its_client_leaves(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline, "SECONDS", 60.0)
    pool = await office.pool(max_hold="P20D")
    li, id = await office.person(), await office.customer(pool)
    async with connection() as other, other.transaction():
        await other.execute("LOCK TABLE customer")
        given = {"customers": [customer_gid(id)], "key": "key"}
        await ask_and_leave(api, li.member, CLAIMS, given, is_waiting)
    await until(lambda: is_held(id))


async def test_a_report_may_take_longer_than_other_requests(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await office.pool()
    admin = (await office.admin()).member
    monkeypatch.setattr("models.pools.reports.SIGNED", SLOW)
    answer = await api.data(admin, REPORT, pool=gid("Pool", pool.id))
    assert answer["poolReport"]["claims"] == 0


async def nothing_is_open() -> bool:
    """No transaction of the API's is; its connections that were cut have ended."""
    return not await database.rows(OPEN)


async def ask_and_leave(
    api: Client, who: Person, query: str, given: dict[str, Any], until_true: Any
) -> None:
    asked = asyncio.create_task(api.post(who, query, given))
    await until(until_true)
    asked.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asked


async def is_reading() -> bool:
    return bool(await database.rows(WAITING, "Timeout"))


async def is_waiting() -> bool:
    return bool(await database.rows(WAITING, "Lock"))


async def is_held(id: UUID) -> bool:
    return (await row(id)).owner_id is not None


async def free_connections(api: Client) -> int:
    pool: Any = get_connection("default")
    async with contextlib.AsyncExitStack() as taken:
        for count in range(api.settings.pool_size):
            go_first_for_the_rest(count, api.settings.pool_size)
            try:
                async with asyncio.timeout(1):
                    await taken.enter_async_context(pool.acquire_connection())
            except TimeoutError:
                return count
        return api.settings.pool_size
