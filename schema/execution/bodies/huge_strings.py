"""Strings of megabytes are read in pieces, which other threads get in between.

The parser holds the interpreter's lock for all of a body: for 40 ms and more.
"""

import re
import secrets
from collections.abc import Iterator
from typing import Any

from schema.execution.bodies.bounded_json import SLICE, Scan, parsed, scan

# In place of a huge string; no client knows it, and no operation may have it as its name.
SIGN = f"{secrets.token_hex(16)}-"
# No escape is cut, nor a pair of two. Half a pair is no text.
WHOLE = re.compile(
    rb"(?:[^\"\\]++|\\[^u]|\\u(?![dD][89abAB])[0-9a-fA-F]{4}"
    rb"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[0-9a-fA-F]{4})*+"
)
LONGEST_ESCAPE = len(r"\ud83d\ude00")
CONTINUED = range(0x80, 0xC0)


class Apart:
    """A body, read without its huge strings."""

    def __init__(self, body: bytes) -> None:
        """Raises Malformed, as `read` does."""
        self._body = body
        found = scan(body)
        self._huge = found.huge
        self.value = parsed(b"".join(self._rest()) if found.huge else body, found)

    def __len__(self) -> int:
        """Return the number of huge strings."""
        return len(self._huge)

    def whole(self) -> Any:
        """Return the value with the huge strings; raises Malformed where one is no text."""
        texts = {
            f"{SIGN}{n}": "".join(_pieces(self._body, *place)) for n, place in enumerate(self._huge)
        }
        return _with(texts, self.value)

    def _rest(self) -> Iterator[bytes]:
        at = 0
        for n, (begin, end) in enumerate(self._huge):
            yield self._body[at:begin]
            yield f"{SIGN}{n}".encode()
            at = end
        yield self._body[at:]


def _pieces(body: bytes, at: int, end: int) -> Iterator[str]:
    while at < end:
        piece = WHOLE.match(body, at, min(at + SLICE, end))
        assert piece is not None
        until = piece.end()
        while until < end and body[until] in CONTINUED:
            until -= 1
        # What is no text is refused by the parser, which says why.
        until = until if until > at else min(at + LONGEST_ESCAPE, end)
        yield parsed(b'"%b"' % body[at:until], Scan())
        at = until


def _with(texts: dict[str, str], value: Any) -> Any:
    """Return the value with these texts in place of their signs."""
    if isinstance(value, dict):
        return {key: _with(texts, inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [_with(texts, inside) for inside in value]
    return texts.get(value, value) if isinstance(value, str) else value
