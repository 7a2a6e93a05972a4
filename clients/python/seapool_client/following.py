"""Subscriptions that go on behind their last cursor, or say that they can't."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from seapool_client.errors import BadCursor, SeapoolError, SlowReader, Unauthenticated
from seapool_client.retries import is_passing, pause_seconds


class HasCursor(Protocol):
    @property
    def cursor(self) -> str: ...


Event = TypeVar("Event", bound=HasCursor)


@dataclass(frozen=True)
class Happened(Generic[Event]):
    """One event. Keep its `cursor` once it is handled: give it as `after` the next time."""

    event: Event

    @property
    def cursor(self) -> str:
        return self.event.cursor


@dataclass(frozen=True)
class Resync:
    """Events may have been missed for good: read the lists again."""


async def follow(
    subscribe: Callable[[str | None], AsyncIterator[Event]],
    restart: Callable[[], Awaitable[str | None]],
    after: str | None,
    connections: Callable[[], int],
) -> AsyncIterator[Happened[Event] | Resync]:
    """Events behind `after`, also those that come while no connection stands.

    `restart` is asked where no cursor is known: it returns once the API can be reached, perhaps
    with a cursor behind which nothing is missed. `connections` counts all that ever stood.
    Raises a SeapoolError that does not pass.
    """
    failures, attempt = 0, 0
    while True:
        attempt += 1
        known = connections()
        try:
            if after is None:
                after = await restart()
                if attempt > 1:
                    yield Resync()
            async for event in subscribe(after):
                failures, after = 0, event.cursor
                yield Happened(event)
            return
        except BadCursor:
            after = None
        except SlowReader:
            pass
        except SeapoolError as error:
            failures = 1 if connections() > known else failures + 1
            if not is_passing(error) and not _is_renewable(error, failures):
                raise
            await asyncio.sleep(pause_seconds(failures, error.retry_after))


def _is_renewable(error: SeapoolError, failures: int) -> bool:
    """The token may have expired while the connection was open: once, another one is asked for."""
    return isinstance(error, Unauthenticated) and failures == 1
