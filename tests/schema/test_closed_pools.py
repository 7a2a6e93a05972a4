"""A pool of another department is closed: its ids answer like ids that never were."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from models import database as databases
from models.alerts import queries
from models.customers.moves import move_customers
from models.holding import extensions, follow_ups
from models.ledger import feed
from models.ownership import claims, releases
from models.pools import access
from models.rules.durations import Span
from models.tables import Customer, Event, Pool
from models.viewers import Viewer
from tests.schema.test_isolation import (
    World,
    arguments,
    document,
    everything,
    followed,
    is_no,
    places,
    world,
)
from tests.support.asking import ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office, found, until
from tests.support.sockets import CHANGES, following, let_in

CLOSED = ("Customer", "Pool", "Event", "FollowUp", "Extension")
OPEN_ROLES = ("SALES", "administrator", "MANAGER")


async def another_departments(office: Office) -> dict[str, str]:
    """Ids of a pool that is open to one member of another department alone."""
    rules = {"max_hold": "P20D", "follow_up_within": "P7D", "extension_limit": "P3D"}
    pool, admin = await office.pool(**rules), await office.admin()
    holder = await office.person()
    await access.set_access(admin, pool.id, [holder.id], [], [])
    holder = await office.viewer(holder.id)
    pooled, held = await office.customers(pool, 2)
    await claims.claim(holder, [held])
    await follow_ups.log_follow_up(holder, held, "CALL", "谈了报价")
    asked = await extensions.ask(holder, held, Span.parse("P1D"), "合同在走流程")
    event = await Event.get(customer_id=held, action="FOLLOWED_UP")
    ids = {"Customer": pooled, "Pool": pool.id, "Event": event.id, "FollowUp": event.id}
    ids |= {"Extension": asked.id, "Held": held}
    return {kind: gid("Customer" if kind == "Held" else kind, id) for kind, id in ids.items()}


def tried(kind: str, closed: dict[str, str]) -> list[str]:
    return [closed[kind], *([closed["Held"]] if kind == "Customer" else []), gid(kind, uuid4())]


@pytest.mark.parametrize("role", OPEN_ROLES)
async def test_ids_of_a_closed_pool_are_answered_like_ids_that_never_were(
    api: Client, database: None, role: str
) -> None:
    own: World = await world("示范企业")
    closed = await another_departments(own.office)
    who = await own.office.viewer(own.team[role].id)
    before = await everything()
    wrong = []
    for place in places():
        if place.root == "subscription" or place.kind not in CLOSED:
            continue
        answers = []
        for id in tried(place.kind, closed):
            given = arguments(place, own.ids, id)
            text = document(place.root, place.operation, given)
            answers.append(await api.graphql(who.member, text, **given))
        if not all(answer == answers[0] and is_no(answer, role) for answer in answers):
            wrong.append((str(place), answers))
    assert wrong == []
    assert await everything() == before
    changes = next(place for place in places() if place.operation == "poolChanges")
    told = [await followed(api, who, changes, id) for id in tried("Pool", closed)]
    assert all(each == told[0] for each in told)


async def test_a_claim_out_of_a_closed_pool_tells_nothing(api: Client, office: Office) -> None:
    closed, li = await another_departments(office), await office.person()
    claim = "mutation ($id: ID!) { claimCustomer(customerId: $id) { __typename } }"
    for id in tried("Customer", closed):
        assert await ask(api, li, claim, id=id) == {"__typename": "NotFound"}


async def test_a_colleagues_private_pool_counts_what_the_asker_sees(
    api: Client, office: Office
) -> None:
    seen, hidden = await office.pool(capacity=5), await office.pool(capacity=7)
    li, boss = await office.person(), await office.person(role="MANAGER")
    await claims.claim(li, [*await office.customers(seen, 2), *await office.customers(hidden, 3)])
    await access.set_access(await office.admin(), hidden.id, [li.id], [], [])
    text = """query ($id: ID!) { node(id: $id) { ... on Member {
      privatePool { held capacity available claimedToday customers { totalCount } } } } }"""
    facts = {"held": 2, "capacity": 5, "available": 3, "claimedToday": 2}
    whole = {"held": 5, "capacity": 12, "available": 7, "claimedToday": 5}
    for who, told, count in ((boss, facts, 2), (li, whole, 5), (await office.admin(), whole, 5)):
        answer = await ask(api, who, text, id=gid("Member", li.id))
        assert answer["privatePool"] == told | {"customers": {"totalCount": count}}


async def lost(office: Office) -> tuple[Viewer, Pool, UUID]:
    """A customer that a member lost, and that lies in a pool closed to them now."""
    pool, hidden = await office.pool(), await office.pool()
    admin, li = await office.admin(), await office.person()
    await access.set_access(admin, hidden.id, [], [], [])
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(admin, id, "换人")
    await move_customers(admin, [id], hidden.id)
    await Customer.filter(id=id).update(level="A")
    return await office.viewer(li.id), pool, id


async def test_a_replay_shows_no_customer_that_lies_in_a_closed_pool_now(
    api: Client, office: Office
) -> None:
    li, pool, _ = await lost(office)
    shown = await office.customer(pool)
    start = await feed.format_cursor(feed.START, li.seal)
    await until(lambda: _settled(pool, 4))
    async with following(
        api, li.member, CHANGES, pool=gid("Pool", pool.id), after=start
    ) as changes:
        assert (await changes.next())["customer"]["id"] == customer_gid(shown)


async def _settled(pool: Pool, count: int) -> bool:
    scope = (pool.organization_id, pool.id)
    return len(await feed.pool_changes_after(*scope, feed.START, await feed.head(), 100)) == count


async def test_an_alert_leads_to_nothing_that_happened_since(api: Client, office: Office) -> None:
    li, _, id = await lost(office)
    admin = await office.admin()
    await claims.assign(admin, id, (await office.admin()).id)

    async def told() -> bool:
        return bool(await queries.alerts_after(li, feed.START, await feed.head(), 9))

    await until(told)
    text = """{ viewer { alerts { nodes { kind customer {
      level openedAt owner { id } holding { since } claimable { __typename }
      history { nodes { id } } pool { rulesProgress { held } customers { totalCount } } } } } } }"""
    (alert,) = (await ask(api, li, text))["alerts"]["nodes"]
    assert alert["kind"] == "RELEASED"
    pool = {"rulesProgress": {"held": 0}, "customers": {"totalCount": 0}}
    assert alert["customer"] == {
        "level": None,
        "openedAt": None,
        "owner": None,
        "holding": None,
        "claimable": {"__typename": "Forbidden"},
        "history": {"nodes": []},
        "pool": pool,
    }


async def test_a_hand_made_cursor_asks_to_read_anew(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    other = await (await found("别的企业")).admin()
    given = await feed.format_cursor(await feed.head(), li.seal)
    cluster = databases.cluster()
    forged: list[Any] = [
        other.seal.close(f"{cluster}:0:0"),
        other.seal.close(f"{cluster}:0:0 ").partition(".")[0],
        f"{li.seal.close(f'{cluster}:0:0').partition('.')[0]}.{given.partition('.')[2]}",
    ]
    inbox = "query ($after: Cursor) { viewer { alerts(after: $after) { unread } } }"
    read = "mutation ($after: Cursor!) { readAlerts(upTo: $after) { id } }"
    async with let_in(api, li.member) as socket:
        for after in forged:
            await socket.ask(CHANGES, after=after, pool=gid("Pool", pool.id))
            assert (await socket.error())["extensions"] == {"code": "RESYNC"}
            assert (await socket.message())["type"] == "complete"
            for text in (inbox, read):
                answer = await api.graphql(li.member, text, after=after)
                assert [each["extensions"]["code"] for each in answer["errors"]] == ["RESYNC"]


async def test_nobody_decides_on_their_own_extension(api: Client, office: Office) -> None:
    pool = await office.pool(deal_within="P10D", extension_limit="P30D")
    boss, other = await office.person(role="MANAGER"), await office.person(role="MANAGER")
    id = await office.customer(pool)
    await claims.claim(boss, [id])
    asked = await extensions.ask(boss, id, Span.parse("P7D"), "客户下周开会")
    text = """mutation ($id: ID!, $approve: Boolean!) {
      decideExtension(extensionId: $id, approve: $approve) { __typename
        ... on Refusal { message } } }"""
    for approve in (True, False):
        answer = await ask(api, boss, text, id=gid("Extension", asked.id), approve=approve)
        words = "Another administrator of its pool must decide on your own extension."
        assert answer == {"__typename": "Forbidden", "message": words}
    assert (await Customer.get(id=id)).extended_to is None
    answer = await ask(api, other, text, id=gid("Extension", asked.id), approve=True)
    assert answer["__typename"] == "Extension"
