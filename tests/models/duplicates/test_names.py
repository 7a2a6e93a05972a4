import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.duplicates.names import normalise_name
from models.texts.visible import visible


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
        ("海底捞‧火锅—北京", "海底捞・火锅-北京"),
        ("甲\u200b乙\u2060丙", "甲乙丙"),
        ("甲\ufe0f乙\U000e0101", "甲乙"),
        ("甲\u3164乙\xad", "甲乙"),
        ("ａ\u200dＣＭＥ", "Acme"),
        ("騰訊科技（深圳）有限責任公司", "腾讯科技深圳"),
        ("騰 訊 科 技", "腾讯科技"),
        ("廣東省廣州市天河區美鄰家居有限公司", "美邻家居"),
        ("滙豐銀行", "汇丰银行"),
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
        ("1.5度科技", "15度科技"),
        ("甲①", "甲②"),
        ("乾元科技", "干元科技"),
        ("❤花店", "花店"),
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
    assert bool(normalise_name(name)) == bool(visible(name).strip())


@pytest.mark.parametrize("name", ["\u200b", "\u200d\ufe0f", " \u3164\u2060 ", "\u2800", "\ufeff"])
def test_a_name_of_invisible_characters_alone_is_empty(name: str) -> None:
    assert normalise_name(name) == ""
