import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.masking.contacts import (
    FINDERS,
    any_may_have_contact,
    find_contacts,
    may_have_contact,
)
from models.masking.folding import PLAIN, fold
from models.masking.masks import mask_email, mask_person, mask_phone, mask_text, remove_contacts
from models.masking.patterns import MAY_HAVE_ADDRESS, MAY_HAVE_NUMBER


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
        ("123456", "******"),
        ("021-12345678-801", "021*******8801"),
        ("95588", "*****"),
        ("13800000001; 13900000002", "138****0001;139****0002"),
        ("13800000001／010-12345678、139 0000 0002", "138****0001／01******678、139****0002"),
        ("13800000001\n13900000002", "138****0001\n139****0002"),
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
        ("abc@x.cn", "a*****@x.cn"),
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


BOTH = {"PHONE", "EMAIL"}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("联系13800000001李四", "联系138****0001李四"),
        ("138 0000 0001", "138****0001"),
        ("138-0000-0001", "138****0001"),
        ("138–0000—0001", "138****0001"),
        ("138.0000.0001", "138****0001"),
        ("1380000 0001", "138****0001"),
        ("1 3 8 0 0 0 0 0 0 0 1", "138****0001"),
        ("138、0000、0001", "138****0001"),
        ("1、3、8、0、0、0、0、0、0、0、1", "138****0001"),
        ("138、00、00、00、01", "138****0001"),
        ("138，0000，0001", "138****0001"),
        ("138_0000_0001", "138****0001"),
        ("138\n0000\n0001", "138****0001"),
        ("138\u200b0000\ufeff0001", "138****0001"),
        ("１３８００００ ０００１", "138****0001"),
        ("１３８－００００－０００１", "138****0001"),
        ("①③⑧⓪⓪⓪⓪⓪⓪⓪①", "138****0001"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣0️⃣1", "138****0001"),
        ("一三八零零零零零零零幺", "138****0001"),
        ("零一零-八八七六五四三二", "零一零-88****32"),
        ("零一零八八七六五四三二", "01******432"),
        ("+86 138 0000 0001", "+86 138****0001"),
        ("(+86)13800000001", "(+86)138****0001"),
        ("8613800000001", "86138****0001"),
        ("0086-138-0000-0001", "0086-138****0001"),
        ("013800000001", "0138****0001"),
        ("wx13800000001", "wx138****0001"),
        ("13800000001转8001", "138****0001"),
        ("13800000001-8001", "138****0001"),
        ("13800000001/13900000002", "138****0001/139****0002"),
        ("1.13800000001 2.13900000002", "1.138****0001 2.139****0002"),
        ("2026-11-23 13800000001", "2026-11-23 138****0001"),
        ("1380000000113900000002", "138***************0002"),
        ("座机 010-8888 8888 转 8001。", "座机 010********8001。"),
        ("010-88888888分机8001", "010********8001"),
        ("010-88888888-8001", "010********8001"),
        ("01088888888", "01******888"),
        ("(0755) 2345-6789", "075******789"),
        ("（0755）23456789", "075******789"),
        ("(0755-23456789)", "(075******789)"),
        ("518000 0755-23456789", "518000 075******789"),
        ("400-123-4567", "40*****567"),
        ("8888 8888", "88****88"),
        ("座机20261123", "座机20****23"),
        ("20261341", "20****41"),
        ("20261141", "20****41"),
        ("21261123", "21****23"),
        ("202611231", "20*****31"),
        ("8888.8888", "88****88"),
        ("116-397128", "11*****28"),
        ("1. 8888888", "1. 8****88"),
        ("1. 888888 8888888", "1. 888888 8****88"),
        ("123456789012", "123******012"),
        ("861234567890123", "861********0123"),
        ("123 456 789 012 345", "123********2345"),
        ("+1 (202) 555-0123", "12******123"),
        ("1 (202) 555-0123", "12******123"),
        ("1-202-555-0123", "12******123"),
        ("QQ 123456789", "QQ 12*****89"),
        ("wx12345678", "wx12****78"),
        ("HT8888 8888", "HT88****88"),
        ("邮箱li.lei@x.cn联系", "邮箱l*****@x.cn联系"),
        ("li.lei＠x.cn", "l*****@x.cn"),
        ("li.lei @ x.cn", "l*****@x.cn"),
        ("li.lei(at)x.cn", "l*****@x.cn"),
        ("13812345678@qq.com", "1*****@qq.com"),
        ("张三@公司.中国", "*****@公司.中国"),
    ],
)
def test_in_a_text_every_form_of_a_number_or_address_is_masked(written: str, shown: str) -> None:
    assert mask_text(written, BOTH) == shown
    assert mask_text(f"他说：{written}", BOTH) == f"他说：{shown}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "腾讯科技",
        "2026-11-23T08:00:00.000000Z",
        "2026/11/23 10:30 到 2026.12.1",
        "2026年11月23日 16:30（UTC+8）",
        "20261123 和 202611231030",
        "11.23-12.24 休假，2024-2026 合作",
        "报价1200000元，5000-8000元",
        "合同额 12000000，¥12345678",
        "1,200,000.50 13,800,000,001",
        "91310115MA1K4BXXXX 911101085513850827",
        "01a20a55-1b38-7e4c-a244-e3a076521b7e",
        "Customer_01a20a551b387e4ca244e3a076521b7e",
        "订单号 202611230001234，编号20261123001，HT20261123001",
        "192.168.1.100 116.397128",
        "请@李雷 跟进，3@5元",
        "订3箱，共 1500 元，12月5日 18:30 到",
        "1、3、5、60、70、80、90",
        "888888 1234567890123 1. 888888",
        "8612345678901234 19991231 6222 8123 3456 7890",
    ],
)
def test_what_is_no_contact_stays_in_a_text(text: str) -> None:
    assert mask_text(text, BOTH) == text


def test_a_text_hides_what_the_pool_hides() -> None:
    text = "13800000001 li.lei@x.cn 13900000002@qq.com"
    assert mask_text(text, {"PHONE"}) == "138****0001 li.lei@x.cn 139****0002@qq.com"
    assert mask_text(text, {"EMAIL"}) == "13800000001 l*****@x.cn 1*****@qq.com"
    assert mask_text(text, {"PERSON"}) == mask_text(text, ()) == text


def test_a_contact_is_removed_to_a_star() -> None:
    text = "联系13800000001, li.lei@x.cn"
    assert (remove_contacts(text), remove_contacts("联系李雷")) == ("联系*, *x.cn", "联系李雷")


SEPARATORS = st.sampled_from(["", " ", "-", ".", "　", "－", "\u200b", "/", "  "])
NUMBERS = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(lambda each: each.isascii())
AROUND = st.text("张三电话，。：联系 ()！\n", max_size=8)


@given(NUMBERS, st.lists(SEPARATORS, min_size=2, max_size=2), AROUND, AROUND)
def test_no_mobile_number_comes_through_a_text(
    number: str, between: list[str], before: str, after: str
) -> None:
    written = between[0].join([number[:3], between[1].join([number[3:7], number[7:]])])
    shown = mask_text(f"{before}{written}{after}", {"PHONE"})
    assert shown == f"{before}{number[:3]}****{number[7:]}{after}"


@pytest.mark.parametrize(
    "text", ["1" * 5000, "1 " * 2500, "a." * 2500 + "@", "(" * 5000, "一" * 5000]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.thread_time()
    mask_text(text, BOTH)
    assert time.thread_time() - began < 1


@given(st.text(alphabet="@＠﹫([<（ atAＴa一八〇0１⑨中b.", max_size=24))
def test_a_text_without_a_contact_is_known_at_once(text: str) -> None:
    found = MAY_HAVE_NUMBER.search(text) or MAY_HAVE_ADDRESS.search(text)
    assert may_have_contact(text) == bool(found)
    assert may_have_contact(text) or find_contacts(text, BOTH) == []


@given(st.text(alphabet="@＠﹫([<（ atAＴa一八〇0１3⑨-.+中b转", min_size=7, max_size=40))
def test_where_a_quick_look_finds_nothing_no_finder_does(text: str) -> None:
    signs = fold(text).signs
    for _, field, quick, find in FINDERS:
        assert quick.search(signs) or not field or not list(find(signs))


def test_what_is_taken_as_it_is_has_no_other_form() -> None:
    taken = [sign for sign in map(chr, range(0x110000)) if PLAIN.fullmatch(sign)]
    assert len(taken) == 128 + 0xA000 - 0x4E00
    # With another sign, each is folded by itself.
    assert fold("".join([*taken, "é"])).signs == "".join([*taken, "é"])


@settings(deadline=None, max_examples=500)
@given(st.lists(st.text("0一①9 a张\0-")))
def test_texts_without_signs_are_looked_at_together_as_one_by_one(texts: list[str]) -> None:
    together, one_by_one = any_may_have_contact(texts), any(map(may_have_contact, texts))
    assert together == one_by_one or any("\0" in text for text in texts)
    assert together or not one_by_one


@settings(deadline=None, max_examples=500)
@given(st.lists(st.text()))
def test_no_text_with_a_contact_is_overlooked_among_others(texts: list[str]) -> None:
    assert any_may_have_contact(texts) or not any(map(may_have_contact, texts))


@pytest.mark.parametrize(
    "contact", ["13812345678", "wang@example.com", "a (at) b.cn", "一二三四五六七"]
)
def test_one_contact_among_many_names_is_seen(contact: str) -> None:
    names = [f"示范企业 {n}" for n in range(100)]
    assert not any_may_have_contact(names)
    assert any_may_have_contact([*names, contact, *names])
