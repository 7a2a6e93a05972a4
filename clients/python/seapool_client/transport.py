"""How operations travel: gql's transports, with a key for each call, and retries."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar
from uuid import uuid4

from gql import GraphQLRequest
from gql.transport.exceptions import TransportError, TransportQueryError, TransportServerError
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport
from graphql import DocumentNode, OperationDefinitionNode, OperationType, parse
from pydantic_core import to_jsonable_python
from websockets.exceptions import ConnectionClosed

from seapool_client.clock import ServerClock
from seapool_client.errors import SeapoolError, error_of, error_of_status, lost
from seapool_client.retries import retrying

KEY = "idempotencyKey"
# An event that nobody waits for holds up no close.
CLOSE_SECONDS = 1
FORBIDDEN, TOO_MANY = 4403, 4429
CLOSES = {FORBIDDEN: 401, TOO_MANY: 503}
ACCEPTED = "application/graphql-response+json, application/json;q=0.9"


@dataclass
class Transport:
    """`url` is that of GraphQL. `token` is asked at each request and each connection.

    `language` is the Accept-Language of all messages, `timeout` the seconds of one attempt. Each
    `ping_seconds` a websocket is asked whether it lives; it dies half of them without an answer.
    """

    url: str
    token: Callable[[], Awaitable[str]]
    language: str | None = None
    attempts: int = 6
    timeout: float = 20.0
    ping_seconds: float = 10.0
    clock: ServerClock = field(default_factory=ServerClock)

    # The type of a variable that a call leaves out.
    unset: ClassVar[type] = type(None)

    def __post_init__(self) -> None:
        hooks = {"request": [self._sign], "response": [self._learn]}
        self._http = HTTPXAsyncTransport(self.url, timeout=self.timeout, event_hooks=hooks)
        self._connecting = asyncio.Lock()
        self._sockets: set[WebsocketsTransport] = set()
        self._closed = False
        # All websockets that ever were accepted.
        self.connections = 0

    async def close(self) -> None:
        """End all subscriptions; a new one raises CLIENT_CLOSED."""
        self._closed = True
        await asyncio.gather(*(each.close() for each in self._sockets))
        await self._http.close()  # type: ignore[no-untyped-call]

    async def execute(
        self, query: str, operation_name: str, variables: dict[str, object], **options: Any
    ) -> Mapping[str, Any]:
        """Run a query or a mutation; return its data. Raises SeapoolError.

        A mutation that takes a key gets one for the call, the same at each attempt. Another one
        comes again only where nothing was done, or with the option `repeatable=True`.
        """
        document = _parsed(query)
        given = self._given(variables)
        keyed = KEY in variables
        if keyed:
            given.setdefault(KEY, uuid4().hex)
        request = GraphQLRequest(document, variable_values=given, operation_name=operation_name)
        repeatable = keyed or _is_query(document) or options.get("repeatable", False)
        return await retrying(
            lambda: self._attempt(request), attempts=self.attempts, repeatable=repeatable
        )

    def get_data(self, response: Mapping[str, Any]) -> Mapping[str, Any]:
        return response

    async def execute_ws(
        self, query: str, operation_name: str, variables: dict[str, object], **_: Any
    ) -> AsyncIterator[dict[str, Any]]:
        """Subscribe by a websocket of its own, until it ends or breaks. Raises SeapoolError."""
        if self._closed:
            raise SeapoolError("CLIENT_CLOSED", "This client is closed.")
        request = GraphQLRequest(
            _parsed(query), variable_values=self._given(variables), operation_name=operation_name
        )
        transport = await self._socket()
        try:
            await transport.connect()
            self.connections += 1
            async with aclosing(transport.subscribe(request)) as answers:
                async for answer in answers:
                    if answer.errors:
                        raise error_of(answer.errors)
                    yield dict(answer.data or {})
        except TransportQueryError as error:
            raise error_of(error.errors or [{"message": str(error)}]) from error
        except (TransportError, TimeoutError) as error:
            status = CLOSES.get(_close_code(error) or 0)
            raise (error_of_status(status) if status else lost()) from error
        finally:
            self._sockets.discard(transport)
            await transport.close()

    async def _socket(self) -> WebsocketsTransport:
        transport = WebsocketsTransport(
            self.url.replace("http", "ws", 1),
            init_payload=await self._headers(),
            subprotocols=[WebsocketsTransport.GRAPHQLWS_SUBPROTOCOL],
            ping_interval=self.ping_seconds,
            close_timeout=CLOSE_SECONDS,
        )
        self._sockets.add(transport)
        return transport

    async def _attempt(self, request: GraphQLRequest) -> Mapping[str, Any]:
        await self._connect()
        try:
            answer = await self._http.execute(request)
        except TransportServerError as error:
            response = getattr(error.__cause__, "response", None)
            retry_after = _seconds(response.headers.get("Retry-After") if response else None)
            raise error_of_status(error.code or 0, retry_after) from error
        except TransportError as error:
            raise lost() from error
        if answer.errors:
            raise error_of(answer.errors, answer.data)
        return answer.data or {}

    async def _connect(self) -> None:
        async with self._connecting:
            if self._http.client is None:
                await self._http.connect()  # type: ignore[no-untyped-call]

    async def _headers(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {await self.token()}"}
        return headers | {"Accept-Language": self.language} if self.language else headers

    async def _sign(self, request: Any) -> None:
        request.headers.update(await self._headers() | {"Accept": ACCEPTED})
        request.extensions["sent_at"] = time.time()

    async def _learn(self, response: Any) -> None:
        sent_at = response.request.extensions["sent_at"]
        self.clock.learn(response.headers.get("Date"), sent_at, time.time())

    def _given(self, variables: Mapping[str, object]) -> dict[str, Any]:
        """What a call gives, as JSON; what it leaves out has the API's default."""
        given = {k: v for k, v in variables.items() if not isinstance(v, self.unset)}
        plain: dict[str, Any] = to_jsonable_python(given, by_alias=True, exclude_none=True)
        return plain


@lru_cache(maxsize=256)
def _parsed(query: str) -> DocumentNode:
    return parse(query)


def _is_query(document: DocumentNode) -> bool:
    return all(
        each.operation is OperationType.QUERY
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    )


def _seconds(header: str | None) -> float:
    """Retry-After in seconds; 0 for a date, which the API never sends."""
    return float(header) if header and header.isdecimal() else 0.0


def _close_code(error: BaseException) -> int | None:
    """The code with which the server closed, if it did."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ConnectionClosed):
            return cause.rcvd.code if cause.rcvd else None
        cause = cause.__cause__
    return None
