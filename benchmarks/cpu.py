"""CPU of this process and of all that it started, as Linux counts it: in nanoseconds.

Servers, PostgreSQL, Valkey and the client of a benchmark share the cores. So the CPU of all bounds
how fast each server can be.
"""

import contextlib
from pathlib import Path

import psutil


def seconds_of_all() -> dict[int, float]:
    """Return the CPU seconds of each process by its id."""
    this = psutil.Process()
    return {each.pid: seconds_of(each) for each in (this, *this.children(recursive=True))}


def seconds_since(before: dict[int, float]) -> float:
    """Return the CPU seconds that those that still run have used since."""
    return sum(now - before.get(id, 0.0) for id, now in seconds_of_all().items())


def seconds_of(process: psutil.Process) -> float:
    """Return the CPU seconds of its threads; 0 where it has ended."""
    nanoseconds = 0
    for thread in Path(f"/proc/{process.pid}/task").glob("*/schedstat"):
        with contextlib.suppress(OSError):
            nanoseconds += int(thread.read_text().split()[0])
    return nanoseconds / 1e9
