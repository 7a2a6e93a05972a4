import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.sheets.delimiters import DELIMITERS, delimiter_of


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("客户名称,手机号\n甲;乙,1\n", ","),
        ("客户名称;手机号\n甲,乙;1\n", ";"),
        ("客户名称\t手机号\n甲,乙;丙\t1\n", "\t"),
        ("\r\n\n客户名称\t手机号", "\t"),
        ('"客户名称";"备注,其他,更多"', ";"),
        ("客户名称", ","),
        ("客户名称,phone;备注;更多", ","),
        ("甲\t乙\t丙", "\t"),
        ("2026年，客户名单\n客户名称;手机号\n甲;1\n", ";"),
        ("sep=;\n客户名称;手机号\n甲;1\n", ";"),
        ("", ","),
        ('"', ","),
    ],
)
def test_the_header_tells_what_separates_the_cells(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


@settings(deadline=None)
@given(st.text() | st.text('name,;\t"\r\n\0客户名称'))
def test_any_text_has_one(text: str) -> None:
    assert delimiter_of(text) in DELIMITERS.values()
