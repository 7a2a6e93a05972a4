"""A huge string is the same text, in pieces."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from schema.execution.bodies import bounded_json, huge_strings, small_json
from schema.execution.bodies.bounded_json import HUGE_STRING, NO_JSON, UNREADABLE
from schema.execution.bodies.huge_strings import SIGN, Apart
from schema.execution.bodies.refused import Malformed

TEXTS = some.text(some.characters(exclude_characters="\0", exclude_categories=["Cs"]))
VALUES: Any = some.recursive(
    TEXTS, lambda inside: some.lists(inside) | some.dictionaries(TEXTS, inside)
)


@pytest.fixture(scope="module", autouse=True)
def tiny() -> Any:
    """Strings of a few bytes are huge, and each piece is tiny."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounded_json, "HUGE_STRING", 8)
        patch.setattr(huge_strings, "SLICE", 12)
        yield


@given(VALUES, some.booleans())
def test_the_value_is_what_it_would_be_at_once(value: Any, escaped: bool) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode()
    apart = Apart(body)
    assert without_long_keys(apart.whole()) == without_long_keys(value)
    assert all(len(text) <= 8 or text.startswith(SIGN) for text in texts(apart.value))


def without_long_keys(value: Any) -> Any:
    """No operation has a variable with a huge name: it keeps the sign as its name."""
    if isinstance(value, dict):
        return [
            without_long_keys(inside)
            for key, inside in value.items()
            if len(json.dumps(key)) <= 9 and len(key.encode()) <= 8
        ]
    return list(map(without_long_keys, value)) if isinstance(value, list) else value


def texts(value: Any) -> list[str]:
    return list(bounded_json.texts(value))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (rb"0123456789\ud83d", UNREADABLE),
        (rb"0123456789\ud83dabcdef", UNREADABLE),
        (rb"0123456789\udc00abcdef", UNREADABLE),
        (rb"0123456789\u0000abcdef", UNREADABLE),
        (rb"0123456789\u00zzabcdef", NO_JSON),
        (rb"0123456789\xabcdef", NO_JSON),
        (b"0123456789\nabcdef", NO_JSON),
        (b"0123456789\xe4\xb8abcdef", NO_JSON),
        (b"0123456789\xff", NO_JSON),
        (b"\x80" * 40, NO_JSON),
    ],
)
def test_what_is_no_text_is_refused_as_in_a_short_one(text: bytes, why: str) -> None:
    body = b'{"variables": {"csv": "%b"}}' % text
    with pytest.raises(Malformed) as apart:
        Apart(body).whole()
    with pytest.raises(Malformed) as at_once:
        small_json.read(body)
    assert apart.value.args == at_once.value.args == (why,)


def test_several_are_counted() -> None:
    apart = Apart(b'["%b", "short", "%b", 1]' % (b"a" * 30, rb"\u4e2d" * 30))
    assert len(apart) == 2
    assert apart.whole() == ["a" * 30, "short", "中" * 30, 1]


def test_none_is_as_huge_in_an_ordinary_body() -> None:
    assert HUGE_STRING > 256 * 1024
