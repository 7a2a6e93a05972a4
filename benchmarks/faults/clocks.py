"""The clocks of processes and of the database, set by libfaketime while they run."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

LIBRARIES = ("/usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/*MT.so.1")
# They look into their file once a second.
SEEN_SECONDS = 1.5


class Clocks:
    def __init__(self, folder: Path) -> None:
        self.processes, self.database = folder / "clock", folder / "clock-of-database"
        for path in (self.processes, self.database):
            path.write_text("+0\n")
        # Seconds by which the database's clock is ahead.
        self.ahead = 0
        self.database_moved = False
        # An API whose clock is behind refuses tokens that are issued in its future.
        self.refuse_tokens = False

    async def set_processes(self, seconds: int) -> None:
        self.refuse_tokens = self.refuse_tokens or seconds < 0
        await _set(self.processes, seconds)

    async def set_database(self, seconds: int) -> None:
        await _set(self.database, seconds)
        self.ahead, self.database_moved = seconds, True


def environment_of(clock: Path) -> dict[str, str]:
    return {
        "LD_PRELOAD": _library(),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


@contextlib.contextmanager
def inherited(clock: Path) -> Iterator[None]:
    """What starts meanwhile goes by this clock."""
    mine = environment_of(clock)
    os.environ |= mine
    try:
        yield
    finally:
        for name in mine:
            del os.environ[name]


async def _set(clock: Path, seconds: int) -> None:
    await asyncio.to_thread(clock.write_text, f"{seconds:+d}\n")
    await asyncio.sleep(SEEN_SECONDS)


def _library() -> str:
    found = [path for pattern in LIBRARIES for path in Path("/").glob(pattern.lstrip("/"))]
    if not found:
        raise SystemExit("libfaketime is missing: apt-get install faketime")
    return str(found[0])
