import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duplicates.phones import parsed_phone, phone_key, phone_keys, phone_problem, repaired

ONE, TWO, LANDLINE = "+8613800000001", "+8613900000002", "+861088888888"


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("138 1234 5678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("+86 13812345678", "+8613812345678"),
        ("0086 138 1234 5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("138\u200b1234\u20605678", "+8613812345678"),
        ("010-12345678", "+861012345678"),
        ("(0755) 12345678", "+8675512345678"),
        ("400-123-4567", "+864001234567"),
        ("+852 2123 4567", "+85221234567"),
        ("+1 202 555 0123", "+12025550123"),
        ("110", None),
        ("abc", None),
        ("", None),
        ("13812345678/13912345678", None),
        ("13812345678 13912345678", None),
        ("88888888", None),
        ("15412345678", None),
        ("1381234567", None),
        ("1081234567", None),
        ("1" * 500, None),
    ],
)
def test_a_phone_is_known_by_its_international_number(phone: str, key: str | None) -> None:
    assert phone_key(phone) == key


@pytest.mark.parametrize(
    "phone",
    [
        "010-88888888 转 8001",
        "010-88888888轉8001",
        "010 8888 8888 (分机8001)",
        "(010)88888888 分机号：8001",
        "010-88888888 ext. 8001",
        "010-88888888x8001",
        "010-88888888#8001",
        "010-88888888-8001",
        "010-88888888－８００１",
        "010-88888888，转8001",
    ],
)
def test_an_extension_is_no_part_of_the_number(phone: str) -> None:
    assert phone_keys(phone) == (LANDLINE,)
    assert phone_problem(phone) is None


@pytest.mark.parametrize("between", [*";,、/|；，／｜､\n\r\u2028", " / ", "\r\n", "；\u200b "])
def test_every_number_in_a_field_is_known(between: str) -> None:
    field = f"138 0000 0001{between}139-0000-0002{between}+86 13800000001{between}"
    assert phone_keys(field) == (ONE, TWO)
    assert phone_problem(field) is None


@pytest.mark.parametrize(
    "phone",
    [
        "13800000001.0",
        "13800000001.00",
        "１３８０００００００１．０",
        "1.3800000001E+10",
        "1.3800000001e10",
        "8.613800000001E+12",
    ],
)
def test_what_a_spreadsheet_made_of_a_number_is_undone(phone: str) -> None:
    assert repaired(phone).removeprefix("86") == "13800000001"
    assert phone_keys(phone) == (ONE,)
    assert phone_keys(f"13900000002；{phone}") == (TWO, ONE)


def test_only_the_numbers_of_a_spreadsheet_are_rewritten() -> None:
    assert repaired("张总 138-0000-0001；１.３８E1； 13900000002.0 ／010-1") == (
        "张总 138-0000-0001；１.３８E1；13900000002／010-1"
    )


@pytest.mark.parametrize(
    ("phone", "problem"),
    [
        ("1.38E+10", "has 1.38E+10: a spreadsheet lost its last digits, type all of them"),
        (
            "13900000002,1.38e10",
            "has 1.38e10: a spreadsheet lost its last digits, type all of them",
        ),
        (
            "13900000002/1380000000",
            "has 1380000000, which begins with 1: a mobile number must have 11 digits",
        ),
        (
            "138 0000 00011",
            "has 138 0000 00011, which begins with 1: a mobile number must have 11 digits",
        ),
        (
            "13900000002、8001",
            "has 8001, which is not a phone number, e.g. 13812345678 or 010-12345678",
        ),
        (
            "12345678901",
            "has 12345678901, which is not a phone number, e.g. 13812345678 or 010-12345678",
        ),
        ("；", "must be a phone number, e.g. 13812345678 or 010-12345678"),
    ],
)
def test_the_first_wrong_number_is_named(phone: str, problem: str) -> None:
    assert phone_problem(phone) == problem


def test_wrong_numbers_beside_good_ones_are_no_keys() -> None:
    assert phone_keys("1.38E+10；13800000001；1380000") == (ONE,)


@settings(deadline=None, max_examples=500)
@given(
    st.sampled_from(["", "+86", "+86 ", "86", "0", " "]),
    st.from_regex(r"1[0-9]{2}[ -]?[0-9]{3,4}[ -]?[0-9]{4}\s?", fullmatch=True),
)
def test_the_short_way_for_mobiles_gives_what_the_long_one_does(prefix: str, rest: str) -> None:
    assert phone_key(prefix + rest) == parsed_phone((prefix + rest).strip())


@settings(deadline=None)
@given(st.text())
def test_any_text_may_be_asked_for_its_phones(text: str) -> None:
    assert (phone_problem(text) is None) <= bool(phone_keys(text))
