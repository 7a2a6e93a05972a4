"""What the listener hands events to: subscribers, and those who watch a pool together."""

import contextlib
from collections.abc import Iterator
from typing import Protocol
from uuid import UUID

from models.tables import Event


class Sink(Protocol):
    """What gets the events of a member or a pool from the listener."""

    def put(self, event: Event) -> None: ...

    def wake(self) -> None: ...


@contextlib.contextmanager
def registered(sinks: dict[UUID, set[Sink]], id: UUID, sink: Sink) -> Iterator[None]:
    """The sink gets the events of `id` while this is entered."""
    sinks[id].add(sink)
    try:
        yield
    finally:
        sinks[id].discard(sink)
        if not sinks[id]:
            del sinks[id]
