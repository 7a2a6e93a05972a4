"""Open websockets: let in by their token, shut when it ends or its member leaves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from starlette.websockets import WebSocket, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
)

from models.texts.text import Language
from models.viewers import still_active, viewer
from schema.base import errors, metrics
from schema.base.context import Context
from schema.base.listener import Listener
from schema.execution.auth import Token
from schema.execution.languages import language_of

FORBIDDEN = 4403
CHECK_SECONDS = 2.0

log = structlog.get_logger()


@dataclass(eq=False)
class Session:
    """One websocket. Each of its operations gets a context of its own, as things stand then."""

    websocket: WebSocket
    listener: Listener
    connection_params: dict[str, Any] = field(default_factory=dict)
    token: Token | None = None

    async def context(self) -> Context | None:
        if self.token is None or self.token.ended:
            return None
        found = await viewer(self.token.organization_id, self.token.member_id)
        return Context.of(found, self.listener, self.language) if found else None

    @property
    def language(self) -> Language:
        """As connection_init says, else the handshake: a browser can't choose its headers."""
        said = self.connection_params.get("Accept-Language")
        return language_of(said or self.websocket.headers.get("accept-language"))

    async def close(self) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            await self.websocket.close(FORBIDDEN, "Forbidden")


class Sessions:
    """All of this process, checked together by one statement every other second."""

    def __init__(self) -> None:
        self._open: set[Session] = set()

    @contextlib.asynccontextmanager
    async def checking(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._check())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @contextlib.contextmanager
    def keeping(self, session: Session) -> Iterator[None]:
        self._open.add(session)
        metrics.connections.inc()
        try:
            yield
        finally:
            self._open.discard(session)
            metrics.connections.dec()

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self._shut_out()
            except Exception as fault:
                log.warning("open websockets could not be checked", fault=repr(fault))

    async def _shut_out(self) -> None:
        admitted = {session: session.token for session in self._open if session.token}
        await _close(session for session, token in admitted.items() if token.ended)
        if admitted:
            active = await still_active({_who(token) for token in admitted.values()})
            await _close(s for s, token in admitted.items() if _who(token) not in active)


def _who(token: Token) -> tuple[UUID, UUID]:
    return token.organization_id, token.member_id


async def _close(sessions: Iterable[Session]) -> None:
    # Each by itself: whoever reads slowly keeps nobody waiting.
    closing = [asyncio.wait_for(session.close(), CHECK_SECONDS) for session in sessions]
    await asyncio.gather(*closing, return_exceptions=True)


class Adapter(ASGIWebSocketAdapter):
    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)


class Handler(BaseGraphQLTransportWSHandler[Any, None]):
    async def handle(self) -> None:
        with self.view.sessions.keeping(self.context):  # type: ignore[attr-defined]
            await super().handle()

    async def handle_message(self, message: Any) -> None:
        if _well_formed(message):
            await super().handle_message(message)
        else:
            await self.handle_invalid_message("Failed to parse message")

    async def handle_task_exception(self, error: Exception) -> None:
        if not isinstance(error, WebSocketDisconnected):
            errors.masked(error, "websocket")


def _well_formed(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] != "subscribe":
        return True
    payload = message.get("payload")
    return (
        isinstance(message.get("id"), str)
        and isinstance(payload, dict)
        and isinstance(payload.get("query"), str)
        and isinstance(payload.get("variables"), dict | None)
        and isinstance(payload.get("operationName"), str | None)
    )
