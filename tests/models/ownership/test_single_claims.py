"""A claim of one customer is written by the statement of all claims, with its key and answer."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import database
from models.ledger import replay
from models.ledger.idempotency import idempotent
from models.ledger.outcomes import Claimed, Outcome
from models.ownership import claims
from models.ownership.single_claims import claim_one, claim_with_key
from models.refusals import AlreadyHeld, CapacityReached, InvalidInput, NotFound
from models.viewers import Viewer
from tests.support.samples import Office, row

LEDGER = """
SELECT action, txid FROM event WHERE organization_id = $1 AND actor_id = $2
  AND action IN ('CLAIMED', 'ANSWERED') ORDER BY action
"""


def request_of(id: UUID) -> list[Any]:
    return ["claim", [str(id)]]


async def keyed(who: Viewer, id: UUID, key: str) -> Outcome | None:
    return await claim_with_key(who, key, request_of(id), id)


async def test_the_claim_and_the_answer_to_its_key_have_one_commit(office: Office) -> None:
    pool = await office.pool()
    li, id = await office.person(), await office.customer(pool)
    assert isinstance(await keyed(li, id, "key"), Claimed)
    answered, claimed = await database.rows(LEDGER, li.organization.id, li.id)
    assert (answered["action"], claimed["action"]) == ("ANSWERED", "CLAIMED")
    assert answered["txid"] == claimed["txid"]


async def test_a_repeated_key_gets_the_answer_that_either_way_stored(office: Office) -> None:
    pool = await office.pool()
    li, (first, second) = await office.person(), await office.customers(pool, 2)
    await keyed(li, first, "short")
    await idempotent(li, "long", request_of(second), lambda: claims.claim(li, [second]))
    for id, key in ((first, "short"), (second, "long")):
        again = await keyed(li, id, key)
        assert isinstance(again, Claimed)
        assert again.customer.id == id
        answers = await idempotent(li, key, request_of(id), lambda: claims.claim(li, []))
        assert [type(each) for each in answers] == [Claimed]


async def test_one_key_for_two_customers_at_once_claims_one_and_harms_no_other(
    office: Office,
) -> None:
    pool = await office.pool()
    (li, han), ids = [await office.person() for _ in range(2)], await office.customers(pool, 3)
    asked = (keyed(li, ids[0], "key"), keyed(li, ids[1], "key"), keyed(han, ids[2], "key"))
    *mine, his = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(his, Claimed)
    (lost,) = (n for n, each in enumerate(mine) if not isinstance(each, Claimed))
    # The other one came a moment before, or long before.
    assert mine[lost] is None or isinstance(mine[lost], InvalidInput)
    assert (await row(ids[lost])).owner_id is None
    with pytest.raises(InvalidInput):
        await keyed(li, ids[lost], "key")
    assert await replay.differences() == []


async def test_a_refusal_is_left_to_the_longer_way_and_changes_nothing(office: Office) -> None:
    pool = await office.pool()
    li, han, id = await office.person(), await office.person(), await office.customer(pool)
    await keyed(han, id, "key")
    assert await keyed(li, id, "key") is None
    answers = await idempotent(li, "key", request_of(id), lambda: claims.claim(li, [id]))
    assert answers == [AlreadyHeld()]


async def test_a_key_that_is_none_is_invalid(office: Office) -> None:
    pool = await office.pool()
    li, id = await office.person(), await office.customer(pool)
    for key in ("", "x" * 201, "a\0b"):
        with pytest.raises(InvalidInput):
            await keyed(li, id, key)
    assert (await row(id)).owner_id is None


async def test_without_a_key_a_refusal_is_the_answer(office: Office) -> None:
    pool = await office.pool(capacity=1)
    li, (first, second) = await office.person(), await office.customers(pool, 2)
    assert isinstance(await claim_one(li, first), Claimed)
    assert await claim_one(li, second) == CapacityReached(1, 1)
    assert await claim_one(await office.person(), first) == AlreadyHeld()
    assert [await claim_one(li, id) for id in (uuid4(), None)] == [NotFound()] * 2
    assert (await row(second)).owner_id is None


async def test_a_transaction_leaves_its_claim_to_the_longer_way(office: Office) -> None:
    pool = await office.pool()
    li, id = await office.person(), await office.customer(pool)
    async with database.transaction():
        assert await claim_one(li, id) is None
        assert isinstance((await claims.claim(li, [id]))[0], Claimed)
