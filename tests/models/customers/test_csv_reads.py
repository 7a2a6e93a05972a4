"""How many rows an import reads, by the statistics of a database of the test's own.

A connection reports what it has read up to ten seconds later: in a database that tests share, that
of the test before would be counted.
"""

import pytest
import pytest_asyncio

from models import database
from models.customers import csv_import
from settings import Settings
from tests.models.customers.test_csv_import import csv_of
from tests.support.samples import Office

GROWING = ("event", "customer_key", "customer")


@pytest_asyncio.fixture
async def settings(own_settings: Settings) -> Settings:
    return own_settings


@pytest.mark.parametrize("known", ["nothing", "none", "one"])
async def test_no_import_reads_the_table_for_each_of_its_rows(office: Office, known: str) -> None:
    """Whatever PostgreSQL's planner believes: it plans by the last ANALYZE, once a connection."""
    pool, admin = await office.pool(), await office.admin()
    if known != "nothing":
        await csv_import.import_customers(admin, pool.id, "name,phone,email\n甲,13812345678,a@x.cn")
    if known == "none":
        async with database.transaction():
            await database.rows("SET LOCAL session_replication_role = replica")
            for table in GROWING:
                await database.rows(f"DELETE FROM {table}")
    for table in GROWING:
        await database.rows(f"ANALYZE {table}")
    for start in (0, 2000):
        before = await rows_read()
        text = csv_of(2000, start)
        assert await csv_import.import_customers(admin, pool.id, text) == 2000
        # A look-up of the customer for each of its three keys and its event; statistics.
        assert await rows_read() - before < 20 * 2000


async def rows_read() -> int:
    """Of the tables that an import fills, by any index or by none, until now."""
    await database.rows("SELECT pg_stat_force_next_flush()")
    found = await database.rows(
        "SELECT sum(seq_tup_read + idx_tup_fetch)::bigint AS n FROM pg_stat_user_tables"
        f" WHERE relname IN {GROWING}"
    )
    return int(found[0]["n"])
