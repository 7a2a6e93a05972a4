"""How far the import of an uploaded sheet is."""

import asyncio
from collections.abc import AsyncGenerator

import strawberry

from models.imports import progress
from models.refusals import NotFound
from schema.base import ids, metrics
from schema.base.backoff import until_available
from schema.base.context import Info
from schema.base.fields import field, subscription
from schema.sheets.enums import ImportState

# Between two looks at an import that runs, and at one that does not.
SECONDS = {progress.RUNNING: 0.5}
IDLE_SECONDS = 1.0


@strawberry.type(
    description="How many rows are read, checked and written so far. WAITING: no import has"
    " begun. STOPPED: its process was killed, and nothing was imported."
)
class ImportProgress:
    state: ImportState
    read: int
    checked: int
    written: int


@strawberry.type
class ImportProgresses:
    @field(
        ImportProgress,
        description="How far the last import of the sheet is.",
    )
    @staticmethod
    async def import_progress(info: Info, sheet_id: strawberry.ID) -> ImportProgress:
        sheet = ids.decode(sheet_id, "Sheet")
        return _shown(await progress.progress_of(info.context.viewer, sheet))


@strawberry.type
class ImportProgressFeed:
    @subscription(
        ImportProgress,
        description="How far the last import of the sheet is, at each change. It ends with DONE,"
        " FAILED or STOPPED, and when the sheet's day is over.",
    )
    @staticmethod
    async def import_progress(
        info: Info, sheet_id: strawberry.ID
    ) -> AsyncGenerator[ImportProgress, None]:
        context, id = info.context, ids.decode(sheet_id, "Sheet")
        last: progress.Progress | None = None
        with (
            context.outlasting(),
            metrics.subscribers.labels("importProgress").track_inprogress(),
            context.listener.counted(context.viewer.id),
        ):
            while last is None or last.state not in progress.ENDS:
                try:
                    found = await until_available(lambda: progress.progress_of(context.viewer, id))
                except NotFound:
                    if last is None:
                        raise
                    return
                if found != last:
                    yield _shown(found)
                last = found
                await asyncio.sleep(SECONDS.get(found.state, IDLE_SECONDS))


def _shown(found: progress.Progress) -> ImportProgress:
    return ImportProgress(
        state=ImportState(found.state),
        read=found.read,
        checked=found.checked,
        written=found.written,
    )
