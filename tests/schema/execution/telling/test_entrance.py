"""Every answer has a request id and the headers of CORS, whichever way its request went."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Scope

from schema.execution.telling.entrance import Entrance

OURS, FOREIGN = b"https://crm.example", b"https://evil.example"
INNER = Response(b"{}", 200, {"RateLimit": "r"}, media_type="application/json")


async def headers_of(
    path: str, *given: tuple[bytes, bytes], origins: tuple[str, ...] = (OURS.decode(),)
) -> list[tuple[bytes, bytes]]:
    scope: Scope = {"type": "http", "method": "POST", "path": path, "headers": list(given)}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    receive = asyncio.Queue[Message]().get
    await Entrance(INNER, INNER, origins)(scope, receive, send)
    assert [each["type"] for each in sent] == ["http.response.start", "http.response.body"]
    headers: list[tuple[bytes, bytes]] = sent[0]["headers"]
    return headers


@pytest.mark.parametrize("origins", [(), (OURS.decode(),), ("*",)])
@pytest.mark.parametrize("origin", [None, OURS, FOREIGN, b"null", b"\xe4"])
async def test_an_operation_is_answered_as_starlette_answers_what_takes_its_router(
    origin: bytes | None, origins: tuple[str, ...]
) -> None:
    given = [(b"x-request-id", b"r1"), *([(b"origin", origin)] if origin else [])]
    straight = await headers_of("/graphql", *given, origins=origins)
    assert straight == await headers_of("/sheets", *given, origins=origins)
    assert (b"x-request-id", b"r1") in straight
    allowed = origin is not None and (origin.decode("latin-1") in origins or "*" in origins)
    named = [name for name, _ in straight]
    assert (b"access-control-allow-origin" in named) == allowed


@pytest.mark.parametrize("path", ["/graphql", "/sheets"])
async def test_the_first_of_several_ids_is_the_request_s(path: str) -> None:
    given = [(b"x-request-id", b"first"), (b"x-request-id", b"second")]
    assert dict(await headers_of(path, *given))[b"x-request-id"] == b"first"


async def test_no_answer_changes_the_next_one() -> None:
    first = await headers_of("/graphql")
    second = await headers_of("/graphql")
    assert [name for name, _ in first] == [name for name, _ in second]
    assert len(INNER.raw_headers) == 3


async def test_an_answer_to_what_failed_has_an_id() -> None:
    async def fails(request: Request) -> Response:
        raise RuntimeError("a fault of ours")

    app = Entrance(Starlette(routes=[Route("/readyz", fails)]), INNER, ())
    scope = {"type": "http", "method": "GET", "path": "/readyz", "headers": [], "query_string": b""}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError):
        await app(scope, asyncio.Queue[Message]().get, send)
    assert sent[0]["status"] == 500
    assert b"x-request-id" in dict(sent[0]["headers"])
