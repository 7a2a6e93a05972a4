"""Deals that count once an administrator has confirmed them, through HTTP."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models.alerts import kinds, queries
from models.holding import follow_ups
from models.holding.reminders import remind_due
from models.ledger import feed, replay
from models.ownership import claims, releases, transfers
from models.ownership.drain import release_due
from models.pools import access, pools
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from tests.support.asking import DEAL, ask, customer_gid, gid, refused, said
from tests.support.running import Client
from tests.support.samples import Office, events, found, row, seat, story, time_passes

CONFIRM = """mutation ($id: ID!, $approve: Boolean!, $note: String) {
  confirmDeal(customerId: $id, approve: $approve, note: $note) { __typename
    ... on Held { customer { id holding { wonAt dealReportedAt release { at } } } }
    ... on Refusal { message } ... on InvalidInput { problems { path message } } } }"""
WAITING = """query ($id: ID!, $first: Int!, $after: Cursor) { pool(id: $id) {
  unconfirmedDeals(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { id holding { dealReportedAt } } } } }"""
ALERTS = "{ viewer { alerts { nodes { kind message } } } }"
HISTORY = """query ($id: ID!) { customer(id: $id) { history { nodes {
  action reason actor { id } member { id } } } } }"""
RULES: dict[str, Any] = {"deal_within": "P10D", "deal_approval": True}
WHY = """query ($id: ID!) { customer(id: $id) { holding { release {
  conditions { reason remedy } } } } }"""


async def held(office: Office, **rules: Any) -> tuple[Pool, Viewer, UUID]:
    pool = await office.pool(**RULES | rules)
    li, id = await office.person("李雷"), await office.customer(pool)
    await claims.claim(li, [id])
    return pool, li, id


async def report(api: Client, who: Viewer, id: UUID, amount: str = "1280.50") -> Any:
    return await ask(api, who, DEAL, customer=customer_gid(id), amount=amount)


async def decide(
    api: Client, who: Viewer, id: UUID, approve: bool = True, note: str | None = None
) -> Any:
    return await ask(api, who, CONFIRM, id=customer_gid(id), approve=approve, note=note)


async def waiting(api: Client, who: Viewer, pool: Pool) -> list[str]:
    answer = await ask(api, who, WAITING, id=gid("Pool", pool.id), first=20)
    listed = [node["id"] for node in answer["unconfirmedDeals"]["nodes"]]
    assert answer["unconfirmedDeals"]["totalCount"] == len(listed)
    return listed


async def test_a_reported_deal_moves_nothing_until_it_is_confirmed(
    api: Client, office: Office
) -> None:
    pool, li, id = await held(office)
    manager, before = await office.person(role="MANAGER"), await row(id)
    assert (await report(api, li, id))["__typename"] == "Held"
    reported = await row(id)
    assert (reported.won_at, reported.release_at) == (None, before.release_at)
    (event,) = await events(id, "DEAL_REPORTED")
    assert (event.at, event.details) == (reported.deal_reported_at, {"amount": "1280.50"})
    assert await waiting(api, manager, pool) == [customer_gid(id)]
    assert (await seat(pool, li))[:2] == (1, 0)
    assert await replay.differences() == []
    answer = await decide(api, manager, id, note="合同已收到")
    holding = answer["customer"]["holding"]
    assert holding["wonAt"]
    assert (holding["dealReportedAt"], holding["release"]) == (None, None)
    (won,) = await events(id, "WON")
    assert won.details == {"amount": "1280.50", "report": str(event.id)}
    assert await story(id) == ["CREATED", "CLAIMED", "DEAL_REPORTED", "WON", "DEAL_CONFIRMED"]
    history = (await ask(api, li, HISTORY, id=customer_gid(id)))["history"]["nodes"]
    assert history[0] == {
        "action": "WON",
        "reason": "合同已收到",
        "actor": {"id": gid("Member", manager.id)},
        "member": {"id": gid("Member", li.id)},
    }
    assert [each["action"] for each in history] == ["WON", "CLAIMED", "CREATED"]
    assert await waiting(api, manager, pool) == []
    assert (await seat(pool, li))[:2] == (1, 1)
    assert await replay.differences() == []


async def test_a_declined_deal_signs_nobody_and_may_be_reported_again(
    api: Client, office: Office
) -> None:
    pool, li, id = await held(office)
    admin, before = await office.admin(), await row(id)
    await report(api, li, id)
    answer = await decide(api, admin, id, approve=False, note="长" * 501)
    assert [problem["path"] for problem in answer["problems"]] == ["note"]
    answer = await decide(api, admin, id, approve=False, note="没有合同")
    assert answer["customer"]["holding"]["dealReportedAt"] is None
    after = await row(id)
    assert (after.won_at, after.release_at) == (None, before.release_at)
    assert (after.remind_at, after.remind_offsets) == (before.remind_at, before.remind_offsets)
    assert [each.reason for each in await events(id, "DEAL_DECLINED")] == ["没有合同"]
    assert await waiting(api, admin, pool) == []
    assert (await report(api, li, id))["__typename"] == "Held"
    assert await replay.differences() == []


@pytest.mark.parametrize(("approve", "decided"), [(True, "confirmed"), (False, "declined")])
async def test_both_sides_are_alerted(
    api: Client, office: Office, approve: bool, decided: str
) -> None:
    _, li, id = await held(office)
    manager, other = await office.person(role="MANAGER"), await office.person(role="MANAGER")
    await report(api, li, id)
    start, name = await feed.head(), (await row(id)).name
    await decide(api, manager, id, approve)
    alert = {"kind": "DEAL_DECIDED", "message": f"The deal with {name} was {decided}."}
    for who, expected in ((li, [alert]), (manager, [alert]), (other, [])):
        assert (await ask(api, who, ALERTS))["alerts"]["nodes"] == expected
        missed = await queries.alerts_after(who, start, await feed.head(), 10)
        assert [kinds.kind_of(event, who.id) for event in missed] == [
            each["kind"] for each in expected
        ]


async def test_a_deal_that_waits_holds_up_no_release(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    admin = await office.admin()
    await report(api, li, id)
    await time_passes("10 days")
    assert await release_due() == 1
    assert (await row(id)).deal_reported_at is None
    assert await waiting(api, admin, pool) == []
    problem = {"path": "customerId", "message": "has no deal that waits for confirmation"}
    assert (await decide(api, admin, id))["problems"] == [problem]
    assert (await row(id)).won_at is None


async def test_a_deal_that_waits_lapses_with_its_ownership(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    han, admin = await office.person(), await office.admin()
    await report(api, li, id)
    await transfers.transfer(admin, id, han.id)
    assert (await decide(api, admin, id))["__typename"] == "InvalidInput"
    await report(api, han, id)
    await releases.give_back(han, id, "没有需求")
    assert (await decide(api, admin, id))["__typename"] == "InvalidInput"
    await claims.claim(li, [id])
    assert (await decide(api, admin, id))["__typename"] == "InvalidInput"
    assert await waiting(api, admin, pool) == []
    assert await events(id, "WON") == []
    assert await replay.differences() == []


async def test_only_other_administrators_confirm_and_see_what_waits(
    api: Client, office: Office
) -> None:
    pool, li, id = await held(office)
    han, stranger = await office.person(), await (await found("别家")).admin()
    await report(api, li, id)
    for who, kind in ((li, "Forbidden"), (han, "Forbidden"), (stranger, "NotFound")):
        for approve in (True, False):
            assert (await decide(api, who, id, approve))["__typename"] == kind
    asked = {"id": gid("Pool", pool.id), "first": 20}
    assert (await refused(api, li, WAITING, **asked))["code"] == "Forbidden"
    await access.set_access(await office.admin(), pool.id, [li.id], [], [li.id])
    own = await decide(api, await office.viewer(li.id), id)
    assert own["message"] == "Another administrator of its pool must confirm your own deal."
    assert (await row(id)).won_at is None
    assert await story(id) == ["CREATED", "CLAIMED", "DEAL_REPORTED"]


async def test_one_deal_waits_at_a_time(api: Client, office: Office) -> None:
    _, li, id = await held(office)
    answers = await asyncio.gather(*(report(api, li, id) for _ in range(10)))
    found = sorted(answer["__typename"] for answer in answers)
    assert found == ["Held"] + ["InvalidInput"] * 9
    assert len(await events(id, "DEAL_REPORTED")) == 1


async def test_of_ten_who_decide_at_once_one_does(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    managers = [await office.person(role="MANAGER") for _ in range(10)]
    await report(api, li, id)
    answers = await asyncio.gather(
        *(decide(api, who, id, approve=n % 2 == 0) for n, who in enumerate(managers))
    )
    found = sorted(answer["__typename"] for answer in answers)
    assert found == ["Held"] + ["InvalidInput"] * 9
    told = [name for name in await story(id) if name in ("DEAL_CONFIRMED", "DEAL_DECLINED")]
    assert len(told) == 1
    assert (await seat(pool, li))[1] == (told == ["DEAL_CONFIRMED"])
    assert await replay.differences() == []


async def test_a_contract_is_renewed_by_a_confirmed_deal_only(api: Client, office: Office) -> None:
    pool, li, id = await held(office, won_for="P30D")
    admin = await office.admin()
    await report(api, li, id)
    await decide(api, admin, id)
    await time_passes("20 days")
    first = await row(id)
    await report(api, li, id, "5")
    assert (await row(id)).release_at == first.release_at
    await decide(api, admin, id)
    renewed = await row(id)
    assert renewed.won_at
    assert renewed.release_at == renewed.won_at + timedelta(days=30)
    assert ["renews" in event.details for event in await events(id, "WON")] == [False, True]
    assert (await seat(pool, li))[:2] == (1, 1)
    assert await replay.differences() == []


@pytest.mark.parametrize("confirmed", [True, False])
async def test_an_owner_hears_what_a_confirmed_deal_leaves_in_the_past_and_of_their_own_nothing(
    api: Client, office: Office, confirmed: bool
) -> None:
    _, li, id = await held(
        office, won_for="P2D", max_hold="P30D", reminders=["P3D"], deal_approval=confirmed
    )
    await report(api, li, id)
    if confirmed:
        await decide(api, await office.admin(), id)
    assert (await row(id)).won_at
    assert await remind_due() == confirmed
    assert await remind_due() == 0


async def test_what_is_confirmed_is_the_customers_own_last_report(
    api: Client, office: Office
) -> None:
    pool, li, id = await held(office)
    admin, other = await office.admin(), await office.customer(pool)
    await claims.claim(li, [other])
    await report(api, li, id, "5")
    await decide(api, admin, id, approve=False)
    await report(api, li, id, "6")
    await report(api, li, other, "7")
    await follow_ups.log_follow_up(li, id, "CALL", "合同在路上")
    await decide(api, admin, id)
    (won,) = await events(id, "WON")
    assert won.details["amount"] == "6"


async def test_without_the_rule_a_deal_counts_at_once_and_settles_one_that_waited(
    api: Client, office: Office
) -> None:
    pool, li, id = await held(office)
    admin, other = await office.admin(), await office.customer(pool)
    await claims.claim(li, [other])
    for each in (id, other):
        await report(api, li, each)
    await pools.change_rules(admin, pool.id, Rules.from_json({"deal_within": "P10D"}))
    await report(api, li, id)
    assert (await row(id)).won_at
    assert await waiting(api, admin, pool) == [customer_gid(other)]
    assert (await decide(api, admin, other))["__typename"] == "Held"
    assert (await row(other)).won_at
    assert await replay.differences() == []


async def test_those_that_wait_come_by_pages_the_longest_waiting_first(
    api: Client, office: Office
) -> None:
    pool, li, first = await held(office)
    ids = [first, *await office.customers(pool, 4)]
    await claims.claim(li, ids[1:])
    for id in reversed(ids):
        await report(api, li, id)
    admin, seen, after = await office.admin(), [], None
    for _ in range(3):
        asked = {"id": gid("Pool", pool.id), "first": 2, "after": after}
        page = (await ask(api, admin, WAITING, **asked))["unconfirmedDeals"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [customer_gid(id) for id in reversed(ids)]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (5, False)


async def test_the_remedy_says_that_a_deal_must_be_confirmed(api: Client, office: Office) -> None:
    _, li, id = await held(office, follow_up_within="P3D")
    for language, words in (
        ("en", "A deal counts once an administrator of the pool has confirmed it."),
        ("zh-CN", "签单须经公海管理员确认后才算数。"),
    ):
        answer = await said(api, li, language, WHY, id=customer_gid(id))
        conditions = answer["data"]["customer"]["holding"]["release"]["conditions"]
        assert [(each["reason"], words in each["remedy"]) for each in conditions] == [
            ("NOT_FOLLOWED_UP", False),
            ("NO_DEAL", True),
        ]
