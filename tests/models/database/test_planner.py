"""What the planner knows of a table's size."""

import asyncpg

from models import database as databases
from models.database.planner import FEW, KNOWS_OF, tell_planner
from settings import Settings

PROBE = "CREATE TEMP TABLE probe ON COMMIT DROP AS SELECT n FROM generate_series(1, 1000) AS n"


async def known() -> float:
    return float((await databases.rows(KNOWS_OF, "probe"))[0]["reltuples"])


async def test_the_planner_is_told_of_more_rows_than_it_knows_of(database: None) -> None:
    async with databases.transaction():
        await databases.rows(PROBE)
        await tell_planner("probe", FEW)
        assert await known() == -1
        await tell_planner("probe", 1000)
        assert await known() == 1000
        await databases.rows("INSERT INTO probe SELECT n FROM probe")
        await tell_planner("probe", 1000)
        assert await known() == 1000
        await tell_planner("probe", 1001)
        assert await known() == 2000


async def test_nobody_waits_for_an_index_that_is_built(database: None, settings: Settings) -> None:
    own = await asyncpg.connect(**databases.credentials(settings.database_url or ""))
    try:
        async with own.transaction():
            # As CREATE INDEX CONCURRENTLY locks it.
            await own.execute("LOCK TABLE customer IN SHARE UPDATE EXCLUSIVE MODE")
            await tell_planner("customer", 1_000_000)
    finally:
        await own.close()
