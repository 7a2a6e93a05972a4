"""The columns beside a name: old rows get theirs, and the release before goes on writing names."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

import engines as embedded
from models import database as databases
from settings import Settings
from tests.models.database.released import connection, released

NAMES = "SELECT name, sort_name, masked_name FROM customer ORDER BY name"
RENAME = "UPDATE customer SET name = $2 WHERE name = $1"


@pytest.fixture
async def migrated(engines: embedded.Engines) -> AsyncIterator[Settings]:
    async with released(engines, "seapool_named") as settings:
        async with connection(settings) as own:
            await own.execute(RENAME, "knew", "王五 13824680001")
        await databases.migrate(settings)
        yield settings


async def names(own: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await own.fetch(NAMES)]


async def test_each_old_row_gets_its_columns(migrated: Settings) -> None:
    async with connection(migrated) as own:
        assert await names(own) == [
            ("heard", "heard", None),
            ("knew none", "knew none", None),
            ("never", "never", None),
            ("王五 13824680001", "wang wu 138****0001\x01王五 138****0001", "王五 *"),
        ]


async def test_a_name_of_the_release_before_is_marked_as_stale(migrated: Settings) -> None:
    async with connection(migrated) as own:
        await own.execute(RENAME, "heard", "Heard 13824680001")
        await own.execute(RENAME, "never", "never")
        await own.execute("UPDATE customer SET level = 'A'")
        assert [row[1:] for row in await names(own)][:3] == [
            ("", ""),
            ("knew none", None),
            ("never", None),
        ]


async def test_a_name_of_this_release_is_not(migrated: Settings) -> None:
    async with connection(migrated) as own:
        write = (
            "UPDATE customer SET name = $2, sort_name = $3, masked_name = $4,"
            " keyed_at = clock_timestamp() WHERE name = $1"
        )
        await own.execute(write, "heard", "Abb", "abb", None)
        assert (await names(own))[0] == ("Abb", "abb", None)


async def test_killed_before_it_ended_it_fills_what_is_left(migrated: Settings) -> None:
    async with connection(migrated) as own:
        await own.execute(
            "UPDATE customer SET sort_name = '', masked_name = '', keyed_at = NULL"
            " WHERE name <> 'never'"
        )
        await own.execute("UPDATE customer SET sort_name = 'kept' WHERE name = 'never'")
        await own.execute("DROP INDEX customer_pooled_by_sort_name")
        await own.execute("DELETE FROM tortoise_migrations WHERE name >= '0013_sort_names'")
        await databases.migrate(migrated)
        assert [row[1] for row in await names(own)][:3] == ["heard", "knew none", "kept"]
        assert await own.fetchval("SELECT to_regclass('customer_pooled_by_sort_name') IS NOT NULL")
