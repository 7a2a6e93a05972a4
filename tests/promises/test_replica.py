"""Reports, searches and sheets come from a standby, and show all that was done before."""

from collections.abc import Awaitable, Iterator
from datetime import timedelta

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

import engines as embedded
from commands.errors import CommandError
from commands.reaching import check_database
from models import database
from models.database.connections import standby as standbys
from models.lists.customers import pooled_customers
from models.ownership import claims
from models.paging import Window
from models.pools import reports
from models.tables import Pool
from models.viewers import Viewer
from settings import Settings
from tests.support.running import short_folder
from tests.support.samples import done, found, until
from tests.support.standby import Standby, ask, follow, standby_of

# What the standby itself counts of its reads.
SCANS = "SELECT sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)) FROM pg_stat_user_tables"
LEFT_ALONE = "the replica is left alone, the primary reads"
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def standby(engines: embedded.Engines, template: str) -> Iterator[Standby]:
    """It follows with all databases, also of tests that begin later."""
    with short_folder() as folder, standby_of(engines.postgres, folder) as standby:
        yield standby


@pytest_asyncio.fixture
async def settings(own_settings: Settings, engines: embedded.Engines, standby: Standby) -> Settings:
    await follow(engines.postgres, standby)
    return own_settings.model_copy(update={"replica_url": url(own_settings, standby)})


def url(settings: Settings, postgres: embedded.Postgres, name: str | None = None) -> str:
    name = name or database.credentials(settings.database_url or "")["database"]
    return f"postgresql://postgres@/{name}?host={postgres.sockets}"


async def test_a_replica_of_another_database_is_refused_at_the_start(
    settings: Settings, engines: embedded.Engines, standby: Standby
) -> None:
    await check_database(settings)
    other = settings.model_copy(update={"replica_url": url(settings, standby, "postgres")})
    with pytest.raises(CommandError, match="has another database than the primary"):
        await check_database(other)
    away = settings.model_copy(update={"replica_url": "postgresql:///x?host=/nowhere"})
    with capture_logs() as told:
        await check_database(away)
    assert [line["event"] for line in told] == ["the replica can't be reached"]


async def test_each_read_shows_what_was_done_before_it_wherever_it_is_read(
    settings: Settings, database: None, standby: Standby, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = await found()
    pool = await office.pool(max_hold="P20D")
    customers = await office.customers(pool, 9)
    admin, li = await office.admin(), await office.person()
    before, read = await scans(settings, standby), 0

    async def claim_and_read() -> list[str]:
        """What is logged meanwhile."""
        nonlocal read
        done((await claims.claim(li, [customers[read]]))[0])
        read += 1
        with capture_logs() as told:
            assert await claimed(admin, pool) == read
            assert await open_ones(admin, pool) == len(customers) - read
        return [line["event"] for line in told]

    # However slow the machine is.
    monkeypatch.setattr(standbys, "LAG_SECONDS", 20.0)
    assert await claim_and_read() == await claim_and_read() == []
    # A process tells its statistics with a read that comes a second later.
    await until(lambda: has_more_after(claimed(admin, pool), settings, standby, before))
    monkeypatch.setattr(standbys, "LAG_SECONDS", 0.05)
    await ask(standby, "SELECT pg_wal_replay_pause()")
    assert LEFT_ALONE in await claim_and_read()
    await ask(standby, "SELECT pg_wal_replay_resume()")
    standby.kill()
    await claim_and_read()


async def claimed(admin: Viewer, pool: Pool) -> int:
    return (await reports.report(admin, pool.id, admin.asked_at - DAY, admin.asked_at + DAY)).claims


async def open_ones(admin: Viewer, pool: Pool) -> int:
    """Those that a search finds."""
    found = await pooled_customers(
        admin, [pool.id], window=Window(100), order="NAME", search="客户", level=None
    )
    return len(found[pool.id].nodes)


async def scans(settings: Settings, standby: Standby) -> int:
    return int(str(await ask(standby, SCANS, url=settings.replica_url or "")))


async def has_more_after(
    read: Awaitable[int], settings: Settings, standby: Standby, before: int
) -> bool:
    await read
    return await scans(settings, standby) > before
