"""How far the import of a sheet is: written beside it, about twice a second, for all to read."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from uuid import UUID

import structlog

from models import database
from models.refusals import NotFound
from models.viewers import Viewer

SECONDS = 0.4
# An import that has told nothing for so long was killed.
SILENT_SECONDS = 10
STATES = ("WAITING", "RUNNING", "DONE", "FAILED", "STOPPED")
WAITING, RUNNING, DONE, FAILED, STOPPED = STATES
ENDS = (DONE, FAILED, STOPPED)
log = structlog.get_logger()

TELL = """
UPDATE sheet SET progress = $3::jsonb, progress_at = statement_timestamp()
WHERE organization_id = $1 AND id = $2
"""
READ = f"""
SELECT progress, progress_at < clock_timestamp() - interval '{SILENT_SECONDS} seconds' AS silent
FROM sheet WHERE organization_id = $1 AND member_id = $2 AND id = $3 AND expires_at > now()
"""


@dataclass(slots=True)
class Progress:
    """How many rows are read, checked and written by now."""

    state: str = RUNNING
    read: int = 0
    checked: int = 0
    written: int = 0

    def wrote(self, count: int) -> None:
        self.written += count


async def progress_of(viewer: Viewer, sheet_id: UUID | None) -> Progress:
    """Return that of the last import of the sheet; raises NotFound."""
    own = viewer.organization.id, viewer.id, sheet_id
    for row in await database.rows(READ, *own):
        if row["progress"] is None:
            return Progress(WAITING)
        told = Progress(**json.loads(row["progress"]))
        if told.state == RUNNING and row["silent"]:
            told.state = STOPPED
        return told
    raise NotFound


@contextlib.asynccontextmanager
async def telling(viewer: Viewer, sheet_id: UUID) -> AsyncIterator[Progress]:
    """Write the progress, outside the import's transaction, while entered and at the end."""
    progress, ended = Progress(), asyncio.Event()
    task = asyncio.create_task(_tell_until(ended, viewer, sheet_id, progress))
    try:
        yield progress
        progress.state = DONE
    except BaseException:
        progress.state = FAILED
        raise
    finally:
        # A cancelled statement may still be under way, and would write over the end.
        ended.set()
        await asyncio.gather(task, return_exceptions=True)
        await _tell(viewer, sheet_id, progress)


async def _tell_until(
    ended: asyncio.Event, viewer: Viewer, sheet_id: UUID, progress: Progress
) -> None:
    while not ended.is_set():
        await _tell(viewer, sheet_id, progress)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                await ended.wait()


async def _tell(viewer: Viewer, sheet_id: UUID, progress: Progress) -> None:
    """Nothing depends on it, so a fault is only logged."""
    try:
        own = viewer.organization.id, sheet_id
        await database.rows(TELL, *own, json.dumps(asdict(progress)))
    except Exception as fault:
        log.warning("the progress of an import was not written", fault=repr(fault))
