"""What is set for a department holds for all below it, from the next request on."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.customers import registration
from models.holding import follow_ups
from models.lists.members import list_members
from models.organizations import members
from models.organizations.departments import save_department
from models.organizations.members import MemberFields
from models.ownership import claims, transfers
from models.paging import Window
from models.pools import access, reports
from models.pools.private_pools import private_pools
from models.refusals import CapacityReached, Forbidden, NotFound
from models.tables import Department
from models.viewers import Viewer
from tests.support.samples import Office, done, refusal


async def placed(office: Office, who: Viewer, department: Department) -> Viewer:
    """The member, who works in the department now."""
    known = who.member
    fields = MemberFields(known.name, known.email, known.role, department.id)
    await members.save(await office.admin(), who.id, fields)
    return await office.viewer(who.id)


async def tree(office: Office) -> list[Department]:
    """A company, a region and a team, each below the one before it."""
    admin, made = await office.admin(), list[Department]()
    for name in ("公司", "华东", "一组"):
        above = made[-1].id if made else None
        made.append(await save_department(admin, None, name, parent_id=above))
    return made


async def test_a_pool_of_a_department_is_open_to_all_below_until_they_move(office: Office) -> None:
    company, east, team = await tree(office)
    pool, li = await office.pool(), await placed(office, await office.person(), team)
    first, second = await office.customers(pool, 2)
    assert isinstance((await claims.claim(li, [first]))[0], NotFound)
    await access.set_access(await office.admin(), pool.id, [], [company.id], [])
    li = await office.viewer(li.id)
    assert done((await claims.claim(li, [first]))[0]).owner_id == li.id
    await save_department(await office.admin(), east.id, "华东", parent_id=None)
    li = await office.viewer(li.id)
    assert isinstance((await claims.claim(li, [second]))[0], NotFound)


async def test_the_nearest_capacity_counts_on_every_path(office: Office) -> None:
    company, east, team = await tree(office)
    capacities = [
        {"member": None, "department": str(company.id), "capacity": 1},
        {"member": None, "department": str(east.id), "capacity": 2},
    ]
    pool = await office.pool(capacity=9, capacities=capacities)
    await access.set_access(await office.admin(), pool.id, [], [company.id], [])
    li = await placed(office, await office.person(), team)
    ids, admin = await office.customers(pool, 4), await office.admin()
    outcomes = await claims.claim(li, ids[:3])
    assert [isinstance(each, CapacityReached) for each in outcomes] == [False, False, True]
    full = CapacityReached(2, 2)
    assert outcomes[2] == await claims.assign(admin, ids[2], li.id) == full
    done((await claims.claim(admin, [ids[3]]))[0])
    assert await refusal(transfers.transfer(admin, ids[3], li.id)) == full
    assert await refusal(registration.register(li, pool.id, {"name": "新客户"})) == full
    key = (li.member, pool.id)
    shown = (await private_pools(li, [key]))[li.id, pool.id]
    assert (shown.held, shown.capacity, shown.available) == (2, 2, 0)
    await save_department(await office.admin(), team.id, "一组", parent_id=company.id)
    moved = (await office.viewer(li.id)).member
    shown = (await private_pools(li, [(moved, pool.id)]))[li.id, pool.id]
    assert (shown.held, shown.capacity, shown.available) == (2, 1, 0)


async def test_members_of_a_department_are_those_of_all_below_it(office: Office) -> None:
    _, east, team = await tree(office)
    li, han = await office.person(), await office.person()
    await placed(office, li, team)
    await placed(office, han, east)

    async def listed(department_id: UUID) -> set[UUID]:
        found: dict[str, Any] = {"window": Window(9), "search": None}
        page = await list_members(await office.admin(), **found, department_id=department_id)
        return {each.id for each in page.nodes}

    assert await listed(east.id) == {li.id, han.id}
    assert await listed(team.id) == {li.id}


async def test_a_report_of_a_department_counts_the_people_below_it(office: Office) -> None:
    _, east, team = await tree(office)
    pool = await office.pool()
    people = [await office.person() for _ in range(3)]
    li, han, other = people
    li, han = await placed(office, li, team), await placed(office, han, east)
    await access.set_access(await office.admin(), pool.id, [each.id for each in people], [], [])
    ids = await office.customers(pool, 3)
    for who, id in zip(people, ids, strict=True):
        done((await claims.claim(await office.viewer(who.id), [id]))[0])
    await follow_ups.record_deal(li, ids[0], Decimal(1280))
    await follow_ups.record_deal(other, ids[2], Decimal(1280))
    now = datetime.now(UTC)
    period = (pool.id, now - timedelta(days=1), now + timedelta(days=1))
    admin = await office.admin()
    departments = (None, east.id, team.id)
    whole, of_east, of_team = [await reports.report(admin, *period, id) for id in departments]
    assert [each.claims for each in (whole, of_east, of_team)] == [3, 2, 1]
    assert [each.deals for each in (whole, of_east, of_team)] == [2, 1, 1]
    assert [each.conversion for each in (of_east, of_team)] == [0.5, 1.0]
    assert {each.member_id: each.held for each in of_east.members} == {li.id: 1, han.id: 1}


async def test_a_report_of_a_department_is_for_its_leads_and_those_above(office: Office) -> None:
    company, east, team = await tree(office)
    pool, lead = await office.pool(), await office.person()
    await save_department(await office.admin(), east.id, "华东", lead_id=lead.id)
    lead, now = await office.viewer(lead.id), datetime.now(UTC)
    period = (pool.id, now - timedelta(days=1), now)
    for id in (east.id, team.id):
        assert (await reports.report(lead, *period, id)).claims == 0
    for other in (company.id, office.department_id, None):
        assert isinstance(await refusal(reports.report(lead, *period, other)), Forbidden)
    await access.set_access(await office.admin(), pool.id, [], [], [])
    lead = await office.viewer(lead.id)
    assert await refusal(reports.report(lead, *period, east.id)) == NotFound()
