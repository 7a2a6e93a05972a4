"""Reads JSON whose size is bounded before anything is built of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from schema.execution.bodies.refused import Malformed

DEEPEST = 32
MOST_VALUES = 20_000
MOST_DIGITS = 40
LONGEST_STRING = 64 * 1024
# The parser holds the interpreter's lock for all of it: 15 MB took 60 to 100 ms.
MOST_SPACE = 1024 * 1024
SMALLEST, LARGEST = -(2.0**63), 2.0**64
DIGITS = 18
# A scan holds the interpreter's lock for one slice at a time.
SLICE = 256 * 1024
# In bytes, as written: even of escapes alone, its text is longer than LONGEST_STRING.
HUGE_STRING = 1024 * 1024

TOO_DEEP = f"The JSON is too deep: at most {DEEPEST} levels."
TOO_MANY = f"The JSON has too many values: at most {MOST_VALUES:,}."
TOO_MUCH_SPACE = f"The JSON has too much space between its values: at most {MOST_SPACE:,} bytes."
TOO_LONG_NUMBER = f"The JSON has a number that is too long: at most {MOST_DIGITS} digits."
TOO_LONG_STRING = f"The JSON has a string that is too long: at most {LONGEST_STRING:,} characters."
TOO_LARGE_INTEGER = "The integer at `{place}` is too large: at most 64 bits."
NO_JSON = "The request's body must be JSON in UTF-8."
UNREADABLE = "Text may not contain NUL characters or halves of surrogate pairs."

TOKEN = re.compile(rb'["\[{\]}]|[^\s,:\[\]{}"]++')
STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
# Only these may be integers of more than 64 bits: orjson makes floats of them.
LONG = re.compile(rb"-?[0-9]{19,}")
COLON = re.compile(rb"\s*+:")
DIGIT = re.compile(rb"[0-9]")
QUOTE, OPENING, CLOSING = ord('"'), b"[{", b"]}"


@dataclass(slots=True)
class Scan:
    has_long_integers: bool = False
    # Where huge strings begin and end, between their quotes.
    huge: list[tuple[int, int]] = field(default_factory=list)


def parsed(body: bytes, found: Scan) -> Any:
    """Return the value of a body that was scanned."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as wrong:
        half = "surrogate in string" in wrong.msg
        raise Malformed(UNREADABLE if half else NO_JSON) from None
    if found.has_long_integers:
        _check_integers(value)
    if b"\\u0000" in body and any("\0" in text for text in texts(value)):
        raise Malformed(UNREADABLE)
    return value


def long_strings(value: Any) -> list[str]:
    return [text for text in texts(value) if len(text) > LONGEST_STRING]


def texts(value: Any) -> Iterator[str]:
    """Yield every string in the value, keys among them."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.keys()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def scan(body: bytes) -> Scan:
    """Count levels, values and digits; return what else stands out. Raises Malformed.

    What is no JSON may pass: the parser refuses it.
    """
    depth = values = keys = at = space = 0
    found = Scan()
    while at < len(body) and depth >= 0:
        token = TOKEN.search(body, at, at + SLICE)
        space += (token.start() if token else at + SLICE) - at
        if space > MOST_SPACE:
            raise Malformed(TOO_MUCH_SPACE)
        if token is None:
            at += SLICE
            continue
        at, first = token.end(), body[token.start()]
        if first in CLOSING:
            depth -= 1
        elif first == QUOTE:
            begin, at = at, _end_of_string(body, at)
            if at - begin > HUGE_STRING:
                found.huge.append((begin, at - 1))
            is_key = COLON.match(body, at, at + SLICE) is not None
            keys, values = keys + is_key, values + (not is_key)
        else:
            depth, values = depth + (first in OPENING), values + 1
            if len(token[0]) > MOST_DIGITS:
                _check_digits(token[0])
            found.has_long_integers |= (
                len(token[0]) > DIGITS and LONG.fullmatch(token[0]) is not None
            )
        if depth > DEEPEST:
            raise Malformed(TOO_DEEP)
        if values > MOST_VALUES or keys > MOST_VALUES:
            raise Malformed(TOO_MANY)
    return found


def _check_integers(value: Any, place: str = "") -> None:
    if isinstance(value, float) and not SMALLEST < value < LARGEST:
        raise Malformed(TOO_LARGE_INTEGER.format(place=place))
    if isinstance(value, dict | list):
        for key, inside in value.items() if isinstance(value, dict) else enumerate(value):
            _check_integers(inside, f"{place}.{key}" if place else str(key))


def _end_of_string(body: bytes, at: int) -> int:
    """Return the place after the closing quote of the string whose text begins at `at`."""
    while at < len(body) and body[at] != QUOTE:
        piece = STRING.match(body, at, at + SLICE)
        assert piece is not None
        # No progress: a backslash ends the body.
        at = piece.end() if piece.end() > at else at + 2
    return at + 1


def _check_digits(token: bytes) -> None:
    if len(token) > 2 * MOST_DIGITS or len(DIGIT.findall(token)) > MOST_DIGITS:
        raise Malformed(TOO_LONG_NUMBER)
