"""No full garbage collection while the rows of a sheet are in memory.

They are some hundred thousand objects, which live until the request ends and are in no cycle. A
full collection would walk them all, for 200 ms of each thread. Those of the younger objects go on.
"""

import contextlib
import gc
from collections.abc import Iterator

# Collections of the younger objects before a full one: an import makes some hundred.
SELDOM = 1_000_000


class _Sheets:
    """`usual` are the thresholds from before the first of the sheets that are in memory."""

    count = 0
    usual: tuple[int, int, int] = gc.get_threshold()


@contextlib.contextmanager
def full_collections_wait() -> Iterator[None]:
    """Hold full collections off while any sheet is in memory; in the event loop's thread."""
    if not _Sheets.count:
        _Sheets.usual = gc.get_threshold()
        gc.set_threshold(*_Sheets.usual[:2], SELDOM)
    _Sheets.count += 1
    try:
        yield
    finally:
        _Sheets.count -= 1
        if not _Sheets.count:
            gc.set_threshold(*_Sheets.usual)
