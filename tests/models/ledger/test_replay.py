import re
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from models import database
from models.holding import follow_ups, locks
from models.ledger import replay, replay_reads
from models.ledger.replay import Replayed
from models.organizations.calendar import set_calendar
from models.ownership import claims, releases, transfers
from models.tables import Pool
from models.viewers import Viewer
from tests.support.samples import Office, connection, found, row

WHEN = datetime.fromisoformat("2026-11-20T09:00:00+00:00")


@pytest.fixture
async def pool(office: Office) -> Pool:
    return await office.pool(
        follow_up_within="P7D", deal_within="P30D", max_hold="P60D", lock_limit=5
    )


@pytest.fixture
async def li(office: Office, pool: Pool) -> Viewer:
    return await office.person("李雷")


async def held(office: Office, pool: Pool, li: Viewer) -> UUID:
    id = await office.customer(pool)
    await claims.claim(li, [id])
    return id


async def tamper(sql: str, *values: object) -> None:
    """Change rows as nobody may: without triggers, keys or the ledger."""
    async with connection() as own, own.transaction():
        await own.execute("SET LOCAL session_replication_role = replica")
        await own.execute(sql, *values)


async def test_a_customers_whole_life_is_what_its_events_say(
    office: Office, pool: Pool, li: Viewer
) -> None:
    han, admin = await office.person(), await office.admin()
    id, other = await held(office, pool, li), await office.customer(pool)
    await follow_ups.log_follow_up(li, id, "CALL", "在")
    await follow_ups.record_deal(li, id, Decimal(1))
    await locks.lock(li, id)
    await transfers.transfer(admin, id, han.id)
    await claims.assign(admin, other, li.id)
    await releases.give_back(li, other, "不合适")
    counted = Replayed()
    assert [each async for each in replay.replay(None, counted)] == []
    assert (counted.organizations, counted.customers, counted.seats) == (1, 2, 2)
    assert (counted.events, counted.differences) == (9, 0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("epoch = epoch + 1", "epoch: the ledger says 1, the table says 2"),
        (
            "followed_up_at = '2026-11-20T09:00Z'",
            "followed_up_at: the ledger says nothing, the table says 2026-11-20T09:00:00+00:00",
        ),
        (
            "release_reason = 'MAX_HOLD'",
            "release_reason: the rules say NOT_FOLLOWED_UP, the table says MAX_HOLD",
        ),
        ("rules_version = 9", "rules_version: the pool says nothing, the table says 9"),
    ],
)
async def test_a_changed_customer_is_named_with_its_column_and_both_values(
    office: Office, pool: Pool, li: Viewer, change: str, expected: str
) -> None:
    id = await held(office, pool, li)
    await held(office, pool, li)
    await tamper(f"UPDATE customer SET {change} WHERE id = $1", id)
    assert f"customer {id}: {expected}" in await replay.differences()
    assert all(line.startswith(f"customer {id}: ") for line in await replay.differences())


async def test_a_release_that_the_rules_do_not_say_is_named(
    office: Office, pool: Pool, li: Viewer
) -> None:
    id = await held(office, pool, li)
    due = (await row(id)).release_at
    assert due is not None
    later = due + timedelta(days=1)
    await tamper("UPDATE customer SET release_at = $2 WHERE id = $1", id, later)
    assert await replay.differences() == [
        f"customer {id}: release_at: the rules say {due.isoformat()},"
        f" the table says {later.isoformat()}"
    ]


async def test_another_owner_shows_at_the_customer_but_not_at_the_seats(
    office: Office, pool: Pool, li: Viewer
) -> None:
    """Seats and the ledger still agree: one change is one line."""
    id, han = await held(office, pool, li), await office.person()
    await tamper("UPDATE customer SET owner_id = $2 WHERE id = $1", id, han.id)
    assert await replay.differences() == [
        f"customer {id}: owner_id: the ledger says {li.id}, the table says {han.id}"
    ]


async def test_a_changed_seat_is_named_with_its_member_and_pool(
    office: Office, pool: Pool, li: Viewer
) -> None:
    await held(office, pool, li)
    await tamper("UPDATE seat SET held = 5, claimed_today = 0")
    assert sorted(await replay.differences()) == [
        f"seat of member {li.id} in pool {pool.id}:"
        " claimed_today: the ledger says 1, the table says 0",
        f"seat of member {li.id} in pool {pool.id}: held: the ledger says 1, the table says 5",
    ]


async def test_a_missing_seat_and_a_missing_customer_are_named(
    office: Office, pool: Pool, li: Viewer
) -> None:
    gone, stays = await held(office, pool, li), await held(office, pool, li)
    await tamper("DELETE FROM seat")
    await tamper("DELETE FROM customer WHERE id = $1", gone)
    lines = await replay.differences()
    assert f"customer {gone}: id: the ledger says {gone}, the table says nothing" in lines
    assert (
        f"seat of member {li.id} in pool {pool.id}:"
        " held: the ledger says 2, the table says nothing" in lines
    )
    assert not any(str(stays) in line for line in lines)


async def test_a_customer_without_events_and_a_lost_event_are_named(
    office: Office, pool: Pool, li: Viewer
) -> None:
    id, unknown = await held(office, pool, li), uuid4()
    await tamper(
        "INSERT INTO customer (id, organization_id, pool_id, name, name_key)"
        " VALUES ($1, $2, $3, '无', '无')",
        unknown,
        office.id,
        pool.id,
    )
    await tamper("DELETE FROM event WHERE customer_id = $1 AND action = 'CLAIMED'", id)
    lines = await replay.differences()
    assert (
        f"customer {unknown}: pool_id: the ledger says nothing, the table says {pool.id}" in lines
    )
    assert f"customer {id}: owner_id: the ledger says nothing, the table says {li.id}" in lines


async def test_one_organization_alone(office: Office, pool: Pool, li: Viewer) -> None:
    other = await found("别家")
    theirs = await held(other, await other.pool(), await other.person())
    await held(office, pool, li)
    await tamper("UPDATE customer SET epoch = epoch + 1 WHERE id = $1", theirs)
    assert await replay.differences(office.id) == []
    assert len(await replay.differences(other.id)) == 1
    assert len(await replay.differences()) == 1


async def test_slices_end_anywhere(
    office: Office, pool: Pool, li: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await office.customers(pool, 7)
    await claims.claim(li, ids[1:5])
    gone = [*ids[4:6], ids[-1]]
    await tamper("DELETE FROM customer WHERE id = ANY($1)", gone)
    whole = await replay.differences()
    named = {UUID(id) for line in whole for id in re.findall("customer ([0-9a-f-]+)", line)}
    assert named == set(gone)
    for size in (1, 2, 3):
        monkeypatch.setattr(replay_reads, "SLICE", size)
        assert await replay.differences() == whole


async def test_writes_during_a_replay_are_not_seen(
    office: Office, pool: Pool, li: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Customers, events and seats are of one moment, and the claim waits for nobody."""
    monkeypatch.setattr(replay_reads, "SLICE", 1)
    first, last = await office.customers(pool, 2)
    await tamper("UPDATE customer SET epoch = 7 WHERE id = $1", first)
    async with database.snapshot() as snapshot:
        assert await snapshot.rows("SELECT count(*) AS n FROM customer") == [{"n": 2}]
        await claims.claim(li, [last])
        assert await snapshot.rows("SELECT FROM customer WHERE owner_id IS NOT NULL") == []
    replaying = replay.replay(office.id, counted := Replayed())
    assert (await anext(replaying)).column == "epoch"
    await releases.give_back(li, last, "不合适")
    assert [each async for each in replaying] == []
    assert counted.events == 3


async def test_a_new_calendar_that_has_not_reached_a_customer_yet_is_no_difference(
    office: Office, li: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool = await office.pool(max_hold="P20D", working_days=True)
    id = await held(office, pool, await office.viewer(li.id))
    due = (await row(id)).release_at
    assert due is not None
    monkeypatch.setattr("models.organizations.calendar.AT_ONCE", 0)
    day = due.date() - timedelta(days=2)
    days = [day - timedelta(days=n) for n in range(5) if (day - timedelta(days=n)).year == day.year]
    await set_calendar(await office.admin(), day.year, days, [])
    assert (await row(id)).release_at == due
    assert await replay.differences() == []
