"""The text of an .xlsx file, read by a process with limits: see models.sheets.xlsx_child."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import structlog

from models.refusals import InvalidInput
from models.sheets import xlsx_child
from models.texts.text import Text

START = b"PK\x03\x04"
# With the time to start; the process itself has xlsx_child.SECONDS of a core.
LONGEST_SECONDS = 30.0
UNREADABLE = "is no .xlsx file that can be read: save it again as .xlsx, or as CSV"
log = structlog.get_logger()


async def text_of(body: bytes, most_rows: int, most_characters: int) -> str:
    """Return the first visible sheet as CSV, a record for each row; raises InvalidInput."""
    program = [sys.executable, "-I", str(Path(xlsx_child.__file__))]
    child = await asyncio.create_subprocess_exec(
        *program, str(most_rows), str(most_characters), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            written, _ = await child.communicate(body)
    except TimeoutError:
        raise InvalidInput.at("file", _words(xlsx_child.TOO_LARGE, most_rows)) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        log.info("an .xlsx file was refused", code=child.returncode, size=len(body))
        raise InvalidInput.at("file", _words(child.returncode, most_rows))
    return written.decode()


def _words(code: int, most_rows: int) -> str:
    """A negative code is a signal: the file exceeded a limit."""
    if code < 0 or code == xlsx_child.TOO_LARGE:
        return "is too large, once it is unpacked: import a part of it at a time"
    if code == xlsx_child.TOO_MANY_ROWS:
        return Text("has more than {most:,} rows", most=most_rows)
    if code == xlsx_child.TOO_MANY_COLUMNS:
        return Text("has more than {most} columns", most=xlsx_child.MOST_COLUMNS)
    if code == xlsx_child.NO_SHEET:
        return "has no sheet that is visible"
    return UNREADABLE
