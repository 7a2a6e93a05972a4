"""Release, assignment, transfer, follow-ups and deals: what each answers, and to whom."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from models.ledger import replay
from models.viewers import Viewer
from tests.support.asking import (
    ASSIGN,
    CLAIM,
    DEAL,
    FOLLOW_UP,
    RELEASE,
    TRANSFER,
    Answer,
    ask,
    customer_gid,
    gid,
)
from tests.support.running import Client
from tests.support.samples import Office, events, row, seat, story, time_passes

NOT_HOLDER = {
    "__typename": "NotHolder",
    "message": "Only the owner of this customer may do that.",
}
NOT_FOUND = {
    "__typename": "NotFound",
    "message": "Not found.",
}


def invalid(path: str, message: str) -> Answer:
    return {
        "__typename": "InvalidInput",
        "message": f"{path}: {message}",
        "problems": [{"path": path, "message": message}],
    }


def forbidden(message: str) -> Answer:
    return {"__typename": "Forbidden", "message": message}


def owned(kind: str, customer: str, owner: Viewer | None) -> Answer:
    whose = {"id": gid("Member", owner.id)} if owner else None
    return {"__typename": kind, "customer": {"id": customer, "owner": whose}}


async def test_the_owner_gives_back_and_says_why(api: Client, office: Office) -> None:
    pool, li = await office.pool(max_hold="P20D"), await office.person()
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    answer = await ask(api, li, RELEASE, customer=customer_gid(id), reason=" 预算取消 ")
    assert answer == owned("Released", customer_gid(id), None)
    (event,) = await events(id, "RELEASED")
    assert (event.reason, event.release_reason) == ("预算取消", "GIVEN_BACK")
    assert (event.actor_id, event.member_id) == (li.id, li.id)
    stored = await row(id)
    assert (stored.owner_id, stored.claimed_at, stored.release_at) == (None, None, None)
    assert stored.opened_at == event.at
    assert await seat(pool, li) == (0, 0, 1)
    assert await ask(api, li, RELEASE, customer=customer_gid(id)) == NOT_HOLDER
    assert await replay.differences() == []


async def test_a_colleague_may_not_give_it_back_an_administrator_may(
    api: Client, office: Office
) -> None:
    pool = await office.pool()
    li, han, boss = [await office.person(role=role) for role in ("SALES", "SALES", "MANAGER")]
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    assert await ask(api, han, RELEASE, customer=customer_gid(id)) == NOT_HOLDER
    assert (await row(id)).owner_id == li.id
    assert (await ask(api, boss, RELEASE, customer=customer_gid(id)))["__typename"] == "Released"
    (event,) = await events(id, "RELEASED")
    assert (event.actor_id, event.member_id) == (boss.id, li.id)


async def test_a_release_can_lead_to_another_pool(api: Client, office: Office) -> None:
    pool, other, li = await office.pool(), await office.pool(), await office.person()
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    answer = await ask(api, li, RELEASE, customer=customer_gid(id), pool=gid("Pool", other.id))
    assert answer == owned("Released", customer_gid(id), None)
    assert (await row(id)).pool_id == other.id
    assert await replay.differences() == []


@pytest.mark.parametrize("pool_id", ["", "nonsense", gid("Pool", UUID(int=7))])
async def test_a_pool_that_is_not_there_is_not_no_pool(
    api: Client, office: Office, pool_id: str
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    assert await ask(api, li, RELEASE, customer=customer_gid(id), pool=pool_id) == NOT_FOUND
    assert (await row(id)).owner_id == li.id


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_a_release_without_a_word_is_refused(
    api: Client, office: Office, reason: str
) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    answer = await ask(api, li, RELEASE, customer=customer_gid(id), reason=reason)
    assert answer == invalid("reason", "say why, in 1 to 500 characters")
    assert await story(id) == ["CREATED", "CLAIMED"]


async def test_an_administrator_assigns_whom_nobody_holds(api: Client, office: Office) -> None:
    pool = await office.pool(capacity=1, daily_claim_limit=1, new_customer_lock="P1D")
    li, boss = await office.person(), await office.person(role="MANAGER")
    first, second = await office.customers(pool, 2)
    given = {"member": gid("Member", li.id)}
    answer = await ask(api, boss, ASSIGN, customer=customer_gid(first), **given)
    assert answer == owned("Claimed", customer_gid(first), li)
    assert await ask(api, boss, ASSIGN, customer=customer_gid(first), **given) == {
        "__typename": "AlreadyHeld",
        "message": "This customer already has an owner.",
    }
    assert await ask(api, boss, ASSIGN, customer=customer_gid(second), **given) == {
        "__typename": "CapacityReached",
        "message": "The private pool is full: 1 held, 1 allowed.",
        "held": 1,
        "capacity": 1,
    }
    (event,) = await events(first, "ASSIGNED")
    assert (event.actor_id, event.member_id) == (boss.id, li.id)
    assert await seat(pool, li) == (1, 0, 0)
    assert await replay.differences() == []


async def test_sales_neither_assign_nor_transfer(api: Client, office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    free, held = await office.customers(pool, 2)
    await ask(api, li, CLAIM, customer=customer_gid(held))
    given = {"member": gid("Member", han.id)}
    answer = await ask(api, li, ASSIGN, customer=customer_gid(free), **given)
    assert answer == forbidden("Only administrators of its pool may assign a customer.")
    answer = await ask(api, li, TRANSFER, customer=customer_gid(held), **given)
    assert answer == forbidden("Only administrators of its pool may transfer a customer.")
    assert (await row(free)).owner_id is None
    assert (await row(held)).owner_id == li.id


async def test_a_transfer_starts_the_receivers_clock(api: Client, office: Office) -> None:
    pool = await office.pool(first_follow_up_within="P10D")
    li, han = await office.person(), await office.person()
    boss = await office.person(role="MANAGER")
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    await time_passes("5 days")
    given = {"customer": customer_gid(id), "member": gid("Member", han.id)}
    assert await ask(api, boss, TRANSFER, **given) == owned("Claimed", customer_gid(id), han)
    stored = await row(id)
    assert stored.claimed_at is not None
    assert datetime.now(UTC) - stored.claimed_at < timedelta(minutes=1)
    assert stored.release_at == stored.claimed_at + timedelta(days=10)
    assert (await seat(pool, li), await seat(pool, han)) == ((0, 0, 1), (1, 0, 0))
    again = await ask(api, boss, TRANSFER, **given)
    assert again["__typename"] == "AlreadyHeld"
    assert await replay.differences() == []


async def test_a_full_receiver_is_given_nobody(api: Client, office: Office) -> None:
    pool = await office.pool(capacity=1)
    li, han = await office.person(), await office.person()
    boss = await office.person(role="MANAGER")
    first, second = await office.customers(pool, 2)
    await ask(api, li, CLAIM, customer=customer_gid(first))
    await ask(api, han, CLAIM, customer=customer_gid(second))
    given = {"customer": customer_gid(first), "member": gid("Member", han.id)}
    answer = await ask(api, boss, TRANSFER, **given)
    assert (answer["__typename"], answer["held"], answer["capacity"]) == ("CapacityReached", 1, 1)
    assert (await row(first)).owner_id == li.id
    assert await replay.differences() == []


async def test_what_nobody_holds_is_assigned_and_not_transferred(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    boss = await office.person(role="MANAGER")
    id = await office.customer(pool)
    given = {"customer": customer_gid(id), "member": gid("Member", li.id)}
    answer = await ask(api, boss, TRANSFER, **given)
    assert answer == forbidden("Nobody holds this customer: assign it instead.")


@pytest.mark.parametrize("document", [ASSIGN, TRANSFER])
async def test_a_leaver_is_given_nobody(api: Client, office: Office, document: str) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person("韩梅")
    admin = await office.admin()
    id = await office.customer(pool)
    if document == TRANSFER:
        await ask(api, li, CLAIM, customer=customer_gid(id))
    leave = "mutation ($id: ID!) { deactivateMember(memberId: $id) { __typename } }"
    await ask(api, admin, leave, id=gid("Member", han.id))
    given = {"customer": customer_gid(id), "member": gid("Member", han.id)}
    answer = await ask(api, admin, document, **given)
    assert answer == forbidden("韩梅 has left and can't be given customers.")


async def test_a_follow_up_moves_the_deadline(api: Client, office: Office) -> None:
    pool = await office.pool(first_follow_up_within="P3D", follow_up_within="P7D", max_hold="P20D")
    li, id = await office.person(), await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    await time_passes("2 days")
    answer = await ask(api, li, FOLLOW_UP, customer=customer_gid(id), kind="VISIT", note=" 拜访 ")
    assert answer == owned("Held", customer_gid(id), li)
    stored = await row(id)
    assert stored.followed_up_at is not None
    assert stored.release_at == stored.followed_up_at + timedelta(days=7)
    document = """query ($id: ID!) { customer(id: $id) {
      followUps { nodes { kind note by { id } at } } } }"""
    found = await ask(api, li, document, id=customer_gid(id))
    (event,) = await events(id, "FOLLOWED_UP")
    at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    by = {"id": gid("Member", li.id)}
    assert found["followUps"]["nodes"] == [{"kind": "VISIT", "note": "拜访", "by": by, "at": at}]
    assert await replay.differences() == []


@pytest.mark.parametrize("note", ["", " \n", "x" * 5001])
async def test_a_follow_up_needs_a_note(api: Client, office: Office, note: str) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    answer = await ask(api, li, FOLLOW_UP, customer=customer_gid(id), note=note)
    assert answer == invalid("note", "say what happened, in 1 to 5000 characters")
    assert await story(id) == ["CREATED", "CLAIMED"]


@pytest.mark.parametrize("document", [FOLLOW_UP, DEAL])
async def test_only_the_owner_works_a_customer(api: Client, office: Office, document: str) -> None:
    pool = await office.pool()
    li, han, boss = [await office.person(role=role) for role in ("SALES", "SALES", "MANAGER")]
    free, held = await office.customers(pool, 2)
    await ask(api, li, CLAIM, customer=customer_gid(held))
    for who in (han, boss, await office.admin()):
        assert await ask(api, who, document, customer=customer_gid(held)) == NOT_HOLDER
        assert await ask(api, who, document, customer=customer_gid(free)) == NOT_HOLDER
    assert await story(held) == ["CREATED", "CLAIMED"]


async def test_a_deal_ends_the_deadlines(api: Client, office: Office) -> None:
    pool = await office.pool(deal_within="P30D", max_hold="P60D")
    li, id = await office.person(), await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    answer = await ask(api, li, DEAL, customer=customer_gid(id), amount="128000.5000")
    assert answer == owned("Held", customer_gid(id), li)
    stored = await row(id)
    assert stored.won_at is not None
    assert (stored.release_at, stored.remind_at) == (None, [])
    assert await seat(pool, li) == (1, 1, 1)
    await ask(api, li, DEAL, customer=customer_gid(id), amount="3")
    assert (await row(id)).won_at == stored.won_at
    assert await seat(pool, li) == (1, 1, 1)
    amounts = [event.details["amount"] for event in await events(id, "WON")]
    assert amounts == ["128000.5000", "3"]
    assert await replay.differences() == []


@pytest.mark.parametrize("amount", ["0", "-1", "1.00001", "1e15", "NaN", "Infinity"])
async def test_a_deal_is_a_positive_amount(api: Client, office: Office, amount: str) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await ask(api, li, CLAIM, customer=customer_gid(id))
    answer = await ask(api, li, DEAL, customer=customer_gid(id), amount=amount)
    words = "a positive amount below 10^15 with at most four decimal places"
    assert answer == invalid("amount", words)
    assert await story(id) == ["CREATED", "CLAIMED"]


@pytest.mark.parametrize("document", [CLAIM, RELEASE, FOLLOW_UP, DEAL])
async def test_a_customer_of_a_pool_that_is_not_open_to_the_viewer(
    api: Client, office: Office, document: str
) -> None:
    pool = await office.pool()
    id = await office.customer(pool)
    outsider = await office.person()
    access = """mutation ($pool: ID!) {
      setPoolAccess(poolId: $pool, memberIds: [], departmentIds: [], administratorIds: []) {
        __typename } }"""
    await ask(api, await office.admin(), access, pool=gid("Pool", pool.id))
    answer = await ask(api, outsider, document, customer=customer_gid(id))
    assert answer == NOT_FOUND
    assert await story(id) == ["CREATED"]
