"""Who sees the same of a change is told by one execution; who sees more or less is not."""

import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from models import database
from models.customers.update import update_customer
from models.ledger import feed
from models.organizations import members
from models.organizations.departments import save_department
from models.organizations.members import MemberFields
from models.ownership import claims, releases
from models.tables import Event, Pool
from models.viewers import Viewer
from schema.base.context import Context
from schema.base.subscribers import MOST_WAITING
from schema.fanout.audience import Told
from schema.fanout.outlet import Payload
from schema.fanout.sharing import Sharing
from schema.fanout.watchers import Watcher
from schema.fanout.watching import crowds
from tests.support.asking import customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office, seal_of, until
from tests.support.sockets import Following, following

SHARED = """subscription ($pool: ID!, $after: Cursor) { poolChanges(poolId: $pool, after: $after) {
  cursor kind at customer { id name level openedAt createdAt contact { person phone masked }
    pool { name } owner { name email department { name } }
    holding { since locked remindAt release { at reason conditions { at remedy } } } } } }"""
# The same fields; a directive makes each watcher an audience of their own.
ALONE = SHARED.replace("cursor kind", "cursor @include(if: true) kind")
MINE = SHARED.replace("{ id name", "{ claimable { __typename } id name")
RIGHTS, VIEWER = "WHERE NOT sees OR role", "AS open_pools"


class Asked(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.statements.append(record.getMessage())

    def count(self, part: str) -> int:
        return sum(part in each for each in self.statements)


@pytest.fixture
def asked() -> Iterator[Asked]:
    handler, log = Asked(), logging.getLogger("tortoise.db_client")
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events that were executed for an audience."""
    found: list[Event] = []
    execute = Sharing.execute

    async def counted(sharing: Sharing, context: Context, event: Event) -> Payload | None:
        found.append(event)
        return await execute(sharing, context, event)

    monkeypatch.setattr(Sharing, "execute", counted)
    return found


@asynccontextmanager
async def watching(
    api: Client, pool: Pool, people: list[Viewer], document: str = SHARED
) -> AsyncIterator[list[Following]]:
    """They all have been told what there was: the next change is told to all at once."""
    await are_handed_out(api, pool, people[0])
    async with AsyncExitStack() as stack:
        each = [following(api, who.member, document, pool=gid("Pool", pool.id)) for who in people]
        sockets = [await stack.enter_async_context(one) for one in each]
        if document == SHARED:
            await until(lambda: are_idle(pool, len(people)))
        yield sockets


async def are_handed_out(api: Client, pool: Pool, one: Viewer) -> None:
    """All changes until now: a watcher who comes later adds no execution for them.

    The API replays only what its listener has handed out.
    """
    scope = (pool.organization_id, pool.id)
    changes = await feed.pool_changes_after(*scope, feed.START, feed.END, MOST_WAITING)
    start = await feed.format_cursor(feed.START, await seal_of(pool.organization_id))
    asked = {"pool": gid("Pool", pool.id), "after": start}
    async with following(api, one.member, ALONE, **asked) as socket:
        await socket.several(len(changes))


async def are_idle(pool: Pool, how_many: int) -> bool:
    crowd = next((by_pool[pool.id] for by_pool in crowds.values() if pool.id in by_pool), None)
    watchers = list(crowd.watchers) if crowd else []
    return len(watchers) == how_many and all(
        each.subscriber.is_idle(database.cluster()) for each in watchers
    )


async def told(sockets: list[Following]) -> list[dict[str, Any]]:
    return [await each.next() for each in sockets]


async def test_fifty_watchers_of_one_audience_share_one_execution(
    api: Client, office: Office, asked: Asked, executed: list[Event]
) -> None:
    pool = await office.pool(max_hold="P20D")
    claimer, people = await office.person(), [await office.person() for _ in range(5)]
    customer = await office.customer(pool)
    async with watching(api, pool, people * 10) as sockets:
        asked.statements.clear()
        await claims.claim(claimer, [customer])
        changes = await told(sockets)
    assert (len(executed), asked.count(RIGHTS), asked.count(VIEWER)) == (1, 1, 1)
    assert [each["customer"]["id"] for each in changes] == [customer_gid(customer)] * 50
    assert changes == changes[:1] * 50


async def test_who_came_first_is_told_first(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await office.pool()
    customer = await office.customer(pool)
    people, order = [await office.person() for _ in range(8)], list[UUID]()

    def tell(watcher: Watcher, told: Sequence[Told], cluster: str) -> None:
        order.append(watcher.context.viewer.id)
        tell_one(watcher, told, cluster)

    tell_one = Watcher.tell
    monkeypatch.setattr(Watcher, "tell", tell)
    async with AsyncExitStack() as stack:
        sockets = []
        for who in people:
            one = following(api, who.member, SHARED, pool=gid("Pool", pool.id))
            sockets.append(await stack.enter_async_context(one))
            await until(partial(are_idle, pool, len(sockets)))
        await claims.claim(await office.person(), [customer])
        await told(sockets)
    assert order == [who.id for who in people]


async def test_watchers_who_may_see_more_are_told_more(
    api: Client, office: Office, executed: list[Event]
) -> None:
    pool = await office.pool(max_hold="P20D")
    li, han, admin = await office.person(), await office.person(), await office.admin()
    mei = await office.person()
    customer = await office.customer(pool)
    await update_customer(admin, customer, {"phone": "13812345678"})
    async with watching(api, pool, [li, han, mei, admin]) as sockets:
        await claims.claim(li, [customer])
        held = [each["customer"]["contact"]["phone"] for each in await told(sockets)]
        await until(lambda: are_idle(pool, 4))
        await releases.give_back(li, customer, "没有预算")
        free = [each["customer"]["contact"]["phone"] for each in await told(sockets)]
    assert held == ["13812345678", None, None, "13812345678"]
    assert free == ["138****5678"] * 4
    # Han and Mei together, the administrator apart; Li's own generator told Li.
    assert len(executed) == 4


async def test_a_lead_is_told_the_contacts_of_their_people_alone(
    api: Client, office: Office, executed: list[Event]
) -> None:
    pool, admin = await office.pool(), await office.admin()
    lead, li, han, mei = [await office.person() for _ in range(4)]
    one = await save_department(
        admin, None, "一部", parent_id=office.department_id, lead_id=lead.id
    )
    await members.save(admin, li.id, MemberFields(li.member.name, li.member.email, "SALES", one.id))
    theirs, beside = await office.customers(pool, 2)
    await update_customer(admin, theirs, {"phone": "13812345678"})
    await update_customer(admin, beside, {"phone": "13912345678"})
    async with watching(api, pool, [lead, mei]) as sockets:
        phones = []
        for who, id in ((li, theirs), (han, beside)):
            await claims.claim(await office.viewer(who.id), [id])
            phones.append([each["customer"]["contact"]["phone"] for each in await told(sockets)])
    assert phones == [["13812345678", None], [None, None]]
    # Mei is the audience; the lead's own generator told the lead.
    assert len(executed) == 2


async def test_what_an_audience_is_told_is_what_each_would_be_told_alone(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P20D", reminders=["P3D"])
    li, people = await office.person(), [await office.person(), await office.admin()]
    customer = await office.customer(pool)
    async with (
        watching(api, pool, people) as together,
        watching(api, pool, people, ALONE) as alone,
    ):
        for act in (claims.claim(li, [customer]), releases.give_back(li, customer, "没有预算")):
            await act
            assert await told(together) == await told(alone)


async def test_readers_of_two_languages_are_two_audiences(
    api: Client, office: Office, executed: list[Event]
) -> None:
    pool = await office.pool(max_hold="P20D")
    li, han, customer = await office.person(), await office.person(), await office.customer(pool)
    await are_handed_out(api, pool, li)
    watch = partial(following, api, query=SHARED, pool=gid("Pool", pool.id))
    async with watch(li.member) as english, watch(han.member, language="zh-CN") as chinese:
        await until(lambda: are_idle(pool, 2))
        await claims.claim(await office.person(), [customer])
        changes = await told([english, chinese])
    releases = [each["customer"]["holding"]["release"] for each in changes]
    remedies = [each["conditions"][0]["remedy"] for each in releases]
    assert [remedy.isascii() for remedy in remedies] == [True, False]
    assert len(executed) == 2


async def test_what_differs_among_them_is_executed_for_each(
    api: Client, office: Office, executed: list[Event]
) -> None:
    pool = await office.pool(max_hold="P20D", reclaim_cooldown="P7D")
    li, han, customer = await office.person(), await office.person(), await office.customer(pool)
    await claims.claim(li, [customer])
    async with watching(api, pool, [li, han], MINE) as sockets:
        await until(lambda: is_followed(api, 2))
        await releases.give_back(li, customer, "没有预算")
        kinds = [each["customer"]["claimable"]["__typename"] for each in await told(sockets)]
    assert kinds == ["CoolingDown", "Claimable"]
    assert executed == []


@pytest.mark.parametrize(
    ("loss", "code"),
    [
        ("DELETE FROM pool_access WHERE organization_id = $1 AND member_id = $2", "NotFound"),
        ("UPDATE member SET active = false WHERE organization_id = $1 AND id = $2", "Forbidden"),
        # They left and returned: the token is from before.
        (
            "UPDATE member SET reactivated_at = now() WHERE organization_id = $1 AND id = $2",
            "Forbidden",
        ),
    ],
)
async def test_who_loses_the_pool_with_the_change_is_not_told_of_it(
    api: Client, office: Office, loss: str, code: str
) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, han = await office.person(), await office.person()
    await open_to(pool, [li.id, han.id])
    customer = await office.customer(pool)
    async with watching(api, pool, [li, han]) as (lis, hans):
        async with database.transaction():
            await claims.assign(admin, customer, admin.id)
            await database.rows(loss, office.id, li.id)
        assert (await hans.next())["customer"]["id"] == customer_gid(customer)
        assert (await lis.error())["extensions"]["code"] == code


async def open_to(pool: Pool, members: list[UUID]) -> None:
    """To these alone, not to their department."""
    scope = (pool.organization_id, pool.id)
    await database.rows(
        "DELETE FROM pool_access WHERE organization_id = $1 AND pool_id = $2", *scope
    )
    await database.rows(
        "INSERT INTO pool_access (organization_id, pool_id, member_id)"
        " SELECT $1, $2, member_id FROM unnest($3::uuid[]) AS member_id",
        *scope,
        members,
    )


async def test_a_client_who_does_not_read_gets_all_in_order_later(
    api: Client, office: Office, executed: list[Event]
) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, han = await office.person(), await office.person()
    customer = await office.customer(pool)
    async with watching(api, pool, [li, han]) as (slow, quick):
        slow.connection.transport.pause_reading()
        for _ in range(20):
            await claims.assign(admin, customer, admin.id)
            await releases.give_back(admin, customer, "没有预算")
        heard = await quick.several(40)
        slow.connection.transport.resume_reading()
        assert await slow.several(40) == heard


async def is_followed(api: Client, by: int) -> bool:
    text = (await api.http.get(f"{api.url}/metrics")).text
    return f'{{subscription="poolChanges"}} {by}.0' in text
