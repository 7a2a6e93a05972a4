"""What `manage.py distribute` refuses on a PostgreSQL without Citus."""

import pytest

from models import database as databases
from models.database.connections.hosts import connect
from models.sharding.distribute import check_unused, distribute
from models.sharding.plan import CannotDistribute
from settings import Settings
from tests.support.samples import connection


async def test_a_database_without_citus_is_refused(settings: Settings) -> None:
    with pytest.raises(CannotDistribute, match=r"^this database has no Citus: install it on "):
        await distribute(settings)


async def test_a_database_in_use_is_refused(database: None) -> None:
    async with connection() as opened:
        (row,) = await databases.rows(
            "SELECT count(*) AS n FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'seapool'"
        )
        with pytest.raises(CannotDistribute, match=f"^Seapool has {row['n']} sessions here: stop"):
            await check_unused(opened)


async def test_one_that_nobody_uses_is_not(settings: Settings) -> None:
    opened = await connect(settings.direct_url, seconds=10)
    try:
        await check_unused(opened)
    finally:
        await opened.close()
