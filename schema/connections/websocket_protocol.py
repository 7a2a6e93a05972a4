"""uvicorn's websocket protocol with limits: the size and rate of frames, the time to begin."""

import math
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request

from schema.connections import limits
from schema.connections.connections import Connections
from schema.connections.rate import Rate

TOO_FAST = (
    f"Too many frames: at most {limits.RATE:g} a second,"
    f" {limits.RATE_BEFORE:g} before connection_init; {limits.FRAME // 1024} KB count as one more."
)
# The ASGI extension by which the application says that connection_init was accepted.
EXTENSION = "seapool.introduced"
# The one by which it writes a frame that many websockets get.
WRITE = "seapool.write"


class WebsocketProtocol(WebSocketsSansIOProtocol):
    # What `write_frame` looks at lies together: of a thousand protocols nothing is in a cache.
    __slots__ = ("_is_paused", "close_sent", "transport")

    def __init__(self, *given: Any, connections: Connections, **options: Any) -> None:
        super().__init__(*given, **options)
        self._open = connections
        self._rate = Rate(limits.BURST_BEFORE, limits.RATE_BEFORE)
        self._begun_by = self.loop.time() + limits.HANDSHAKE_SECONDS
        self._closed_by = math.inf
        self._is_paused = False
        self.conn.max_message_size = limits.LARGEST_BEFORE

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        if not self._open.enter(self):
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._open.leave(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        self._is_paused = True
        super().pause_writing()

    def resume_writing(self) -> None:
        self._is_paused = False
        super().resume_writing()

    def introduced(self) -> None:
        """Called when connection_init was accepted: larger and more frames may come."""
        self._rate = Rate(limits.BURST, limits.RATE)
        self.conn.max_message_size = self.config.ws_max_size

    def write_frame(self, frame: bytes) -> bool:
        """Write a whole frame, where `send` would write one without waiting; else return False."""
        if self._is_paused or self.close_sent or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self.introduced
            extensions[WRITE] = self.write_frame

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), limits.SLICE):
            if self.transport.is_closing():
                return
            super().data_received(data[start : start + limits.SLICE])
        if self.conn.handshake_exc is not None and not self.transport.is_closing():
            # No request for a websocket: the library has an answer, which uvicorn does not send.
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def handle_events(self) -> None:
        frames = sum(
            1 + len(event.data) // limits.FRAME
            for event in self.conn.events
            if isinstance(event, Frame)
        )
        if frames and not self._rate.allows(self.loop.time(), frames):
            self._close(TOO_FAST)
            return
        super().handle_events()

    def close_if_overdue(self, now: float) -> None:
        """Called every second. Once it is open, uvicorn's pings find a dead connection."""
        if self.transport.is_closing():
            self._closed_by = min(self._closed_by, now + limits.CLOSE_SECONDS)
        if now >= self._closed_by or (now >= self._begun_by and not self.handshake_complete):
            self.transport.abort()

    def _close(self, why: str) -> None:
        self.conn.fail(CloseCode.POLICY_VIOLATION, why)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
