import asyncio
import hashlib
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from models import database
from models.holding import follow_ups
from models.ledger import replay
from models.ledger.outcomes import Claimed
from models.ownership import claims, releases, transfers
from models.refusals import (
    AlreadyHeld,
    CapacityReached,
    CoolingDown,
    DailyLimitReached,
    Forbidden,
    InvalidInput,
    NotFound,
    NotHolder,
    NotYetOpen,
    Problem,
    Refusal,
)
from models.tables import Event
from tests.support.keyed import keyed
from tests.support.samples import Office, deadlocks, done, events, found, refusal, row, seat, story

REUSED = InvalidInput(
    (Problem("idempotencyKey", "was used for another request; use a new key for each request"),)
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET reason = 'x'",
        "UPDATE event SET at = at",
        "UPDATE event SET details = '{}'",
        "DELETE FROM event",
        "DELETE FROM event WHERE false",
        "TRUNCATE event",
        "TRUNCATE event CASCADE",
        "INSERT INTO event OVERRIDING SYSTEM VALUE SELECT * FROM event"
        " ON CONFLICT (organization_id, id) DO UPDATE SET reason = 'x'",
    ],
)
async def test_the_database_itself_refuses_to_change_the_ledger(
    office: Office, statement: str
) -> None:
    before = await Event.all().count()
    with pytest.raises(Exception, match="the ledger is append-only"):
        await database.rows(statement)
    assert await Event.all().count() == before == 1


async def test_nothing_can_be_deleted_that_the_ledger_tells_of(office: Office) -> None:
    pool = await office.pool()
    await claims.claim(await office.person(), [await office.customer(pool)])
    for table in ("customer", "member", "pool", "organization"):
        with pytest.raises((IntegrityError, asyncpg.PostgresError)):
            await database.rows(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("action", "epoch"), [("CLAIMED", 1), ("ASSIGNED", 1), ("RELEASED", 0), ("CREATED", 0)]
)
async def test_what_happens_once_an_ownership_is_logged_once(
    office: Office, action: str, epoch: int
) -> None:
    id = await office.customer(await office.pool())
    sql = "INSERT INTO event (organization_id, customer_id, epoch, action) VALUES ($1, $2, $3, $4)"
    if action != "CREATED":
        await database.rows(sql, office.id, id, epoch, action)
    with pytest.raises(IntegrityError):
        await database.rows(sql, office.id, id, epoch, action)


async def test_a_reminder_of_one_deadline_and_offset_is_logged_once(office: Office) -> None:
    id = await office.customer(await office.pool())
    sql = (
        "INSERT INTO event (organization_id, customer_id, epoch, action, due_at, details)"
        " VALUES ($1, $2, 1, 'REMINDED', '2026-12-01', jsonb_build_object('offset', $3::text))"
    )
    await database.rows(sql, office.id, id, "P3D")
    await database.rows(sql, office.id, id, "P7D")
    with pytest.raises(IntegrityError):
        await database.rows(sql, office.id, id, "P3D")


async def test_an_event_never_names_another_organizations_rows(office: Office) -> None:
    other = await found("别家")
    id = await office.customer(await office.pool())
    with pytest.raises(IntegrityError):
        await database.rows(
            "INSERT INTO event (organization_id, customer_id, epoch, action)"
            " VALUES ($1, $2, 5, 'UPDATED')",
            other.id,
            id,
        )


async def test_a_repeated_key_finds_the_first_answer(office: Office) -> None:
    pool = await office.pool(capacity=2)
    li, han = await office.person(), await office.person()
    ids = await office.customers(pool, 4)
    await claims.claim(han, ids[:1])
    first = await keyed(li, "k", claims.claim, [*ids, None])
    assert [type(each) for each in first] == [
        AlreadyHeld,
        Claimed,
        Claimed,
        CapacityReached,
        NotFound,
    ]
    await releases.give_back(li, ids[1], "不合适")
    again = await keyed(li, "k", claims.claim, [*ids, None])
    assert [type(each) for each in again] == [type(each) for each in first]
    assert again[3] == CapacityReached(2, 2)
    assert done(again[1]).id == ids[1]
    assert (await row(ids[1])).owner_id is None
    assert await story(ids[1]) == ["CREATED", "CLAIMED", "RELEASED"]


async def test_a_key_is_the_members_own(office: Office) -> None:
    pool = await office.pool()
    li, han = await office.person(), await office.person()
    first, second = await office.customers(pool, 2)
    done((await keyed(li, "k", claims.claim, [first]))[0])
    done((await keyed(han, "k", claims.claim, [second]))[0])


@pytest.mark.parametrize("verb", ["claim", "assign", "transfer", "release", "follow up", "deal"])
async def test_a_key_with_another_request_is_refused_whatever_the_verb(
    office: Office, verb: str
) -> None:
    pool = await office.pool()
    admin = await office.admin()
    used, id = await office.customers(pool, 2)
    await keyed(admin, "k", claims.claim, [used])
    acts = {
        "claim": keyed(admin, "k", claims.claim, [id]),
        "assign": keyed(admin, "k", claims.assign, id, admin.id),
        "transfer": keyed(admin, "k", transfers.transfer, id, admin.id),
        "release": keyed(admin, "k", releases.give_back, used, "不合适"),
        "follow up": keyed(admin, "k", follow_ups.log_follow_up, used, "CALL", "在"),
        "deal": keyed(admin, "k", follow_ups.record_deal, used, Decimal(1)),
    }
    assert await refusal(acts.pop(verb)) == REUSED
    for other in acts.values():
        other.close()
    assert await story(used) == ["CREATED", "CLAIMED"]
    assert await story(id) == ["CREATED"]


@pytest.mark.parametrize("key", ["", "k" * 201, "a\0b"])
async def test_a_key_has_1_to_200_characters(office: Office, key: str) -> None:
    li = await office.person()
    assert await refusal(keyed(li, key, claims.claim, [])) == InvalidInput(
        (Problem("idempotencyKey", "must have 1 to 200 characters"),)
    )
    assert await keyed(li, "k" * 200, claims.claim, []) == []


async def test_every_verb_with_a_key_happens_once_and_answers_the_same(office: Office) -> None:
    pool = await office.pool(max_hold="P20D")
    li, han, admin = await office.person(), await office.person(), await office.admin()
    id, other = await office.customers(pool, 2)

    async def twice(act: Any) -> None:
        first, second = done(await act()), done(await act())
        assert (first.id, first.epoch) == (second.id, second.epoch)

    await claims.claim(li, [id])
    await twice(lambda: keyed(li, "a", follow_ups.log_follow_up, id, "CALL", "在"))
    await twice(lambda: keyed(li, "b", follow_ups.record_deal, id, Decimal(1)))
    await twice(lambda: keyed(admin, "c", transfers.transfer, id, han.id))
    await twice(lambda: keyed(han, "d", releases.give_back, id, "不合适"))
    await twice(lambda: keyed(admin, "e", claims.assign, other, li.id))
    assert await story(id) == [
        "CREATED",
        "CLAIMED",
        "FOLLOWED_UP",
        "WON",
        "TRANSFERRED",
        "RELEASED",
    ]
    assert await story(other) == ["CREATED", "ASSIGNED"]
    assert await Event.filter(action="ANSWERED").count() == 5
    assert await replay.differences() == []


async def test_a_key_remembers_a_no_although_it_would_be_a_yes_by_now(office: Office) -> None:
    pool = await office.pool(capacity=1)
    li, han, admin = await office.person(), await office.person(), await office.admin()
    mine, his = await office.customers(pool, 2)
    await claims.claim(li, [mine])
    await claims.claim(han, [his])
    asked: list[Any] = [
        lambda: keyed(admin, "a", transfers.transfer, mine, han.id),
        lambda: keyed(han, "b", releases.give_back, mine, "不合适"),
        lambda: keyed(han, "c", follow_ups.log_follow_up, mine, "CALL", "在"),
        lambda: keyed(li, "d", releases.give_back, mine, ""),
        lambda: keyed(li, "e", transfers.transfer, mine, han.id),
    ]
    first = [await refusal(act()) for act in asked]
    assert [type(each) for each in first] == [
        CapacityReached,
        NotHolder,
        NotHolder,
        InvalidInput,
        Forbidden,
    ]
    await releases.give_back(han, his, "不合适")
    await transfers.transfer(admin, mine, han.id)
    assert [await refusal(act()) for act in asked] == first
    assert (await row(mine)).owner_id == han.id


async def test_every_refusal_of_a_claim_comes_back_whole(office: Office) -> None:
    limited = await office.pool(daily_claim_limit=1)
    locked = await office.pool(new_customer_lock="P1D")
    cooling = await office.pool(reclaim_cooldown="P1D")
    li = await office.person()
    lost = await office.customer(cooling)
    await claims.claim(li, [lost])
    await releases.give_back(li, lost, "不合适")
    ids = [*await office.customers(limited, 2), await office.customer(locked), lost]
    first = await keyed(li, "k", claims.claim, ids)
    assert [type(each) for each in first[1:]] == [DailyLimitReached, NotYetOpen, CoolingDown]
    assert (await keyed(li, "k", claims.claim, ids))[1:] == first[1:]


async def test_twenty_identical_requests_at_once_with_one_key_are_one_claim(
    office: Office,
) -> None:
    pool = await office.pool()
    li = await office.person()
    ids = await office.customers(pool, 3)
    answers = await asyncio.gather(*(keyed(li, "k", claims.claim, ids) for _ in range(20)))
    assert {tuple(done(each).id for each in answer) for answer in answers} == {tuple(ids)}
    assert await seat(pool, li) == (3, 0, 3)
    assert [await story(id) for id in ids] == [["CREATED", "CLAIMED"]] * 3
    assert await Event.filter(action="ANSWERED").count() == 1


async def test_different_requests_at_once_with_one_key_one_is_done_the_rest_refused(
    office: Office,
) -> None:
    pool = await office.pool()
    li = await office.person()
    ids = await office.customers(pool, 10)

    async def claim(id: Any) -> Any:
        try:
            return (await keyed(li, "k", claims.claim, [id]))[0]
        except Refusal as refused:
            return refused

    answers = await asyncio.gather(*map(claim, ids))
    assert sum(isinstance(each, Claimed) for each in answers) == 1
    assert [each for each in answers if not isinstance(each, Claimed)] == [REUSED] * 9
    assert (await seat(pool, li))[0] == 1


async def test_keyed_and_unkeyed_claims_of_one_member_do_not_deadlock(office: Office) -> None:
    pool, other = await office.pool(capacity=30), await office.pool()
    li, han, admin = await office.person(), await office.person(), await office.admin()
    ids = await office.customers(pool, 40) + await office.customers(other, 40)
    before = await deadlocks()
    await asyncio.gather(
        *(keyed(li, f"k{n}", claims.claim, ids[n:] + ids[:n]) for n in range(0, 20, 4)),
        *(claims.claim(li, ids[n : n + 8]) for n in range(0, 80, 8)),
        *(keyed(han, f"h{n}", claims.claim, ids[::-1][n : n + 40]) for n in range(0, 40, 8)),
        *(keyed(admin, f"a{id}", claims.assign, id, han.id) for id in ids[::7]),
    )
    assert await deadlocks() == before
    assert await replay.differences() == []


async def test_every_event_of_a_claim_names_its_actor_epoch_and_pool(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    id = await office.customer(pool)
    await keyed(li, "k", claims.claim, [id])
    (claimed,) = await events(id, "CLAIMED")
    (answered,) = await Event.filter(action="ANSWERED")
    assert claimed.idempotency_key is None
    assert (answered.actor_id, answered.customer_id, answered.idempotency_key) == (li.id, None, "k")
    assert answered.details == {
        "request": hashlib.sha256(f'["claim",["{id}"]]'.encode()).hexdigest(),
        "answer": [{"type": "Claimed", "customer": str(id)}],
    }
