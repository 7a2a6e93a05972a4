"""Two customers that are one, merged through HTTP: what is kept, and who loses what."""

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from models.customers.update import update_customer
from models.holding import follow_ups
from models.ledger import replay
from models.ownership import claims, releases, transfers
from models.tables import Customer, CustomerKey, Pool
from models.viewers import Viewer
from tests.support.asking import CLAIM, CLAIMS, FOLLOW_UP, ask, customer_gid, whole
from tests.support.running import Client
from tests.support.samples import Office, events, refusal, row, seat, story

MERGE = f"""mutation ($keep: ID!, $drop: ID!, $reason: String! = "同一家", $key: String) {{
  mergeCustomers(keep: $keep, drop: $drop, reason: $reason, idempotencyKey: $key) {{
    {whole("MergeResult")} }} }}"""
READ = """query ($id: ID!) { customer(id: $id) { id name contact { phone }
  history(first: 50) { nodes { action reason } } followUps { nodes { note } }
  claimable { __typename } } }"""
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
