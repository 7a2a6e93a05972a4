"""What every request and websocket comes in by: its id, and CORS."""

import re
from collections.abc import Collection
from random import getrandbits

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from schema.execution.bodies.head import head_of

METHODS = ("GET", "POST")
HEADERS = ("Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id")
EXPOSED = ("Date", "X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy")
REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
VARY = (b"vary", b"Origin")


class Entrance(CORSMiddleware):
    """Give each request an id, in the log and in the header X-Request-Id; hold to CORS.

    Operations that come by POST, which are the most, go straight to GraphQL, past the router.
    """

    def __init__(self, app: ASGIApp, graphql: ASGIApp, origins: Collection[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=METHODS,
            allow_headers=HEADERS,
            expose_headers=EXPOSED,
        )
        self._graphql = graphql
        self._simple = [(n.lower().encode(), v.encode()) for n, v in self.simple_headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        head = head_of(scope)
        id = (
            given
            if REQUEST_ID.fullmatch(given := head.get("x-request-id", ""))
            else f"{getrandbits(128):032x}"
        )
        named = (b"x-request-id", id.encode())
        straight = scope["path"] == "/graphql" and scope.get("method") == "POST"
        answer = self._graphql if straight else super().__call__
        added = [*self._of_origin(head.get("origin")), named] if straight else [named]

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        bound = bind_contextvars(request_id=id)
        try:
            await answer(scope, receive, send_with_id)
        finally:
            reset_contextvars(**bound)

    def _of_origin(self, origin: str | None) -> list[tuple[bytes, bytes]]:
        """As CORSMiddleware adds them to an answer that has no Vary."""
        if origin is None:
            return [VARY]
        if self.allow_all_origins or not self.is_allowed_origin(origin):
            return [*self._simple, VARY]
        return [*self._simple, (b"access-control-allow-origin", origin.encode("latin-1")), VARY]
