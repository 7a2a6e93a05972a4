"""A sheet as the parts of an answer, in its format."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from models.exports.sheets import SheetFormat
from models.texts.text import render
from schema.base.context import Context
from schema.execution.aside import aside
from schema.exports.content import Content
from schema.exports.csv_sheet import BEGINNING, csv_of
from schema.exports.xlsx_sheet import XlsxSheet

# From the first row to the last byte that the client reads.
SECONDS = 900
PART = 64 * 1024


async def parts_of(
    context: Context, content: Content, format: SheetFormat
) -> AsyncGenerator[bytes]:
    titles = [render(each, context.reader) for each in content.titles]
    zone = ZoneInfo(context.reader.time_zone)
    made = _csv if format is SheetFormat.CSV else _xlsx
    async with asyncio.timeout(SECONDS), contextlib.aclosing(content.pages):
        async for part in made(content, titles, zone):
            yield part


async def _csv(content: Content, titles: list[str], zone: ZoneInfo) -> AsyncGenerator[bytes]:
    beginning = BEGINNING + csv_of([titles], zone)
    async for page in content.pages:
        yield beginning + csv_of(page, zone)
        beginning = b""
    if beginning:
        yield beginning


async def _xlsx(content: Content, titles: list[str], zone: ZoneInfo) -> AsyncGenerator[bytes]:
    """Nothing is sent before the last row is written: the end of such a file comes first."""
    folder = tempfile.TemporaryDirectory(prefix="seapool-")
    try:
        sheet = XlsxSheet(Path(folder.name), titles, zone)
        async for page in content.pages:
            await aside(partial(sheet.add, page))
        await aside(sheet.close)
        with sheet.path.open("rb") as file:
            while part := await aside(partial(file.read, PART)):
                yield part
    finally:
        # A large file takes the file system a while.
        await aside(folder.cleanup)
