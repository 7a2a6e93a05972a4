"""Extensions through HTTP: asked for, decided, and what they move."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models.alerts import kinds, queries
from models.holding import follow_ups
from models.holding.reminders import remind_due
from models.ledger import feed, replay
from models.ownership import claims, transfers
from models.pools import pools
from models.rules.rules import Rules
from models.tables import Pool
from models.viewers import Viewer
from tests.support.asking import ask, customer_gid, gid, refused
from tests.support.running import Client
from tests.support.samples import (
    Office,
    events,
    found,
    row,
    someone_waits,
    story,
    time_passes,
    under_way,
    until,
)
from tests.support.sockets import following

SHOWN = "id by reason status note decidedBy { name } customer { id }"
ASK = f"""mutation ($id: ID!, $by: Duration!, $reason: String!) {{
  requestExtension(customerId: $id, by: $by, reason: $reason) {{ __typename
    ... on Extension {{ {SHOWN} }} ... on Refusal {{ message }}
    ... on InvalidInput {{ problems {{ path message }} }} }} }}"""
DECIDE = f"""mutation ($id: ID!, $approve: Boolean!, $note: String) {{
  decideExtension(extensionId: $id, approve: $approve, note: $note) {{ __typename
    ... on Extension {{ {SHOWN} }} ... on Refusal {{ message }}
    ... on InvalidInput {{ problems {{ path message }} }} }} }}"""
OF_POOL = f"""query ($id: ID!, $status: ExtensionStatus!, $first: Int!, $after: Cursor) {{
  pool(id: $id) {{ extensions(status: $status, first: $first, after: $after) {{
    nodes {{ {SHOWN} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"""
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Extension {{ {SHOWN} }} }} }}"
ALERTS = "{ viewer { alerts { nodes { kind customer { id } } } } }"
HISTORY = "query ($id: ID!) { customer(id: $id) { history { nodes { action reason } } } }"


async def request(
    api: Client, who: Viewer, id: UUID, by: str = "P7D", reason: str = "客户下周开会"
) -> Any:
    return await ask(api, who, ASK, id=customer_gid(id), by=by, reason=reason)


async def decide(
    api: Client, who: Viewer, extension: Any, approve: bool = True, note: str | None = None
) -> Any:
    return await ask(api, who, DECIDE, id=extension["id"], approve=approve, note=note)


async def waiting(api: Client, who: Viewer, pool: Pool, status: str = "PENDING") -> list[Any]:
    asked = {"id": gid("Pool", pool.id), "status": status, "first": 20}
    answer = await ask(api, who, OF_POOL, **asked)
    return [node["id"] for node in answer["extensions"]["nodes"]]


async def held(office: Office, **rules: Any) -> tuple[Pool, Viewer, UUID]:
    pool = await office.pool(**({"deal_within": "P10D", "extension_limit": "P30D"} | rules))
    li, id = await office.person("李雷"), await office.customer(pool)
    await claims.claim(li, [id])
    return pool, li, id


async def test_an_approved_extension_moves_the_deadline(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    manager, before = await office.person("王经理", role="MANAGER"), (await row(id)).release_at
    asked = await request(api, li, id)
    assert asked == {
        "__typename": "Extension",
        "id": asked["id"],
        "by": "P7D",
        "reason": "客户下周开会",
        "status": "PENDING",
        "note": None,
        "decidedBy": None,
        "customer": {"id": customer_gid(id)},
    }
    assert before == (await row(id)).release_at
    assert await waiting(api, manager, pool) == [asked["id"]]
    decided = await decide(api, manager, asked, note="好")
    told = {"status": "APPROVED", "note": "好", "decidedBy": {"name": "王经理"}}
    assert decided == asked | told
    assert before is not None
    assert (await row(id)).release_at == before + timedelta(days=7)
    assert await waiting(api, manager, pool) == []
    assert await waiting(api, manager, pool, "APPROVED") == [asked["id"]]
    assert (await ask(api, li, NODE, id=asked["id"]))["status"] == "APPROVED"
    assert await replay.differences() == []


async def test_a_declined_extension_moves_nothing(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    manager, before = await office.person("王经理", role="MANAGER"), (await row(id)).release_at
    decided = await decide(api, manager, await request(api, li, id), approve=False, note="不行")
    assert (decided["status"], decided["note"]) == ("DECLINED", "不行")
    assert (await row(id)).release_at == before
    assert await waiting(api, manager, pool, "DECLINED") == [decided["id"]]
    assert (await request(api, li, id))["status"] == "PENDING"
    assert await replay.differences() == []


@pytest.mark.parametrize("approve", [True, False])
async def test_both_sides_are_alerted(api: Client, office: Office, approve: bool) -> None:
    _, li, id = await held(office)
    manager, other = await office.person(role="MANAGER"), await office.person(role="MANAGER")
    start = await feed.head()
    await decide(api, manager, await request(api, li, id), approve)
    alert = {"kind": "EXTENSION_DECIDED", "customer": {"id": customer_gid(id)}}
    for who, expected in ((li, [alert]), (manager, [alert]), (other, [])):
        assert (await ask(api, who, ALERTS))["alerts"]["nodes"] == expected
        missed = await queries.alerts_after(who, start, await feed.head(), 10)
        assert [kinds.kind_of(event, who.id) for event in missed] == [
            each["kind"] for each in expected
        ]


@pytest.mark.parametrize("approve", [True, False])
async def test_both_sides_are_told_by_their_subscriptions_and_nobody_else(
    api: Client, office: Office, approve: bool
) -> None:
    pool, li, id = await held(office)
    manager, other = await office.person(role="MANAGER"), await office.person(role="MANAGER")
    async with contextlib.AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(following(api, who.member))
            for who in (li, manager, other)
        ]
        await decide(api, manager, await request(api, li, id), approve)
        another = await office.customer(pool)
        await claims.assign(manager, another, other.id)
        told = [await socket.next() for socket in sockets]
    assert [(each["kind"], each["customer"]["id"]) for each in told] == [
        ("EXTENSION_DECIDED", customer_gid(id)),
        ("EXTENSION_DECIDED", customer_gid(id)),
        ("ASSIGNED", customer_gid(another)),
    ]
    assert told[0]["cursor"] == told[1]["cursor"]


async def test_where_an_extension_leaves_a_reminder_in_the_past_its_owner_hears_it_once(
    api: Client, office: Office
) -> None:
    """Somebody else moved the deadline: the owner has not seen the new one."""
    _, li, id = await held(office, reminders=["P3D", "PT1H"])
    await time_passes("8 days")
    assert await remind_due() == 1
    await decide(api, await office.admin(), await request(api, li, id, "P1D"))
    assert [await remind_due(), await remind_due()] == [1, 0]
    told = await events(id, "REMINDED")
    assert [event.details for event in told] == [{"offset": "P3D"}] * 2
    assert told[1].due_at == (await row(id)).release_at


@pytest.mark.parametrize("approve", [True, False])
async def test_a_decision_waits_for_what_the_owner_does_at_the_same_time(
    api: Client, office: Office, approve: bool
) -> None:
    _, li, id = await held(office)
    admin, asked = await office.admin(), await request(api, li, id)
    async with under_way(lambda: follow_ups.log_follow_up(li, id, "CALL", "在走流程")):
        deciding = asyncio.create_task(decide(api, admin, asked, approve))
        await until(someone_waits)
    assert (await deciding)["status"] == ("APPROVED" if approve else "DECLINED")
    assert (await story(id))[-2] == "FOLLOWED_UP"
    assert await replay.differences() == []


async def test_a_reason_has_1_to_500_characters_and_a_note_as_many_or_none(
    api: Client, office: Office
) -> None:
    _, li, id = await held(office)
    for reason in ("", " ", "长" * 501):
        refusal = await request(api, li, id, reason=reason)
        assert [problem["path"] for problem in refusal["problems"]] == ["reason"]
    admin, asked = await office.admin(), await request(api, li, id, reason="长" * 500)
    refusal = await decide(api, admin, asked, note="长" * 501)
    assert [problem["path"] for problem in refusal["problems"]] == ["note"]
    assert (await decide(api, admin, asked, note="长" * 500))["status"] == "APPROVED"


async def test_a_history_tells_the_extension_and_not_the_request(
    api: Client, office: Office
) -> None:
    _, li, id = await held(office)
    manager = await office.person(role="MANAGER")
    await decide(api, manager, await request(api, li, id), approve=False)
    await decide(api, manager, await request(api, li, id), note="最后一次")
    history = (await ask(api, li, HISTORY, id=customer_gid(id)))["history"]["nodes"]
    assert [(each["action"], each["reason"]) for each in history] == [
        ("EXTENDED", "最后一次"),
        ("CLAIMED", None),
        ("CREATED", None),
    ]
    (asked, _) = await events(id, "EXTENSION_REQUESTED")
    document = "query ($id: ID!) { node(id: $id) { id } }"
    assert await ask(api, li, document, id=gid("Event", asked.id)) is None


async def test_no_extension_goes_past_the_maximum_hold(api: Client, office: Office) -> None:
    _, li, id = await held(office, max_hold="P12D")
    await decide(api, await office.admin(), await request(api, li, id, "P30D"))
    customer = await row(id)
    assert customer.claimed_at is not None
    assert customer.release_at == customer.claimed_at + timedelta(days=12)
    assert customer.release_reason == "MAX_HOLD"
    refusal = await request(api, li, id, "P1D")
    assert refusal["__typename"] == "Extension"
    assert await replay.differences() == []


@pytest.mark.parametrize("by", ["P31D", "P0D", "-P1D", "P30DT1S"])
async def test_an_extension_is_as_long_as_the_rules_let_it(
    api: Client, office: Office, by: str
) -> None:
    _, li, id = await held(office)
    refusal = await request(api, li, id, by)
    assert [problem["path"] for problem in refusal["problems"]] == ["by"]
    assert await events(id, "EXTENSION_REQUESTED") == []
    assert (await request(api, li, id, "P30D"))["__typename"] == "Extension"


async def test_what_the_rules_grant_as_it_is_decided_counts(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    admin, asked = await office.admin(), await request(api, li, id, "P7D")
    shorter = Rules.from_json({"deal_within": "P10D", "extension_limit": "P3D"})
    await pools.change_rules(admin, pool.id, shorter)
    refusal = await decide(api, admin, asked)
    assert [problem["path"] for problem in refusal["problems"]] == ["by"]
    assert (await row(id)).extended_to is None
    assert await waiting(api, admin, pool) == [asked["id"]]
    assert (await decide(api, admin, asked, approve=False))["status"] == "DECLINED"


async def test_a_pool_without_a_limit_grants_none(api: Client, office: Office) -> None:
    _, li, id = await held(office, extension_limit=None)
    assert (await request(api, li, id))["__typename"] == "Forbidden"


async def test_what_nothing_but_the_maximum_hold_ends_is_not_extended(
    api: Client, office: Office
) -> None:
    _, li, id = await held(office, deal_within=None, max_hold="P20D")
    refusal = await request(api, li, id)
    assert [problem["path"] for problem in refusal["problems"]] == ["customerId"]


async def test_one_request_waits_at_a_time(api: Client, office: Office) -> None:
    _, li, id = await held(office)
    answers = await asyncio.gather(*(request(api, li, id, reason=f"第{n}次") for n in range(10)))
    kinds = sorted(answer["__typename"] for answer in answers)
    assert kinds == ["Extension"] + ["InvalidInput"] * 9
    assert len(await events(id, "EXTENSION_REQUESTED")) == 1


async def test_of_two_who_decide_at_once_one_does(api: Client, office: Office) -> None:
    _, li, id = await held(office)
    managers = [await office.person(role="MANAGER") for _ in range(10)]
    asked = await request(api, li, id)
    answers = await asyncio.gather(
        *(decide(api, who, asked, approve=n % 2 == 0) for n, who in enumerate(managers))
    )
    statuses = [answer["status"] for answer in answers if answer["__typename"] == "Extension"]
    assert len(statuses) == 5
    assert len(set(statuses)) == 1
    told = [name for name in await story(id) if name in ("EXTENDED", "EXTENSION_DECLINED")]
    assert len(told) == 1
    assert await replay.differences() == []


async def test_a_request_lapses_with_its_ownership(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    admin, han = await office.admin(), await office.person()
    asked = await request(api, li, id)
    await transfers.transfer(admin, id, han.id)
    assert await waiting(api, admin, pool) == []
    assert await waiting(api, admin, pool, "DECLINED") == [asked["id"]]
    refusal = await decide(api, admin, asked)
    assert [problem["path"] for problem in refusal["problems"]] == ["extensionId"]
    assert (await request(api, han, id))["__typename"] == "Extension"
    assert await replay.differences() == []


async def test_only_administrators_decide_and_see_what_waits(api: Client, office: Office) -> None:
    pool, li, id = await held(office)
    han = await office.person()
    asked = await request(api, li, id)
    assert (await decide(api, li, asked))["__typename"] == "Forbidden"
    assert (await decide(api, han, asked))["__typename"] == "NotFound"
    assert (await request(api, han, id))["__typename"] == "NotHolder"
    assert await ask(api, han, NODE, id=asked["id"]) is None
    wanted = {"id": gid("Pool", pool.id), "status": "PENDING", "first": 20}
    assert (await refused(api, li, OF_POOL, **wanted))["code"] == "Forbidden"
    stranger = await (await found("别家")).admin()
    assert (await decide(api, stranger, asked))["__typename"] == "NotFound"
    assert await ask(api, stranger, NODE, id=asked["id"]) is None
    assert (await row(id)).extended_to is None


async def test_requests_come_by_pages(api: Client, office: Office) -> None:
    pool = await office.pool(deal_within="P10D", extension_limit="P7D")
    li, ids = await office.person(), await office.customers(pool, 5)
    await claims.claim(li, ids)
    asked = [(await request(api, li, id))["id"] for id in ids]
    admin, seen, after = await office.admin(), [], None
    for _ in range(3):
        wanted = {"id": gid("Pool", pool.id), "status": "PENDING", "first": 2, "after": after}
        page = (await ask(api, admin, OF_POOL, **wanted))["extensions"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == asked[::-1]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_beyond_a_hundred_years_nothing_is_extended(api: Client, office: Office) -> None:
    century = "P36500D"
    _, li, id = await held(office, deal_within=century, extension_limit=century)
    admin = await office.admin()
    await decide(api, admin, await request(api, li, id, by=century))
    refused = await request(api, li, id)
    assert [each["path"] for each in refused["problems"]] == ["customerId"]
