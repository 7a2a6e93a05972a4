import asyncio
import base64
import random
from collections.abc import Awaitable
from uuid import UUID

import pytest

from models import database
from models.alerts import queries
from models.customers.moves import move_customers
from models.ledger import feed
from models.ledger.feed import START, Cursor, Resync
from models.organizations import leaving
from models.ownership import claims, releases, transfers
from models.refusals import InvalidInput, Refusal
from models.tables import Event
from models.viewers import Viewer
from tests.support.keyed import keyed
from tests.support.samples import Office, connection, refusal, row, seal_of, story

APPEND = """
INSERT INTO event (organization_id, action, actor_id, reason)
SELECT organization_id, 'UPDATED', id, $2 FROM member WHERE organization_id = $1 LIMIT 1
"""


async def test_the_feed_tells_everything_in_order_and_from_any_place(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "不合适")
    whole = await feed.after(START)
    assert len(whole) == await Event.all().count()
    cursors = [feed.cursor_of(event) for event in whole]
    assert cursors == sorted(cursors)
    assert [event.action for event in whole[-3:]] == ["CREATED", "CLAIMED", "RELEASED"]
    assert await feed.head() == cursors[-1]
    assert [feed.cursor_of(e) for e in await feed.after(cursors[2], 3)] == cursors[3:6]
    assert await feed.after(cursors[-1]) == []


async def test_an_empty_ledger_starts_at_the_start(database: None) -> None:
    assert await feed.head() == START
    assert await feed.after(START) == []


async def test_what_an_open_transaction_may_still_come_before_is_not_told_yet(
    office: Office,
) -> None:
    before = await feed.head()
    async with connection() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(APPEND, office.id, "early")
        await database.rows(APPEND, office.id, "late")
        assert await feed.head() == before
        assert await feed.after(before) == []
        await transaction.commit()
    assert [event.reason for event in await feed.after(before)] == ["early", "late"]


async def test_what_was_rolled_back_holds_nothing_up(office: Office) -> None:
    before = await feed.head()
    async with connection() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(APPEND, office.id, "never")
        await database.rows(APPEND, office.id, "kept")
        await transaction.rollback()
    assert [event.reason for event in await feed.after(before)] == ["kept"]


async def test_a_reader_by_cursor_misses_none_of_what_slow_writers_add(office: Office) -> None:
    writers, each = 12, 30
    start, chance = await feed.head(), random.Random(7)

    async def write(number: int) -> None:
        async with connection() as own:
            for n in range(0, each, 3):
                async with own.transaction():
                    for part in range(n, n + 3):
                        await own.execute(APPEND, office.id, f"{number}.{part}")
                        await asyncio.sleep(chance.random() / 100)

    seen: list[Event] = []
    by_seq: set[str] = set()
    last_seq = start.seq
    writing = [asyncio.create_task(write(number)) for number in range(writers)]
    while len(seen) < writers * each:
        seen += await feed.after(feed.cursor_of(seen[-1]) if seen else start, 50)
        for event in await Event.filter(action="UPDATED", seq__gt=last_seq).order_by("seq"):
            by_seq.add(str(event.reason))
            last_seq = event.seq
        await asyncio.sleep(0.001)
    await asyncio.gather(*writing)
    told = [str(event.reason) for event in seen]
    assert sorted(told) == sorted(f"{w}.{n}" for w in range(writers) for n in range(each))
    for number in range(writers):
        mine = [reason for reason in told if reason.startswith(f"{number}.")]
        assert mine == [f"{number}.{n}" for n in range(each)]
    print(f"a cursor on the serial number alone saw {len(by_seq)} of {writers * each}")
    assert len(by_seq) < writers * each


async def test_a_cursor_survives_being_text(office: Office) -> None:
    head = await feed.head()
    seal = await seal_of(office.id)
    for cursor in (head, START):
        assert await feed.parse_cursor(await feed.format_cursor(cursor, seal), seal) == cursor


async def test_a_cursor_of_another_database_or_of_the_future_asks_for_a_resync(
    office: Office,
) -> None:
    head = await feed.head()
    cluster, seal = database.cluster(), await seal_of(office.id)
    for plain in (
        f"{cluster}:{head.txid + 1_000_000}:1",
        f"{cluster}0:{head.txid}:{head.seq}",
        f"7.7:{head.txid}:{head.seq}",
    ):
        with pytest.raises(Resync):
            await feed.parse_cursor(seal.close(plain), seal)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "客户",
        "\ud800",
        "a:b:c",
        "{cluster}:1",
        "{cluster}:1:2:3",
        "{cluster}:-1:5",
        "{cluster}:1:-5",
        "{cluster}:1:99999999999999999999",
        "{cluster}:99999999999999999999:1",
    ],
)
async def test_what_is_no_cursor_is_wrong_input(office: Office, value: str) -> None:
    plain = value.format(cluster=database.cluster())
    for text in (plain, encoded(plain)):
        refused = await refusal(feed.parse_cursor(text, await seal_of(office.id)))
        assert isinstance(refused, InvalidInput)
        assert [problem.path for problem in refused.problems] == ["after"]


async def test_a_member_is_told_what_concerns_them_between_two_cursors(office: Office) -> None:
    pool = await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    start = await feed.head()
    id, other = await office.customers(pool, 2)
    await claims.assign(admin, id, li.id)
    middle = await feed.head()
    await transfers.transfer(admin, id, han.id)
    await claims.claim(li, [other])
    await leaving.deactivate(admin, li.id)
    end = await feed.head()

    async def told(who: Viewer, after: Cursor, upto: Cursor) -> list[str]:
        events = await queries.alerts_after(who, after, upto, 10)
        return [event.action for event in events]

    assert await told(li, start, end) == ["ASSIGNED", "TRANSFERRED", "RELEASED"]
    assert await told(han, start, end) == ["TRANSFERRED"]
    assert await told(li, start, middle) == ["ASSIGNED"]
    assert await told(li, middle, end) == ["TRANSFERRED", "RELEASED"]
    assert await told(admin, start, end) == []


async def test_a_pool_tells_what_was_opened_and_what_was_claimed(office: Office) -> None:
    pool, other = await office.pool(), await office.pool()
    li, admin = await office.person(), await office.admin()
    start = await feed.head()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await releases.give_back(li, id, "不合适")
    await move_customers(admin, [id], other.id)
    await claims.assign(admin, id, li.id)
    end = await feed.head()

    async def told(pool_id: UUID) -> list[str | None]:
        changes = await feed.pool_changes_after(office.id, pool_id, start, end, 10)
        return [feed.pool_change(event) for event in changes]

    assert await told(pool.id) == ["OPENED", "CLAIMED", "OPENED"]
    assert await told(other.id) == ["OPENED", "CLAIMED"]


async def test_a_customers_events_are_told_in_the_order_in_which_they_happened(
    office: Office,
) -> None:
    pool = await office.pool()
    people = [await office.person() for _ in range(4)]
    ids = await office.customers(pool, 6)

    async def take_and_give(n: int) -> None:
        who = people[n % 4]
        await keyed(who, f"key{n}" if n % 2 else None, claims.claim, ids)
        for id in ids:
            if (await row(id)).owner_id == who.id:
                act = keyed(who, f"back{n}{id}", releases.give_back, id, "不合适")
                await refusal_or_done(act)

    await asyncio.gather(*(take_and_give(n) for n in range(24)))
    told: dict[object, list[str]] = {id: [] for id in ids}
    for event in await feed.after(START, 10_000):
        if event.customer_id:
            told[event.customer_id].append(event.action)
    for id in ids:
        assert told[id] == await story(id)
        assert told[id][1:] == ["CLAIMED", "RELEASED"] * (len(told[id]) // 2) + (
            ["CLAIMED"] if len(told[id]) % 2 == 0 else []
        )


async def refusal_or_done(act: Awaitable[object]) -> object:
    try:
        return await act
    except Refusal as refused:
        return refused


def encoded(plain: str) -> str:
    return base64.urlsafe_b64encode(plain.encode(errors="surrogatepass")).decode()
