import pytest

from models.sheets.header_row import FIRST, header_of

HEADER = ["客户名称", "手机号"]
ROW = ["云帆", "13812345678"]


@pytest.mark.parametrize(
    "above",
    [
        [],
        [["2026年客户名单"]],
        [["2026年客户名单", ""], ["制表人：李雷", ""]],
        [["sep=", ""]],
        [["说明"]] * (FIRST - 1),
    ],
)
def test_titles_may_stand_above_the_header(above: list[list[str]]) -> None:
    header, rows = header_of(enumerate([*above, HEADER, ROW], 1))
    assert header == (len(above) + 1, HEADER)
    assert list(rows) == [(len(above) + 2, ROW)]


@pytest.mark.parametrize(
    "cells",
    [
        [["phone"], HEADER],
        [["Firm", "Mobile no"], HEADER],
        [["Firm", "Kind"], ["云帆", "公司"]],
        [["说明"], ["Firm", "Mobile no"]],
        [["说明"]] * FIRST + [HEADER],
        [["名单\ufffd"], HEADER],
    ],
)
def test_otherwise_the_first_row_is_the_header(cells: list[list[str]]) -> None:
    header, rows = header_of(enumerate(cells, 1))
    assert header == (1, cells[0])
    assert [row for _, row in rows] == cells[1:]


def test_without_a_row_there_is_none() -> None:
    header, rows = header_of([])
    assert (header, list(rows)) == (None, [])
