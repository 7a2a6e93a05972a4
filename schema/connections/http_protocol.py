"""uvicorn's HTTP protocol with limits: the size of a head, the time to send and to read."""

import math
from asyncio import Transport
from http import HTTPStatus
from itertools import chain
from typing import Any

from schema.connections import answers, limits
from schema.connections.chunks import ChunkWriter
from schema.connections.connections import Connections
from schema.connections.turns import InTurns

# Whom to tell, in the scope of a request, that its client has closed the connection.
GONE = "seapool.gone"
# Whom to tell that the server ends: an answer that lasts ends then.
ENDING = "seapool.ending"
# What writes chunks of an answer that lasts.
CHUNKS = "seapool.chunks"


class TooLarge(Exception):
    """The head of a request is over its limit."""


class HttpProtocol(InTurns):
    """A deadline is a moment of the loop's clock; `math.inf` is none."""

    def __init__(self, *given: Any, connections: Connections, **options: Any) -> None:
        super().__init__(*given, **options)
        self._open = connections
        # What the parser has told of the head: the length of the path, and how many headers.
        self._heard = 0
        # Bytes since the parser last called: of a header, a chunk or a trailer without an end.
        self._silent_size = 0
        self._in_message = self._in_body = False
        self._read_by = self._written_by = self._closed_by = math.inf

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._read_by = self.loop.time() + limits.HEAD_SECONDS
        self._chunks = ChunkWriter(transport, self.flow)
        if not self._open.enter(self):
            self._refuse(answers.TOO_MANY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._open.leave(self)
        gone: Any = self.cycle.scope.get(GONE) if self._is_answering() else None
        if gone:
            gone()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        super().shutdown()
        ending: Any = self.cycle.scope.get(ENDING) if self._is_answering() else None
        if ending:
            ending()

    def timeout_keep_alive_handler(self) -> None:
        """Close at the next round of the loop: a late one reads first what has arrived."""
        close = super().timeout_keep_alive_handler
        self.timeout_keep_alive_task = self.loop.call_later(limits.LATE_SECONDS, close)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._written_by = self.loop.time() + limits.ANSWER_SECONDS

    def resume_writing(self) -> None:
        super().resume_writing()
        self._written_by = math.inf

    def handle_websocket_upgrade(self) -> None:
        if self._is_answering():
            self._refuse(answers.NOT_ALONE)
            return
        self._open.leave(self)
        super().handle_websocket_upgrade()

    def parse_slice(self, data: bytes) -> None:
        self._silent_size += len(data)
        super().parse_slice(data)
        is_large = self._silent_size > limits.LONGEST_HEAD
        if self._in_message and (heard := len(self.url) + len(self.headers)) != self._heard:
            self._heard, self._silent_size = heard, 0
            is_large = self._is_head_too_large()
        if is_large and not self.transport.is_closing():
            self._refuse(answers.TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: Any = self.scope
        scope[CHUNKS] = self._chunks
        self._in_message, self._heard, self._silent_size = True, 0, 0
        self._read_by = self.loop.time() + limits.HEAD_SECONDS

    def on_headers_complete(self) -> None:
        if self._is_head_too_large():
            raise TooLarge
        self._in_body = True
        self._read_by = self.loop.time() + limits.BODY_SECONDS
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._silent_size = 0
        if not self.cycle.response_complete:
            more = self._read_by + len(body) / limits.SLOWEST_BODY
            self._read_by = min(more, self.loop.time() + limits.BODY_SECONDS)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_message = self._in_body = False
        self._silent_size, self._read_by = 0, math.inf
        if not self._is_answering():
            self._expect_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_body and not self._is_answering():
            self._read_by = self.loop.time() + limits.REST_SECONDS
        elif not self._in_message and not self.pipeline:
            self._expect_request()

    def send_400_response(self, msg: str) -> None:
        if self.headers is not None and self._is_head_too_large():
            self._refuse(answers.TOO_LARGE)
        else:
            self._refuse(answers.refusal(HTTPStatus.BAD_REQUEST, msg))

    def close_if_overdue(self, now: float) -> None:
        """Called every second."""
        if self.transport.is_closing():
            self._closed_by = min(self._closed_by, now + limits.CLOSE_SECONDS)
        if now >= min(self._closed_by, self._written_by):
            self.transport.abort()
        elif now >= self._read_by and self.flow.read_paused:
            self._read_by = now + limits.BODY_SECONDS  # We do not read, so the client can't send.
        elif now >= self._read_by and self._in_message:
            self._refuse(answers.TOO_SLOW)
        elif now >= self._read_by:
            self.transport.close()

    def _is_head_too_large(self) -> bool:
        """Asked once a slice, and once a head: a callback for each header costs more."""
        size = len(self.url) + sum(map(len, chain.from_iterable(self.headers)))
        return size > limits.LONGEST_HEAD or len(self.headers) > limits.MOST_HEADERS

    def _expect_request(self) -> None:
        """Bytes that begin no request move uvicorn's own deadline, and not this one."""
        self._read_by = self.loop.time() + self.timeout_keep_alive + limits.HEAD_SECONDS

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, answer: bytes) -> None:
        """Answer, unless the answer to this or an earlier request is under way, and close."""
        late = self._in_body and not (self.cycle.response_started or self.pipeline)
        if late or not self._is_answering():
            self.transport.write(answer)
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
