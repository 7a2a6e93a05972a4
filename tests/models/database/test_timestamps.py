"""The connections of the pool read and write points in time as asyncpg itself does."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from tortoise.connection import get_connection

from models import database as databases
from tests.support.samples import connection

TEXTS = [
    "2026-11-29 06:41:26.903185+00",
    "2000-01-01 00:00:00+00",
    "1999-12-31 23:59:59.999999+00",
    "1900-01-01 00:00:00.000001+08",
    "0001-01-01 00:00:00+00",
    "9999-12-31 23:59:59.999999+00",
    "infinity",
    "-infinity",
]
READ = "SELECT t::timestamptz AS at FROM unnest($1::text[]) WITH ORDINALITY AS r(t, n) ORDER BY n"
WRITTEN = "SELECT ($1::timestamptz)::text AS text"
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


@pytest_asyncio.fixture
async def plain(database: None) -> AsyncIterator[asyncpg.Connection]:
    """asyncpg as it is."""
    async with connection() as own:
        yield own


async def test_all_are_read_as_asyncpg_reads_them(plain: asyncpg.Connection) -> None:
    read = [row["at"] for row in await databases.rows(READ, [*TEXTS, None])]
    expected = [row["at"] for row in await plain.fetch(READ, [*TEXTS, None])]
    assert [(at, at and at.tzinfo) for at in read] == [(at, at and at.tzinfo) for at in expected]
    # Again, from those that are kept.
    assert [row["at"] for row in await databases.rows(READ, [*TEXTS, None])] == expected


async def test_arrays_are_read_and_written_as_asyncpg_does(plain: asyncpg.Connection) -> None:
    expected = await plain.fetchval("SELECT $1::text[]::timestamptz[]", [*TEXTS, None])
    (row,) = await databases.rows("SELECT $1::text[]::timestamptz[] AS all", [*TEXTS, None])
    assert row["all"] == expected
    written = "SELECT $1::timestamptz[]::text[] AS all"
    (row,) = await databases.rows(written, expected)
    assert row["all"] == await plain.fetchval(written, expected)


async def test_all_are_written_as_asyncpg_writes_them(plain: asyncpg.Connection) -> None:
    chance, span = random.Random(1), (LATEST - EARLIEST) // timedelta(microseconds=1)
    given: list[Any] = [datetime.max, datetime.min, datetime(2026, 11, 29, 6), None]  # noqa: DTZ001, DTZ901
    for _ in range(200):
        zone = timezone(timedelta(minutes=chance.randrange(-720, 840)))
        at = EARLIEST + timedelta(microseconds=chance.randrange(span))
        given.append(at.astimezone(zone))
    for at in given:
        (row,) = await databases.rows(WRITTEN, at)
        assert row["text"] == await plain.fetchval(WRITTEN, at)


@pytest.mark.parametrize("wrong", ["2026-11-29T06:00:00Z", 1_764_397_286, (1,)])
async def test_nothing_else_is_written(database: None, wrong: Any) -> None:
    client: Any = get_connection("default")
    with pytest.raises(asyncpg.DataError):
        await client.fetch(WRITTEN, [wrong])


async def test_a_year_that_python_has_not_is_no_other_year(database: None) -> None:
    with pytest.raises(OverflowError):
        await databases.rows("SELECT timestamptz '10000-01-01 00:00:00+00' AS at")
