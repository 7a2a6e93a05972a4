"""Reads the body of a request: small ones at once, the large ones of imports in turns."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from uuid import UUID
from weakref import WeakValueDictionary

from starlette.requests import ClientDisconnect, Request

from models.texts.text import Text
from schema.execution.bodies.head import head_of
from schema.execution.bodies.refused import Busy, TooLarge, TooSlow

LARGEST = 256 * 1024
LARGEST_IMPORT = 16 * 1024 * 1024
# Large bodies that this process reads at the same time: one of an organization, so many in all.
MOST_LARGE = 4
WAIT_SECONDS = 30.0
READ_SECONDS = 120.0
# In the scope: the message with the first chunk, where that was looked at before.
FIRST = "seapool.first_chunk"

TOO_LARGE = Text(
    "The request's body is too large: at most {small} KB, and {large} MB for an import alone.",
    small=LARGEST // 1024,
    large=LARGEST_IMPORT // 1024**2,
)
TOO_SLOW = Text(
    "The request's body did not come within {seconds} seconds.", seconds=int(READ_SECONDS)
)
BUSY = Text("Other large requests are being read: send it again later.")


class Bodies:
    def __init__(self) -> None:
        self._places = asyncio.Semaphore(MOST_LARGE)
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def reading(
        self, request: Request, organization_id: UUID
    ) -> AbstractAsyncContextManager[bytes]:
        """Return the body, to be entered. A large one keeps its place until that is left."""
        if int(head_of(request.scope).get("content-length", 0)) > LARGEST_IMPORT:
            raise TooLarge(TOO_LARGE)
        start, has_more = await _chunk(request)
        chunks = _chunks(request, has_more)
        if has_more and len(start) <= LARGEST:
            start = await _up_to(LARGEST, chunks, start)
        if len(start) <= LARGEST:
            return contextlib.nullcontext(start)
        return self._large(start, chunks, organization_id)

    @contextlib.asynccontextmanager
    async def _large(
        self, start: bytes, chunks: AsyncIterator[bytes], organization_id: UUID
    ) -> AsyncIterator[bytes]:
        async with self._place(organization_id):
            try:
                async with asyncio.timeout(READ_SECONDS):
                    body = await _up_to(LARGEST_IMPORT, chunks, start)
            except TimeoutError:
                raise TooSlow(TOO_SLOW) from None
            if len(body) > LARGEST_IMPORT:
                raise TooLarge(TOO_LARGE)
            yield body

    @contextlib.asynccontextmanager
    async def _place(self, organization_id: UUID) -> AsyncIterator[None]:
        turn = self._turns.setdefault(organization_id, asyncio.Lock())
        async with contextlib.AsyncExitStack() as held:
            try:
                async with asyncio.timeout(WAIT_SECONDS):
                    await held.enter_async_context(turn)
                    await held.enter_async_context(self._places)
            except TimeoutError:
                raise Busy(BUSY) from None
            yield


async def _chunks(request: Request, has_more: bool) -> AsyncIterator[bytes]:
    while has_more:
        chunk, has_more = await _chunk(request)
        yield chunk


async def first_chunk(request: Request) -> bytes:
    """Return the first chunk of the body; who reads the body gets it again."""
    request.scope[FIRST] = message = await request.receive()
    chunk: bytes = message.get("body", b"")
    return chunk


async def _chunk(request: Request) -> tuple[bytes, bool]:
    """Return the next chunk of the body, and whether there are more; most bodies have one."""
    message = request.scope.pop(FIRST, None) or await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)


async def _up_to(most: int, chunks: AsyncIterator[bytes], start: bytes) -> bytes:
    """Return the rest of the body behind its start, or a little more than `most` of it."""
    read, size = [start], len(start)
    async for chunk in chunks:
        read.append(chunk)
        size += len(chunk)
        if size > most:
            break
    return b"".join(read)
