import asyncio
import time
from collections import Counter
from functools import partial
from uuid import UUID

import pytest
from tortoise.exceptions import OperationalError

from models import database
from models.ownership import claims
from models.tables import Customer
from models.taking import batching
from models.taking.batching import ClaimBatcher
from models.taking.candidates import read_candidates
from models.taking.capacity import ensure_seats
from models.taking.submissions import (
    LARGEST_BATCH,
    LARGEST_PART,
    Submission,
    batch_of,
    first_of,
)
from models.taking.take_statement import ClaimRow, claim_row, write_claims
from tests.support.samples import Office, connection, found, numbers, someone_waits, until


async def test_a_claim_that_arrives_as_all_batches_end_is_written(office: Office) -> None:
    batcher = ClaimBatcher()

    async def claims(how_often: int, later: int) -> None:
        for _ in range(later):
            await asyncio.sleep(0)
        for _ in range(how_often):
            assert await batcher.submit([]) == []

    async with asyncio.timeout(10):
        for _ in range(20):
            # The answers of both batches arrive while the loop is busy, so both end at once.
            asyncio.get_running_loop().call_later(0.001, time.sleep, 0.02)
            await asyncio.gather(claims(2, later=0), claims(1, later=3))


async def test_a_batch_in_which_one_fails_is_done_again_one_by_one(office: Office) -> None:
    batcher, good, bad = ClaimBatcher(), await rows(office), await rows(office)
    bad[0]["release_at"] = "never"
    results = await asyncio.gather(
        *(batcher.submit(each) for each in (good, bad)), return_exceptions=True
    )
    (customer,) = results[0]  # type: ignore[misc]
    assert str(customer.id) == good[0]["customer_id"]
    assert isinstance(results[1], OperationalError)


async def test_claims_of_several_organizations_share_a_statement(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[set[str]] = []

    async def write(rows: list[ClaimRow]) -> list[Customer]:
        written.append({row["organization_id"] for row in rows})
        return await write_claims(rows)

    monkeypatch.setattr(batching, "write_claims", write)
    other = await found(email="admin@other.test")
    of_two = [await rows(each) for each in (office, other, office)]
    batcher = ClaimBatcher()
    answers = await asyncio.gather(*(batcher.submit(each) for each in of_two))
    assert [str(each.id) for (each,) in answers] == [each["customer_id"] for (each,) in of_two]
    assert written == [{str(office.id), str(other.id)}]


async def test_claims_of_one_seat_share_a_batch_and_never_meet_in_two(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li = await office.person()
    ids = await office.customers(pool, 40)
    await claims.claim(li, [ids.pop()])
    candidates = await read_candidates(li, dict.fromkeys(ids, li.id))
    batcher = ClaimBatcher()
    claimed = await asyncio.gather(
        *(batcher.submit([claim_row(li, each, li.member, assigned=False)]) for each in candidates)
    )
    assert [len(each) for each in claimed] == [1] * 39


def submission(organization: str, size: int, member: str = "") -> Submission:
    rows = [
        {
            "organization_id": organization,
            "customer_id": f"{organization}{next(numbers)}",
            "pool_id": organization,
            "member_id": member or f"{organization}{next(numbers)}",
        }
        for _ in range(size)
    ]
    return Submission(rows, asyncio.get_running_loop().create_future())


def sizes(batch: list[Submission]) -> dict[str, int]:
    return dict(Counter(row["organization_id"] for each in batch for row in each.rows))


async def test_organizations_are_batched_in_turn_and_none_has_all_of_a_batch() -> None:
    batcher = ClaimBatcher()
    batcher._pending = [submission("A", 1) for _ in range(500)] + [submission("B", 1)]
    assert sizes(batcher._next_batch()) == {"A": LARGEST_PART, "B": 1}
    assert sizes(batcher._next_batch()) == {"A": LARGEST_BATCH}
    batcher._pending += [submission(name, 1) for name in "BCD" for _ in range(500)]
    assert sizes(batcher._next_batch()) == dict.fromkeys("ABCD", LARGEST_BATCH // 4)


async def test_a_claim_of_one_never_shares_a_statement_with_claims_of_many() -> None:
    batcher = ClaimBatcher()
    large = [submission("A", 100) for _ in range(3)]
    batcher._pending = [*large, submission("B", 1), submission("A", 1)]
    assert sizes(batcher._next_batch()) == {"B": 1, "A": 1}
    assert batcher._next_batch() == large[:1]


async def test_what_needs_a_row_of_the_other_batch_is_left_to_it() -> None:
    """By itself it would find the row in use, and try again for nothing."""
    used, free = submission("A", 1), submission("A", 1)
    assert batch_of([used, free], used.locks) == first_of([used, free], used.locks) == [free]


async def test_of_large_claims_one_is_written_at_a_time_and_small_ones_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[list[int]] = []
    going_on = asyncio.Event()

    async def write(rows: list[ClaimRow]) -> list[Customer]:
        written.append([len(rows)])
        if len(rows) > 1:
            await going_on.wait()
        return []

    monkeypatch.setattr(batching, "write_claims", write)
    batcher = ClaimBatcher()
    large = [asyncio.create_task(batcher.submit(submission("A", 100).rows)) for _ in range(2)]
    await asyncio.sleep(0)
    for _ in range(3):
        assert await batcher.submit(submission("B", 1).rows) == []
    assert written == [[100], [1], [1], [1]]
    going_on.set()
    await asyncio.gather(*large)
    assert written[4:] == [[100]]


async def test_members_who_wait_for_their_own_seats_hold_up_no_other(office: Office) -> None:
    batcher, free = ClaimBatcher(), await rows(office)
    used = [await rows(office) for _ in range(6)]
    async with connection() as other, other.transaction():
        await other.execute(
            "SELECT FROM seat WHERE member_id = ANY($1) FOR UPDATE",
            [UUID(each[0]["member_id"]) for each in used],
        )
        waiting = [asyncio.create_task(batcher.submit_alone(each)) for each in used]
        await until(someone_waits)
        assert len(await batcher.submit_alone(free)) == 1
        assert not any(task.done() for task in waiting)
    assert [len(each) for each in await asyncio.gather(*waiting)] == [1] * 6


async def test_a_row_in_use_is_left_out_of_a_batch_and_waited_for_alone(office: Office) -> None:
    batcher, used, free = ClaimBatcher(), await rows(office), await rows(office)
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM customer WHERE id = $1 FOR UPDATE", used[0]["customer_id"])
        answers = await asyncio.gather(batcher.submit(used), batcher.submit(free))
        assert [len(each) for each in answers] == [0, 1]
        waiting = asyncio.create_task(batcher.submit_alone(used))
        await until(someone_waits)
    assert len(await waiting) == 1


async def rows(office: Office) -> list[ClaimRow]:
    """What a claim of a new customer by a new member submits."""
    li, id = await office.person(), await office.customer(await office.pool(max_hold="P20D"))
    (candidate,) = await read_candidates(li, {id: li.id})
    await ensure_seats(office.id, [candidate.customer.pool_id], li.id)
    return [claim_row(li, candidate, li.member, assigned=False)]


@pytest.mark.parametrize(("late_seconds", "statements"), [(60.0, 1), (-1.0, 2)])
async def test_claims_wait_for_a_statement_to_end_unless_it_takes_long(
    office: Office, late_seconds: float, statements: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "LATE_SECONDS", late_seconds)
    first, *later = [await rows(office) for _ in range(4)]
    batcher = ClaimBatcher()
    async with connection() as other, other.transaction():
        await other.execute("LOCK TABLE event IN SHARE MODE")
        asked = [asyncio.create_task(batcher.submit(first))]
        await until(someone_waits)
        asked += [asyncio.create_task(batcher.submit(each)) for each in later]
        await until(partial(as_many_wait, statements))
        # A statement of theirs would wait, too, by the end of these.
        assert [await as_many_wait(statements) for _ in range(10)] == [True] * 10
    assert [len(each) for each in await asyncio.gather(*asked)] == [1] * 4
    # Either way the later ones share a statement, and its transaction.
    by_transaction = "SELECT count(*) AS n FROM event WHERE action = 'CLAIMED' GROUP BY txid"
    assert sorted(each["n"] for each in await database.rows(by_transaction)) == [1, 3]


async def as_many_wait(count: int) -> bool:
    (found,) = await database.rows(
        "SELECT count(*) AS n FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return bool(found["n"] == count)
