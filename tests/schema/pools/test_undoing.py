"""Releases by a wrong rule, taken back through HTTP."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.customers.moves import move_customers
from models.customers.update import update_customer
from models.erasure.erasing import ErasureReason, erase
from models.holding import follow_ups
from models.ledger import replay
from models.organizations import leaving
from models.ownership import claims, releases, undoing
from models.ownership.drain import release_due
from models.pools import pools
from models.tables import Event, Pool
from models.viewers import Viewer
from tests.support.asking import ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office, events, found, row, seat, story, time_passes

UNDO = """mutation ($customer: ID, $pool: ID, $version: Int) {
  undoReleases(customerId: $customer, poolId: $pool, rulesVersion: $version) { __typename
    ... on ReleasesUndone { count claimedMeanwhileCount ownerLeft
      claimedMeanwhile { id owner { name } } overCapacity { member { name } held capacity } }
    ... on Refusal { message } ... on InvalidInput { problems { path } } } }"""


def undone(count: int, **facts: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "claimedMeanwhileCount": 0,
        "ownerLeft": 0,
        "claimedMeanwhile": [],
        "overCapacity": [],
    }
    return {"__typename": "ReleasesUndone", "count": count} | nothing | facts


async def undo(api: Client, who: Viewer, pool: Pool, version: int = 1) -> Any:
    return await ask(api, who, UNDO, pool=gid("Pool", pool.id), version=version)


async def lost(office: Office, how_many: int, **rules: Any) -> tuple[Pool, Viewer, Sequence[UUID]]:
    """Customers of one member, released by rule, and the rule mended since."""
    pool = await office.pool(**({"max_hold": "P10D"} | rules))
    li, ids = await office.person("李雷"), await office.customers(pool, how_many)
    for start in range(0, how_many, 100):
        await claims.claim(li, ids[start : start + 100])
    await time_passes("10 days")
    assert await release_due() == how_many
    mended = replace(pool.rules, max_hold=None)
    await pools.change_rules(await office.admin(), pool.id, mended)
    return pool, li, ids


async def test_customers_still_in_the_pool_go_back_by_a_fresh_clock(
    api: Client, office: Office
) -> None:
    pool, li, ids = await lost(office, 3, deal_within="P30D")
    admin = await office.admin()
    assert await undo(api, admin, pool) == undone(3)
    for id in ids:
        customer = await row(id)
        assert (customer.owner_id, customer.epoch, customer.rules_version) == (li.id, 3, 2)
        assert customer.release_reason == "NO_DEAL"
        assert await story(id) == ["CREATED", "CLAIMED", "RELEASED", "ASSIGNED"]
    (event,) = await events(ids[0], "ASSIGNED")
    (release,) = await events(ids[0], "RELEASED")
    missed = {"missed_reminders": ["P7D", "P3D"]}
    assert release.details == {"rules_version": 1} | missed
    assert event.details == {"undoes": str(release.id)}
    assert (event.actor_id, event.member_id) == (admin.id, li.id)
    (whole,) = await Event.filter(action="RELEASES_UNDONE")
    assert (whole.pool_id, whole.details) == (pool.id, {"count": 3, "version": 1})
    assert (await seat(pool, li))[0] == 3
    assert await replay.differences() == []


async def test_one_customer_is_taken_back_by_itself(api: Client, office: Office) -> None:
    _, li, ids = await lost(office, 2)
    answer = await ask(api, await office.admin(), UNDO, customer=customer_gid(ids[0]))
    assert answer == undone(1)
    assert (await row(ids[0])).owner_id == li.id
    assert (await row(ids[1])).owner_id is None


async def test_undone_again_nothing_happens(api: Client, office: Office) -> None:
    pool, _, ids = await lost(office, 2)
    admin = await office.admin()
    assert await undo(api, admin, pool) == undone(2)
    assert await undo(api, admin, pool) == undone(0)
    assert (await story(ids[0])).count("ASSIGNED") == 1


async def test_those_claimed_meanwhile_are_listed_and_stay(api: Client, office: Office) -> None:
    pool, li, ids = await lost(office, 3)
    han = await office.person("韩梅梅")
    await claims.claim(han, [ids[1]])
    claimed = {"id": customer_gid(ids[1]), "owner": {"name": "韩梅梅"}}
    assert await undo(api, await office.admin(), pool) == undone(
        2, claimedMeanwhileCount=1, claimedMeanwhile=[claimed]
    )
    assert [(await row(id)).owner_id for id in ids] == [li.id, han.id, li.id]
    assert await replay.differences() == []


async def test_of_many_claimed_meanwhile_the_first_are_listed_by_name(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner has as many as they may hold, which is not over their capacity."""
    monkeypatch.setattr(undoing, "SHOWN", 1)
    pool, li, (first, second, _) = await lost(office, 3, capacity=3)
    admin, han = await office.admin(), await office.person("韩梅梅")
    await update_customer(admin, first, {"name": "B"})
    await update_customer(admin, second, {"name": "A"})
    await claims.claim(han, [first, second])
    await claims.claim(li, await office.customers(pool, 2))
    claimed = {"id": customer_gid(second), "owner": {"name": "韩梅梅"}}
    assert await undo(api, admin, pool) == undone(
        1, claimedMeanwhileCount=2, claimedMeanwhile=[claimed]
    )


async def test_an_erased_customer_is_not_among_them(api: Client, office: Office) -> None:
    pool, li, ids = await lost(office, 3)
    admin = await office.admin()
    for id in ids[:2]:
        await erase(admin, id, ErasureReason.REQUESTED)
    answer = await ask(api, admin, UNDO, customer=customer_gid(ids[0]))
    assert answer["__typename"] == "NotFound"
    await leaving.deactivate(admin, li.id)
    assert await undo(api, admin, pool) == undone(0, ownerLeft=1)
    assert await replay.differences() == []


async def test_over_capacity_is_allowed_and_said(api: Client, office: Office) -> None:
    pool, li, _ = await lost(office, 3, capacity=3)
    await claims.claim(li, await office.customers(pool, 2))
    over = {"member": {"name": "李雷"}, "held": 5, "capacity": 3}
    answer = await undo(api, await office.admin(), pool)
    assert answer == undone(3, overCapacity=[over])
    (refused,) = await claims.claim(li, [await office.customer(pool)])
    assert type(refused).__name__ == "CapacityReached"
    assert await replay.differences() == []


async def test_what_was_given_back_by_hand_or_left_behind_stays(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P10D")
    li, ids = await office.person(), await office.customers(pool, 2)
    han, other = await office.person(), await office.customer(pool)
    await claims.claim(li, ids)
    await claims.claim(han, [other])
    await releases.give_back(li, ids[0], "没有需求")
    await time_passes("10 days")
    await release_due()
    admin = await office.admin()
    await leaving.deactivate(admin, han.id)
    assert await undo(api, admin, pool) == undone(1, ownerLeft=1)
    assert (await row(ids[0])).owner_id is None
    assert (await row(other)).owner_id is None


async def test_who_was_signed_is_signed_again(api: Client, office: Office) -> None:
    pool = await office.pool(max_hold="P10D", deal_within="P20D", deal_exempts=False)
    li, id = await office.person(), await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.record_deal(li, id, Decimal("1280.50"))
    signed_at = (await row(id)).won_at
    mended = replace(pool.rules, deal_exempts=True)
    admin = await office.admin()
    await database.rows("UPDATE customer SET release_at = now()")
    assert await release_due() == 1
    await pools.change_rules(admin, pool.id, mended)
    assert await undo(api, admin, pool) == undone(1)
    customer = await row(id)
    assert (customer.won_at, customer.release_at) == (signed_at, None)
    assert await seat(pool, li) == (1, 1, 1)
    assert await replay.differences() == []


async def test_after_a_day_it_is_too_late(api: Client, office: Office) -> None:
    pool, _, ids = await lost(office, 1)
    await time_passes("24 hours")
    assert await undo(api, await office.admin(), pool) == undone(0)
    assert (await row(ids[0])).owner_id is None


async def test_another_version_and_another_pool_are_left_alone(api: Client, office: Office) -> None:
    pool, _, (id, moved) = await lost(office, 2)
    admin, other = await office.admin(), await office.pool()
    admin = await office.admin()
    assert await undo(api, admin, pool, 2) == undone(0)
    assert await undo(api, admin, other) == undone(0)
    await move_customers(admin, [moved], other.id)
    assert await undo(api, admin, pool) == undone(1)
    assert (await row(id)).owner_id is not None
    assert (await row(moved)).owner_id is None


async def test_claims_and_two_undoings_at_once_leave_one_owner(api: Client, office: Office) -> None:
    pool, li, ids = await lost(office, 60)
    han, admin = await office.person(), await office.admin()
    answers = await asyncio.gather(
        undo(api, admin, pool),
        undo(api, admin, pool),
        *(claims.claim(han, [id]) for id in ids[::3]),
    )
    owners = [(await row(id)).owner_id for id in ids]
    assert set(owners) <= {li.id, han.id}
    assert answers[0]["count"] + answers[1]["count"] == owners.count(li.id)
    assert await replay.differences() == []


async def test_only_administrators_of_the_pool_undo(api: Client, office: Office) -> None:
    pool, li, ids = await lost(office, 1)
    assert (await undo(api, li, pool))["__typename"] == "Forbidden"
    one = await ask(api, li, UNDO, customer=customer_gid(ids[0]))
    assert one["__typename"] == "Forbidden"
    stranger = await (await found("别家")).admin()
    assert (await undo(api, stranger, pool))["__typename"] == "NotFound"
    one = await ask(api, stranger, UNDO, customer=customer_gid(ids[0]))
    assert one["__typename"] == "NotFound"
    for given in ({}, {"pool": gid("Pool", pool.id)}, {"version": 1}):
        answer = await ask(api, await office.admin(), UNDO, **given)
        assert answer["problems"] == [{"path": "customerId"}]
    assert (await row(ids[0])).owner_id is None


async def test_null_for_a_customer_is_as_none_where_the_pool_is_not_found(
    api: Client, office: Office
) -> None:
    nobodys = gid("Pool", UUID(int=0))
    answer = await ask(api, await office.admin(), UNDO, customer=None, pool=nobodys, version=1)
    assert answer["__typename"] == "NotFound"
