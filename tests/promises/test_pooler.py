"""Seapool behind PgBouncer in transaction mode, with fewer sessions than it has connections."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
import pytest_asyncio

import engines as embedded
from commands.errors import CommandError
from commands.reaching import check_database
from models import database as databases
from models.database.seal import Seal
from models.database.session import BOUNDS, SESSION
from models.ledger import feed, replay
from models.ledger.feed import Resync
from models.pools import preview, reports
from models.queue import queue
from models.rules.rules import Rules
from settings import Settings
from tests.conftest import command
from tests.support.asking import CLAIM, customer_gid
from tests.support.pgbouncer import SESSIONS, PgBouncer, pooling
from tests.support.running import Client, short_folder
from tests.support.samples import found, story, until
from tests.support.sockets import following

DAY = timedelta(days=1)
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
IGNORING = f"ignore_startup_parameters = {','.join(SESSION | BOUNDS)}"
AT_ONCE = 4 * SESSIONS


@pytest.fixture(scope="module")
def bouncer(engines: embedded.Engines) -> Iterator[PgBouncer]:
    with short_folder() as folder, pooling(folder, engines.postgres) as bouncer:
        yield bouncer


@pytest.fixture
def settings(own_settings: Settings, bouncer: PgBouncer) -> Settings:
    direct = own_settings.database_url or ""
    name = databases.credentials(direct)["database"]
    urls = {"database_url": bouncer.of(name), "database_direct_url": direct}
    return own_settings.model_copy(update=urls)


@pytest_asyncio.fixture
async def database(settings: Settings) -> AsyncIterator[None]:
    async with databases.connected(settings, serving=True), queue.connected(settings):
        yield


async def test_claims_reports_previews_and_releases_share_few_sessions(
    settings: Settings, api: Client, worker: asyncio.Task[None]
) -> None:
    await check_database(settings)
    office = await found()
    pool = await office.pool(max_hold="PT5S", reminders=[])
    admin, li = await office.admin(), await office.person()
    customers = await office.customers(pool, AT_ONCE)

    async def claim(n: int) -> str:
        answer = await api.data(li.member, CLAIM, customer=customer_gid(customers[n]))
        return str(answer["claimCustomer"]["__typename"])

    async def read() -> str:
        told = await preview.preview(admin, pool.id, Rules())
        report = await reports.report(admin, pool.id, admin.asked_at - DAY, admin.asked_at)
        return f"{report.releases} {told.released_at_once}"

    async with following(api, li.member) as alerts:
        answers = await asyncio.gather(*map(claim, range(AT_ONCE)), *(read() for _ in range(9)))
        assert Counter(answers)["Claimed"] == AT_ONCE
        assert (await alerts.next())["kind"] == "RELEASED"
    for each in customers:
        await until(partial(is_released, each))
    assert await replay.differences() == []
    assert not worker.done()


async def is_released(customer: UUID) -> bool:
    return (await story(customer))[-1] == "RELEASED"


async def test_subscriptions_resync_when_the_pooler_leads_to_another_database(
    settings: Settings, api: Client, engines: embedded.Engines
) -> None:
    office = await found()
    li = await office.person()
    name = databases.credentials(settings.direct_url)["database"]
    cursor = await feed.format_cursor(await feed.head(), li.seal)
    async with following(api, li.member) as alerts:
        await command(engines, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await command(engines, CUT.format(name))
        await command(engines, f"CREATE DATABASE {name}_copy TEMPLATE {name}")
        await command(engines, f"ALTER DATABASE {name} RENAME TO {name}_old")
        await command(engines, f"ALTER DATABASE {name}_copy RENAME TO {name}")
        # The pooler may refuse a login first, and for some seconds then.
        await alerts.until_error("RESYNC", "UNAVAILABLE")
    await until(partial(resyncs, cursor, li.seal))
    await command(engines, f"DROP DATABASE {name}_old")


async def resyncs(cursor: str, seal: Seal) -> bool:
    """Whether the process knows that the cursor is of another database."""
    try:
        await feed.parse_cursor(cursor, seal)
    except Resync:
        return True
    except Exception as fault:
        if not databases.is_away(fault):
            raise
    return False


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "SEAPOOL_DATABASE_URL leads to PgBouncer: set SEAPOOL_DATABASE_DIRECT_URL too"),
        ({"more": IGNORING}, "SEAPOOL_DATABASE_URL leads to PgBouncer: set SEAPOOL_DATABASE_DIREC"),
        ({"query": ""}, "PgBouncer's sessions lack settings: add to the database in pgbouncer.ini"),
    ],
)
async def test_a_pooler_that_seapool_is_not_told_of_or_that_lacks_settings_is_refused(
    own_settings: Settings, engines: embedded.Engines, given: dict[str, str], said: str
) -> None:
    direct = own_settings.database_url or ""
    name = databases.credentials(direct)["database"]
    with short_folder() as folder, pooling(folder, engines.postgres, **given) as bouncer:
        urls: dict[str, str] = {"database_url": bouncer.of(name)}
        if "query" in given:
            urls["database_direct_url"] = direct
        with pytest.raises(CommandError, match=said):
            await check_database(own_settings.model_copy(update=urls))
