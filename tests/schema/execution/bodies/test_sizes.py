"""Bodies have 256 KB at most; an import alone has 16 MB."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from models.tables import Customer
from models.viewers import Viewer
from schema.execution.bodies import reading
from schema.execution.bodies.bounded_json import LONGEST_STRING
from schema.execution.bodies.operations import operation_of
from schema.execution.bodies.reading import LARGEST, LARGEST_IMPORT
from schema.execution.bodies.refused import Malformed, TooLarge
from tests.support.asking import gid
from tests.support.running import Client, Processes
from tests.support.samples import Office

IMPORT = """mutation ($pool: ID!, $csv: String!) {
  importCustomers(poolId: $pool, csv: $csv) { __typename ... on Imported { count } } }"""
TOO_MUCH = "mutation ($csv: String!) { importCustomers(poolId: 1, csv: $csv) { __typename } %s }"
VIEWER = "{ viewer { id } }"


def body_of(document: str, **variables: object) -> bytes:
    return json.dumps({"query": document, "variables": variables}).encode()


async def post(api: Client, who: Viewer, content: Any, **headers: str) -> httpx2.Response:
    given = {
        "Authorization": f"Bearer {api.token(who.member)}",
        "Content-Type": "application/json",
    }
    return await api.http.post(api.graphql_url, content=content, headers=given | headers)


async def test_a_body_of_more_than_256_kb_is_refused(api: Client, office: Office) -> None:
    admin = await office.admin()
    body = body_of(VIEWER)
    answer = await post(api, admin, body + b" " * (LARGEST - len(body)))
    assert "data" in answer.json()
    answer = await post(api, admin, body + b" " * (LARGEST - len(body) + 1))
    assert answer.status_code == 413
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert "256 KB" in error["message"]


async def test_an_import_may_be_larger(api: Client, office: Office) -> None:
    admin, pool = await office.admin(), await office.pool()
    rows = [f"customer {n} of a large file" for n in range(12_000)]
    body = body_of(IMPORT, pool=gid("Pool", pool.id), csv="\n".join(["name", *rows]))
    assert len(body) > LARGEST
    answer = (await post(api, admin, body)).json()
    assert answer["data"]["importCustomers"] == {"__typename": "Imported", "count": 12_000}
    assert await Customer.filter(pool_id=pool.id).count() == 12_000


@pytest.mark.parametrize("chunked", [True, False])
async def test_no_body_has_more_than_16_mb(api: Client, office: Office, chunked: bool) -> None:
    async def chunks() -> Any:
        for _ in range(LARGEST_IMPORT // 65536 + 1):
            yield b" " * 65536

    content = chunks() if chunked else b" " * (LARGEST_IMPORT + 1)
    assert (await post(api, await office.admin(), content)).status_code == 413


@pytest.mark.parametrize(
    "document",
    [
        VIEWER,
        TOO_MUCH % "viewer { id }",
        TOO_MUCH % "b: importCustomers(poolId: 1, csv: $csv) { __typename }",
        f"{TOO_MUCH % ''} query a {VIEWER}",
        "mutation { ...f } fragment f on Mutation { importCustomers { __typename } }",
        "{",
    ],
)
async def test_only_a_document_that_imports_alone_may_be_as_large(document: str) -> None:
    with pytest.raises(TooLarge):
        await operation_of(body_of(document, csv="x" * LARGEST))


async def test_only_the_text_of_an_import_is_a_long_string() -> None:
    long = "x" * (LONGEST_STRING + 1)
    assert (await operation_of(body_of(IMPORT, csv=long))).variables == {"csv": long}
    for document, variables in (
        (VIEWER, {"x": long}),
        (VIEWER, {long: 1}),
        (IMPORT, {"csv": long, "x": long}),
    ):
        with pytest.raises(Malformed):
            await operation_of(body_of(document, **variables))


async def test_large_bodies_of_an_organization_take_turns(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "WAIT_SECONDS", 0.1)
    admin, began, end = await office.admin(), asyncio.Event(), asyncio.Event()

    async def slow() -> Any:
        yield b" " * (LARGEST + 1)
        began.set()
        await end.wait()
        yield body_of(VIEWER)

    first = asyncio.create_task(post(api, admin, slow()))
    await began.wait()
    async with asyncio.timeout(10):
        while (busy := await post(api, admin, b" " * (LARGEST + 1))).status_code != 503:
            pass  # Until the server has seen that the first one is large.
    assert busy.headers["Retry-After"] == "5"
    assert "data" in (await post(api, admin, body_of(VIEWER))).json()
    end.set()
    assert (await first).status_code == 413
    assert (await post(api, admin, b" " * (LARGEST + 1))).status_code == 400


async def test_a_body_that_is_cut_off_costs_a_line_a_second(
    processes: Processes, database: None, office: Office
) -> None:
    process = await processes.api()
    token = process.client.token((await office.admin()).member)
    head = f"POST /graphql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n"
    head += 'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query"'
    port = int(process.url.rpartition(":")[2])
    for _ in range(30):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    assert "data" in (await post(process.client, await office.admin(), body_of(VIEWER))).json()
    async with asyncio.timeout(10):
        while "cut off" not in process.output():
            await asyncio.sleep(0.01)
    lines = [line for line in process.output().splitlines() if "cut off" in line]
    assert len(lines) <= 3
    assert "Traceback" not in process.output()
