"""Where the answers of one operation leave its process: written at once, or not at all."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

import orjson
from websockets.frames import Frame, Opcode

# Writes a frame to a websocket; False if its client has to be waited for, or is gone.
Write = Callable[[bytes], bool]


class Payload:
    """What many operations answer: encoded once, framed once for each id that clients gave."""

    def __init__(self, data: object) -> None:
        self._tail = orjson.dumps({"data": data}) + b"}"
        self._frames: dict[bytes, bytes] = {}

    def frame(self, head: bytes) -> bytes:
        found = self._frames.get(head)
        if found is None:
            found = Frame(Opcode.TEXT, head + self._tail).serialize(mask=False)
            self._frames[head] = found
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Outlet:
    """One operation of one websocket."""

    head: bytes
    is_open: Callable[[], bool]
    _write: Write

    @classmethod
    def of(cls, id: str, is_open: Callable[[], bool], write: Write) -> "Outlet":
        return cls(b'{"id":%b,"type":"next","payload":' % orjson.dumps(id), is_open, write)

    def write(self, payload: Payload) -> bool:
        """Return False if nothing was written: its generator has to send the answer."""
        return self.is_open() and self._write(payload.frame(self.head))


# The outlet of the operation whose task this is.
outlet_of_task: ContextVar[Outlet | None] = ContextVar("outlet_of_task", default=None)
