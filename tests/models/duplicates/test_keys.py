import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duplicates.keys import (
    email_key,
    normalise_name,
    parsed_phone,
    phone_key,
    registration_key,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("腾讯科技（深圳）有限公司", "腾讯科技(深圳)"),
        ("腾讯科技 深圳 有限责任公司", "腾讯科技【深圳】股份有限公司"),
        ("深圳市腾讯计算机", "深圳腾讯计算机有限公司"),
        ("广东省深圳市腾讯计算机", "深圳腾讯计算机"),
        ("广东省电力公司", "广东电力"),
        ("深圳市腾讯计算机系统有限公司", "腾讯计算机系统"),
        ("（北京）字节跳动科技有限公司", "字节跳动科技有限责任公司"),
        ("广东省广州市天河区美邻家居有限公司", "美邻家居"),
        ("新疆维吾尔自治区天山牧业有限公司", "新疆天山牧业股份有限公司"),
        ("ＡＣＭＥ　Co., Ltd.", "acme"),
        ("Acme Inc", "ACME LLC"),
        ("海底捞·火锅", "海底捞火锅"),
    ],
)
def test_the_same_name_is_known_in_other_writing(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京市第一医院", "上海市第一医院"),
        ("上海银行股份有限公司", "北京银行股份有限公司"),
        ("南京大学", "北京大学"),
        ("青岛啤酒股份有限公司", "重庆啤酒股份有限公司"),
        ("上海汽车集团股份有限公司", "北京汽车集团有限公司"),
        ("西安高新技术产业有限公司", "长春高新技术产业有限公司"),
        ("深圳科技有限公司", "广州科技有限公司"),
        ("华为（北京）有限公司", "华为（上海）有限公司"),
        ("华为技术有限公司", "华为技术有限公司上海分公司"),
        ("华为集团有限公司", "华为有限公司"),
        ("超级市场", "超级场"),
        ("Zinc", "Z"),
        ("C++", "C"),
    ],
)
def test_another_name_stays_another(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


@pytest.mark.parametrize("name", ["有限公司", "Company", "上海市", "!!!", "（）", "公司"])
def test_a_name_never_becomes_nothing(name: str) -> None:
    assert normalise_name(name)


@settings(deadline=None)
@given(st.text())
def test_a_name_that_is_not_blank_has_a_key(name: str) -> None:
    assert bool(normalise_name(name)) == bool(name.strip())


@pytest.mark.parametrize(
    ("phone", "key"),
    [
        ("138 1234 5678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("+86 13812345678", "+8613812345678"),
        ("0086 138 1234 5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("010-12345678", "+861012345678"),
        ("(0755) 12345678", "+8675512345678"),
        ("400-123-4567", "+864001234567"),
        ("+852 2123 4567", "+85221234567"),
        ("110", None),
        ("abc", None),
        ("", None),
        ("13812345678/13912345678", None),
        ("1" * 500, None),
    ],
)
def test_a_phone_is_known_by_its_international_number(phone: str, key: str | None) -> None:
    assert phone_key(phone) == key


@settings(deadline=None, max_examples=500)
@given(
    st.sampled_from(["", "+86", "+86 ", "86", "0", " "]),
    st.from_regex(r"1[0-9]{2}[ -]?[0-9]{3,4}[ -]?[0-9]{4}\s?", fullmatch=True),
)
def test_the_short_way_for_mobiles_gives_what_the_long_one_does(prefix: str, rest: str) -> None:
    assert phone_key(prefix + rest) == parsed_phone(prefix + rest)


@settings(deadline=None)
@given(st.text())
def test_any_text_may_be_asked_for_its_phone(text: str) -> None:
    assert phone_key(text) == parsed_phone(text)


def test_an_email_is_known_without_case_and_width() -> None:
    assert email_key(" Li.Lei@X.cn ") == email_key("li.lei＠x.CN") == "li.lei@x.cn"
    assert email_key("  ") is None


def test_a_registration_number_is_known_without_case_and_dashes() -> None:
    assert registration_key("9144-0300 71526726xg") == "91440300" + "71526726XG"
    assert registration_key(" - ") is None
