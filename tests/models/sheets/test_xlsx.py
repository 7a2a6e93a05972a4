import asyncio
import csv
import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.refusals import InvalidInput
from models.sheets import xlsx, xlsx_child
from models.sheets.xlsx_child import Workbook, shown_as
from tests.support.spreadsheets import Formula, sheet_of, workbook, zipped


def rows(body: bytes) -> list[list[str]]:
    book = Workbook(io.BytesIO(body))
    return list(book.rows(book.names[0], 10))


async def texts(body: bytes, rows: int = 3, characters: int = 1000) -> dict[str, str | None]:
    book = await xlsx.read(body, rows, characters)
    return {each.name: each.text for each in book.sheets}


async def chosen(body: bytes) -> str:
    return (await xlsx.read(body, 3, 1000)).chosen.name


def test_cells_are_read_as_people_see_them() -> None:
    values: list[list[object]] = [
        [13800138000.0, 13800138000, "13800138000"],
        [date(2026, 11, 28), datetime.fromisoformat("2026-11-28T09:30"), 0.1],
        [True, "+86 138", 310000400000000],
        [Formula("A1&B1", "云帆"), Formula("1+1", 2.0), 91310000123456789.0],
        ["云_x0000_帆"],
    ]
    assert rows(workbook(values)) == [
        ["13800138000", "13800138000", "13800138000"],
        ["2026-11-28", "2026-11-28 09:30:00", "0.1"],
        ["TRUE", "+86 138", "310000400000000"],
        ["云帆", "2", "9.13100E+16"],
        ["云帆"],
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        (float("nan"), "NAN"),
        (float("inf"), "INF"),
        (-0.0, "0"),
        (1e-7, "1e-07"),
        ("", ""),
    ],
)
def test_other_values_have_a_form_too(value: object, shown: str) -> None:
    assert shown_as(value) == shown


def test_a_sheet_is_read_from_its_first_row() -> None:
    cells: list[list[object]] = [["名称", ""], [], ["甲", None, "备注"]]
    assert rows(workbook(cells)) == [["名称"], [], ["甲", "", "备注"]]
    assert rows(workbook([["名称"]], first=3)) == [[], [], ["名称"]]


async def test_a_file_is_read_by_another_process() -> None:
    body = workbook([["名称", "备注"], ["甲", '一,"二"\n三'], [], ["乙"]])
    text = (await texts(body))["S0"] or ""
    assert list(csv.reader(io.StringIO(text))) == [
        ["名称", "备注"],
        ["甲", '一,"二"\n三'],
        [],
        ["乙"],
    ]


async def test_all_sheets_that_are_shown_and_have_a_row_are_read() -> None:
    body = workbook([["秘密"]], [], [["甲"]], [["乙"]], hidden=(0,))
    assert await texts(body) == {"S2": "甲\r\n", "S3": "乙\r\n"}
    assert await chosen(body) == "S2"
    assert await texts(workbook([], [])) == {"S0": ""}


async def test_cells_that_show_nothing_exceed_no_limit() -> None:
    nothing = [Formula('IF(B1="","",B1)', ""), " "]
    body = workbook([["名称"], *[nothing] * 9, ["甲", *[None] * 300, "\u3000"], *[nothing] * 9])
    assert list(csv.reader(io.StringIO((await texts(body))["S0"] or ""))) == [
        ["名称"],
        *[[]] * 9,
        ["甲"],
    ]


async def test_a_sheet_that_exceeds_a_limit_leaves_the_others_readable() -> None:
    long, wide, large = [[1]] * 5, [[*range(201)]], [["长" * 998]]
    body = workbook(long, wide, [["甲"]], large, [["乙"]])
    unread = {"S0": None, "S1": None, "S3": None}
    assert await texts(body) == unread | {"S2": "甲\r\n", "S4": "乙\r\n"}
    assert await chosen(body) == "S2"


async def test_a_sheet_that_ends_the_process_leaves_those_before_it_readable() -> None:
    body = workbook([["甲"]], [["名称"]], [["乙"]])
    assert await texts(bomb(body, "sheet2")) == {"S0": "甲\r\n", "S1": None, "S2": None}


def bomb(body: bytes, name: str = "sheet1") -> bytes:
    """A cell far below the others: a grid of all between would have 17 billion."""
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    sheet = sheet_of([["名称"]]).replace("</sheetData>", cell)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {each: archive.read(each).decode() for each in archive.namelist()}
    return zipped(files | {f"xl/worksheets/{name}.xml": sheet})


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (lambda: b"PK\x03\x04 and no more", "can be read"),
        (lambda: bomb(workbook([["名称"]])), "too large"),
        (lambda: zipped({"xl/workbook.xml": "0" * (xlsx_child.LARGEST + 1)}), "too large"),
        (lambda: workbook([["名称"], ["甲"], ["乙"], ["丙"], ["丁"]]), "more than 3 rows"),
        (lambda: workbook([["名称", *range(200)]]), "more than 200 columns"),
        (lambda: workbook([["名称"], ["长" * 1001]]), "too large"),
        (lambda: workbook([["名称"]], hidden=(0,)), "no sheet"),
    ],
)
async def test_a_hostile_file_is_refused_with_what_is_wrong(
    made: Callable[[], bytes], word: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await xlsx.read(made(), 3, 1000)
    (problem,) = refused.value.problems
    assert (problem.path, word in problem.message) == ("file", True), problem.message


GOOD = workbook([["名称", "手机号"], ["甲", 13800138000.0]])


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(4, len(GOOD) - 1), st.integers(0, 255)), min_size=1))
def test_a_broken_file_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    body = bytearray(GOOD)
    for place, byte in changes:
        body[place] = byte
    with suppress(InvalidInput):
        found = asyncio.run(texts(bytes(body)))
        assert "\0" not in "".join(filter(None, found.values()))
