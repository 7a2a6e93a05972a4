"""A subscription as a stream of server-sent events: GraphQL over SSE, distinct connections mode.

By https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. A stream ends with the event
`complete`, except where the server ends: the client then goes on elsewhere, with its cursor.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeAlias

import orjson
from graphql import ExecutionResult, GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.types.execution import PreExecutionError

from models.texts.text import Reader, Text, render
from schema.base import errors
from schema.base.context import Context
from schema.connections.chunks import ChunkWriter, chunk
from schema.connections.http_protocol import CHUNKS, ENDING
from schema.execution.bodies.answer_type import EVENTS, JSON
from schema.execution.bodies.envelope import Operation
from schema.execution.streams.sessions import Session, Sessions
from schema.execution.tokens.auth import Token
from schema.fanout.events import ALIVE, COMPLETE, next_event
from schema.fanout.outlet import Outlet, outlet_of_task

# Proxies close a connection on which nothing comes, after a minute as a rule.
ALIVE_SECONDS = 12.0
CLOSE_SECONDS = 2.0
SILENT_SECONDS = 40
TOO_MANY = "TOO_MANY_CONNECTIONS"
# Without them, a proxy may keep events until it has many.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

# As strawberry.Schema.stream.
Run: TypeAlias = Callable[..., Awaitable[Any]]


class EventSession(Session):
    """One event stream, of one operation."""

    def __init__(self, request: Request, context: Context) -> None:
        super().__init__(request, context.listener)
        self._context = context
        # What is sent before the stream ends by the server's will.
        self.ending: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def context(self) -> Context:
        return self._context

    async def close(self) -> None:
        self.end(refusal_event([errors.unauthenticated(self._context.reader)]) + COMPLETE)

    def end(self, last: bytes = b"") -> None:
        if not self.ending.done():
            self.ending.set_result(last)


class EventStream(Response):
    """The answer to one operation; `run` is the schema's."""

    media_type = EVENTS

    def __init__(
        self,
        operation: Operation,
        session: EventSession,
        token: Token,
        sessions: Sessions,
        run: Run,
        headers: dict[str, str],
    ) -> None:
        super().__init__(headers=headers | HEADERS)
        # Its length is not known.
        del self.headers["content-length"]
        self._operation = operation
        self._session = session
        self._token = token
        self._sessions = sessions
        self._run_operation = run

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._sessions.keeping(self._session) as problem:
            problem = problem or self._sessions.admit(self._session, self._token)
            if problem:
                await self._refusal(problem)(scope, receive, send)
                return
            scope[ENDING] = self._session.end
            chunks: ChunkWriter | None = scope.get(CHUNKS)
            if chunks:
                chunks.end_where_silent(SILENT_SECONDS)
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            await _send(send, ALIVE)
            work = asyncio.create_task(self._run(send, chunks))
            gone = asyncio.create_task(_gone(receive))
            try:
                last = await self._until_ended(work, gone, send, chunks)
            finally:
                work.cancel()
                gone.cancel()
                await asyncio.gather(work, gone, return_exceptions=True)
            if last is not None:
                await _finish(send, last, chunks)

    def _refusal(self, problem: Text) -> Response:
        text = render(problem, Reader(self._session.language))
        error = GraphQLError(text, extensions={"code": TOO_MANY})
        return Response(orjson.dumps({"errors": [error.formatted]}), 429, media_type=JSON)

    async def _until_ended(
        self, work: "asyncio.Task[bytes]", gone: "asyncio.Task[None]", send: Send, chunks: Any
    ) -> bytes | None:
        """Keep the stream alive; return what it ends with, or None where nobody reads it."""
        ends = (work, gone, self._session.ending)
        while True:
            done, _ = await asyncio.wait(
                ends, timeout=ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if gone in done:
                return None
            if self._session.ending in done:
                return self._session.ending.result()
            if work in done:
                return work.result()
            if chunks is None:
                await _send(send, ALIVE)
            else:
                chunks.write(chunk(ALIVE))

    async def _run(self, send: Send, chunks: ChunkWriter | None) -> bytes:
        """Send what the operation answers; return what is left to send."""
        if chunks:
            outlet_of_task.set(Outlet.of_events(self._session.ending.done, chunks.write))
        operation = self._operation
        try:
            results = await self._run_operation(
                operation.document,
                variable_values=operation.variables,
                context_value=self._session,
                operation_name=operation.name,
            )
            async with aclosing(results):
                async for each in results:
                    await _send(send, next_event(_formatted(each)))
        except Exception as fault:
            reader = Reader(self._session.language)
            return refusal_event([errors.internal_error(fault, operation.name, reader)]) + COMPLETE
        return COMPLETE


def refusal_event(problems: list[GraphQLError]) -> bytes:
    """The event of an operation that was not executed."""
    return next_event(orjson.dumps({"errors": [each.formatted for each in problems]}))


def _formatted(result: ExecutionResult | PreExecutionError) -> bytes:
    found: dict[str, Any] = {}
    if result.errors:
        found["errors"] = [each.formatted for each in result.errors]
    if not isinstance(result, PreExecutionError):
        found["data"] = result.data
    return orjson.dumps(found)


async def _send(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _finish(send: Send, last: bytes, chunks: ChunkWriter | None) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await send({"type": "http.response.body", "body": last, "more_body": False})
    except TimeoutError:
        # It does not read.
        if chunks:
            chunks.abort()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
