"""A database restored from a dump, and a standby promoted: real clusters behind one address."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

import engines as embedded
from benchmarks.faults.proxy import Proxy, postgres_socket, postgres_url, proxy
from models import database
from models.alerts import inbox
from models.ledger import feed, replay
from models.paging import Window
from models.tables import Customer
from models.webhooks import webhooks
from settings import Settings
from tests.conftest import settings_of
from tests.support.eras import assign, check_new_era, check_webhooks, move, until_settled
from tests.support.kept import Kept
from tests.support.recovery import Archiving, archiving, recovered
from tests.support.running import Client, short_folder
from tests.support.samples import found, until
from tests.support.sockets import CHANGES, following
from tests.support.standby import ask, follow, run, standby_of

# More transactions than a new cluster and the restore of a dump have.
USE_NUMBERS = """
DO $$ BEGIN FOR i IN 1..20000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$
"""
NUMBERS = "SELECT pg_snapshot_xmax(pg_current_snapshot())"
CUT_OFF = "ALTER SYSTEM SET primary_conninfo = ''"
URL = "https://hooks.example.com/seapool"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


@pytest.fixture
def primary(folder: Path) -> Iterator[Archiving]:
    with archiving(folder / "primary") as running:
        yield running


@pytest.fixture
def other(folder: Path) -> Iterator[embedded.Postgres]:
    with embedded.started(folder / "other", ephemeral=True, valkey=False) as running:
        yield running.postgres


@pytest.fixture
def standby(
    folder: Path, primary: embedded.Postgres, database: None
) -> Iterator[embedded.Postgres]:
    with standby_of(primary, folder) as standby:
        yield standby


@pytest_asyncio.fixture
async def line(primary: embedded.Postgres) -> AsyncIterator[Proxy]:
    async with proxy(postgres_socket(primary.url)) as line:
        yield line


@pytest_asyncio.fixture
async def settings(
    engines: embedded.Engines, primary: embedded.Postgres, line: Proxy, kept_connection: Kept
) -> Settings:
    await kept_connection.close()
    url = postgres_url(primary.url, line.port)
    settings = settings_of(engines, "postgres").model_copy(update={"database_url": url})
    await database.migrate(settings)
    return settings


async def test_after_a_restored_dump_old_cursors_resync_and_new_events_come(
    api: Client, line: Proxy, primary: embedded.Postgres, other: embedded.Postgres
) -> None:
    office = await found()
    pool, li = await office.pool(max_hold="P20D"), await office.person()
    await ask(primary, USE_NUMBERS)
    await webhooks.save(await office.admin(), None, URL, None, private=True)
    first, second = await office.customers(pool, 2)
    async with (
        following(api, li.member) as alerts,
        following(api, li.member, CHANGES, pool=f"Pool_{pool.id.hex}") as changes,
    ):
        await assign(office, first, li)
        cursor = (await alerts.next())["cursor"]
        newest = await until_settled()
        assert newest.txid > int(str(await ask(other, NUMBERS)))
        run(other, "psql", "-q", "-f", dump(primary))
        move(line, other)
        await check_new_era(api, alerts, office, second, li, cursor)
        await changes.until_error("RESYNC")
    assert await feed.head() > feed.cursor_of(newest)
    # All that is restored is settled.
    told = (await inbox.inbox(li, window=Window(9), unread_only=False)).nodes
    assert [alert.event.customer_id for alert in told] == [second, first]
    await check_webhooks(second)
    assert await replay.differences() == []


async def test_after_a_promotion_that_lost_events_old_cursors_resync_and_new_events_come(
    api: Client, line: Proxy, primary: embedded.Postgres, standby: embedded.Postgres
) -> None:
    office = await found()
    pool, li = await office.pool(max_hold="P20D"), await office.person()
    await webhooks.save(await office.admin(), None, URL, None, private=True)
    lost, kept = await office.customers(pool, 2)
    await follow(primary, standby)
    await ask(standby, CUT_OFF)
    await ask(standby, "SELECT pg_reload_conf()")
    await until(lambda: ask(standby, "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver)"))
    async with following(api, li.member) as alerts:
        await assign(office, lost, li)
        cursor = (await alerts.next())["cursor"]
        newest = await until_settled()
        primary.kill()
        await ask(standby, "SELECT pg_promote()")
        # The lost transactions' numbers are used again.
        await ask(standby, USE_NUMBERS)
        move(line, standby)
        await check_new_era(api, alerts, office, kept, li, cursor)
    assert feed.cursor_of(newest) < await feed.head()
    await check_webhooks(kept)
    assert await replay.differences() == []


async def test_after_a_recovery_to_a_moment_all_before_it_is_there_and_old_cursors_resync(
    api: Client, line: Proxy, folder: Path, primary: Archiving
) -> None:
    office = await found()
    await office.pool(max_hold="P20D")
    pool, li = await office.pool(max_hold="P20D"), await office.person()
    await webhooks.save(await office.admin(), None, URL, None, private=True)
    first, second, third = await office.customers(pool, 3)
    backup = primary.back_up()
    async with following(api, li.member) as alerts:
        await assign(office, first, li)
        await alerts.next()
        moment = await ask(primary, "SELECT clock_timestamp()")
        await assign(office, second, li)
        cursor = (await alerts.next())["cursor"]
        await database.rows("DROP TABLE customer CASCADE")
        await primary.finish_archive()
        primary.kill()
        with recovered(primary, backup, moment, folder / "recovered") as other:
            move(line, other)
            await check_new_era(api, alerts, office, third, li, cursor)
            await check_webhooks(third)
            held = await Customer.filter(owner_id=li.id).values_list("id", flat=True)
            assert set(held) == {first, third}
            assert await replay.differences() == []


def dump(postgres: embedded.Postgres) -> str:
    path = postgres.folder / "dump.sql"
    run(postgres, "pg_dump", "-f", str(path))
    return str(path)
