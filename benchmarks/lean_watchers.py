"""Websockets that cost little: a process reads many, and tells when all have a message."""

import json
import select
import socket
import struct
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

MASK = b"\0\0\0\0"
UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
CLOSE = b"\x88"
PING = b"\x89"
# Answered to a ping, whose four bytes come back.
PONG = b"\x8a\x84" + MASK
# So many connect before those that have are asked whether they were pinged.
PINGED = 100
# It looks so often, and does not wait for each message: watchers are elsewhere, so a server's write
# wakes no process of its own machine.
LOOK_SECONDS = 0.001
MOST = 10_000


def watch(port: int, tokens: list[str], asked: dict[str, Any], out: Connection) -> None:
    """Subscribe with each token. Send when all have subscribed, and when all have a message."""
    sockets, poll = {}, select.epoll()
    for number, token in enumerate(tokens):
        opened = _subscribed(port, token, asked)
        sockets[opened.fileno()] = opened
        poll.register(opened, select.EPOLLIN)
        if number % PINGED == 0:
            assert not dict(_messages(sockets, poll)), "told before it happens"
    time.sleep(2)
    out.send("ready")
    told = dict[int, bytes]()
    while True:
        time.sleep(LOOK_SECONDS)
        told.update(_messages(sockets, poll))
        if len(told) == len(sockets):
            out.send((time.monotonic(), told.popitem()[1]))
            told.clear()


def _messages(sockets: dict[int, socket.socket], poll: select.epoll) -> Iterator[tuple[int, bytes]]:
    """What came, by the socket's number; pings are answered."""
    for number, _ in poll.poll(0, MOST):
        received = sockets[number].recv(65_536)
        assert received, "closed by the server"
        for frame in _frames(received):
            assert frame[:1] != CLOSE, frame
            if frame[:1] == PING:
                sockets[number].send(PONG + frame[2:])
            else:
                yield number, frame[4:]


def _subscribed(port: int, token: str, asked: dict[str, Any]) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.sendall(UPGRADE)
    assert b" 101 " in opened.recv(4096)
    payload = {"Authorization": f"Bearer {token}"}
    opened.sendall(_framed({"type": "connection_init", "payload": payload}))
    assert b"connection_ack" in opened.recv(4096)
    opened.sendall(_framed({"type": "subscribe", "id": "1", "payload": asked}))
    return opened


def _framed(message: dict[str, Any]) -> bytes:
    content = json.dumps(message).encode()
    return b"\x81\xfe" + struct.pack("!H", len(content)) + MASK + content


def _frames(received: bytes) -> list[bytes]:
    """Whole ones: a message is short, and comes in one piece."""
    found = []
    while received:
        length, head = received[1], 2
        if length == 126:
            length, head = struct.unpack("!H", received[2:4])[0], 4
        found.append(received[: head + length])
        received = received[head + length :]
    return found
