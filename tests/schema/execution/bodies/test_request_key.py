"""The header Idempotency-Key does what the argument does."""

import asyncio
from typing import Any

import pytest

from models.ledger import replay
from models.tables import Event
from models.viewers import Viewer
from schema.execution.bodies.request_key import key_of
from tests.support.asking import customer_gid
from tests.support.running import Client
from tests.support.samples import Office, seat, story

CLAIM = """mutation ($id: ID!, $key: String) {
  claimCustomer(customerId: $id, idempotencyKey: $key) { __typename } }"""
TWICE = """mutation ($id: ID!, $other: ID!) {
  a: claimCustomer(customerId: $id) { __typename }
  b: claimCustomer(customerId: $other) { __typename } }"""
WRONG = """mutation { saveDepartment(name: "North") { __typename } }"""


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (None, None),
        ("8e03978e", "8e03978e"),
        ('"8e03978e"', "8e03978e"),
        (' "a b" ', "a b"),
        ('"', '"'),
        ("", ""),
    ],
)
def test_the_key_is_read_with_quotes_and_without(header: str | None, key: str | None) -> None:
    assert key_of(header) == key


async def asked(
    api: Client, who: Viewer, document: str, header: str, **variables: Any
) -> dict[str, Any]:
    answer = await api.http.post(
        api.graphql_url,
        json={"query": document, "variables": variables},
        headers={"Authorization": f"Bearer {api.token(who.member)}", "Idempotency-Key": header},
    )
    assert answer.status_code == 200
    content: dict[str, Any] = answer.json()
    return content


async def test_a_repeated_header_gives_the_first_answer(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    first, other = await office.customers(pool, 2)
    given = {"id": customer_gid(first)}
    answers = await asyncio.gather(*(asked(api, li, CLAIM, '"once"', **given) for _ in range(5)))
    assert answers == [{"data": {"claimCustomer": {"__typename": "Claimed"}}}] * 5
    # The same key as an argument is the same key.
    assert await asked(api, li, CLAIM, "", key="once", **given) == answers[0]
    assert await story(first) == ["CREATED", "CLAIMED"]
    refused = await asked(api, li, CLAIM, "once", id=customer_gid(other))
    (error,) = refused["errors"]
    assert error["extensions"]["problems"][0]["path"] == "idempotencyKey"
    assert (await seat(pool, li))[0] == 1
    assert await replay.differences() == []


async def test_an_argument_comes_before_the_header(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    first, other = map(customer_gid, await office.customers(pool, 2))
    for id, key in ((first, "one"), (other, "two")):
        answer = await asked(api, li, CLAIM, "of both", id=id, key=key)
        assert answer["data"]["claimCustomer"]["__typename"] == "Claimed"


async def test_two_mutations_cannot_share_the_header(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    first, other = await office.customers(pool, 2)
    answer = await asked(
        api, li, TWICE, "of both", id=customer_gid(first), other=customer_gid(other)
    )
    assert [each["path"] for each in answer["errors"]] == [["b"]]
    assert await story(other) == ["CREATED"]


async def test_a_mutation_without_keys_ignores_it(api: Client, office: Office) -> None:
    admin = await office.admin()
    for _ in range(2):
        answer = await asked(api, admin, WRONG, "one")
        assert answer["data"]["saveDepartment"]["__typename"] == "DepartmentSaved"
    assert not await Event.filter(action="ANSWERED").exists()
