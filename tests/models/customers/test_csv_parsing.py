import csv
import io
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.customers.csv_parsing import Row, parse
from models.customers.fields import problem_of
from models.refusals import InvalidInput
from models.texts.visible import visible


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    return [(each.path, each.message) for each in refused.value.problems]


def paths(text: str) -> list[str]:
    return [path for path, _ in problems(text)]


def test_a_row_is_read_by_its_columns() -> None:
    text = (
        "name,level,person,phone,email,registrationNumber\n"
        "腾讯,A,张三丰,138 1234 5678,zhang@x.cn,91440300\n"
    )
    assert parse(text) == [Row(2, "腾讯", "A", "张三丰", "138 1234 5678", "zhang@x.cn", "91440300")]


def test_columns_come_in_any_order_and_case() -> None:
    assert parse(" PHONE ,Name\n13812345678, 腾讯 \n") == [Row(2, "腾讯", phone="13812345678")]


def test_chinese_headers_are_understood() -> None:
    header = "统一社会信用代码,邮箱,手机,联系人,级别,客户名称"
    assert parse(f"{header}\nX1,a@x.cn,13812345678,张三,A,腾讯\n") == [
        Row(2, "腾讯", "A", "张三", "13812345678", "a@x.cn", "X1")
    ]
    assert parse("名称,电话\n腾讯,010-12345678") == [Row(2, "腾讯", phone="010-12345678")]


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter() -> None:
    assert parse("\ufeffname,level\r\n甲,A\r\n乙,\r\n") == [Row(2, "甲", "A"), Row(3, "乙")]


def test_a_row_is_named_by_the_first_of_its_lines() -> None:
    text = 'name,person\r\n"甲\r\n乙","张\n三"\r\n\r\n丙,"李 ""四"""\r\n'
    assert parse(text) == [Row(2, "甲\r\n乙", person="张\n三"), Row(6, "丙", person='李 "四"')]


def test_a_short_row_leaves_the_rest_blank() -> None:
    assert parse("name,level,phone\n甲\n乙,A\n") == [Row(2, "甲"), Row(3, "乙", "A")]


def test_blank_lines_are_passed_over_and_trailing_commas_too() -> None:
    assert parse("name,level\n\n甲,A,,\n,\n\n \u3000,\t\n") == [Row(3, "甲", "A")]


def test_titles_above_the_header_are_passed_over() -> None:
    assert parse("2026年客户名单,\n,\n客户名称,级别\n甲,A\n") == [Row(4, "甲", "A")]


def test_a_header_alone_is_no_rows() -> None:
    assert parse("name,phone\n") == []


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\r\n", ",,\n"])
def test_an_empty_file_is_a_problem(text: str) -> None:
    assert problems(text) == [("csv", "is empty; its first line must name the columns")]


def test_a_header_says_name_and_nothing_unknown_or_twice() -> None:
    assert paths("phone,level\n1,2\n") == ["csv.1.name"]
    assert paths("name,colour,\n甲,red,\n") == ["csv.1.colour"]
    assert problems("name,电话,手机\n甲,1,2\n") == [("csv.1.phone", "is named twice")]


def test_tabs_and_semicolons_separate_cells_too() -> None:
    assert parse("客户名称\t手机号码\n甲,乙\t13812345678\n") == [
        Row(2, "甲,乙", phone="13812345678")
    ]
    assert parse("联系电话;＊公司名称\n010-12345678;甲\n") == [Row(2, "甲", phone="010-12345678")]
    assert paths("客户名称;手机号\n甲;12\n") == ["csv.2.phone"]


def test_other_columns_are_passed_over_where_asked_for() -> None:
    text = "序号,客户名称,备注,,手机号\n1,甲,好,,13812345678\n2,乙,,,\n"
    assert paths(text) == ["csv.1.序号", "csv.1.备注", "csv.1.4"]
    assert parse(text, ignore_others=True) == [Row(2, "甲", phone="13812345678"), Row(3, "乙")]
    with pytest.raises(InvalidInput) as refused:
        parse("序号,电话,手机\n1,2,3\n", ignore_others=True)
    assert [each.path for each in refused.value.problems] == ["csv.1.phone", "csv.1.name"]


def test_lost_characters_are_named_wherever_they_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse("客户名称,备注\n甲,\n乙\ufffd,\ufffd\n丙,好\n", ignore_others=True)
    assert [each.path for each in refused.value.problems] == ["csv.3.name", "csv.3.2"]
    assert {"GB18030" in each.message for each in refused.value.problems} == {True}
    assert paths("\ufffd\ufffd,name\n甲,乙\n") == ["csv.1.1"]


def test_every_bad_field_is_named_by_line_and_column() -> None:
    text = (
        "name,level,person,phone,email,registrationNumber\n"
        " ,A,,,,\n"
        f"{'n' * 201},{'l' * 21},{'p' * 101},+86,nobody,{'r' * 51}\n"
        "好,A,,,,\n"
        "坏\0,,,,,\n"
        "多,,,,,,more\n"
    )
    assert problems(text) == [
        ("csv.2.name", "is required"),
        ("csv.3.name", "must be no longer than 200 characters"),
        ("csv.3.level", "must be no longer than 20 characters"),
        ("csv.3.person", "must be no longer than 100 characters"),
        (
            "csv.3.phone",
            "has +86, which is not a phone number, e.g. 13812345678 or 010-12345678",
        ),
        ("csv.3.email", "must be an email address, e.g. name@example.com"),
        ("csv.3.registrationNumber", "must be no longer than 50 characters"),
        ("csv.5.name", "must not contain NUL or unpaired surrogates"),
        ("csv.6", "has 7 fields where the header has 6"),
    ]


def test_the_longest_values_are_taken() -> None:
    values = ["n" * 200, "l" * 20, "p" * 100, "r" * 50]
    assert parse("name,level,person,registrationNumber\n" + ",".join(values)) == [
        Row(2, values[0], values[1], values[2], registration_number=values[3])
    ]


def test_a_duplicate_within_the_file_is_a_problem() -> None:
    text = (
        "name,phone,email,registrationNumber\n"
        "腾讯（深圳）有限公司,13812345678,a@x.cn,X-1\n"
        "腾讯深圳,138 1234 5678,A@X.cn,x1\n"
        "阿里,13812345678,,\n"
    )
    assert problems(text) == [
        ("csv.3.name", "is the same as in line 2"),
        ("csv.3.phone", "is the same as in line 2"),
        ("csv.3.email", "is the same as in line 2"),
        ("csv.3.registrationNumber", "is the same as in line 2"),
        ("csv.4.phone", "is the same as in line 2"),
    ]


def test_rows_may_share_what_does_not_block() -> None:
    text = "name,phone\n王伟,13800000001\n王伟,13900000002\n王伟,13800000001\n"
    assert problems(text) == [
        ("csv.3.name", "is the same as in line 2"),
        ("csv.4.name", "is the same as in line 2"),
        ("csv.4.phone", "is the same as in line 2"),
    ]
    with pytest.raises(InvalidInput) as refused:
        parse(text, ["PHONE"])
    assert [each.path for each in refused.value.problems] == ["csv.4.phone"]
    assert len(parse(text, [])) == 3


def test_each_number_of_a_field_is_compared() -> None:
    text = "name,phone\n甲,13800000001；13900000002\n乙,010-88888888 / 139 0000 0002\n"
    assert problems(text) == [("csv.3.phone", "is the same as in line 2")]
    assert len(parse("name,phone\n甲,13800000001；13800000001\n")) == 1


def test_what_a_spreadsheet_made_of_numbers_is_repaired_or_named() -> None:
    text = "name,phone\n甲,13800000001.0\n乙,1.3800000002E+10；13900000003.0\n"
    assert [row.phone for row in parse(text)] == ["13800000001", "13800000002；13900000003"]
    assert problems("name,phone\n甲,1.38E+10\n乙,1380000000\n") == [
        ("csv.2.phone", "has 1.38E+10: a spreadsheet lost its last digits, type all of them"),
        ("csv.3.phone", "has 1380000000, which begins with 1: a mobile number must have 11 digits"),
    ]


def test_a_name_of_invisible_characters_is_blank() -> None:
    assert problems("name,person\n\u200b\ufe0f,李\n") == [("csv.2.name", "is required")]
    assert parse("name,person\n甲\u200b,\u3164\n") == [Row(2, "甲\u200b")]


def test_an_open_quote_is_named_by_the_line_where_it_opens() -> None:
    assert paths('name,level\n甲\n,A\n"乙\n丙\n丁\n') == ["csv.3.name", "csv.4"]
    assert paths('name\n"甲"乙\n') == ["csv.2"]


def test_an_endless_line_is_no_row() -> None:
    assert paths("name\n甲\n" + "," * 300_000) == ["csv.3"]
    assert paths('name\n甲\n"' + "\n" * 200_000) == ["csv.3"]


def test_half_a_character_in_a_header_is_not_told_back() -> None:
    assert paths("name,\ud800\n") == ["csv.1.?"]


def test_the_first_thousand_problems_are_listed_and_the_rest_counted() -> None:
    text = "name,phone\n" + "".join(f"客户{n},1\n" for n in range(1_234))
    with pytest.raises(InvalidInput) as refused:
        parse(text)
    assert len(refused.value.problems) == 1_000
    assert refused.value.problems[-1].path == "csv.1001.phone"
    assert refused.value.message == (
        "1,234 values are wrong: the first 1,000 are listed, 234 more are not."
    )


def test_fifty_thousand_rows_are_the_limit() -> None:
    text = "name\n" + "".join(f"客户{n}\n" for n in range(50_000))
    assert len(parse(text)) == 50_000
    assert problems(text + "又一\n") == [("csv", "has more than 50,000 rows")]


def test_ten_thousand_rows_take_less_than_three_seconds() -> None:
    rows = (
        f"上海市{n}科技有限公司,A,张三,{phone},c{n}@x.cn,9144{n:08}"
        for n in range(10_000)
        for phone in [f"138{n:08}" if n % 2 else f"010-65{n:06}"]
    )
    text = "name,level,person,phone,email,registrationNumber\n" + "\n".join(rows)
    started = process_time()
    assert len(parse(text)) == 10_000
    assert process_time() - started < 3


# A lost character is refused: see test_lost_characters_are_named_wherever_they_are.
characters = st.characters(exclude_categories=["Cs", "Zs", "Cc"], exclude_characters="\ufffd")
cells = st.text(characters, max_size=10).filter(lambda text: not text or bool(visible(text)))
written = st.tuples(st.integers(0, 10**6), cells, cells)


@settings(deadline=None)
@given(st.lists(written, max_size=20, unique_by=lambda row: row[0]))
def test_what_a_csv_writer_writes_is_read_back(rows: list[tuple[int, str, str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["level", "name", "person"])
    writer.writerows([level, f"客户{n}号", person] for n, level, person in rows)
    assert [(row.name, row.level, row.person) for row in parse(text.getvalue())] == [
        (f"客户{n}号", level.strip() or None, person.strip() or None) for n, level, person in rows
    ]


@settings(deadline=None)
@given(st.text() | st.text('name,"\r\n 甲1@.\0'))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InvalidInput):
        assert all(row.name for row in parse(text))


def test_one_field_may_be_asked_about() -> None:
    assert problem_of("name", "") == "is required"
    assert problem_of("phone", None) is None
    wrong = "must be an email address, e.g. name@example.com"
    assert problem_of("email", "a@b@c.cn") == wrong
