import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.customers.masking import mask_email, mask_person, mask_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("008613812345678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("010-12345678", "01******678"),
        ("400-123-4567", "40*****567"),
        ("+1 202 555 0123", "12******123"),
        ("12345678", "12****78"),
        ("1234567", "1****67"),
        ("021-12345678-801", "021*******8801"),
        ("95588", "*****"),
        ("微信同号", "****"),
        ("", ""),
    ],
)
def test_of_a_phone_only_its_ends_are_shown(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@settings(deadline=None)
@given(st.text("0123456789-+ ()", min_size=1))
def test_never_more_than_half_of_a_number_is_shown_but_a_mobiles_seven(phone: str) -> None:
    digits = [each for each in phone if each.isdigit()]
    shown = [each for each in mask_phone(phone) if each.isdigit()]
    assert len(shown) <= max(len(digits) / 2, 7 if len(digits) >= 11 else 0)


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("li.lei@x.cn", "l*****@x.cn"),
        ("13812345678@qq.com", "1*****@qq.com"),
        ("ab@x.cn", "*****@x.cn"),
        ("@x.cn", "*****@x.cn"),
        ("not an email", "************"),
        ("", ""),
    ],
)
def test_of_an_email_the_name_is_hidden(email: str, shown: str) -> None:
    assert mask_email(email) == shown


@pytest.mark.parametrize(
    ("person", "shown"),
    [("张三丰", "张**"), ("李雷", "李*"), ("张", "*"), ("欧阳娜娜", "欧***"), (" ", "")],
)
def test_of_a_person_the_family_name_is_shown(person: str, shown: str) -> None:
    assert mask_person(person) == shown
