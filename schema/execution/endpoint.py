"""GraphQL over HTTP, event streams and websockets; authentication comes before anything else."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET, UnsetType

from models import sparing_log
from models.texts.text import Reader
from schema.base import errors
from schema.base.context import Context
from schema.base.deadline import ClientLeft, Deadline
from schema.base.listener import Listener
from schema.connections.websocket_protocol import EXTENSION
from schema.execution.answering import (
    answer,
    fault_response,
    only_post,
    refusal_response,
    stranger_response,
    with_type,
)
from schema.execution.bodies.envelope import Operation
from schema.execution.bodies.head import head_of
from schema.execution.bodies.named import pools_named
from schema.execution.bodies.reading import Bodies
from schema.execution.bodies.refused import Refused
from schema.execution.bodies.request_key import key_of
from schema.execution.bodies.small_json import read
from schema.execution.languages import language_of
from schema.execution.schema import schema
from schema.execution.streams.event_stream import EventSession, EventStream
from schema.execution.streams.sessions import Sessions
from schema.execution.telling.request_log import Requested
from schema.execution.tokens.auth import Authenticator, Token, member_and_pools
from schema.execution.websocket import Adapter, Handler, WebsocketSession
from schema.fairness.shares import shares
from settings import Settings

INIT_SECONDS = 10
MOST_SUBSCRIPTIONS = 50
TRY_AGAIN_LATER = 1013
Act = Callable[[Context], Awaitable[Response]]


class Endpoint(GraphQL[Any, None]):
    websocket_adapter_class = Adapter
    graphql_transport_ws_handler_class = Handler

    def __init__(self, settings: Settings, listener: Listener, sessions: Sessions) -> None:
        self.sessions = sessions
        super().__init__(
            schema,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
            allowed_origins=settings.allowed_origins,
        )
        self._authenticator = Authenticator(settings)
        self._listener = listener
        self.bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive)
        if scope["method"] == "POST":
            response = await self._admit(request, self._answer, has_operation=True)
        else:
            response = only_post()
        response = with_type(response, head_of(scope).get("accept"))
        await response(scope, receive, send)

    async def admit(self, request: Request, act: Act) -> Response:
        """Return what `act` answers to the member of the request's token, or why it does not."""
        return await self._admit(request, lambda _, __, context: act(context))

    def _answer(self, request: Request, token: Token, context: Context) -> Awaitable[Response]:
        def subscribe(operation: Operation) -> Response:
            session = EventSession(request, context)
            headers = shares.told(context.spenders, context.settings)
            return EventStream(operation, session, token, self.sessions, schema.stream, headers)

        return answer(request, context, self.bodies, subscribe)

    async def _admit(
        self,
        request: Request,
        act: Callable[[Request, Token, Context], Awaitable[Response]],
        *,
        has_operation: bool = False,
    ) -> Response:
        head = head_of(request.scope)
        language = language_of(head.get("accept-language"))
        reader = Reader(language)
        try:
            deadline = Deadline()
            authorization = head.get("authorization")
            token = self._authenticator.known_token(authorization)
            if token is None:
                with deadline.running():
                    token = await self._authenticator.read_token(authorization)
            if token:
                shares.check_debts(token.spenders, self._listener.settings)
            pool_ids = await pools_named(request) if token and has_operation else ()
            with deadline.running():
                found = await member_and_pools(token, pool_ids) if token else None
            if token is None or found is None:
                return stranger_response(reader)
            context = Context.of(found[0], self._listener, language, deadline)
            if found[1]:
                context.loaders.pools.prime_many((each.id, each) for each in found[1])
            context.spenders = token.spenders
            with Requested(context) as requested:
                context.idempotency_key = key_of(head.get("idempotency-key"))
                return requested.ended(await act(request, token, context))
        except Refused as refused:
            sparing_log.info("request refused", status=refused.status, why=refused.message)
            return refusal_response(refused, reader)
        except (ClientDisconnect, ClientLeft):
            sparing_log.info("request cut off: its client left")
            return Response(status_code=400)
        except Exception as fault:
            return fault_response(fault, reader)

    async def get_context(self, request: Any, response: Any) -> WebsocketSession:
        return WebsocketSession(request, self._listener)

    async def on_ws_connect(self, context: WebsocketSession) -> UnsetType:
        authorization = context.connection_params.get("Authorization")
        try:
            with Deadline().running():
                authenticated = await self._authenticator.authenticate(authorization)
        except Exception as fault:
            errors.internal_error(fault, "connection_init")
            await context.websocket.close(TRY_AGAIN_LATER)
            raise WebSocketDisconnected from fault
        if authenticated is None:
            raise ConnectionRejectionError
        if problem := self.sessions.admit(context, authenticated[0]):
            await context.refuse(problem)
            raise WebSocketDisconnected
        if introduced := context.websocket.scope["extensions"].get(EXTENSION):
            introduced()
        nothing: UnsetType = UNSET
        return nothing

    def encode_json(self, data: object) -> str:
        """For websockets; `bytes` would be sent as binary frames."""
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """Return the frame's value, or why it is refused: the handler says so."""
        try:
            return read(data.encode() if isinstance(data, str) else data)
        except Refused as refused:
            return refused
