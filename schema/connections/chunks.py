"""Chunks of an HTTP answer that lasts: written whole, at once or not at all."""

import contextlib
import socket
from asyncio import Transport
from socket import AF_INET, AF_INET6, IPPROTO_TCP

from uvicorn.protocols.http.flow_control import FlowControl

# Linux has it; another system answers that it does not know it.
USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", 18)


def chunk(body: bytes) -> bytes:
    """The body as a chunk of HTTP/1.1 (RFC 9112, 7.1)."""
    return b"%x\r\n%b\r\n" % (len(body), body)


class ChunkWriter:
    """Writes to a connection whose answer has begun, between two messages of the application."""

    __slots__ = ("_flow", "_transport")

    def __init__(self, transport: Transport, flow: FlowControl) -> None:
        self._transport = transport
        self._flow = flow

    def write(self, chunk: bytes) -> bool:
        """Return False, and write nothing, where `send` would wait for the client."""
        if self._flow.write_paused or self._transport.is_closing():
            return False
        self._transport.write(chunk)
        return True

    def end_where_silent(self, seconds: int) -> None:
        """Cut the connection once its peer acknowledges nothing for so long (RFC 5482).

        Websockets have pings for that; here the kernel would try for a quarter of an hour.
        """
        connection = self._transport.get_extra_info("socket")
        if connection and connection.family in (AF_INET, AF_INET6):
            with contextlib.suppress(OSError):
                connection.setsockopt(IPPROTO_TCP, USER_TIMEOUT, seconds * 1000)

    def abort(self) -> None:
        """Cut the connection; what its client has not read is lost."""
        self._transport.abort()
