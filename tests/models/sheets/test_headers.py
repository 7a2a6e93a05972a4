import pytest

from models.sheets.headers import FIELDS, NAMES, VALUE, field_of, is_header


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("客户名称", "name"),
        ("公司名称", "name"),
        ("企业名称", "name"),
        ("手机号", "phone"),
        ("手机号码", "phone"),
        ("联系电话", "phone"),
        ("联系人", "person"),
        ("联系人姓名", "person"),
        ("客户级别", "level"),
        ("电子邮箱", "email"),
        ("统一社会信用代码", "registrationNumber"),
        ("＊客户名称", "name"),
        ("*手 机 号码", "phone"),
        (" 联系人　姓名 * ", "person"),
        ("★客户级别（必填）", "level"),
        ("【选填】电子邮箱：", "email"),
        ("Ｅ－Ｍａｉｌ", "email"),
        ("Company_Name", "name"),
        ("REGISTRATION NUMBER", "registrationNumber"),
        ("registrationNumber", "registrationNumber"),
        ("手机号\u200b\r\n", "phone"),
    ],
)
def test_a_header_is_understood_as_people_write_it(header: str, field: str) -> None:
    assert field_of(header) == field


@pytest.mark.parametrize("header", ["", "*", "备注", "客户编号", "phones of us", "(name)"])
def test_any_other_header_is_no_field(header: str) -> None:
    assert field_of(header) is None


def test_no_name_is_of_two_fields() -> None:
    names = [name for each in NAMES.values() for name in each]
    assert len(names) == len(set(names))
    assert {field_of(name) for name in names} == NAMES.keys()


def test_a_row_of_names_is_a_header_and_a_customer_is_none() -> None:
    assert is_header(["客户名称", None, "手机号（11位）", "Email"])
    assert not is_header(["客户名称", "13800001234"])
    assert not is_header(["名称科技", "电话"])
    assert [name for name in FIELDS if VALUE.search(name)] == []
