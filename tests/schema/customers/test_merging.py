"""Two customers that are one, merged through HTTP: what is kept, and who loses what."""

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.customers.moves import move_customers
from models.customers.update import update_customer
from models.holding import follow_ups
from models.holding.reminders import remind_due
from models.ledger import replay
from models.ownership import claims, merging, releases, transfers
from models.ownership.drain import release_due
from models.pools import access
from models.tables import Customer, CustomerKey, Pool
from models.viewers import Viewer
from tests.support.asking import CLAIM, CLAIMS, FOLLOW_UP, ask, customer_gid, gid, whole
from tests.support.running import Client
from tests.support.samples import (
    Office,
    connection,
    events,
    refusal,
    row,
    seat,
    someone_waits,
    story,
    time_passes,
    under_way,
    until,
)

MERGE = f"""mutation ($keep: ID!, $drop: ID!, $reason: String! = "同一家", $key: String) {{
  mergeCustomers(keep: $keep, drop: $drop, reason: $reason, idempotencyKey: $key) {{
    {whole("MergeResult")} }} }}"""
READ = """query ($id: ID!) { customer(id: $id) { id name contact { phone }
  history(first: 50) { nodes { action reason } } followUps { nodes { note } }
  claimable { __typename } } }"""
UNDO = """mutation ($customer: ID, $pool: ID, $version: Int) {
  undoReleases(customerId: $customer, poolId: $pool, rulesVersion: $version) { __typename
    ... on ReleasesUndone { count ownerLeft } ... on Refusal { message } } }"""
ALERTS = "{ viewer { alerts(first: 9) { nodes { kind message releaseAt } } } }"
# As a process of the release before leaves a customer: it knows no table of keys.
UNKEYED = "UPDATE customer SET keyed_at = NULL WHERE id = ANY($1)"
AS_A_REPLICA = "SET LOCAL session_replication_role = replica"
TEXTS_IN_EVENTS = """
UPDATE event e SET details = e.details || t.details FROM event_text t WHERE t.id = e.id
"""
# Fails where another transaction has the row.
AT_ONCE = "SELECT FROM customer WHERE id = $1 FOR UPDATE NOWAIT"
NODE = "query ($id: ID!) { node(id: $id) { id } }"


async def merge(
    api: Client, who: Viewer, keep: UUID, drop: UUID, key: str | None = None, **more: Any
) -> Any:
    given = {"keep": customer_gid(keep), "drop": customer_gid(drop), "key": key}
    return await ask(api, who, MERGE, **given, **more)


async def merged(api: Client, who: Viewer, keep: UUID, drop: UUID) -> None:
    answer = await merge(api, who, keep, drop)
    assert answer["__typename"] == "CustomersMerged", answer
    assert answer["customer"]["id"] == customer_gid(keep)


async def held(office: Office, pool: Pool, who: Viewer) -> UUID:
    id = await office.customer(pool)
    await claims.claim(who, [id])
    return id


async def test_the_kept_one_answers_to_both_ids_with_the_history_of_both(
    api: Client, office: Office
) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    keep, drop = await office.customers(pool, 2)
    await update_customer(admin, drop, {"phone": "13800000001"})
    for id, note in ((keep, "谈了价格"), (drop, "看了样品")):
        await claims.claim(li, [id])
        await follow_ups.log_follow_up(li, id, "CALL", note)
    await merged(api, admin, keep, drop)
    name = (await row(keep)).name
    for id in (keep, drop):
        answer = await ask(api, admin, READ, id=customer_gid(id))
        assert (answer["id"], answer["name"]) == (customer_gid(keep), name)
        assert answer["contact"]["phone"] == "13800000001"
        notes = [each["note"] for each in answer["followUps"]["nodes"]]
        assert notes == ["看了样品", "谈了价格"]
        actions = Counter(each["action"] for each in answer["history"]["nodes"])
        assert actions["FOLLOWED_UP"] == actions["CREATED"] == 2
        assert (actions["MERGED"], actions["RELEASED"]) == (1, 1)
        assert await ask(api, admin, NODE, id=customer_gid(id)) == {"id": customer_gid(keep)}
    assert await replay.differences() == []


async def test_mutations_of_the_dropped_one_act_on_the_kept_one(
    api: Client, office: Office
) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    keep, drop, other = await office.customers(pool, 3)
    await merged(api, admin, keep, drop)
    ids = [customer_gid(other), customer_gid(drop)]
    answers = await ask(api, li, CLAIMS, customers=ids, key="once")
    assert [each["__typename"] for each in answers] == ["Claimed", "Claimed"]
    assert answers[1]["customer"]["id"] == customer_gid(keep)
    assert await ask(api, li, CLAIMS, customers=ids, key="once") == answers
    answer = await ask(api, li, FOLLOW_UP, customer=customer_gid(drop))
    assert answer["__typename"] == "Held"
    assert await story(keep) == ["CREATED", "MERGED", "CLAIMED", "FOLLOWED_UP"]
    assert (await row(drop)).owner_id is None


async def test_the_owner_of_the_dropped_one_loses_it_for_a_reason_of_its_own(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(reclaim_cooldown="P30D"), await office.admin()
    li, han = await office.person(), await office.person()
    keep, drop = await held(office, pool, li), await held(office, pool, han)
    await merged(api, admin, keep, drop)
    (released,) = await events(drop, "RELEASED")
    assert (released.release_reason, released.former_id) == ("MERGED", han.id)
    assert (await seat(pool, li))[:2] == (1, 0)
    assert (await seat(pool, han))[:2] == (0, 0)
    await releases.give_back(li, keep, "没有需求")
    answer = await ask(api, han, CLAIM, customer=customer_gid(drop))
    assert answer["__typename"] == "CoolingDown"
    assert await replay.differences() == []


async def test_earlier_losses_of_the_dropped_one_cool_down_on_the_kept_one(
    api: Client, office: Office
) -> None:
    strict, pool = await office.pool(reclaim_cooldown="P30D"), await office.pool()
    admin, li = await office.admin(), await office.person()
    keep, drop = await office.customer(pool), await held(office, strict, li)
    await releases.give_back(li, drop, "没有需求")
    await merged(api, admin, keep, drop)
    answer = await ask(api, li, CLAIM, customer=customer_gid(keep))
    assert answer["__typename"] == "CoolingDown"


async def test_a_deal_stays_with_the_same_owner(api: Client, office: Office) -> None:
    pool, admin, li = (
        await office.pool(max_hold="P20D"),
        await office.admin(),
        await office.person(),
    )
    keep, drop = await held(office, pool, li), await held(office, pool, li)
    await follow_ups.record_deal(li, drop, Decimal(100))
    signed = (await row(drop)).won_at
    await merged(api, admin, keep, drop)
    kept = await row(keep)
    assert (kept.won_at, kept.release_at) == (signed, None)
    assert (await seat(pool, li))[:2] == (1, 1)
    assert await replay.differences() == []


async def test_a_reminder_that_the_kept_deal_leaves_in_the_past_is_told_once(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P30D", won_for="P10D", reminders=["P9D"])
    admin, li = await office.admin(), await office.person()
    drop = await held(office, pool, li)
    await follow_ups.record_deal(li, drop, Decimal(100))
    await time_passes("2 days")
    assert await remind_due() == 1
    keep = await held(office, pool, li)
    await merged(api, admin, keep, drop)
    assert [await remind_due(), await remind_due()] == [1, 0]
    (told,) = await events(keep, "REMINDED")
    assert told.due_at == (await row(keep)).release_at


async def test_every_key_of_both_refuses_a_duplicate(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    keep, drop, third = await office.customers(pool, 3)
    await update_customer(admin, keep, {"email": "a@x.cn"})
    await update_customer(admin, drop, {"name": "旧名实业", "phone": "13800000001"})
    await merged(api, admin, keep, drop)
    for changed in ({"name": "旧名实业"}, {"phone": "13800000001"}, {"email": "a@x.cn"}):
        found = await refusal(update_customer(admin, third, changed))
        assert [each.customer_id for each in found.duplicates] == [keep]  # type: ignore[attr-defined]
    assert await CustomerKey.filter(customer_id=drop).count() == 0


async def test_what_may_not_be_merged_is_refused_and_nothing_changes(
    api: Client, office: Office
) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    keep, drop = await office.customer(pool), await held(office, pool, li)
    for who, one, other, kind, path in (
        (li, keep, drop, "Forbidden", None),
        (admin, keep, keep, "InvalidInput", "drop"),
        (admin, keep, drop, "InvalidInput", "keep"),
    ):
        answer = await merge(api, who, one, other)
        assert answer["__typename"] == kind
        assert path is None or answer["problems"][0]["path"] == path
    answer = await merge(api, admin, drop, keep, reason=" ")
    assert answer["problems"][0]["path"] == "reason"
    assert await story(keep) == ["CREATED"]


async def test_an_administrator_of_one_pool_merges_nothing_of_another(
    api: Client, office: Office
) -> None:
    own, foreign, li = await office.pool(), await office.pool(), await office.person()
    departments = [office.department_id]
    await access.set_access(await office.admin(), own.id, [], departments, [li.id])
    (mine, another), theirs = await office.customers(own, 2), await office.customer(foreign)
    for keep, drop in ((mine, theirs), (theirs, mine)):
        assert (await merge(api, li, keep, drop))["__typename"] == "Forbidden"
    assert [await story(id) for id in (mine, theirs)] == [["CREATED"]] * 2
    await merged(api, li, mine, another)


async def test_a_repeated_key_answers_the_same(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    keep, drop = await office.customers(pool, 2)
    first = await merge(api, admin, keep, drop, "k")
    assert first["__typename"] == "CustomersMerged"
    assert await merge(api, admin, keep, drop, "k") == first
    again = await merge(api, admin, keep, drop)
    assert again["problems"][0]["path"] == "drop"


async def test_a_chain_of_merges_ends_at_the_last_one_kept(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    first, second, third = await office.customers(pool, 3)
    await merged(api, admin, second, first)
    await merged(api, admin, third, second)
    for id in (first, second, third):
        answer = await ask(api, admin, READ, id=customer_gid(id))
        assert answer["id"] == customer_gid(third)
        created = [each for each in answer["history"]["nodes"] if each["action"] == "CREATED"]
        assert len(created) == 3
    assert await replay.differences() == []


@pytest.mark.parametrize("round", range(3))
async def test_merges_beside_claims_transfers_and_releases_break_nothing(
    api: Client, office: Office, round: int
) -> None:
    pool, admin = await office.pool(capacity=5), await office.admin()
    li, han = await office.person(), await office.person()
    ids = await office.customers(pool, 8)
    pairs = list(zip(ids[::2], ids[1::2], strict=True))
    await asyncio.gather(
        *(merge(api, admin, one, other) for one, other in pairs),
        *(merge(api, admin, other, one) for one, other in pairs),
        *(claims.claim(who, ids) for who in (li, han)),
        return_exceptions=False,
    )
    await asyncio.gather(
        *(transfers.transfer(admin, id, han.id) for id in ids[:4]),
        *(releases.give_back(admin, id, "没有需求") for id in ids[4:]),
        *(merge(api, admin, ids[n], ids[n - 2]) for n in range(2, 8)),
        return_exceptions=True,
    )
    assert await replay.differences() == []
    for who in (li, han):
        assert (await seat(pool, who))[0] <= 5
    away = await Customer.filter(merged_into__not_isnull=True)
    assert away
    kept = {each.merged_into for each in away}
    assert await Customer.filter(id__in=kept, merged_into__not_isnull=True).count() == 0


async def test_an_undo_leaves_out_what_was_merged_since_its_release(
    api: Client, office: Office
) -> None:
    pool, admin, li = (
        await office.pool(max_hold="P10D"),
        await office.admin(),
        await office.person(),
    )
    keep, drop, other = await office.customers(pool, 3)
    await claims.claim(li, [drop, other])
    await time_passes("10 days")
    assert await release_due() == 2
    await merged(api, admin, keep, drop)
    undone = {"pool": gid("Pool", pool.id), "version": 1}
    assert (await ask(api, admin, UNDO, **undone))["count"] == 1
    assert (await ask(api, admin, UNDO, customer=customer_gid(drop)))["count"] == 0
    assert [(await row(id)).owner_id for id in (keep, drop, other)] == [None, None, li.id]


async def test_an_undo_by_the_id_of_the_dropped_one_returns_the_kept_one(
    api: Client, office: Office
) -> None:
    pool, admin, li = (
        await office.pool(max_hold="P10D"),
        await office.admin(),
        await office.person(),
    )
    keep, drop = await held(office, pool, li), await office.customer(pool)
    await time_passes("10 days")
    assert await release_due() == 1
    await merged(api, admin, keep, drop)
    assert (await ask(api, admin, UNDO, customer=customer_gid(drop)))["count"] == 1
    assert (await row(keep)).owner_id == li.id
    assert await replay.differences() == []


async def as_the_release_before_left_it(ids: list[UUID]) -> None:
    async with database.transaction():
        await database.rows(AS_A_REPLICA)
        await database.rows(UNKEYED, ids)
        await database.rows(TEXTS_IN_EVENTS)
        await database.rows("DELETE FROM event_text")


async def test_keys_that_a_former_release_left_unwritten_outlive_a_merge(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(), await office.admin()
    keep, drop, third = await office.customers(pool, 3)
    names = [(await row(keep)).name, "早先的名字", "后来的名字"]
    for name in names[1:]:
        await update_customer(admin, drop, {"name": name})
    await CustomerKey.filter(customer_id__in=[keep, drop]).delete()
    await as_the_release_before_left_it([keep, drop])
    await merged(api, admin, keep, drop)
    for name in names:
        found = await refusal(update_customer(admin, third, {"name": name}))
        assert [each.customer_id for each in found.duplicates] == [keep]  # type: ignore[attr-defined]


async def test_alerts_of_the_dropped_one_tell_no_deadline_of_the_kept_one(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(max_hold="P10D", reminders=["P1D"]), await office.admin()
    li, han = await office.person(), await office.person()
    keep, drop = await held(office, pool, li), await held(office, pool, han)
    await time_passes("9 days 1 hour")
    assert await remind_due() == 2
    await merged(api, admin, keep, drop)
    name = (await row(keep)).name
    told = (await ask(api, han, ALERTS))["alerts"]["nodes"]
    assert [(each["kind"], each["releaseAt"]) for each in told] == [
        ("RELEASED", None),
        ("REMINDER", None),
    ]
    assert {each["message"] for each in told} == {
        f"A customer that you held was merged into {name}."
    }
    (own,) = (await ask(api, li, ALERTS))["alerts"]["nodes"]
    assert own["releaseAt"] is not None


async def test_both_ids_in_one_request_get_one_answer(api: Client, office: Office) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    keep, drop, again = await office.customers(pool, 3)
    await merged(api, admin, keep, drop)
    await merged(api, admin, keep, again)
    ids = [customer_gid(id) for id in (keep, drop, again)]
    answers = await ask(api, li, CLAIMS, customers=ids)
    assert [each["__typename"] for each in answers] == ["Claimed"] * 3
    assert [each["customer"]["id"] for each in answers] == ids[:1] * 3


async def test_a_deal_whose_contract_would_be_over_releases_nobody(
    api: Client, office: Office
) -> None:
    endless, pool = await office.pool(), await office.pool(won_for="P10D")
    admin, li = await office.admin(), await office.person()
    drop = await held(office, endless, li)
    await follow_ups.record_deal(li, drop, Decimal(100))
    await time_passes("11 days")
    keep = await held(office, pool, li)
    await merged(api, admin, keep, drop)
    assert await release_due() == 0
    kept = await row(keep)
    assert (kept.owner_id, kept.won_at, kept.release_at) == (li.id, None, None)
    assert await replay.differences() == []


async def test_a_move_of_a_dropped_one_waits_without_keeping_it(
    api: Client, office: Office
) -> None:
    pool, target = await office.pool(), await office.pool()
    admin = await office.admin()
    keep, drop = await office.customers(pool, 2)
    await merged(api, admin, keep, drop)
    async with connection() as other:
        async with other.transaction():
            await other.execute("SELECT FROM customer WHERE id = $1 FOR UPDATE", keep)
            move = asyncio.create_task(move_customers(admin, [drop], target.id))
            await until(someone_waits)
            await other.execute(AT_ONCE, drop)
        assert (await move).count == 1
    assert (await row(keep)).pool_id == target.id


@pytest.mark.parametrize("role", ["keep", "drop"])
async def test_a_merge_of_one_that_is_merged_meanwhile_is_one_of_the_kept_one(
    api: Client, office: Office, role: str
) -> None:
    pool, admin = await office.pool(), await office.admin()
    kept, gone, other = await office.customers(pool, 3)
    async with under_way(lambda: merging.merge(admin, kept, gone, "同一家")):
        pair = (gone, other) if role == "keep" else (other, gone)
        waiting = asyncio.create_task(merge(api, admin, *pair))
        await until(someone_waits)
    last = kept if role == "keep" else other
    assert (await waiting)["customer"]["id"] == customer_gid(last)
    ids = {kept, gone, other} - {last}
    assert {(await row(id)).merged_into for id in ids} == {last}
    assert await replay.differences() == []


async def test_a_merge_locks_what_was_merged_before_in_the_order_of_all(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(), await office.admin()
    first, drop, keep = await office.customers(pool, 3)
    await merged(api, admin, drop, first)
    async with connection() as other:
        async with other.transaction():
            await other.execute("SELECT FROM customer WHERE id = $1 FOR UPDATE", first)
            waiting = asyncio.create_task(merge(api, admin, keep, drop))
            await until(someone_waits)
            await other.execute(AT_ONCE, drop)
        assert (await waiting)["__typename"] == "CustomersMerged"
    assert (await row(first)).merged_into == keep
