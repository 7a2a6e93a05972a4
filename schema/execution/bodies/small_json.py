"""Reads the JSON of most requests without a scan, which takes 15 times as long as the parser."""

from typing import Any

import orjson

from schema.execution.bodies.bounded_json import DEEPEST, parsed, scan

# Fewer bytes than MOST_VALUES: so many exceed no bound but those that `_is_plain` looks for.
SMALL = 16 * 1024
# A number of more than MOST_DIGITS has three parts at most: one of them has so many digits.
ZEROS, AS_ZEROS = b"0" * 14, bytes.maketrans(b"123456789", b"000000000")


def read(body: bytes) -> Any:
    """Return the value; raises Malformed where it is none, or exceeds a bound."""
    if not _is_plain(body):
        return parsed(body, scan(body))
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return parsed(body, scan(body))


def _is_plain(body: bytes) -> bool:
    """Whether it can exceed no bound, so that there is nothing to count.

    `in` would first try its left side as a number, and make an error of that.
    """
    return (
        len(body) <= SMALL
        and body.count(b"{") + body.count(b"[") <= DEEPEST
        and body.find(b"\\u0000") < 0
        and body.translate(AS_ZEROS).find(ZEROS) < 0
    )
