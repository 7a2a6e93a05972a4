"""Websockets: their sessions, and what they send and receive."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)

from models import sparing_log
from models.texts.text import Language, Reader, Text, render
from schema.base import errors
from schema.connections.websocket_protocol import WRITE
from schema.execution.frames import problem_of, short, with_document
from schema.execution.languages import language_of
from schema.execution.streams.sessions import Session
from schema.fanout.outlet import Outlet, outlet_of_task

FORBIDDEN = 4403
TOO_MANY = 4429


@dataclass(eq=False)
class WebsocketSession(Session):
    """One websocket; it introduces itself after the handshake."""

    connection_params: dict[str, Any] = field(default_factory=dict)

    @property
    def websocket(self) -> WebSocket:
        assert isinstance(self.connection, WebSocket)
        return self.connection

    @property
    def language(self) -> Language:
        """From connection_init, else the handshake: a browser cannot set handshake headers."""
        accepted = self.connection_params.get("Accept-Language")
        return language_of(accepted) if accepted else super().language

    async def close(self) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            await self.websocket.close(FORBIDDEN, "Forbidden")

    async def refuse(self, text: Text) -> None:
        with contextlib.suppress(RuntimeError, OSError, WebSocketDisconnect):
            await self.websocket.close(TOO_MANY, render(text, Reader(self.language)))


class Adapter(ASGIWebSocketAdapter):
    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnected
        await super().send_json(message)

    async def close(self, code: int, reason: str) -> None:
        await super().close(code, short(reason))


class Handler(BaseGraphQLTransportWSHandler[Any, None]):
    async def handle(self) -> None:
        with self.view.sessions.keeping(self.context) as problem:  # type: ignore[attr-defined]
            await (self.context.refuse(problem) if problem else super().handle())

    async def handle_message(self, message: Any) -> None:
        problem = problem_of(message)
        if problem is None:
            await super().handle_message(with_document(message))
            return
        sparing_log.info("websocket message refused", why=problem)
        await self.handle_invalid_message(problem)

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        """In the operation's own task: so it has an outlet of its own."""
        write = self.context.websocket.scope["extensions"].get(WRITE)
        if write:
            task = asyncio.current_task()
            assert task
            # The client's `complete` cancels it.
            outlet_of_task.set(Outlet.of_websocket(operation.id, task.cancelling, write))
        await super().run_operation(operation)

    async def handle_task_exception(self, error: Exception) -> None:
        if not isinstance(error, WebSocketDisconnected):
            errors.internal_error(error, "websocket")
