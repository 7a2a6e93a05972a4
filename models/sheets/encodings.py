"""The text of a file's bytes: UTF-8, with or without a byte order mark, GB18030 or UTF-16."""

import codecs
from typing import NamedTuple

from models.refusals import InvalidInput

# By their names in the API, in the order in which they are tried.
CODECS = {"UTF_8": "utf-8-sig", "GB18030": "gb18030"}
MARKED = {"UTF_16": "utf-16"}
NAMES = (*CODECS, *MARKED)
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
# A decoder holds the interpreter's lock for one slice at a time.
SLICE = 256 * 1024


class Decoded(NamedTuple):
    text: str
    encoding: str


def decoded(body: bytes) -> Decoded:
    """Raises InvalidInput for what is no text, at `file`."""
    if body.startswith(OLD_EXCEL):
        raise InvalidInput.at("file", "is in the old format of Excel: save it as .xlsx")
    wanted = MARKED if body.startswith(MARKS) else CODECS
    for name, codec in wanted.items():
        try:
            text = _text(body, codec)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        return Decoded(text, name)
    raise InvalidInput.at("file", "is no text in UTF-8 or GB18030, and no .xlsx: save it as one")


def _text(body: bytes, codec: str) -> str:
    decoder = codecs.getincrementaldecoder(codec)()
    parts = [
        decoder.decode(body[start : start + SLICE], start + SLICE >= len(body))
        for start in range(0, len(body), SLICE)
    ]
    return "".join(parts)
