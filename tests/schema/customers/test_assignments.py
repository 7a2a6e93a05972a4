"""Many customers given to one member in one request."""

from uuid import uuid4

from models.ledger import replay
from models.organizations import leaving
from models.ownership import claims, merging
from models.pools import access
from models.tables import Event
from tests.support.asking import ASSIGN_MANY, CLAIMS, ask, customer_gid, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, events, found, row, seat, story


async def test_each_is_assigned_or_refused_by_itself_in_the_order_asked(
    api: Client, office: Office
) -> None:
    pool, closed = await office.pool(capacity=3), await office.pool(capacity=9)
    boss = await office.person(role="MANAGER")
    elsewhere = await (await found("别家", email="boss@other.test")).admin()
    li, han = await office.person("李雷"), await office.person()
    first, second, third, fourth, held = await office.customers(pool, 5)
    await claims.claim(han, [held])
    wanted = [
        customer_gid(first),
        customer_gid(uuid4()),
        customer_gid(held),
        customer_gid(second),
        customer_gid(first),
        "no id at all",
        gid("Member", elsewhere.id),
        customer_gid(third),
        customer_gid(fourth),
        customer_gid(await office.customer(closed)),
    ]
    answers = await ask(api, boss, ASSIGN_MANY, customers=wanted, member=gid("Member", li.id))
    assert [each["__typename"] for each in answers] == [
        "Claimed",
        "NotFound",
        "AlreadyHeld",
        "Claimed",
        "Claimed",
        "NotFound",
        "NotFound",
        "Claimed",
        "CapacityReached",
        "Claimed",
    ]
    assert (answers[8]["held"], answers[8]["capacity"]) == (3, 3)
    (event,) = await events(first, "ASSIGNED")
    assert (event.actor_id, event.member_id) == (boss.id, li.id)
    assert await seat(pool, li) == (3, 0, 0)
    assert await story(fourth) == ["CREATED"]
    assert await replay.differences() == []


async def test_an_administrator_of_one_pool_assigns_from_that_one_alone(
    api: Client, office: Office
) -> None:
    pool, other = await office.pool(), await office.pool()
    li, han = await office.person(), await office.person()
    departments = [office.department_id]
    await access.set_access(await office.admin(), pool.id, [], departments, [li.id])
    wanted = [customer_gid(await office.customer(each)) for each in (pool, other)]
    given = {"customers": wanted, "member": gid("Member", han.id)}
    answers = await ask(api, li, ASSIGN_MANY, **given)
    assert [each["__typename"] for each in answers] == ["Claimed", "Forbidden"]
    answers = await ask(api, han, ASSIGN_MANY, **given)
    assert [each["__typename"] for each in answers] == ["Forbidden", "Forbidden"]
    assert await Event.filter(action="ASSIGNED").count() == 1


async def test_a_member_who_left_or_never_was_gets_nobody(api: Client, office: Office) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    customers = [customer_gid(id) for id in await office.customers(pool, 2)]
    await leaving.deactivate(admin, li.id)
    for member, no in ((li.id, "Forbidden"), (uuid4(), "NotFound")):
        given = {"customers": customers, "member": gid("Member", member)}
        answers = await ask(api, admin, ASSIGN_MANY, **given)
        assert [each["__typename"] for each in answers] == [no, no]
    assert await Event.filter(action="ASSIGNED").count() == 0


async def test_the_id_of_a_merged_customer_assigns_the_kept_one(
    api: Client, office: Office
) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    kept, dropped = await office.customers(pool, 2)
    await merging.merge(admin, kept, dropped, "同一家")
    given = {"customers": [customer_gid(dropped), customer_gid(kept)]}
    answers = await ask(api, admin, ASSIGN_MANY, **given, member=gid("Member", li.id))
    assert [each["customer"]["id"] for each in answers] == [customer_gid(kept)] * 2
    assert (await row(kept)).owner_id == li.id
    assert await seat(pool, li) == (1, 0, 0)


async def test_at_most_a_hundred_are_assigned_at_once(api: Client, office: Office) -> None:
    pool, admin, li = await office.pool(), await office.admin(), await office.person()
    customers = [customer_gid(id) for id in await office.customers(pool, 101)]
    member = gid("Member", li.id)
    no = await refused(api, admin, ASSIGN_MANY, customers=customers, member=member)
    assert no == {
        "path": ["assignCustomers"],
        "code": "InvalidInput",
        "problems": [{"path": "customerIds", "message": "at most 100 customers at once"}],
    }
    answers = await ask(api, admin, ASSIGN_MANY, customers=customers[:100], member=member)
    assert {each["__typename"] for each in answers} == {"Claimed"}
    assert await seat(pool, li) == (100, 0, 0)
    assert await ask(api, admin, ASSIGN_MANY, customers=[], member=member) == []
    taken = await ask(api, li, CLAIMS, customers=customers[99:])
    assert [each["__typename"] for each in taken] == ["AlreadyHeld", "Claimed"]
