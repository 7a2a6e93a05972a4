from collections.abc import Sequence
from typing import Any

from models import database
from models.customers import csv_import
from models.imports import stored
from models.imports.preview import Preview, preview_import
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import Customer, Pool
from models.viewers import Viewer
from tests.support.samples import Office, refusal
from tests.support.spreadsheets import workbook

TEXT = "序号;＊公司名称;手机号码;备注\n1;云帆;13812345678;老客户\n2;天海;12;\n3;;;\n"


async def previewed(
    who: Viewer,
    pool: Pool,
    body: bytes,
    mapping: Sequence[str | None] | None = None,
    *,
    updates: bool = False,
) -> Preview:
    sheet = await stored.upload(who, body)
    return await preview_import(who, pool.id, sheet.id, mapping, updates=updates)


def paths(preview: Preview) -> list[str]:
    return [each.path for each in preview.problems]


async def test_a_preview_tells_what_was_read_and_changes_nothing(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    told = await previewed(admin, pool, TEXT.encode("gb18030"))
    assert (told.sheet.encoding, told.delimiter) == ("GB18030", ";")
    assert told.header == ["序号", "＊公司名称", "手机号码", "备注"]
    assert told.mapping == [None, "name", "phone", None]
    assert told.first[:2] == [["1", "云帆", "13812345678", "老客户"], ["2", "天海", "12", ""]]
    assert (told.rows, told.created, told.updated, told.refused) == (3, 1, 0, 2)
    assert paths(told) == ["sheet.3.phone", "sheet.4.name"]
    assert await Customer.all().count() == 0


async def test_rows_of_a_spreadsheet_have_its_numbers(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    values: list[list[object]] = [["客户名称", "电话"], ["甲\n乙", "010"], [], ["丙", 12.0]]
    told = await previewed(admin, pool, workbook(values))
    assert paths(told) == ["sheet.2.phone", "sheet.4.phone"]
    assert (told.rows, told.first) == (2, [["甲\n乙", "010"], ["丙", "12"]])


async def test_titles_and_columns_without_a_name_are_passed_over(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    rows: list[list[object]] = [["2026年客户名单"], [], ["客户名称", None, "电话"]]
    told = await previewed(admin, pool, workbook([*rows, ["甲", "x", 13812345678.0, "y"], ["乙"]]))
    assert told.header == ["客户名称", "", "电话", ""]
    assert told.mapping == ["name", None, "phone", None]
    assert (told.first, told.created, paths(told)) == (
        [["甲", "x", "13812345678", "y"], ["乙"]],
        2,
        [],
    )
    told = await previewed(admin, pool, workbook([["客户名单"], ["名称", "电话"], ["甲", 12]]))
    assert paths(told) == ["sheet.3.phone"]


async def test_lost_characters_in_a_header_or_above_it_are_a_problem(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    told = await previewed(admin, pool, "客户名称,电话,备\ufffd\n甲,,\n".encode())
    assert (told.created, paths(told)) == (0, ["sheet.1.3"])
    told = await previewed(admin, pool, "名单\ufffd\n客户名称,电话\n甲,\n".encode())
    assert paths(told)[0] == "sheet.1.1"


async def test_a_mapping_overrules_the_guess(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    body = "甲方,手机,电话\n云帆,13812345678,010-12345678\n".encode()
    told = await previewed(admin, pool, body)
    assert (told.mapping, paths(told)) == ([None, "phone", None], ["sheet.1.name"])
    told = await previewed(admin, pool, body, ["name", None, "phone"])
    assert (told.created, paths(told)) == (1, [])
    told = await previewed(admin, pool, body, ["name", "phone", "phone", "level"])
    assert paths(told) == ["mapping", "mapping.2"]
    assert paths(await previewed(admin, pool, body, [])) == ["mapping"]


async def test_what_makes_a_file_useless_is_told(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    for text, path in (
        ("名称\n甲,乙", "sheet.2"),
        ('名称\n甲\n"乙\n', "sheet.3"),
        ("名称\n" + "甲\n" * 50_001, "sheet"),
        ("名称,备注\n甲,\ufffd\n", "sheet.2.2"),
    ):
        told = await previewed(admin, pool, text.encode())
        assert paths(told) == [path]
        assert told.created == 0
    for body, path in ((b"", "sheet"), (b"\n\n", "sheet"), (b"name" + b"," * 200, "sheet.1")):
        refused = await refusal(previewed(admin, pool, body))
        assert isinstance(refused, InvalidInput)
        assert [each.path for each in refused.problems] == [path]


async def test_existing_customers_are_told_of_as_far_as_they_are_seen(office: Office) -> None:
    pool, closed, admin = await office.pool(), await office.pool(), await office.admin()
    manager = await office.person(role="MANAGER")
    await database.rows("DELETE FROM pool_access WHERE pool_id = $1", closed.id)
    manager = await office.viewer(manager.id)
    await csv_import.import_customers(admin, pool.id, "name\n云帆")
    await csv_import.import_customers(admin, closed.id, "name\n天海")
    body = "name,level\n云帆,A\n天海,A\n江南,A".encode()
    told: list[Any] = []
    for who in (admin, manager):
        for updates in (False, True):
            found = await previewed(who, pool, body, updates=updates)
            told.append((found.created, found.updated, paths(found)))
    assert told == [
        (1, 0, ["sheet.2.name", "sheet.3.name"]),
        (1, 2, []),
        (2, 0, ["sheet.2.name"]),
        (2, 1, []),
    ]
    assert await database.rows("SELECT FROM lookup") == []


async def test_only_administrators_of_the_pool_preview(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, manager = await office.person(), await office.person(role="MANAGER")
    sheet = await stored.upload(admin, TEXT.encode())
    for who, id, kind in (
        (li, pool.id, Forbidden),
        (manager, pool.id, NotFound),
        (admin, sheet.id, NotFound),
    ):
        found = await refusal(preview_import(who, id, sheet.id, None, updates=False))
        assert isinstance(found, kind)
