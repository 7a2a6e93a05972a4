"""SIGINT, SIGTERM and SIGHUP end a command in good order."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Result = TypeVar("Result")


class Ended(SystemExit):
    """A signal ended the command. The exit code is 128 + the signal's number."""


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` as asyncio.run does. A signal cancels it and raises Ended."""
    received: list[int] = []

    async def cancelled_by_signals() -> Result:
        task = asyncio.current_task()
        assert task is not None

        def end(number: int) -> None:
            received.append(number)
            task.cancel()

        for number in STOPPING:
            asyncio.get_running_loop().add_signal_handler(number, end, number)
        return await work

    try:
        return asyncio.run(cancelled_by_signals())
    except asyncio.CancelledError:
        raise Ended(128 + received[0]) from None
    finally:
        end_by_signal()


def end_by_signal() -> None:
    """Let the first signal raise Ended, and ignore the next ones while the command ends."""

    def end(number: int, frame: object) -> None:
        for each in STOPPING:
            signal.signal(each, lambda number, frame: None)
        raise Ended(128 + number)

    for each in STOPPING:
        signal.signal(each, end)
