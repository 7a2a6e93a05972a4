"""GraphQL over HTTP and websockets; authentication comes before anything else."""

from datetime import timedelta
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import process_result
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET, UnsetType

from models.texts.text import Reader
from schema.base import errors
from schema.base.context import Context
from schema.base.listener import Listener
from schema.connections import sparing_log
from schema.connections.websocket_protocol import EXTENSION
from schema.execution.auth import Authenticator
from schema.execution.bodies.bounded_json import read
from schema.execution.bodies.envelope import NO_JSON_TYPE, NO_SUBSCRIPTION, no_operation
from schema.execution.bodies.operations import operation_of
from schema.execution.bodies.reading import Bodies
from schema.execution.bodies.refused import Malformed, Refused
from schema.execution.languages import language_of
from schema.execution.schema import schema
from schema.execution.websocket import Adapter, Handler, Session, Sessions
from schema.fairness.shares import shares
from settings import Settings

INIT_SECONDS = 10
MOST_SUBSCRIPTIONS = 50
TRY_AGAIN_LATER = 1013
BY_POST = (OperationType.QUERY, OperationType.MUTATION)


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
        self._bodies = Bodies()

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
            if authenticated is None:
                headers = {"WWW-Authenticate": "Bearer"}
                return error_response(401, errors.unauthenticated(reader), headers)
            context = Context.of(authenticated[1], self._listener, language)
            return await self._answer(request, context)
        except Refused as refused:
            sparing_log.info("request refused", status=refused.status, why=refused.message)
            return error_response(refused.status, _bad_request(refused.message))
        except ClientDisconnect:
            sparing_log.info("request cut off: its client left before the end of the body")
            return Response(status_code=400)
        except Exception as fault:
            return fault_response(fault, reader)

    async def _answer(self, request: Request, context: Context) -> Response:
        if "application/json" not in request.headers.get("content-type", ""):
            raise Malformed(NO_JSON_TYPE)
        async with self._bodies.reading(request, context.viewer.organization.id) as body:
            operation = await operation_of(body)
            try:
                result = await schema.execute(
                    operation.document,
                    variable_values=operation.variables,
                    context_value=context,
                    operation_name=operation.name,
                    allowed_operation_types=BY_POST,
                )
            except CannotGetOperationTypeError:
                raise Malformed(no_operation(operation.name)) from None
            except InvalidOperationTypeError:
                raise Malformed(NO_SUBSCRIPTION) from None
        content = orjson.dumps(process_result(result))
        headers = shares.told(context.viewer, context.settings)
        for error in result.errors or ():
            if (error.extensions or {}).get("code") == "OVER_BUDGET":
                headers["Retry-After"] = str((error.extensions or {})["retryAfter"])
                return Response(content, 429, headers, media_type="application/json")
        return Response(content, 200, headers, media_type="application/json")

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

    def encode_json(self, data: object) -> str:
        """For websockets; `bytes` would be sent as binary frames."""
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """Return the frame's value, or why it is refused: the handler says so."""
        try:
            return read(data.encode() if isinstance(data, str) else data)
        except Refused as refused:
            return refused


def error_response(
    status: int, error: GraphQLError, headers: dict[str, str] | None = None
) -> Response:
    content = orjson.dumps({"errors": [error.formatted]})
    return Response(content, status, headers, media_type="application/json")


def fault_response(fault: Exception, reader: Reader) -> Response:
    error = errors.internal_error(fault, reader=reader)
    seconds = (error.extensions or {}).get("retryAfter")
    if seconds is None:
        return error_response(500, error)
    return error_response(503, error, {"Retry-After": str(seconds)})


def _bad_request(why: str) -> GraphQLError:
    return GraphQLError(why, extensions={"code": "BAD_REQUEST"})
