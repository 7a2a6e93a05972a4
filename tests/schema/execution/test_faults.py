"""What nobody expected is masked, and found again by its request id; what is wrong is named."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from engines import Engines
from models import database
from settings import Settings
from tests.conftest import command
from tests.support.asking import CLAIM, FOLLOW_UP, RELEASE, customer_gid, gid
from tests.support.running import Client, Process, Processes
from tests.support.samples import Office, row, story


@pytest_asyncio.fixture
async def settings(own_settings: Settings) -> Settings:
    """These tests hide tables and close the database: each has one of its own."""
    return own_settings


HISTORY = "query ($id: ID!) { customer(id: $id) { name history { nodes { at } } } }"
VIEWER = "{ viewer { id } }"


async def send(client: Client, token: str, body: Any, **headers: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"} | headers
    return await client.http.post(client.graphql_url, json=body, headers=headers)


def masked(id: str) -> dict[str, Any]:
    message = f"Something went wrong on our side. Quote the request id {id}."
    return {"message": message, "extensions": {"code": "INTERNAL", "requestId": id}}


def logged(process: Process, id: str) -> list[dict[str, Any]]:
    """What the log says of a request besides that it came."""
    lines = [json.loads(line) for line in process.output().splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("request_id") == id and line["level"] != "info"]


async def test_a_fault_in_a_field_is_masked_and_its_log_line_found_by_the_request_id(
    processes: Processes, database: None, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    id = customer_gid(await office.customer(pool))
    process = await processes.api()
    token = process.client.token(li.member)
    await hide("event")
    body = {"query": f"{HISTORY[:-1]} {VIEWER[1:]}", "variables": {"id": id}}
    response = await send(process.client, token, body, **{"X-Request-Id": "a-request-of-ours"})
    assert response.headers["X-Request-Id"] == "a-request-of-ours"
    found = response.json()
    assert found["data"] == {"customer": None, "viewer": {"id": gid("Member", li.id)}}
    (error,) = found["errors"]
    assert error.pop("path") == ["customer", "history"]
    assert error.pop("locations")
    assert error == masked("a-request-of-ours")
    (line,) = logged(process, "a-request-of-ours")
    assert (line["level"], line["event"]) == ("error", "unexpected fault")
    assert 'relation "event" does not exist' in line["exception"]


async def test_a_fault_in_a_verb_changes_nothing_and_the_next_request_is_served(
    processes: Processes, database: None, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    process = await processes.api()
    token = process.client.token(li.member)
    await hide("event")
    for key in (None, "k1"):
        given = {"customer": customer_gid(id), "key": key}
        response = await send(process.client, token, {"query": CLAIM, "variables": given})
        named = response.headers["X-Request-Id"]
        (error,) = response.json()["errors"]
        assert error["extensions"] == {"code": "INTERNAL", "requestId": named}
        assert response.json()["data"] is None
        assert len(logged(process, named)) == 1
    assert (await row(id)).owner_id is None
    await hide("event", back=True)
    given = {"customer": customer_gid(id), "key": "k1"}
    response = await send(process.client, token, {"query": CLAIM, "variables": given})
    assert response.json()["data"]["claimCustomer"]["__typename"] == "Claimed"
    assert await story(id) == ["CREATED", "CLAIMED"]


async def hide(table: str, *, back: bool = False) -> None:
    names = (f"{table}_hidden", table) if back else (table, f"{table}_hidden")
    await database.rows("ALTER TABLE {} RENAME TO {}".format(*names))


async def test_without_a_database_every_request_is_told_so_until_it_is_back(
    processes: Processes, engines: Engines, settings: Settings, database: None, office: Office
) -> None:
    li = await office.person()
    process = await processes.api()
    token = process.client.token(li.member)
    async for _ in locked_out(engines, settings):
        for _ in range(3):
            response = await send(process.client, token, {"query": VIEWER})
            named = response.headers["X-Request-Id"]
            assert response.status_code == 503
            (error,) = response.json()["errors"]
            assert error["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 5}
            assert response.headers["Retry-After"] == "5"
            told = [line["event"] for line in logged(process, named)]
            assert told.count("PostgreSQL is busy or away") == 1
    response = await send(process.client, token, {"query": VIEWER})
    assert response.json() == {"data": {"viewer": {"id": gid("Member", li.id)}}}


async def locked_out(engines: Engines, settings: Settings) -> AsyncIterator[None]:
    """Every connection to the database is cut, and none is let in."""
    name = str(database.credentials(settings.database_url or "")["database"])
    await command(engines, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    await command(engines, cut)
    yield
    await command(engines, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


async def test_a_request_without_an_id_of_its_own_is_given_one(api: Client, office: Office) -> None:
    token = api.token((await office.admin()).member)
    first = (await send(api, token, {"query": VIEWER})).headers["X-Request-Id"]
    second = (await send(api, token, {"query": VIEWER})).headers["X-Request-Id"]
    assert first != second
    for wrong in ("with a space", "x" * 129, "<script>"):
        given = {"X-Request-Id": wrong}
        answered = (await send(api, token, {"query": VIEWER}, **given)).headers["X-Request-Id"]
        assert len(answered) == 32
    given = {"X-Request-Id": "x" * 128}
    assert (await send(api, token, {"query": VIEWER}, **given)).headers["X-Request-Id"] == "x" * 128


async def test_wrong_types_are_named_by_their_place(api: Client, office: Office) -> None:
    admin = (await office.admin()).member
    rules = (
        'mutation ($rules: RulesInput!) { createPool(name: "甲", rules: $rules) { __typename } }'
    )
    told = {
        (CLAIM, "{}"): "Variable '$customer' has invalid value: Expected a value of non-null type"
        " 'ID!' to be provided.",
        (FOLLOW_UP, '{"customer": "1", "kind": "FAX"}'): "Variable '$kind' has invalid value:"
        " Value 'FAX' does not exist in 'FollowUpKind' enum.",
        (RELEASE, '{"customer": "1", "reason": 5}'): "Variable '$reason' has invalid value:"
        " String cannot represent a non string value: 5",
        (rules, '{"rules": {"capacity": 1.5}}'): "Variable '$rules' has invalid value at .capacity:"
        " Int cannot represent non-integer value: 1.5",
        (rules, '{"rules": {"capacity": 3000000000}}'): "Variable '$rules' has invalid value at"
        " .capacity: Int cannot represent non 32-bit signed integer value: 3000000000",
        (rules, '{"rules": {"capactiy": 1}}'): "Variable '$rules' has invalid value: Expected value"
        " of type 'RulesInput' not to include unknown field 'capactiy'. Did you mean"
        " 'capacity' or 'capacities'? Found: {'capactiy': 1}.",
        (rules, '{"rules": {"capacities": [{"memberId": "1"}]}}'): "Variable '$rules' has invalid"
        " value at .capacities[0]: Expected value of type 'CapacityInput' to include required"
        " field 'capacity', found: {'memberId': '1'}.",
        ("{ viewer { nmae } }", "{}"): "Cannot query field 'nmae' on type 'Member'.",
        ("{ viewr { id } }", "{}"): "Cannot query field 'viewr' on type 'Query'.",
        ("{ pool { id } }", "{}"): "Argument 'Query.pool(id:)' of type 'ID!' is required, but it"
        " was not provided.",
    }
    for (document, variables), message in told.items():
        answer = await api.graphql(admin, document, **json.loads(variables))
        assert answer.get("data") is None
        (error,) = answer["errors"]
        assert error["message"] == message
        assert error["extensions"] == {"code": "BAD_REQUEST"}
        assert error["locations"]


@pytest.mark.parametrize(
    "document", ["{ viewer { id }", "", "{ viewer { id } } fragment F on Query { viewer { id } }"]
)
async def test_whatever_is_wrong_with_a_document_has_a_code(
    api: Client, office: Office, document: str
) -> None:
    answer = await api.graphql((await office.admin()).member, document)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_REQUEST"]


async def test_a_body_that_is_too_large_is_refused_though_it_does_not_say_how_large(
    api: Client, office: Office
) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * (1024 * 1024)

    token = api.token((await office.admin()).member)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    response = await api.http.post(api.graphql_url, content=body(), headers=headers)
    assert response.status_code == 413
    assert (await send(api, token, {"query": VIEWER})).status_code == 200


async def test_graphql_is_asked_by_post_alone(api: Client, office: Office) -> None:
    token = api.token((await office.admin()).member)
    headers = {"Authorization": f"Bearer {token}"}
    query = f"{api.graphql_url}?query={{viewer{{id}}}}"
    for method in ("GET", "PUT", "DELETE"):
        response = await api.http.request(method, query, headers=headers)
        assert response.status_code == 405
    message = "Send GraphQL by POST."
    error = {"message": message, "extensions": {"code": "BAD_REQUEST"}}
    assert (await api.http.get(query, headers=headers)).json() == {"errors": [error]}
