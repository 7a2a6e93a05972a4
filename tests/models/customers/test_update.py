import asyncio
import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from models.customers import csv_import
from models.customers.moves import MoveAnswer, Moved, move_customers
from models.customers.update import update_customer
from models.ledger import replay
from models.ownership import claims, releases
from models.pools import access
from models.refusals import (
    AlreadyHeld,
    Duplicate,
    DuplicateFound,
    Forbidden,
    InvalidInput,
    NotFound,
    NotHolder,
    Problem,
)
from models.tables import Customer, Organization
from tests.support.samples import Office, done, events, found, refusal, row, story, time_passes

MOVED = MoveAnswer(True)


async def test_what_is_given_changes_what_is_absent_stays_and_null_clears(
    office: Office,
) -> None:
    pool, admin = await office.pool(), await office.admin()
    id = await office.customer(pool)
    await update_customer(admin, id, {"person": "张三丰", "phone": " 13812345678 "})
    changed = await update_customer(admin, id, {"phone": None, "email": "Zhang@x.cn"})
    assert (changed.person, changed.phone, changed.email) == ("张三丰", None, "Zhang@x.cn")
    logged = await events(id, "UPDATED")
    assert [event.details for event in logged] == [
        {"changed": {"person": "张三丰", "phone": "13812345678"}},
        {"changed": {"phone": None, "email": "Zhang@x.cn"}},
    ]
    assert await replay.differences() == []


async def test_only_what_is_given_is_checked(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    id = await office.customer(pool)
    await Customer.filter(organization_id=office.id, id=id).update(phone="88888888")
    changed = await update_customer(admin, id, {"person": "张三丰"})
    assert (changed.person, changed.phone) == ("张三丰", "88888888")
    refused = await refusal(update_customer(admin, id, {"person": "张", "phone": "88888888"}))
    wrong = "has 88888888, which is not a phone number, e.g. 13812345678 or 010-12345678"
    assert refused == InvalidInput((Problem("customer.phone", wrong),))
    assert await refusal(update_customer(admin, id, {"name": "\u200b"})) == InvalidInput(
        (Problem("customer.name", "is required"),)
    )
    changed = await update_customer(admin, id, {"phone": " 13800000001.0 "})
    assert changed.phone == "13800000001"


async def test_its_owner_and_the_administrators_of_its_pool_may_change_it(
    office: Office,
) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, han, manager = (
        await office.person(),
        await office.person(),
        await office.person(role="MANAGER"),
    )
    id = await office.customer(pool)
    refused = await refusal(update_customer(li, id, {"person": "张"}))
    assert isinstance(refused, Forbidden)
    await claims.claim(li, [id])
    assert await refusal(update_customer(han, id, {"person": "张"})) == NotHolder()
    for who in (li, manager, admin):
        assert (await update_customer(who, id, {"person": who.member.name})).owner_id == li.id
    outsider = await (await found("别家")).admin()
    for who, wrong in ((outsider, id), (admin, uuid4()), (admin, None)):
        assert await refusal(update_customer(who, wrong, {"person": "张"})) == NotFound()
    assert await story(id) == ["CREATED", "CLAIMED", "UPDATED", "UPDATED", "UPDATED"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", None),
        ("name", "长" * 201),
        ("phone", "12"),
        ("email", "nobody"),
        ("level", "长" * 21),
        ("person", "a\0b"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_changes(
    office: Office, field: str, value: str | None
) -> None:
    pool = await office.pool()
    id = await office.customer(pool)
    refused = await refusal(update_customer(await office.admin(), id, {field: value}))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == [f"customer.{field}"]
    assert await story(id) == ["CREATED"]


async def test_a_duplicate_is_refused_with_the_keys_that_agree_and_how_it_stands(
    office: Office,
) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    han = await office.person()
    first, second = await office.customers(pool, 2)
    await update_customer(
        admin, first, {"name": "深圳市腾讯有限公司", "phone": "138-1234-5678", "email": "A@x.cn"}
    )
    fields = {"name": "深圳腾讯", "phone": "+86 13812345678", "email": "a@x.cn"}
    matched = ("NAME", "PHONE", "EMAIL")
    assert await refusal(update_customer(admin, second, fields)) == DuplicateFound(
        (Duplicate(matched, "IN_POOL", first),)
    )
    await claims.claim(li, [first])
    await claims.claim(han, [second])
    assert await refusal(update_customer(han, second, fields)) == DuplicateFound(
        (Duplicate(matched, "HELD_BY_COLLEAGUE", None),)
    )
    assert (await row(second)).phone is None
    assert await story(second) == ["CREATED", "CLAIMED"]


async def test_another_organizations_customer_is_no_duplicate(office: Office) -> None:
    other = await found("别家")
    theirs = await other.customer(await other.pool())
    await update_customer(await other.admin(), theirs, {"phone": "13812345678"})
    ours = await office.customer(await office.pool())
    await update_customer(await office.admin(), ours, {"phone": "13812345678"})
    assert (await row(ours)).phone == "13812345678"


async def test_a_new_level_gives_the_holding_its_deadlines(office: Office) -> None:
    pool = await office.pool(max_hold="P20D", levels=[{"level": "A", "max_hold": "P5D"}])
    li = await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    changed = await update_customer(li, id, {"level": "A"})
    assert changed.claimed_at is not None
    assert changed.release_at == changed.claimed_at + timedelta(days=5)
    back = await update_customer(li, id, {"level": None})
    assert back.release_at == changed.claimed_at + timedelta(days=20)
    assert await replay.differences() == []


async def test_updates_of_different_fields_at_once_all_stay(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    id = await office.customer(pool)
    fields = {
        "level": "A",
        "person": "张三",
        "phone": "13812345678",
        "email": "a@x.cn",
        "registrationNumber": "91440300",
    }
    await asyncio.gather(
        *(update_customer(admin, id, {name: value}) for name, value in fields.items())
    )
    kept = await row(id)
    assert (kept.level, kept.person, kept.phone) == ("A", "张三", "13812345678")
    assert (kept.email, kept.registration_number) == ("a@x.cn", "91440300")


async def test_an_update_racing_claims_and_releases_is_never_lost(office: Office) -> None:
    pool = await office.pool(max_hold="P20D", levels=[{"level": "A", "max_hold": "P5D"}])
    li, admin = await office.person(), await office.admin()
    ids = await office.customers(pool, 20)
    await asyncio.gather(
        *(claims.claim(li, [id]) for id in ids),
        *(update_customer(admin, id, {"level": "A"}) for id in ids),
        *(update_customer(admin, id, {"person": "张"}) for id in ids),
    )
    for id in ids:
        customer = await row(id)
        assert (customer.owner_id, customer.level, customer.person) == (li.id, "A", "张")
    assert await replay.differences() == []


async def test_of_two_who_take_one_phone_at_once_one_gets_it(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    ids = await office.customers(pool, 10)

    async def take(id: object) -> object:
        try:
            return await update_customer(admin, id, {"phone": "13812345678"})  # type: ignore[arg-type]
        except DuplicateFound as refused:
            return refused

    answers = await asyncio.gather(*map(take, ids))
    assert sum(isinstance(answer, DuplicateFound) for answer in answers) == 9
    assert {
        each.duplicates[0].matched_on for each in answers if isinstance(each, DuplicateFound)
    } == {("PHONE",)}


async def test_phones_that_go_from_hand_to_hand_are_taken_or_refused(office: Office) -> None:
    await Organization.filter(id=office.id).update(lookup_limit=1000)
    pool, admin = await office.pool(), await office.admin()
    ids, chance = await office.customers(pool, 4), random.Random(1)

    async def put(id: UUID, phone: str | None) -> object:
        try:
            return await update_customer(admin, id, {"phone": phone})
        except DuplicateFound as refused:
            return refused

    phones = [None, "13812345678", "13912345678"]
    answers = await asyncio.gather(
        *(put(chance.choice(ids), chance.choice(phones)) for _ in range(200))
    )
    assert {type(answer) for answer in answers} == {Customer, DuplicateFound}


async def test_pooled_customers_move_to_another_pool(office: Office) -> None:
    pool, other = await office.pool(), await office.pool(new_customer_lock="P1D")
    admin, ids = await office.admin(), await office.customers(pool, 3)
    await time_passes("1 hour")
    assert await move_customers(admin, [*ids, ids[0]], other.id) == Moved(3, [MOVED] * 4)
    moved = await row(ids[0])
    assert moved.pool_id == other.id
    assert moved.entered_at == moved.opened_at
    (event,) = await events(ids[0], "MOVED")
    assert (event.actor_id, event.pool_id, event.at) == (admin.id, other.id, moved.opened_at)
    assert await move_customers(admin, ids, other.id) == Moved(0, [MOVED] * 3)
    assert await story(ids[0]) == ["CREATED", "MOVED"]
    assert await replay.differences() == []


async def test_each_of_many_is_moved_or_refused_by_itself(office: Office) -> None:
    pool, other = await office.pool(), await office.pool()
    li, admin = await office.person(), await office.admin()
    free, held, there = *await office.customers(pool, 2), await office.customer(other)
    await claims.claim(li, [held])
    stranger = await (await found("别家")).pool()
    wanted = [held, free, None, uuid4(), there, held, stranger.id]
    nothing, taken = MoveAnswer(False, NotFound()), MoveAnswer(False, AlreadyHeld())
    answer = await move_customers(admin, wanted, other.id)
    assert answer == Moved(1, [taken, MOVED, nothing, nothing, MOVED, taken, nothing])
    assert (await row(free)).pool_id == other.id
    assert ((await row(held)).pool_id, (await row(held)).owner_id) == (pool.id, li.id)
    assert (await story(held), await story(there)) == (["CREATED", "CLAIMED"], ["CREATED"])
    assert await replay.differences() == []


async def test_all_or_nothing_says_who_was_refused_and_moves_nobody(office: Office) -> None:
    pool, other = await office.pool(), await office.pool()
    li, admin = await office.person(), await office.admin()
    free, held, there = *await office.customers(pool, 2), await office.customer(other)
    await claims.claim(li, [held])
    wanted = [free, held, there]
    answer = await move_customers(admin, wanted, other.id, all_or_nothing=True)
    assert answer == Moved(0, [MoveAnswer(False), MoveAnswer(False, AlreadyHeld()), MOVED])
    assert (await row(free)).pool_id == pool.id
    assert await story(free) == ["CREATED"]
    answer = await move_customers(admin, [free, there], other.id, all_or_nothing=True)
    assert answer == Moved(1, [MOVED, MOVED])


async def test_one_reason_against_all_is_the_whole_answer(office: Office) -> None:
    pool, other = await office.pool(), await office.pool()
    li, admin = await office.person(), await office.admin()
    free, *held = await office.customers(pool, 3)
    await claims.claim(li, held)
    outsider = await (await found("别家")).admin()
    assert await refusal(move_customers(admin, held, other.id)) == AlreadyHeld()
    every = move_customers(admin, held, other.id, all_or_nothing=True)
    assert await refusal(every) == AlreadyHeld()
    assert await refusal(move_customers(admin, [None, uuid4()], other.id)) == NotFound()
    assert await refusal(move_customers(admin, [free], uuid4())) == NotFound()
    assert await refusal(move_customers(outsider, [free], other.id)) == NotFound()
    assert isinstance(await refusal(move_customers(li, [free], other.id)), Forbidden)
    too_many = [uuid4() for _ in range(1001)]
    assert await refusal(move_customers(admin, too_many, other.id)) == InvalidInput(
        (Problem("customerIds", "at most 1000 customers at once"),)
    )
    assert await refusal(move_customers(admin, too_many[1:], pool.id)) == NotFound()
    two = await move_customers(admin, [held[0], uuid4()], other.id)
    assert two == Moved(0, [MoveAnswer(False, AlreadyHeld()), MoveAnswer(False, NotFound())])
    # Also into the pool where it lies.
    assert await move_customers(admin, [held[0], uuid4()], pool.id) == two
    assert await move_customers(admin, [], other.id) == Moved(0, [])
    assert (await row(free)).pool_id == pool.id


async def test_the_customers_of_a_pool_one_does_not_run_stay(office: Office) -> None:
    run, foreign, target = await office.pool(), await office.pool(), await office.pool()
    admin, li = await office.admin(), await office.person()
    for pool in (run, target):
        await access.set_access(admin, pool.id, [], [], [li.id])
    mine, other = await office.customer(run), await office.customer(foreign)
    li = await office.viewer(li.id)
    moved = await move_customers(li, [mine, other], target.id)
    assert (moved.count, moved.answers[0]) == (1, MOVED)
    assert isinstance(moved.answers[1].refusal, Forbidden)
    assert (await row(other)).pool_id == foreign.id


async def test_administrators_of_one_pool_do_not_move_out_of_another(office: Office) -> None:
    pool, mine = await office.pool(), await office.pool()
    admin, li = await office.admin(), await office.person()
    await access.set_access(admin, mine.id, [], [], [li.id])
    li = await office.viewer(li.id)
    id = await office.customer(pool)
    assert isinstance(await refusal(move_customers(li, [id], mine.id)), Forbidden)
    await access.set_access(admin, pool.id, [], [], [])
    li = await office.viewer(li.id)
    assert await refusal(move_customers(li, [id], mine.id)) == NotFound()


async def test_moves_and_claims_at_once_leave_each_customer_in_one_place(
    office: Office,
) -> None:
    pool, other = await office.pool(max_hold="P20D"), await office.pool(max_hold="P5D")
    admin, li = await office.admin(), await office.person()
    ids = await office.customers(pool, 30)

    async def move(id: object) -> object:
        try:
            return await move_customers(admin, [id], other.id)  # type: ignore[list-item]
        except AlreadyHeld as refused:
            return refused

    await asyncio.gather(*map(move, ids), *(claims.claim(li, [id]) for id in ids))
    for id in ids:
        assert (await row(id)).owner_id == li.id
    assert await replay.differences() == []


async def test_a_customer_moved_there_and_back_under_a_claim_is_new_to_the_pool(
    office: Office,
) -> None:
    pool, other = await office.pool(new_customer_lock="P1D"), await office.pool()
    admin, li = await office.admin(), await office.person()
    ids = await office.customers(pool, 20)
    await time_passes("2 days")

    async def there_and_back(id: object) -> None:
        for target in (other.id, pool.id):
            try:
                await move_customers(admin, [id], target)  # type: ignore[list-item]
            except AlreadyHeld:
                return

    await asyncio.gather(*map(there_and_back, ids), *(claims.claim(li, [id]) for id in ids))
    for id in ids:
        told = await story(id)
        assert told != ["CREATED", "MOVED", "MOVED", "CLAIMED"]
    assert await replay.differences() == []


async def test_what_was_given_back_keeps_what_is_known(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    text = "name,level,person,phone\n腾讯,A,张三,13812345678"
    await csv_import.import_customers(await office.admin(), pool.id, text)
    (id,) = [each.id for each in await Customer.filter(name="腾讯")]
    await claims.claim(li, [id])
    customer = done(await releases.give_back(li, id, "不合适"))
    assert (customer.name, customer.level, customer.person) == ("腾讯", "A", "张三")
    assert customer.phone == "13812345678"
