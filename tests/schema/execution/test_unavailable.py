"""What can't be had right now is UNAVAILABLE, with when to try again; nobody hangs."""

import asyncio
import contextlib
from typing import Any

import pytest
from tortoise.connection import get_connection

from models.ownership import claims
from tests.support.asking import CLAIM, CLAIMS, FOLLOW_UP, customer_gid
from tests.support.kept_places import go_first_for_the_rest
from tests.support.running import Client
from tests.support.samples import Office, connection, row

VIEWER = "{ viewer { id } }"


async def test_without_a_free_connection_the_request_may_be_repeated(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    li = await office.person()
    async with contextlib.AsyncExitStack() as stack:
        pool: Any = get_connection("default")
        for count in range(api.settings.pool_size):
            go_first_for_the_rest(count, api.settings.pool_size)
            await stack.enter_async_context(pool.acquire_connection())
        monkeypatch.setattr("models.database.connections.kept_pool.ACQUIRE_SECONDS", 0.1)
        response = await api.post(li.member, VIEWER)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 1}
    assert error["message"] == "Seapool is busy or can't reach its database. Try again in 1 s."
    assert (await api.data(li.member, VIEWER))["viewer"]["id"]


@pytest.mark.parametrize("key", [None, "k"])
async def test_a_row_that_stays_in_use_is_told_and_the_key_stays_unused(
    api: Client, office: Office, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database.transactions.PATIENCE_SECONDS", 0.2)
    pool = await office.pool(max_hold="P20D")
    li, (free, held) = await office.person(), await office.customers(pool, 2)
    await claims.claim(li, [held])
    asked = [(CLAIM, free), (FOLLOW_UP, held)]
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM customer FOR UPDATE")
        for document, id in asked:
            given = {"customer": customer_gid(id), "key": key and f"{key} {id}"}
            (error,) = (await api.graphql(li.member, document, **given))["errors"]
            assert error["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 1}
    for document, id in asked:
        given = {"customer": customer_gid(id), "key": key and f"{key} {id}"}
        (answer,) = (await api.data(li.member, document, **given)).values()
        assert answer["__typename"] in ("Claimed", "Held")


async def test_what_waits_does_not_keep_the_others_from_the_database(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D")
    li, han = await office.person(), await office.person()
    mine, theirs = await office.customers(pool, 30), await office.customers(pool, 10)
    await claims.claim(li, [mine.pop()])
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM seat WHERE member_id = $1 FOR UPDATE", li.id)
        ask = [api.graphql(li.member, CLAIM, customer=customer_gid(id)) for id in mine]
        waiting = [asyncio.create_task(each) for each in ask]
        for id in theirs:
            answer = await api.data(han.member, CLAIM, customer=customer_gid(id))
            assert answer["claimCustomer"]["__typename"] == "Claimed"
        assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)


@pytest.mark.parametrize(("key", "claimed_by_then"), [(None, 2), ("k", 0)])
async def test_of_several_claims_the_others_are_done_and_a_repeat_does_the_one_in_use(
    api: Client,
    office: Office,
    key: str | None,
    claimed_by_then: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("models.database.transactions.PATIENCE_SECONDS", 0.2)
    pool = await office.pool(max_hold="P20D")
    li, ids = await office.person(), await office.customers(pool, 3)
    given = {"customers": [customer_gid(id) for id in ids], "key": key}
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM customer WHERE id = $1 FOR UPDATE", ids[0])
        (error,) = (await api.graphql(li.member, CLAIMS, **given))["errors"]
        assert error["extensions"] == {"code": "UNAVAILABLE", "retryAfter": 1}
    assert len([id for id in ids if (await row(id)).owner_id]) == claimed_by_then
    answers = (await api.data(li.member, CLAIMS, **given))["claimCustomers"]
    kinds = ["Claimed"] + (["AlreadyHeld"] * 2 if claimed_by_then else ["Claimed"] * 2)
    assert [answer["__typename"] for answer in answers] == kinds
