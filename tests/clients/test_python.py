"""clients/python against the real API, behind a wire that can be cut and can lose an answer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from seapool_client import (
    ClaimQueue,
    Client,
    ConnectionLost,
    FileStorage,
    Happened,
    InvalidValue,
    Resync,
    SeapoolError,
    Unauthenticated,
    rows,
)
from tests.clients.stage import Stage


@pytest_asyncio.fixture
async def seapool(stage: Stage) -> AsyncIterator[Client]:
    async with client_of(stage) as client:
        yield client


def client_of(stage: Stage, *tokens: str, **given: Any) -> Client:
    """With these tokens one after the other, then the good one."""
    coming = iter(tokens)

    async def token() -> str:
        return next(coming, stage.seen["token"])

    return Client(stage.seen["url"], token, **given)


async def customers_of(events: AsyncIterator[Any], count: int) -> list[str]:
    seen: list[str] = []
    async with asyncio.timeout(20):
        while len(seen) < count:
            told = await anext(events)
            assert isinstance(told, Happened), told
            seen.append(told.event.customer.id)
    return seen


async def test_a_claim_whose_answer_was_lost_is_done_once(stage: Stage, seapool: Client) -> None:
    (customer,) = await stage.customers(1)
    await stage.lose("mutation ClaimCustomer")
    outcome = (await seapool.claim_customer(customer)).claim_customer
    assert outcome.typename__ == "Claimed"
    assert outcome.customer.owner
    assert await stage.lost() == 1
    assert await stage.story(customer) == ["CREATED", "CLAIMED"]
    again = (await seapool.claim_customer(customer)).claim_customer
    assert again.typename__ == "AlreadyHeld"
    assert again.message


async def test_a_mutation_without_a_key_is_not_sent_again(stage: Stage, seapool: Client) -> None:
    (customer,) = await stage.customers(1)
    await stage.lose("mutation RequestExtension")
    with pytest.raises(ConnectionLost):
        await seapool.request_extension(customer, "P1D", "出差")
    assert await stage.lost() == 1


async def test_over_the_budget_a_call_waits_as_long_as_the_api_says(
    stage: Stage, seapool: Client
) -> None:
    await stage.spend()
    began = asyncio.get_running_loop().time()
    assert (await seapool.viewer()).viewer.id.startswith("Member_")
    assert asyncio.get_running_loop().time() - began >= 1


async def test_errors_have_the_class_of_their_code(stage: Stage, seapool: Client) -> None:
    async with client_of(stage, "nobody", language="zh") as stranger:
        with pytest.raises(Unauthenticated, match="令牌"):
            await stranger.viewer()
        assert (await stranger.viewer()).viewer.role == "SALES"
    (customer,) = await stage.customers(1)
    with pytest.raises(InvalidValue) as refused:
        await seapool.request_extension(customer, "next week", "出差")
    assert [each["path"] for each in refused.value.extensions["problems"]] == ["by"]


async def test_rows_come_once_though_others_move_between_two_pages(
    stage: Stage, seapool: Client
) -> None:
    created = await stage.customers(5)

    async def read(after: str | None) -> Any:
        answer = await seapool.pool_customers(stage.seen["poolId"], first=2, after=after)
        if after is None:
            await stage.customers(3)
        assert answer.pool
        return answer.pool.customers

    seen = [row.id async for row in rows(read)]
    assert sorted(seen) == sorted(created)


async def test_alerts_go_on_behind_the_last_one_whatever_happens_while_the_wire_is_cut(
    stage: Stage, seapool: Client
) -> None:
    events = seapool.follow_alerts(await stage.here())
    before = await stage.assign(2)
    assert await customers_of(events, 2) == before
    await stage.cut()
    during = await stage.assign(3)
    waiting = asyncio.create_task(customers_of(events, 3))
    await stage.mend()
    assert await waiting == during


async def test_a_connection_that_died_without_a_word_is_made_again(stage: Stage) -> None:
    async with client_of(stage, ping_seconds=0.2) as seapool:
        events = seapool.follow_alerts(await stage.here())
        before = await stage.assign(1)
        assert await customers_of(events, 1) == before
        await stage.silence()
        during = await stage.assign(1)
        assert await customers_of(events, 1) == during


async def test_without_a_cursor_nothing_is_missed_over_a_cut_before_the_first_event(
    stage: Stage, seapool: Client
) -> None:
    await stage.heard()
    alerts, changes = seapool.follow_alerts(), seapool.follow_pool(stage.seen["poolId"])
    told = [asyncio.create_task(customers_of(each, 1)) for each in (alerts, changes)]
    await stage.listening()
    await stage.listening("poolChanges")
    await stage.cut()
    during = await stage.assign(1)
    await stage.mend()
    assert await asyncio.gather(*told) == [during, during]


async def test_a_page_and_the_changes_behind_its_cursor_miss_nothing(
    stage: Stage, seapool: Client
) -> None:
    (before,) = await stage.customers(1)
    await stage.heard()
    pool = (await seapool.pool_customers(stage.seen["poolId"])).pool
    assert pool is not None
    assert before in [each.id for each in pool.customers.nodes]
    (later,) = await stage.customers(1)
    changes = seapool.follow_pool(stage.seen["poolId"], pool.customers.feed_cursor)
    assert await customers_of(changes, 1) == [later]


async def test_a_cursor_that_leads_nowhere_is_told_once(stage: Stage, seapool: Client) -> None:
    await stage.assign(1)
    events = seapool.follow_alerts(await stage.stale())
    assert await anext(events) == Resync()
    later = await stage.assign(1)
    assert await customers_of(events, 1) == later


async def test_a_closed_client_ends_its_subscriptions(stage: Stage) -> None:
    async def told(events: AsyncIterator[Any]) -> list[Any]:
        return [each async for each in events]

    async with client_of(stage) as seapool:
        waiting = asyncio.create_task(told(seapool.follow_alerts(await stage.here())))
        await stage.listening()
    assert await waiting == []
    await stage.sockets(0)
    with pytest.raises(SeapoolError) as refused:
        await anext(seapool.follow_alerts("7"))
    assert refused.value.code == "CLIENT_CLOSED"


async def test_a_pools_changes_go_on_with_a_renewed_token(stage: Stage) -> None:
    after = await stage.here()
    async with client_of(stage, "expired") as seapool:
        opened = await stage.customers(2)
        events = seapool.follow_pool(stage.seen["poolId"], after)
        assert sorted(await customers_of(events, 2)) == sorted(opened)
    async with client_of(stage, "nobody", "nobody") as stranger:
        with pytest.raises(Unauthenticated):
            await anext(stranger.follow_pool(stage.seen["poolId"], after))


async def test_claims_made_offline_are_kept_and_replayed_once(
    stage: Stage, seapool: Client, tmp_path: Path
) -> None:
    customers = await stage.customers(2)
    storage = FileStorage(tmp_path / "claims.json")
    await stage.cut()
    async with client_of(stage, attempts=1) as offline:
        queue = ClaimQueue(offline, storage)
        first, _ = [queue.add(each) for each in customers]
        assert queue.add(customers[0]) == first
        with pytest.raises(ConnectionLost):
            [each async for each in queue.replay()]
        await stage.mend()
        # The answer to the first claim is lost, and with it the app's patience.
        await stage.lose("mutation ClaimCustomer")
        with pytest.raises(ConnectionLost):
            [each async for each in queue.replay()]
    queue = ClaimQueue(seapool, storage)
    assert [each.customer_id for each in queue.waiting] == customers
    queue.add("Customer_no-id")
    answers = [each.outcome async for each in queue.replay() if each.outcome]
    kinds = [each.claim_customer.typename__ for each in answers]
    assert kinds == ["Claimed", "Claimed", "NotFound"]
    assert queue.waiting == []
    for customer in customers:
        assert await stage.story(customer) == ["CREATED", "CLAIMED"]
