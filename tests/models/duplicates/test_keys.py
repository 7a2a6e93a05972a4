from models.duplicates.keys import (
    Key,
    duplicate_keys,
    email_key,
    former_columns,
    registration_key,
)


def test_an_email_is_known_without_case_and_width() -> None:
    assert email_key(" Li.Lei@X.cn ") == email_key("li.lei＠x\u200b.CN") == "li.lei@x.cn"
    assert email_key("  ") is email_key("\u200b") is None


def test_a_registration_number_is_known_without_case_and_dashes() -> None:
    assert registration_key("9144-0300 71526726xg") == "91440300" + "71526726XG"
    assert registration_key("９１４４\u2060030071526726ＸＧ") == "91440300" + "71526726XG"
    assert registration_key(" - ") is None


def test_a_customer_has_one_key_for_each_thing_that_is_known() -> None:
    known = {
        "name": "甲有限公司",
        "level": "A",
        "person": "张三",
        "phone": "13800000001；010-88888888",
        "email": "A@x.cn",
        "registrationNumber": "9144-03",
    }
    assert duplicate_keys(known) == (
        Key("REGISTRATION_NUMBER", "914403"),
        Key("NAME", "甲"),
        Key("PHONE", "+8613800000001"),
        Key("PHONE", "+861088888888"),
        Key("EMAIL", "a@x.cn"),
    )


def test_what_is_absent_empty_or_wrong_has_no_key() -> None:
    assert duplicate_keys({}) == ()
    assert duplicate_keys({"name": "\u200b", "phone": "12", "email": None}) == ()


def test_the_release_before_finds_the_first_key_of_each_kind() -> None:
    keys = duplicate_keys({"name": "甲", "phone": "13800000001/13900000002"})
    assert former_columns(keys) == {
        "name_key": "甲",
        "phone_key": "+8613800000001",
        "email_key": None,
        "registration_key": None,
    }
    assert former_columns([])["name_key"] == ""
