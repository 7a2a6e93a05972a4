import asyncio
import base64
import random
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect

from commands.tokens import sign
from models.alerts import queries
from models.ledger import feed, replay
from models.organizations import leaving
from models.ownership import claims, releases, transfers
from models.pools import access
from models.tables import Event, Pool
from models.viewers import Viewer
from schema.base import ids
from schema.base.subscribers import SLOW_SECONDS
from tests.support.running import Client, Processes
from tests.support.samples import Office, found, row, seal_of, until
from tests.support.sockets import ALERTS, CHANGES, Following, following, knocking, let_in

CLAIM = """
mutation($ids: [ID!]!) { claimCustomers(customerIds: $ids) { __typename
  ... on Claimed { customer { holding { remindAt release { at } } } } } }
"""
GIVE_BACK = """
mutation($id: ID!) { releaseCustomer(customerId: $id, reason: "换人") { __typename } }
"""
INBOX = "{ viewer { alerts { unread nodes { cursor kind read customer { id } } } } }"
READ = "mutation($upTo: Cursor!) { readAlerts(upTo: $upTo) { id } }"
MOST_LATE = timedelta(seconds=2)
DAYS = 1 / 86_400  # of a second


@pytest_asyncio.fixture
async def pool(office: Office) -> Pool:
    return await office.pool()


@pytest_asyncio.fixture
async def li(office: Office, pool: Pool) -> Viewer:
    return await office.person("李雷")


async def test_under_rules_of_seconds_owners_are_reminded_and_released_on_time(
    office: Office, api: Client, worker: asyncio.Task[None]
) -> None:
    pool = await office.pool(max_hold="PT5S", reminders=["PT3S"])
    li = await office.person()
    customers = [global_id(id) for id in await office.customers(pool, 3)]
    async with following(api, li.member) as alerts:
        answer = await api.data(li.member, CLAIM, ids=customers)
        told = await alerts.several(6)
    holdings = [each["customer"]["holding"] for each in answer["claimCustomers"]]
    due = dict(zip(customers, (moment(each["release"]["at"]) for each in holdings), strict=True))
    assert [alert["kind"] for alert in told] == ["REMINDER"] * 3 + ["RELEASED"] * 3
    for part in (told[:3], told[3:]):
        assert sorted(alert["customer"]["id"] for alert in part) == sorted(customers)
    for alert in told:
        release_at, reminder = due[alert["customer"]["id"]], alert["kind"] == "REMINDER"
        assert alert["releaseAt"] == (text(release_at) if reminder else None)
        planned = release_at - timedelta(seconds=3) if reminder else release_at
        assert planned <= moment(alert["at"]) < planned + MOST_LATE
        assert alert["reason"] == "MAX_HOLD"
    async with following(api, li.member, after=told[1]["cursor"]) as again:
        missed = await again.several(4)
    assert [alert["cursor"] for alert in missed] == [alert["cursor"] for alert in told[2:]]
    assert await replay.differences() == []


async def test_what_happens_is_told_at_once_without_any_cursor(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    customer = await office.customer(pool)
    async with let_in(api, li.member) as alerts:
        await alerts.ask(ALERTS)
        await until(lambda: is_followed(api, "releaseAlerts"))
        await claims.assign(await office.admin(), customer, li.id)
        began = time.monotonic()
        alert = await alerts.next()
        assert time.monotonic() - began < 1
    assert (alert["kind"], alert["customer"]["id"]) == ("ASSIGNED", global_id(customer))
    assert (alert["releaseAt"], alert["reason"], alert["read"]) == (None, None, False)


async def test_every_kind_of_alert_comes_to_whom_it_concerns_and_to_nobody_else(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    han, admin = await office.person("韩梅梅"), await office.admin()
    customer = await office.customer(pool)
    async with following(api, li.member) as lis, following(api, han.member) as hans:
        await claims.claim(li, [customer])
        await transfers.transfer(admin, customer, han.id)
        await releases.give_back(han, customer, "没有预算")
        await claims.assign(admin, customer, li.id)
        told = [(alert["kind"], alert["reason"]) for alert in await lis.several(2)]
        assert told == [("TRANSFERRED", "TRANSFERRED"), ("ASSIGNED", None)]
        told = [(alert["kind"], alert["reason"]) for alert in await hans.several(2)]
        assert told == [("TRANSFERRED", "TRANSFERRED"), ("RELEASED", "GIVEN_BACK")]


async def test_another_organization_is_never_heard_of(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    others = await found("别家", "Asia/Shanghai")
    their_pool = await others.pool()
    stranger = await others.person()
    async with (
        following(api, stranger.member, CHANGES, pool=pool_id(pool)) as foreign,
        following(api, li.member, CHANGES, pool=pool_id(pool)) as own,
    ):
        assert (await foreign.error())["extensions"] == {"code": "NotFound"}
        theirs, ours = await others.customer(their_pool), await office.customer(pool)
        await claims.claim(stranger, [theirs])
        assert (await own.next())["customer"]["id"] == global_id(ours)
    async with following(api, li.member, CHANGES, pool=global_id(uuid4())) as unknown:
        assert (await unknown.error())["extensions"] == {"code": "NotFound"}


async def test_a_pool_is_followed_no_longer_than_it_may_be_seen(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    admin, (first, second) = await office.admin(), await office.customers(pool, 2)
    async with following(api, li.member, CHANGES, pool=pool_id(pool)) as changes:
        await claims.claim(li, [first])
        change = await changes.next()
        assert (change["kind"], change["customer"]["owner"]["name"]) == ("CLAIMED", "李雷")
        await access.set_access(admin, pool.id, [], [], [])
        await claims.claim(admin, [second])
        assert (await changes.error())["extensions"] == {"code": "NotFound"}


async def test_a_cursor_of_the_list_of_alerts_leads_on_in_the_subscription(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    admin, customers = await office.admin(), await office.customers(pool, 3)
    for customer in customers:
        await claims.assign(admin, customer, li.id)
    await until(lambda: settled(li, 3))
    newest, middle, oldest = (await inbox(api, li))["nodes"]
    await api.data(li.member, READ, upTo=middle["cursor"])
    assert (await inbox(api, li))["unread"] == 1
    async with following(api, li.member, after=oldest["cursor"]) as alerts:
        told = await alerts.several(2)
    assert [alert["cursor"] for alert in told] == [middle["cursor"], newest["cursor"]]
    assert [alert["read"] for alert in told] == [True, False]


async def test_a_cursor_of_another_database_or_time_asks_to_read_anew(
    api: Client, pool: Pool, li: Viewer
) -> None:
    here = await feed.format_cursor(feed.START, li.seal)
    source = base64.urlsafe_b64decode(here).decode().split(":")[0]
    for foreign in ("7000000000000000000.5:1:1", f"{source}:999999999999:1"):
        after = li.seal.close(foreign)
        async with let_in(api, li.member) as socket:
            for query in (ALERTS, CHANGES):
                await socket.ask(query, after=after, pool=pool_id(pool))
                assert (await socket.error())["extensions"] == {"code": "RESYNC"}
                assert (await socket.message())["type"] == "complete"


@pytest.mark.parametrize("after", ["", "nonsense", "MTox", "é", "x" * 5000])
async def test_what_is_no_cursor_is_named_by_its_path(
    api: Client, pool: Pool, li: Viewer, after: str
) -> None:
    async with let_in(api, li.member) as socket:
        for query in (ALERTS, CHANGES):
            await socket.ask(query, after=after, pool=pool_id(pool))
            extensions = (await socket.error())["extensions"]
            assert extensions["code"] == "InvalidInput"
            assert [each["path"] for each in extensions["problems"]] == ["after"]
            assert (await socket.message())["type"] == "complete"


async def test_only_a_valid_token_of_an_active_member_opens_a_websocket(
    office: Office, api: Client, li: Viewer
) -> None:
    left = await office.person()
    await leaving.deactivate(await office.admin(), left.id)
    forged = api.settings.model_copy(update={"secret": "some-other-secret-some-other-secret"})
    for token in (
        None,
        "",
        "nonsense",
        sign(forged, li.id, office.id),
        sign(api.settings, li.id, office.id, days=-1),
        sign(api.settings, li.id, uuid4()),
        sign(api.settings, uuid4(), office.id),
        api.token(left.member),
    ):
        async with knocking(api.ws_url, token) as socket:
            assert await socket.closed(2) == 4403


async def test_nothing_is_answered_before_the_token_is_shown(api: Client) -> None:
    async with connect(api.ws_url, subprotocols=["graphql-transport-ws"]) as connection:  # type: ignore[list-item]
        socket = Following(connection)
        await socket.ask(ALERTS)
        assert await socket.closed(2) == 4401


async def test_a_websocket_is_closed_within_five_seconds_of_its_tokens_end(
    office: Office, api: Client, li: Viewer
) -> None:
    token = sign(api.settings, li.id, office.id, days=2.5 * DAYS)
    ends = int(time.time()) + 2
    async with let_in(api, token) as socket:
        await socket.ask(ALERTS)
        assert await socket.closed(12) == 4403
        assert ends <= time.time() < ends + 5


async def test_a_websocket_is_closed_within_five_seconds_of_its_members_leaving(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    stays = await office.person()
    async with following(api, li.member) as socket, following(api, stays.member) as other:
        await leaving.deactivate(await office.admin(), li.id)
        assert await socket.closed(5) == 4403
        await claims.assign(await office.admin(), await office.customer(pool), stays.id)
        assert (await other.next())["kind"] == "ASSIGNED"


async def test_mutations_are_refused_over_a_websocket(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    customer = await office.customer(pool)
    async with let_in(api, li.member) as socket:
        await socket.ask(CLAIM, ids=[global_id(customer)])
        assert "mutation" in (await socket.error())["message"]
    assert (await row(customer)).owner_id is None


async def test_a_slow_reader_is_closed_at_last_and_resumes_by_its_cursor(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    heavy = CHANGES.replace("customer {", "customer { ...wide ") + "fragment wide on Customer { "
    heavy += " ".join(f"a{n}: name b{n}: id" for n in range(95)) + " }"
    async with following(api, li.member, heavy, pool=pool_id(pool)) as changes:
        changes.connection.transport.pause_reading()
        await office.customers(pool, 3000)
        # Its buffers are full when a quick one has heard all; then it stands still for too long.
        async with following(api, li.member, CHANGES, pool=pool_id(pool)) as quick:
            await office.customers(pool, 500)
            await quick.several(500)
        await asyncio.sleep(SLOW_SECONDS + 1)
        changes.connection.transport.resume_reading()
        told = await changes.until_error("SLOW_READER")
    assert 0 < len(told) < 3500
    async with following(
        api, li.member, CHANGES, pool=pool_id(pool), after=told[-1]["cursor"]
    ) as again:
        told += await again.several(3500 - len(told), 20)
    assert [change["cursor"] for change in told] == await ledger(pool)


async def test_a_large_import_reaches_whoever_keeps_up(
    office: Office, api: Client, pool: Pool, li: Viewer
) -> None:
    async with following(api, li.member, CHANGES, pool=pool_id(pool)) as changes:
        customers = await office.customers(pool, 3000)
        told = await changes.several(3000, 20)
    assert sorted(change["customer"]["id"] for change in told) == sorted(map(global_id, customers))
    assert [change["cursor"] for change in told] == await ledger(pool)


async def test_two_api_processes_tell_the_same_in_order_while_writers_race(
    office: Office, pool: Pool, processes: Processes
) -> None:
    first, second = await processes.api(), await processes.api()
    people = [await office.person() for _ in range(4)]
    customers, watcher = await office.customers(pool, 20), people[0].member
    async with (
        following(first.client, watcher, CHANGES, pool=pool_id(pool)) as one,
        following(second.client, watcher, CHANGES, pool=pool_id(pool)) as two,
    ):
        before = await ledger(pool)
        sides = (first.client, second.client)
        await asyncio.gather(*(work(sides, who, customers) for who in people))
        await until(everything_settled)
        written = (await ledger(pool))[len(before) :]
        assert len(written) > 30
        for side in (one, two):
            told = await side.several(len(written))
            assert [change["cursor"] for change in told] == written
    first.kill()
    async with following(
        second.client, watcher, CHANGES, pool=pool_id(pool), after=written[9]
    ) as again:
        told = await again.several(len(written) - 10)
    assert [change["cursor"] for change in told] == written[10:]
    assert await replay.differences() == []


async def work(sides: tuple[Client, Client], who: Viewer, customers: list[UUID]) -> None:
    """Claim one after another, now here and now there, and give half of them back."""
    chance = random.Random(str(who.id))
    for _ in range(25):
        customer = global_id(chance.choice(customers))
        await chance.choice(sides).data(who.member, CLAIM, ids=[customer])
        if chance.random() < 0.8:
            await chance.choice(sides).data(who.member, GIVE_BACK, id=customer)


async def everything_settled() -> bool:
    newest = await Event.all().order_by("-txid", "-seq").first()
    return newest is not None and feed.cursor_of(newest) <= await feed.head()


def global_id(customer_id: UUID) -> str:
    return ids.encode("Customer", customer_id)


def pool_id(pool: Pool) -> str:
    return ids.encode("Pool", pool.id)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def inbox(api: Client, who: Viewer) -> dict[str, Any]:
    alerts: dict[str, Any] = (await api.data(who.member, INBOX))["viewer"]["alerts"]
    return alerts


async def is_followed(api: Client, subscription: str) -> bool:
    """Some one follows it, by what the API measures of itself."""
    text = (await api.http.get(f"{api.url}/metrics")).text
    return f'{{subscription="{subscription}"}} 1.0' in text


async def settled(li: Viewer, how_many: int) -> bool:
    return len(await queries.alerts_after(li, feed.START, await feed.head(), 100)) == how_many


async def ledger(pool: Pool) -> list[str]:
    """The cursors of all that ever changed in the pool, in order."""
    scope = (pool.organization_id, pool.id)
    changes = await feed.pool_changes_after(*scope, feed.START, await feed.head(), 1_000_000)
    seal = await seal_of(pool.organization_id)
    return [await feed.format_cursor(feed.cursor_of(event), seal) for event in changes]
