"""uvicorn's HTTP protocol, in turns: pipelined requests wait unparsed, other connections go on."""

from asyncio import Transport
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schema.connections import limits


class Flow(FlowControl):
    """While `held`, nobody resumes reading: received bytes still wait for the parser."""

    held = False

    def resume_reading(self) -> None:
        if not self.held:
            super().resume_reading()


class InTurns(HttpToolsProtocol):
    flow: Flow

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._received = b""
        self._deaf = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = Flow(transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self.flow.held:
            self._parse()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.flow.held and not self.pipeline:
            self.loop.call_soon(self._parse)

    def parse_slice(self, data: bytes) -> None:
        super().data_received(data)

    def handle_websocket_upgrade(self) -> None:
        self._deaf = True  # From now on the websocket's protocol hears the client.
        super().handle_websocket_upgrade()

    def _unsupported_upgrade_warning(self) -> None:
        """The parser takes no body of such a request: do not read the body as the next one."""
        self.cycle.keep_alive = False
        self._deaf = True

    def _parse(self) -> None:
        """Parse what was received, until a request waits for its turn or the time is over."""
        ends, start = self.loop.time() + limits.TURN_SECONDS, 0
        while start < len(self._received) and self.loop.time() < ends:
            if self._deaf or self.pipeline or self.transport.is_closing():
                break
            part = self._received[start : start + limits.SLICE]
            start += limits.SLICE
            self.parse_slice(part)
        self._received = self._received[start:]
        if self._deaf or self.transport.is_closing():
            self._received = b""
        self._hold_or_resume()

    def _hold_or_resume(self) -> None:
        self.flow.held = bool(self._received)
        if self.flow.held:
            self.flow.pause_reading()
            if not self.pipeline:
                self.loop.call_soon(self._parse)
        elif self.flow.read_paused and not self.pipeline and not self._has_unread_body():
            self.flow.resume_reading()

    def _has_unread_body(self) -> bool:
        """Whether the application has still to read it; what follows an answer is thrown away."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        return len(self.cycle.body) > HIGH_WATER_LIMIT
