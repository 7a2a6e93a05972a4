"""The doorbell: a process that committed something rings it, so that others look at once."""

import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Iterator

from models.queue.valkey import client
from settings import Settings

DOORBELL = "seapool:doorbell"
NOBODY = b""


class Bell:
    """One process's own: heard in it at once, also without Valkey.

    Its name goes with each ring through Valkey, so that who hears both knows that it is one.
    """

    def __init__(self) -> None:
        self.name = os.urandom(8)
        self._hearers: set[Callable[[], None]] = set()

    @contextlib.contextmanager
    def heard_by(self, hear: Callable[[], None]) -> Iterator[None]:
        """Call it for each ring while this is entered."""
        self._hearers.add(hear)
        try:
            yield
        finally:
            self._hearers.discard(hear)

    def ring(self) -> None:
        for hear in self._hearers:
            hear()


async def rings(settings: Settings, seconds: float) -> AsyncGenerator[bytes]:
    """Yield the name of each bell that rings in Valkey; NOBODY first, for who rang before.

    Waits for `seconds` at a time. Raises what redis-py raises where Valkey is away.
    """
    async with client(settings) as redis, redis.pubsub() as heard:
        await heard.subscribe(DOORBELL)
        while True:
            if message := await heard.get_message(timeout=seconds):
                yield message["data"] if message["type"] == "message" else NOBODY
