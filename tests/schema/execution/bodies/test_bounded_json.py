"""JSON is bounded before anything is built of it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from schema.execution.bodies import bounded_json
from schema.execution.bodies.bounded_json import (
    DEEPEST,
    LONGEST_STRING,
    MOST_DIGITS,
    MOST_SPACE,
    MOST_VALUES,
    NO_JSON,
    TOO_DEEP,
    TOO_LONG_NUMBER,
    TOO_MANY,
    TOO_MUCH_SPACE,
    UNREADABLE,
    long_strings,
    parsed,
    scan,
)
from schema.execution.bodies.refused import Malformed
from schema.execution.bodies.small_json import read

ANY_JSON: Any = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**60), 2**60) | some.text(),
    lambda inside: some.lists(inside) | some.dictionaries(some.text(), inside),
    max_leaves=20,
)


def refused(body: bytes) -> str:
    with pytest.raises(Malformed) as found:
        read(body)
    return found.value.message


@given(ANY_JSON)
def test_json_within_the_bounds_is_read_as_it_is(value: Any) -> None:
    if "\\u0000" in json.dumps(value):
        return
    for escaped in (True, False):
        assert read(json.dumps(value, ensure_ascii=escaped).encode()) == value


PIECES = (
    b"[",
    b"]",
    b"{",
    b"}",
    b'"a":',
    b'"',
    b",",
    b"1",
    b"9" * 13,
    b".",
    b"e1",
    b"tru",
    b"\\u0000",
)


@given(ANY_JSON, some.lists(some.sampled_from(PIECES), max_size=60), some.booleans())
def test_a_small_body_is_read_as_if_it_was_scanned(
    value: Any, pieces: list[bytes], broken: bool
) -> None:
    body = b"".join(pieces)
    body = body if broken else b"[%b,%b]" % (json.dumps(value).encode(), body or b"1")

    def scanned() -> object:
        try:
            return parsed(body, scan(body))
        except Malformed as wrong:
            return wrong.message

    try:
        found = read(body)
    except Malformed as wrong:
        found = wrong.message
    assert found == scanned()


def test_levels_are_counted() -> None:
    assert read(b"[" * DEEPEST + b"]" * DEEPEST)
    assert refused(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)) == TOO_DEEP
    assert refused(b'{"a":' * 100_000) == TOO_DEEP
    assert read(b"[" + b"[]," * 1000 + b"[]]")
    assert read(b'["' + b"[" * 1000 + b'"]')


@pytest.mark.parametrize("value", [b"[]", b"{}", b"1", b'""', b"null", b'"],[\\"}"'])
def test_values_are_counted(value: bytes) -> None:
    # The list itself is one.
    assert len(read(b"[" + b",".join([value] * (MOST_VALUES - 1)) + b"]")) == MOST_VALUES - 1
    assert refused(b"[" + b",".join([value] * MOST_VALUES) + b"]") == TOO_MANY


def test_keys_are_no_values_but_are_counted_too() -> None:
    pairs = ",".join(f'"k{n}" : {n}' for n in range(MOST_VALUES - 1))
    assert len(read(f"{{{pairs}}}".encode())) == MOST_VALUES - 1
    assert refused(b'{"":' * 8 + b'"":' * 30_000) == TOO_MANY


def test_digits_are_counted() -> None:
    assert read(b"-" + b"9" * 18) < 0
    assert read(b"0." + b"1" * (MOST_DIGITS - 1)) > 0
    for number in (b"9" * 41, b"-" + b"1" * 41, b"1." + b"0" * 40, b"1e" + b"0" * 200_000):
        assert refused(b'{"a": [' + number + b"]}") == TOO_LONG_NUMBER
    assert read(b'"' + b"9" * 5000 + b'"') == "9" * 5000


@pytest.mark.parametrize("piece", [b" " * 1000, b"\n", b"\t\r" * 300_000])
def test_space_is_counted(piece: bytes) -> None:
    most = piece * (MOST_SPACE // len(piece))
    assert read(b"[1" + most + b"]") == [1]
    assert read(b'["' + b" " * 2 * MOST_SPACE + b'"]') == [" " * 2 * MOST_SPACE]
    assert refused(b"[" + most + b"1" + piece * 2 + b"]") == TOO_MUCH_SPACE
    assert refused(b"{" + most * 14) == TOO_MUCH_SPACE


def test_an_integer_of_more_than_64_bits_is_refused_with_its_place() -> None:
    for number in (2**64, -(2**63) - 1, 10**39, -(10**38)):
        body = f'{{"query": "", "variables": {{"rules": [1, {{"capacity": {number}}}]}}}}'
        assert refused(body.encode()) == (
            "The integer at `variables.rules.1.capacity` is too large: at most 64 bits."
        )
    for number in (2**64 - 1, -(2**63), 10**18):
        assert read(f"[{number}]".encode()) == [number]
    assert read(b"[1e30, 0.1234567890123456789012]") == [1e30, 0.1234567890123456789012]
    assert read(b'["123456789012345678901234567890"]') == ["123456789012345678901234567890"]


def test_a_scan_looks_at_a_slice_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [
        json.dumps({"a\\": ['"\\\\"', "x" * 50, {"b": [1, 22, True]}], "": "]" * 40}),
        '{"a" \n\n\n\n\n\n\n\n\n : \n\n\n\n\n\n\n\n\n\n\n ["\\u4e2d\\"\\\\"] }',
    ]
    for size in range(2, 12):
        monkeypatch.setattr(bounded_json, "SLICE", size)
        for body in bodies:
            assert parsed(body.encode(), scan(body.encode())) == json.loads(body)
        assert refused(b'["' + b"\\\\" * 30 + b'"' + b",[" * 40) == TOO_DEEP


@pytest.mark.parametrize(
    "body", [b"", b"{", b"]" * 100_000, b'"' * 9, b'["\\', b"\xff", b"NaN", b"[1,]", b"01", b"nul"]
)
def test_what_is_no_json_is_said_to_be_none(body: bytes) -> None:
    assert refused(body) == NO_JSON


@pytest.mark.parametrize("text", [r"a\u0000", r"\ud800", r"\udc00x", r"\ud83d\u0041"])
def test_text_that_the_database_cannot_keep_is_refused(text: str) -> None:
    for body in (f'{{"a": ["{text}"]}}', f'{{"{text}": 1}}'):
        assert refused(body.encode()) == UNREADABLE
    assert read(rb'"\\u0000"') == r"\u0000"


def test_long_strings_are_found_wherever_they_are() -> None:
    long = "x" * (LONGEST_STRING + 1)
    assert long_strings({"a": ["x" * LONGEST_STRING]}) == []
    assert long_strings({"a": [long]}) == [long]
    assert long_strings({long: 1}) == [long]
