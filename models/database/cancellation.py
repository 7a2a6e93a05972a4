"""A cancelled task whose connection dies at the same moment."""

import asyncio


def end_if_cancelled() -> None:
    """Call after any error that a loop outlives. Raises CancelledError if the task is to end.

    A ROLLBACK on a connection that just died raises an error in place of the CancelledError.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
