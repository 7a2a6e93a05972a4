"""Rows that go to a table by COPY."""

import pytest
from tortoise.exceptions import IntegrityError

from models import database as databases

PROBE = "CREATE TEMP TABLE probe (one text, two text NOT NULL CHECK (two <> 'x')) ON COMMIT DROP"


async def test_an_empty_cell_is_null_and_an_empty_text_in_quotes_is_none(database: None) -> None:
    async with databases.transaction():
        await databases.rows(PROBE)
        rows = b',""\n"","a ""b"", c\r\nd\n\\.\ne"\n'
        await databases.copy("probe", ("one", "two"), rows)
        found = await databases.rows("SELECT one, two FROM probe")
    assert [(row["one"], row["two"]) for row in found] == [
        (None, ""),
        ("", 'a "b", c\r\nd\n\\.\ne'),
    ]


@pytest.mark.parametrize("refused", [b"a,\n", b"a,x\n"])
async def test_a_refused_row_is_an_integrity_error(database: None, refused: bytes) -> None:
    async with databases.transaction():
        await databases.rows(PROBE)
        with pytest.raises(IntegrityError):
            await databases.copy("probe", ("one", "two"), b"a,b\n" + refused)
    assert await databases.rows("SELECT 1 AS n") == [{"n": 1}]
