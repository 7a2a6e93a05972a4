"""An erasure beside claims, changes, imports and merges of the same customer."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.customers import csv_import
from models.customers.update import update_customer
from models.erasure.erasing import ErasureReason, erase
from models.holding import follow_ups
from models.ledger import replay
from models.ownership import claims, merging, releases
from models.refusals import Refusal
from models.tables import Customer, CustomerKey, Pool
from models.viewers import Viewer
from tests.support.samples import Office, deadlocks, row, someone_waits, under_way, until

NAME = "魑魅科技"
LEFT = """
SELECT (SELECT count(*) FROM event_text t WHERE t.customer_id = $1)
  + (SELECT count(*) FROM customer_key k WHERE k.customer_id = $1) AS n
"""


@pytest.fixture
async def pool(office: Office) -> Pool:
    return await office.pool(max_hold="P30D")


async def entered(office: Office, pool: Pool) -> UUID:
    await csv_import.import_customers(await office.admin(), pool.id, f"name\n{NAME}")
    return (await Customer.get(name=NAME)).id


async def is_gone(id: UUID) -> bool:
    erased = await row(id)
    (left,) = await database.rows(LEFT, id)
    gone: tuple[Any, ...] = (erased.name, erased.pool_id, erased.owner_id, left["n"])
    return gone == ("Erased", None, None, 0) and await replay.differences() == []


async def answered(act: Awaitable[Any]) -> Any:
    try:
        return await act
    except Refusal as refusal:
        return refusal


async def in_order(
    first: Callable[[], Awaitable[Any]], second: Callable[[], Awaitable[Any]]
) -> None:
    """The second waits for the first one's commit."""
    async with under_way(first):
        waits = asyncio.create_task(answered(second()))
        await until(someone_waits)
    await waits


VERBS: dict[str, Callable[[Viewer, UUID], Awaitable[Any]]] = {
    "claim": lambda who, id: claims.claim(who, [id]),
    "assign": lambda who, id: claims.assign(who, id, who.id),
    "update": lambda who, id: update_customer(
        who, id, {"name": "魍魉科技", "phone": "13912345678"}
    ),
}
WORK: dict[str, Callable[[Viewer, UUID], Awaitable[Any]]] = {
    "follow-up": lambda who, id: follow_ups.log_follow_up(who, id, "CALL", "魑魅"),
    "release": lambda who, id: releases.give_back(who, id, "魑魅"),
}


@pytest.mark.parametrize("verb", [*VERBS, *WORK])
async def test_what_comes_before_an_erasure_is_erased(
    office: Office, pool: Pool, verb: str
) -> None:
    admin, id = await office.admin(), await entered(office, pool)
    if verb in WORK:
        await claims.claim(admin, [id])
    act = (VERBS | WORK)[verb]
    await in_order(lambda: act(admin, id), lambda: erase(admin, id, ErasureReason.REQUESTED))
    assert await is_gone(id)


async def has_met_it(late: asyncio.Task[Any]) -> bool:
    """Whether it waits for the erasure, or was refused by what it read."""
    return late.done() or await someone_waits()


@pytest.mark.parametrize("verb", [*VERBS, *WORK])
async def test_what_comes_after_an_erasure_writes_nothing(
    office: Office, pool: Pool, verb: str
) -> None:
    admin, id = await office.admin(), await entered(office, pool)
    if verb in WORK:
        await claims.claim(admin, [id])
    async with under_way(lambda: erase(admin, id, ErasureReason.REQUESTED)):
        late = asyncio.create_task(answered((VERBS | WORK)[verb](admin, id)))
        await until(partial(has_met_it, late))
    await late
    assert await is_gone(id)


async def test_an_import_of_its_name_waits_and_makes_a_new_customer(
    office: Office, pool: Pool
) -> None:
    admin, id = await office.admin(), await entered(office, pool)
    async with under_way(lambda: erase(admin, id, ErasureReason.REQUESTED)):
        again = asyncio.create_task(
            answered(csv_import.import_customers(admin, pool.id, f"name\n{NAME}"))
        )
        await until(partial(has_met_it, again))
    first = await again
    if isinstance(first, Refusal):
        await csv_import.import_customers(admin, pool.id, f"name\n{NAME}")
    assert await is_gone(id)
    (new,) = await Customer.filter(name=NAME)
    assert await CustomerKey.filter(customer_id=new.id, blocks=True).count() == 1


async def test_a_merge_before_takes_both(office: Office, pool: Pool) -> None:
    admin, id, other = (
        await office.admin(),
        await entered(office, pool),
        await office.customer(pool),
    )
    await in_order(
        lambda: merging.merge(admin, id, other, "魑魅"),
        lambda: erase(admin, id, ErasureReason.REQUESTED),
    )
    assert await is_gone(id)
    assert await is_gone(other)


async def test_an_erasure_beside_everything_else_leaves_nothing(office: Office, pool: Pool) -> None:
    admin, ids = await office.admin(), await office.customers(pool, 8)
    people = [await office.person() for _ in range(3)]

    async def live(who: Viewer, id: UUID) -> None:
        for _ in range(3):
            await answered(claims.claim(who, [id]))
            await answered(follow_ups.log_follow_up(who, id, "CALL", "魑魅"))
            await answered(releases.give_back(who, id, "魑魅"))

    lives = [live(who, id) for id in ids for who in people]
    ends = [erase(admin, id, ErasureReason.REQUESTED) for id in ids]
    before = await deadlocks()
    await asyncio.gather(*lives[:12], *ends, *lives[12:])
    for id in ids:
        assert await is_gone(id)
    assert await deadlocks() == before
