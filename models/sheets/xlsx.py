"""The sheets of an .xlsx file, read by a process with limits: see models.sheets.xlsx_child."""

import asyncio
import io
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from models.refusals import InvalidInput
from models.sheets import xlsx_child
from models.sheets.xlsx_child import READ, TOO_LARGE
from models.texts.text import Text

START = b"PK\x03\x04"
UNREADABLE = "is no .xlsx file that can be read: save it again as .xlsx, or as CSV"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Worksheet:
    """`text` is CSV with a record for each row, None where `code` says which limit it exceeds."""

    name: str
    text: str | None
    code: int = READ


@dataclass(frozen=True, slots=True)
class Workbook:
    """`sheets` are those with a row that are shown, `chosen` is the first that could be read."""

    sheets: list[Worksheet]
    chosen: Worksheet


async def read(body: bytes, most_rows: int, most_characters: int) -> Workbook:
    """Return the sheets of a file; raises InvalidInput if none can be read.

    `most_rows` are those of each sheet, `most_characters` those of all together.
    """
    written, code = await _written(body, most_rows, most_characters)
    sheets = await asyncio.to_thread(lambda: list(_sheets(written, code)))
    failed = next((each.code for each in sheets if each.code), code)
    chosen = next((each for each in sheets if each.text), None)
    if failed and not chosen:
        log.info("an .xlsx file was refused", code=failed, size=len(body))
        raise InvalidInput.at("file", words(failed, most_rows))
    filled = [each for each in sheets if each.text != ""] or sheets[:1]
    return Workbook(filled, chosen or filled[0])


async def _written(body: bytes, most_rows: int, most_characters: int) -> tuple[bytes, int]:
    """Return what the process wrote, and its exit code."""
    program = [sys.executable, "-I", str(Path(xlsx_child.__file__))]
    child = await asyncio.create_subprocess_exec(
        *program, str(most_rows), str(most_characters), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        written, _ = await child.communicate(body)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    assert child.returncode is not None
    return written, child.returncode


def _sheets(written: bytes, code: int) -> Iterator[Worksheet]:
    """Yield a sheet for each name; the process ended with `code` before it wrote the last ones."""
    stream = io.BytesIO(written)
    for name in json.loads(_line(stream) or "[]"):
        limit, length = map(int, _line(stream).split() or (code, 0))
        content = stream.read(length)
        if limit or len(content) < length:
            yield Worksheet(name, None, limit or code)
        else:
            yield Worksheet(name, content.decode())


def _line(stream: io.BytesIO) -> bytes:
    """Return the next line, nothing where its end is missing."""
    line = stream.readline()
    return line if line.endswith(b"\n") else b""


def words(code: int, most_rows: int) -> str:
    """A negative code is a signal: the file exceeded a limit."""
    if code < 0 or code == TOO_LARGE:
        return "is too large, once it is unpacked: import a part of it at a time"
    if code == xlsx_child.TOO_MANY_ROWS:
        return Text("has more than {most:,} rows", most=most_rows)
    if code == xlsx_child.TOO_MANY_COLUMNS:
        return Text("has more than {most} columns", most=xlsx_child.MOST_COLUMNS)
    if code == xlsx_child.NO_SHEET:
        return "has no sheet that is visible"
    return UNREADABLE
