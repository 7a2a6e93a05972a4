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


# Before an answer in an event stream: its chunk is the same for all.
NO_HEAD = b""


class Payload:
    """What many operations answer: encoded once, framed once for each id that clients gave."""

    def __init__(self, data: object) -> None:
        self._answer = orjson.dumps({"data": data})
        self._framed: dict[bytes, bytes] = {}

    def framed(self, head: bytes) -> bytes:
        """Return the frame of the message that begins so; of NO_HEAD an event stream's chunk."""
        found = self._framed.get(head)
        if found is None:
            found = self._framed[head] = self._frame(head) if head else self._chunk()
        return found

    def _frame(self, head: bytes) -> bytes:
        return Frame(Opcode.TEXT, b"%b%b}" % (head, self._answer)).serialize(mask=False)

    def _chunk(self) -> bytes:
        return chunk(next_event(self._answer))


@dataclass(frozen=True, slots=True, eq=False)
class Outlet:
    """One operation of one connection."""

    # What it answers is true as soon as its operation has ended.
    has_ended: Callable[[], object]
    _write: Write
    _head: bytes = NO_HEAD

    @classmethod
    def of_websocket(cls, id: str, has_ended: Callable[[], object], write: Write) -> "Outlet":
        head = b'{"id":%b,"type":"next","payload":' % orjson.dumps(id)
        return cls(has_ended, write, head)

    @classmethod
    def of_events(cls, has_ended: Callable[[], object], write: Write) -> "Outlet":
        return cls(has_ended, write)

    def write(self, payload: Payload) -> bool:
        """Return False if nothing was written: its generator has to send the answer."""
        return not self.has_ended() and self._write(payload.framed(self._head))


# The outlet of the operation whose task this is.
outlet_of_task: ContextVar[Outlet | None] = ContextVar("outlet_of_task", default=None)
