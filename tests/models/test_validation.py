import pytest

from models.refusals import InvalidInput, Problem
from models.validation import checked_text, text_problem


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\u3164 \ufe0f", "\u2800" * 5, "\0"])
def test_a_name_that_shows_nothing_is_empty(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_text("name", name, most=100)
    assert refused.value.problems == (Problem("name", "must have 1 to 100 characters"),)


def test_a_note_may_show_nothing_where_none_is_needed() -> None:
    assert text_problem("note", "\u200b", most=500, least=0) is None


def test_a_text_keeps_the_signs_between_what_shows() -> None:
    assert checked_text("name", " 甲\u200b乙 ", most=3) == "甲\u200b乙"
