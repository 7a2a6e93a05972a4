import sys
import unicodedata

import pytest

from models.texts.visible import visible


def test_no_format_character_is_visible() -> None:
    everything = map(chr, range(sys.maxunicode + 1))
    formats = [each for each in everything if unicodedata.category(each) == "Cf"]
    assert len(formats) > 100
    assert visible("".join(formats)) == ""


def test_letters_marks_and_spaces_are_visible() -> None:
    everything = map(chr, range(0xA0, 0x20000))
    shown = [each for each in everything if unicodedata.category(each) in ("Ll", "Lu", "Nd", "Zs")]
    assert visible("".join(shown)) == "".join(shown)


@pytest.mark.parametrize("text", ["甲\ufe0f", "\ufeff甲", "甲\U000e0100", "甲\u034f", "甲\u115f"])
def test_selectors_joiners_and_fillers_are_dropped(text: str) -> None:
    assert visible(text) == "甲"
