"""GraphQL over HTTP and websockets; authentication comes before anything else."""

import json
from datetime import timedelta
from typing import Any

from cross_web import HTTPException
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET, UnsetType

from models.texts.text import Reader
from schema.base import errors
from schema.base.context import Context
from schema.base.listener import Listener
from schema.connections.websocket_protocol import EXTENSION
from schema.execution.auth import Authenticator
from schema.execution.languages import language_of
from schema.execution.schema import schema
from schema.execution.websocket import Adapter, Handler, Session, Sessions
from settings import Settings

INIT_SECONDS = 10
MOST_SUBSCRIPTIONS = 50
TRY_AGAIN_LATER = 1013


class Endpoint(GraphQL[Any, None]):
    websocket_adapter_class = Adapter
    graphql_transport_ws_handler_class = Handler

    def __init__(self, settings: Settings, listener: Listener, sessions: Sessions) -> None:
        self.sessions = sessions
        super().__init__(
            schema,
            graphql_ide="graphiql" if settings.graphiql else None,
            allow_queries_via_get=False,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS),
            max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
            allowed_origins=settings.allowed_origins,
        )
        self._authenticator = Authenticator(settings)
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await super().__call__(scope, receive, send)
            return
        response = await self._response(Request(scope, receive))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        if request.method != "POST":
            return self._page()
        language = language_of(request.headers.get("accept-language"))
        reader = Reader(language)
        try:
            authorization = request.headers.get("authorization")
            authenticated = await self._authenticator.authenticate(authorization)
        except Exception as fault:
            return fault_response(fault, reader)
        if authenticated is None:
            return error_response(
                401, errors.unauthenticated(reader), {"WWW-Authenticate": "Bearer"}
            )
        await request.body()  # Starlette refuses a body over LARGEST_BODY here.
        try:
            context = Context.of(authenticated[1], self._listener, language)
            return await self.run(request, context=context)
        except HTTPException as wrong:
            return error_response(wrong.status_code, _bad_request(wrong.reason))
        except Exception as fault:
            return fault_response(fault, reader)

    def _page(self) -> Response:
        if self.graphql_ide:
            return HTMLResponse(self.graphql_ide_html)
        wrong = _bad_request("Send GraphQL by POST.")
        return error_response(405, wrong, {"Allow": "POST"})

    async def get_context(self, request: Any, response: Any) -> Session:
        return Session(request, self._listener)

    async def on_ws_connect(self, context: Session) -> UnsetType:
        authorization = context.connection_params.get("Authorization")
        try:
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

    def parse_json(self, data: str | bytes) -> Any:
        body = super().parse_json(data)
        if not isinstance(body, dict | list):
            raise HTTPException(400, "The request's body must be a JSON object.")
        return body

    def encode_json(self, data: object) -> str:
        """Unescaped: \\u escapes make Chinese text twice as long."""
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def decode_json(self, data: str | bytes) -> object:
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise json.JSONDecodeError("Not JSON", "", 0) from None


def error_response(
    status: int, error: GraphQLError, headers: dict[str, str] | None = None
) -> Response:
    return JSONResponse({"errors": [error.formatted]}, status, headers)


def fault_response(fault: Exception, reader: Reader) -> Response:
    error = errors.internal_error(fault, reader=reader)
    seconds = (error.extensions or {}).get("retryAfter")
    if seconds is None:
        return error_response(500, error)
    return error_response(503, error, {"Retry-After": str(seconds)})


def _bad_request(why: str) -> GraphQLError:
    return GraphQLError(why, extensions={"code": "BAD_REQUEST"})
