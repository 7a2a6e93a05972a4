"""Where the answers of one operation leave its process: written at once, or not at all.

Over a websocket an answer is a frame, in an event stream it is a chunk.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

import orjson
from websockets.frames import Frame, Opcode

from schema.connections.chunks import chunk
from schema.fanout.events import next_event

# Writes to a connection; False if its client has to be waited for, or is gone.
Write = Callable[[bytes], bool]


class Payload:
    """What many operations answer: encoded once, framed once for each id that clients gave."""

    def __init__(self, data: object) -> None:
        self._answer = orjson.dumps({"data": data})
        self._frames: dict[bytes, bytes] = {}
        self._event: bytes | None = None

    def frame(self, head: bytes) -> bytes:
        found = self._frames.get(head)
        if found is None:
            text = b"%b%b}" % (head, self._answer)
            found = self._frames[head] = Frame(Opcode.TEXT, text).serialize(mask=False)
        return found

    def event(self) -> bytes:
        """The chunk of an event stream; it is the same for all."""
        if self._event is None:
            self._event = chunk(next_event(self._answer))
        return self._event


@dataclass(frozen=True, slots=True, eq=False)
class Outlet:
    """One operation of one connection."""

    is_open: Callable[[], bool]
    _framed: Callable[[Payload], bytes]
    _write: Write

    @classmethod
    def of_websocket(cls, id: str, is_open: Callable[[], bool], write: Write) -> "Outlet":
        head = b'{"id":%b,"type":"next","payload":' % orjson.dumps(id)
        return cls(is_open, lambda payload: payload.frame(head), write)

    @classmethod
    def of_events(cls, is_open: Callable[[], bool], write: Write) -> "Outlet":
        return cls(is_open, Payload.event, write)

    def write(self, payload: Payload) -> bool:
        """Return False if nothing was written: its generator has to send the answer."""
        return self.is_open() and self._write(self._framed(payload))


# The outlet of the operation whose task this is.
outlet_of_task: ContextVar[Outlet | None] = ContextVar("outlet_of_task", default=None)
