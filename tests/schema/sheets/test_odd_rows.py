"""What spreadsheets leave in a file beside customers: sent as a file, and pasted."""

from datetime import date

import pytest

from tests.schema.files.test_sheets import send
from tests.schema.sheets.test_importing import PREVIEW
from tests.support.asking import ask, gid
from tests.support.running import Client
from tests.support.samples import Office
from tests.support.spreadsheets import Formula, workbook

PASTE = """mutation ($pool: ID!, $csv: String!) { importCustomers(poolId: $pool, csv: $csv) {
  ... on Imported { count } ... on InvalidInput { problems { path message } } } }"""
HEADER = "客户名称,手机号\n"
AGAIN = "names columns, other ones than the header: import the rows from here on as a file"
LOST = "has {}: a spreadsheet lost its last digits, type all of them"

Problems = list[tuple[str, str]]


async def sent(api: Client, office: Office, body: bytes) -> tuple[int, Problems]:
    """How many customers a preview foresees, and the problems."""
    pool, admin = await office.pool(), await office.admin()
    sheet = (await send(api, admin, body)).json()["id"]
    told = await ask(api, admin, PREVIEW, pool=gid("Pool", pool.id), sheet=sheet)
    return told["created"], problems(told, "sheet")


async def pasted(api: Client, office: Office, text: str) -> tuple[int, Problems]:
    pool, admin = await office.pool(), await office.admin()
    told = await ask(api, admin, PASTE, pool=gid("Pool", pool.id), csv=text)
    return told.get("count", 0), problems(told, "csv")


def problems(told: dict[str, list[dict[str, str]]], file: str) -> Problems:
    return [
        (each["path"].removeprefix(f"{file}."), each["message"])
        for each in told.get("problems", [])
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "甲,13812345678\n \t,\n\xa0,\u2003\u3000\n乙,\n",
        f"甲,13812345678\n{HEADER}乙,\n客户名称 , 手机号,\n",
        '甲,13812345678\n\ufeff"客户名称","手机号"\n\ufeff"乙",\n',
        "甲,#N/A\n乙,#REF!\n#N/A,#VALUE!\n",
        "甲,13812345678.0\n乙,1.3812345679E+10\n",
    ],
)
async def test_rows_that_tell_nothing_are_passed_over(
    api: Client, office: Office, rows: str
) -> None:
    assert await sent(api, office, (HEADER + rows).encode()) == (2, [])
    assert await pasted(api, office, HEADER + rows) == (2, [])


async def test_columns_without_a_name_and_a_value_are_passed_over(
    api: Client, office: Office
) -> None:
    text = "客户名称,手机号,,\u200b\n甲,13812345678,,\n乙,,,\xa0\n"
    assert await sent(api, office, text.encode()) == (2, [])
    assert await pasted(api, office, text) == (2, [])
    wide = [("2", "has 3 fields where the header has 2")]
    assert await pasted(api, office, "客户名称,手机号,\n丙,13812345670,急\n") == (0, wide)


async def test_another_header_amid_the_rows_is_refused_by_its_line(
    api: Client, office: Office
) -> None:
    text = "客户名称,联系人\n甲,李\n联系人,客户名称\n王,乙\n"
    for created, found in (
        await sent(api, office, text.encode()),
        await pasted(api, office, text),
    ):
        assert (created, [path for path, _ in found]) == (0, ["3"])
        assert found[0][1].startswith(AGAIN)


async def test_a_number_without_its_last_digits_is_refused_in_each_column(
    api: Client, office: Office
) -> None:
    text = "客户名称,手机号,统一社会信用代码\n甲,1.38E+10,9.131E+17\n1E+15,,\n"
    expected = [
        ("2.phone", LOST.format("1.38E+10")),
        ("2.registrationNumber", LOST.format("9.131E+17")),
        ("3.name", LOST.format("1E+15")),
    ]
    assert await sent(api, office, text.encode()) == (0, expected)
    assert await pasted(api, office, text) == (0, expected)


async def test_cells_of_a_workbook_are_read_as_those_of_a_text(api: Client, office: Office) -> None:
    header = ["客户名称", "手机号", "联系人", "统一社会信用代码"]
    rows: list[list[object]] = [
        ["甲", 13812345678.0, Formula("VLOOKUP(A2,B:C,2,0)", "#N/A"), 91310000123456789.0],
        ["\u3000", "\xa0", "\t", "\u2003"],
        [360.0, 1.3812345679e10, date(2026, 3, 5), ""],
        list(header),
        ["", "13812345670", "", ""],
    ]
    expected = [
        ("2.registrationNumber", LOST.format("9.13100E+16")),
        ("6.name", "is required"),
    ]
    assert await sent(api, office, workbook([header, *rows])) == (1, expected)
