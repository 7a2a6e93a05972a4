"""The key of the order NAME, and the columns beside a name."""

import asyncio
import sys
from typing import Any

import pytest

from models import database
from models.customers import csv_import, registration
from models.customers.update import update_customer
from models.duplicates import backlog
from models.lists.name_order import MOST_BYTES, masked_name, sort_name
from tests.support.running import ROOT
from tests.support.samples import Office, connection, done
from workers.sweep import Sweep

COLUMNS = "SELECT name, sort_name, masked_name FROM customer ORDER BY name"
# What the release before writes: it knows the name alone.
RENAME = "UPDATE customer SET name = $2 WHERE name = $1"
UNWRITTEN = "UPDATE customer SET sort_name = '', masked_name = '', keyed_at = NULL"


def test_names_follow_one_another_by_pinyin_and_latin_ones_among_them() -> None:
    names = [
        "（香港）万科",
        "3M中国",
        "阿里巴巴",
        "Alibaba",
        "ＡＢＢ",
        "abc",
        "百度",
        "Baidu",
        "BYD",
        "长沙银行",
        "重庆啤酒",
        "西安银行",
        "先导智能",
        "Zoom",
        "中国移动",
    ]
    expected = [
        "（香港）万科",
        "3M中国",
        "阿里巴巴",
        "ＡＢＢ",
        "abc",
        "Alibaba",
        "百度",
        "Baidu",
        "BYD",
        "长沙银行",
        "重庆啤酒",
        "西安银行",
        "先导智能",
        "中国移动",
        "Zoom",
    ]
    assert sorted(names, key=sort_name) == expected


@pytest.mark.parametrize(
    ("one", "other"), [("ABC", "abc"), ("ＡＢＣ", "abc"), ("a\u200bbc", "abc"), (" abc ", "abc")]
)
def test_case_width_and_invisible_signs_do_not_count(one: str, other: str) -> None:
    assert sort_name(one) == sort_name(other)


def test_two_names_that_sound_alike_have_two_keys() -> None:
    assert sort_name("马力") != sort_name("妈力")
    assert (
        sort_name("马力").partition("\x01")[0] == sort_name("妈力").partition("\x01")[0] == "ma li"
    )


@pytest.mark.parametrize("name", ["\u200b", "！", "😀", "\x01", "𠮷" * 200, "ﷺ" * 200, "庄" * 200])
def test_a_key_is_never_empty_and_never_too_long_for_an_index(name: str) -> None:
    assert 0 < len(sort_name(name).encode()) <= MOST_BYTES


def test_no_contact_is_in_the_columns_beside_a_name() -> None:
    assert sort_name("张三13824680001") == "zhang san 138****0001\x01张三138****0001"
    assert masked_name("张三１３８-2468-0001 li@x.cn") == "张三* *x.cn"
    assert masked_name("张三") is None


async def columns() -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in await database.rows(COLUMNS)]


async def test_registered_imported_or_changed_a_name_has_its_columns(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    await csv_import.import_customers(admin, pool.id, "name\nIBM")
    li = done(await registration.register(admin, pool.id, {"name": "李四 13824680001"}))
    assert await columns() == [
        ("IBM", "ibm", None),
        ("李四 13824680001", "li si 138****0001\x01李四 138****0001", "李四 *"),
    ]
    await update_customer(admin, li.id, {"name": "Zoom"})
    assert await columns() == [("IBM", "ibm", None), ("Zoom", "zoom", None)]


async def test_the_sweep_fills_in_what_the_release_before_wrote(office: Office) -> None:
    pool = await office.pool()
    await csv_import.import_customers(await office.admin(), pool.id, "name\nIBM\nABB")
    async with connection() as own:
        await own.execute(RENAME, "IBM", "王五 13824680001")
        await own.execute(
            "INSERT INTO customer (organization_id, pool_id, name, name_key)"
            " SELECT organization_id, pool_id, 'Zoom', 'zoom' FROM customer LIMIT 1"
        )
    stale = [("ABB", "abb", None), ("Zoom", "", ""), ("王五 13824680001", "", "")]
    assert await columns() == stale
    await Sweep("one").catch_up()
    assert await columns() == [
        ("ABB", "abb", None),
        ("Zoom", "zoom", None),
        ("王五 13824680001", "wang wu 138****0001\x01王五 138****0001", "王五 *"),
    ]
    assert await backlog.keep_all() == 0


async def test_a_row_in_use_is_filled_in_the_next_round(office: Office) -> None:
    pool = await office.pool()
    await csv_import.import_customers(await office.admin(), pool.id, "name\nIBM\nABB")
    async with connection() as own:
        await own.execute(UNWRITTEN)
        async with own.transaction():
            await own.execute(RENAME, "IBM", "Sony")
            async with asyncio.timeout(5):
                assert await backlog.keep_all() == 1
    assert await columns() == [("ABB", "abb", None), ("Sony", "", "")]
    assert await backlog.keep_all() == 1
    assert await columns() == [("ABB", "abb", None), ("Sony", "sony", None)]


async def test_many_are_filled_in_slice_by_slice(office: Office) -> None:
    await office.customers(await office.pool(), backlog.SLICE + 1)
    async with connection() as own:
        await own.execute(UNWRITTEN)
    slices = [await backlog.keep_slice(office.id) for _ in range(3)]
    assert slices == [backlog.SLICE, 1, 0]


async def test_a_command_that_orders_no_names_does_not_load_pinyin() -> None:
    code = "import manage, app, workers.runner, sys; print('pypinyin' in sys.modules)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.strip() == b"False"
