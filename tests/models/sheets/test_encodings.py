import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.refusals import InvalidInput
from models.sheets.encodings import NAMES, SLICE, decoded

TEXT = "客户名称,手机号\n深圳云帆,13812345678\n"


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF_8"),
        ("utf-8-sig", "UTF_8"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
        ("gb2312", "GB18030"),
        ("utf-16", "UTF_16"),
    ],
)
def test_the_encoding_of_a_file_is_detected(codec: str, encoding: str) -> None:
    assert decoded(TEXT.encode(codec)) == (TEXT, encoding)


def test_rare_characters_survive_both_encodings() -> None:
    rare = "name\n𠮷野家（㐀）\n"
    assert decoded(rare.encode("gb18030")) == (rare, "GB18030")
    assert decoded(rare.encode()) == (rare, "UTF_8")


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_a_character_across_two_slices_is_read(codec: str) -> None:
    for shift in range(4):
        text = "x" * shift + "客户名称,𠮷" * (SLICE // 12)
        assert decoded(text.encode(codec)).text == text


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old format"),
        (b"\xff\xff\xff", "UTF-8 or GB18030"),
        (b"name\0\n", "UTF-8 or GB18030"),
        (b"\xff\xfe\x00", "UTF-8 or GB18030"),
        ("客户".encode()[:-1] + b"\xff", "UTF-8 or GB18030"),
    ],
)
def test_what_is_no_text_is_refused_with_what_would_be_right(body: bytes, word: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        decoded(body)
    (problem,) = refused.value.problems
    assert problem.path == "file"
    assert word in problem.message


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        text, encoding = decoded(body)
    except InvalidInput:
        return
    assert encoding in NAMES
    assert "\0" not in text
