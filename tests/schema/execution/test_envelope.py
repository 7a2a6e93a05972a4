"""Whatever an operation comes in: it gets a clear answer, and never one that says INTERNAL."""

import json
from typing import Any

import pytest
import structlog
from graphql import GraphQLError

from models import database
from schema.base.errors import to_graphql_errors
from schema.execution import frames
from schema.execution.bodies.envelope import operation_in
from schema.execution.bodies.refused import Malformed
from schema.execution.documents.extension import SEVERAL
from tests.schema.execution.bodies.test_sizes import post
from tests.support.running import Client
from tests.support.samples import Office
from tests.support.sockets import let_in

VIEWER = "{ viewer { id } }"
TWO = "query A { viewer { id } } query B { organization { id } }"
SUBSCRIPTION = "subscription { releaseAlerts { cursor } }"


async def refused(api: Client, office: Office, body: str, status: int = 400) -> str:
    answer = await post(api, await office.admin(), body.encode())
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    message: str = error["message"]
    return message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (r'{"query": "{viewer{id}}", "operationName": "\ud800"}', "halves of surrogate pairs"),
        (r'{"query": "{viewer{id}}", "operationName": "a b"}', "`operationName` must be the name"),
        (r'{"query": "{viewer{id}}", "operationName": [1]}', "`operationName` must be the name"),
        (r'{"query": "{viewer{id}}", "operationName": "B"}', "no operation that is named B"),
        (r'{"query": "fragment f on Member { id }"}', "no operation"),
        (r'{"query": "{viewer{id}}", "variables": []}', "`variables` must be an object"),
        (r'{"query": "{viewer{id}}", "variables": 5}', "`variables` must be an object"),
        (r'{"query": "{viewer{id}}", "extensions": "x"}', "`extensions` must be an object"),
        (r'{"query": ""}', "`query` must be a GraphQL document"),
        (r'{"variables": {}}', "`query` must be a GraphQL document"),
        (r'[{"query": "{viewer{id}}"}]', "must be a JSON object"),
        (json.dumps({"query": SUBSCRIPTION}), "Subscribe by a websocket"),
    ],
)
async def test_a_wrong_envelope_is_told_what_would_be_right(
    api: Client, office: Office, body: str, said: str
) -> None:
    assert said in await refused(api, office, body)


async def test_of_several_operations_one_must_be_named(api: Client, office: Office) -> None:
    assert await refused(api, office, json.dumps({"query": TWO}), 200) == SEVERAL
    admin = await office.admin()
    answer = await post(api, admin, json.dumps({"query": TWO, "operationName": "B"}).encode())
    assert list(answer.json()["data"]) == ["organization"]


async def test_another_type_of_content_is_told_to_be_json(api: Client, office: Office) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", ""):
        answer = await post(api, await office.admin(), b"{}", **{"Content-Type": kind})
        assert answer.status_code == 400
        assert "application/json" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "document",
    [
        "{ members(first: %s) { nodes { id } } }",
        '{ adviseCapacity(poolId: "1", visitsPerDay: %s) { capacity } }',
        "query ($n: Int = %s) { members(first: $n) { nodes { id } } }",
        "{ node(id: %s) { id } }",
    ],
)
async def test_a_number_of_5000_digits_is_no_fault_of_ours(
    api: Client, office: Office, document: str
) -> None:
    answer = await api.graphql((await office.admin()).member, document % ("9" * 5_000))
    codes = {error["extensions"]["code"] for error in answer["errors"]}
    assert codes <= {"BAD_REQUEST", "InvalidInput"}


async def test_no_path_redirects_to_a_host_that_was_sent(api: Client) -> None:
    for path in ("/graphql/", "/livez/", "//evil.example/graphql"):
        answer = await api.http.post(api.url + path, headers={"Host": "evil.example"})
        assert answer.status_code == 404
        assert "location" not in answer.headers


def subscribe(**payload: Any) -> str:
    return json.dumps({"type": "subscribe", "id": "1", "payload": payload})


@pytest.mark.parametrize(
    "frame",
    [
        '{"type": "complete", "id": [1]}',
        '{"type": "complete"}',
        '{"type": "complete", "id": {}}',
        '{"type": ["subscribe"]}',
        '{"type": {}}',
        json.dumps({"type": "x" * 60_000}),
        json.dumps({"type": "subscribe", "id": "x" * 60_000, "payload": {"query": VIEWER}}),
        '{"type": "subscribe", "id": "", "payload": {"query": "{a}"}}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "ping", "payload": 5}',
        '{"type": "connection_init", "payload": [1]}',
        subscribe(query=VIEWER, operationName=[1]),
        subscribe(query=VIEWER, operationName="a b"),
        subscribe(query=VIEWER, variables=[1]),
        subscribe(query=VIEWER, extensions=[1]),
        r'{"type": "subscribe", "id": "1", "payload": {"query": "\ud800"}}',
        f'{{"type": "ping", "payload": {{"a": {"[" * 50_000}{"]" * 50_000}}}}}',
        f'{{"type": "ping", "payload": {{"a": [{"1," * 30_000}1]}}}}',
        f'{{"type": "ping", "payload": {{"a": {"9" * 5_000}}}}}',
        "[" * 100_000,
    ],
)
async def test_a_malformed_frame_closes_with_a_reason_that_says_what_is_wrong(
    api: Client, office: Office, frame: str
) -> None:
    async with let_in(api, (await office.person()).member) as socket:
        await socket.connection.send(frame)
        assert await socket.closed() == 4400
        reason = socket.connection.close_reason
        assert reason
        assert len(reason.encode()) <= frames.LONGEST_REASON


async def test_a_syntax_error_of_a_websocket_is_told(api: Client, office: Office) -> None:
    async with let_in(api, (await office.person()).member) as socket:
        await socket.ask(f"{{ viewer {{ {'名' * 500}")
        assert (await socket.error())["message"].startswith("Syntax Error")


async def test_of_several_operations_a_websocket_is_told_too(api: Client, office: Office) -> None:
    async with let_in(api, (await office.person()).member) as socket:
        await socket.ask(TWO)
        assert (await socket.error())["message"] == SEVERAL
        await socket.ask(VIEWER)
        assert (await socket.next())["id"].startswith("Member_")


def test_an_envelope_may_have_nulls_for_what_is_left_out() -> None:
    given = {"query": VIEWER, "variables": None, "extensions": None, "operationName": None}
    assert operation_in(given) == operation_in({"query": VIEWER, "anything": 1})
    with pytest.raises(Malformed):
        operation_in(None)


def test_many_errors_are_told_in_part_and_a_fault_is_logged_once() -> None:
    fault = ValueError("one fault of many fields")
    errors = [GraphQLError("hidden", original_error=fault) for _ in range(540)]
    with structlog.testing.capture_logs() as lines:
        *told, last = to_graphql_errors(errors, "an operation")
    assert len(told) == 200
    assert {str((error.extensions or {})["code"]) for error in told} == {"INTERNAL"}
    assert last.message == "340 more errors are left out."
    assert [line["event"] for line in lines] == ["unexpected fault"]


def test_a_fault_that_passes_is_told_so_in_each_field_and_logged_once() -> None:
    fault = database.Unavailable("a row was in use")
    errors = [GraphQLError("hidden", original_error=fault) for _ in range(3)]
    with structlog.testing.capture_logs() as lines:
        told = to_graphql_errors(errors, "an operation")
    assert [error.extensions for error in told] == [{"code": "UNAVAILABLE", "retryAfter": 1}] * 3
    assert [line["event"] for line in lines] == ["PostgreSQL is busy or away"]
