"""Departments as a tree: what is above, what is below, who leads, and no circle ever."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import database
from models.organizations import departments, leaving, members, returning
from models.organizations.departments import save_department
from models.organizations.members import MemberFields
from models.refusals import InvalidInput, NotFound, Refusal
from models.tables import Department, Event, Member
from models.viewers import Viewer
from tests.support.samples import Office, connection, found, refusal, someone_waits, until


async def make(admin: Viewer, *names: str) -> list[Department]:
    """Each department is below the one before it."""
    made: list[Department] = []
    for name in names:
        parent = made[-1].id if made else None
        made.append(await save_department(admin, None, name, parent_id=parent))
    return made


async def path(id: UUID) -> list[str]:
    """The names of a department and of those above it, by what its row says."""
    row = await Department.get(id=id)
    assert row.parent_id == (row.departments_above[0] if row.departments_above else None)
    return [(await Department.get(id=each)).name for each in row.lineage]


async def joins(office: Office, who: Viewer, department_id: UUID | None) -> Member:
    fields = MemberFields(who.member.name, who.member.email, who.member.role, department_id)
    return await members.save(await office.admin(), who.id, fields)


async def test_a_department_moves_with_all_below_it_and_their_people(office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    _, east, one, team = await make(admin, "公司", "华东", "一部", "一组")
    (south,) = await make(admin, "华南")
    assert (await joins(office, li, team.id)).departments_above == team.departments_above
    await save_department(admin, one.id, "一部", parent_id=south.id)
    assert await path(team.id) == ["一组", "一部", "华南"]
    assert (await Member.get(id=li.id)).lineage == (team.id, one.id, south.id)
    await save_department(admin, one.id, "一部", parent_id=None)
    assert await path(team.id) == ["一组", "一部"]
    assert (await Member.get(id=li.id)).lineage == (team.id, one.id)
    assert await path(east.id) == ["华东", "公司"]


async def test_what_is_left_out_stays_and_null_clears(office: Office) -> None:
    admin, lead = await office.admin(), await office.person()
    company, east = await make(admin, "公司", "华东")
    await save_department(admin, east.id, "华东", lead_id=lead.id)
    renamed = await save_department(admin, east.id, "东区")
    assert (renamed.parent_id, renamed.lead_id) == (company.id, lead.id)
    by_name = await save_department(admin, None, "东区", lead_id=None)
    assert (by_name.id, by_name.parent_id, by_name.lead_id) == (east.id, company.id, None)
    assert (await save_department(admin, None, "东区", parent_id=None)).parent_id is None


async def test_each_change_is_logged_with_parent_and_lead_and_no_change_is_not(
    office: Office,
) -> None:
    admin, lead = await office.admin(), await office.person()
    (company,) = await make(admin, "公司")
    given: dict[str, Any] = {"parent_id": company.id, "lead_id": lead.id}
    east = await save_department(admin, None, "华东", **given)
    await save_department(admin, None, "华东", **given)
    await save_department(admin, east.id, "华东")
    logged = await Event.filter(action="DEPARTMENT_SAVED").order_by("seq")
    assert len(logged) == 3
    told = {"department": str(east.id), "parent": str(company.id), "lead": str(lead.id)}
    assert logged[-1].details == {"name": "华东"} | told


async def test_no_department_is_above_itself(office: Office) -> None:
    admin = await office.admin()
    company, east, one = await make(admin, "公司", "华东", "一部")
    for each in (company, east, one):
        refused = await refusal(save_department(admin, company.id, "公司", parent_id=each.id))
        assert isinstance(refused, InvalidInput)
        assert [problem.path for problem in refused.problems] == ["parentId"]
    assert await path(one.id) == ["一部", "华东", "公司"]


@pytest.mark.parametrize("moves", [2, 3])
async def test_moves_at_once_make_no_circle(office: Office, moves: int) -> None:
    admin = await office.admin()
    for turn in range(3):
        ring = [(await make(admin, f"{turn}之{n}"))[0] for n in range(moves)]

        async def move(n: int, ring: list[Department] = ring) -> object:
            above = ring[(n + 1) % moves].id
            try:
                return await save_department(admin, ring[n].id, ring[n].name, parent_id=above)
            except Refusal as refused:
                return refused

        answers = await asyncio.gather(*map(move, range(moves)))
        assert [type(each) for each in answers].count(InvalidInput) == 1
        depths = sorted([len(await path(each.id)) for each in ring])
        assert depths == list(range(1, moves + 1))


async def test_the_database_itself_refuses_a_circle(office: Office) -> None:
    (company,) = await make(await office.admin(), "公司")
    own = "UPDATE department SET parent_id = id, departments_above = ARRAY[id] WHERE id = $1"
    with pytest.raises(Exception, match="department_tree"):
        await database.rows(own, company.id)


async def test_ten_levels_are_the_most_also_for_what_moves_along(office: Office) -> None:
    admin = await office.admin()
    deep = await make(admin, *(f"{n}级" for n in range(1, 11)))
    refused = await refusal(save_department(admin, None, "十一级", parent_id=deep[-1].id))
    assert isinstance(refused, InvalidInput)
    _, high, _ = await make(admin, "甲", "乙", "丙")
    assert await refusal(save_department(admin, high.id, "乙", parent_id=deep[-2].id)) == refused
    moved = await save_department(admin, high.id, "乙", parent_id=deep[-3].id)
    assert len(moved.lineage) == 9


async def test_an_organization_has_a_bounded_number_of_departments(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await office.admin()
    monkeypatch.setattr(departments, "MOST_DEPARTMENTS", 2)
    first, _ = await make(admin, "一", "二")
    refused = await refusal(save_department(admin, None, "三"))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == ["name"]
    assert (await save_department(admin, first.id, "三")).id == first.id


async def test_a_parent_and_a_lead_of_another_organization_are_not_found(office: Office) -> None:
    admin, stranger = await office.admin(), await found("别家")
    (theirs,) = await make(await stranger.admin(), "外部")
    for id in (theirs.id, uuid4()):
        assert await refusal(save_department(admin, None, "新", parent_id=id)) == NotFound()
    for id in (stranger.founder.id, uuid4()):
        assert await refusal(save_department(admin, None, "新", lead_id=id)) == NotFound()
    assert await Department.filter(organization_id=office.id).count() == 0


async def test_a_leaver_leads_nothing_and_cannot_be_made_a_lead(office: Office) -> None:
    admin, lead = await office.admin(), await office.person()
    east = await save_department(admin, None, "华东", lead_id=lead.id)
    await leaving.deactivate(admin, lead.id)
    assert (await Department.get(id=east.id)).lead_id is None
    last = await Event.filter(action="DEPARTMENT_SAVED").order_by("-seq").first()
    assert last
    assert last.details["lead"] is None
    refused = await refusal(save_department(admin, east.id, "华东", lead_id=lead.id))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == ["leadId"]
    await returning.reactivate(admin, lead.id)
    assert not (await office.viewer(lead.id)).people


async def test_who_joins_while_a_department_moves_moves_along(office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    company, east = await make(admin, "公司", "华东")
    for parent in (None, company.id) * 3:
        await joins(office, li, None)
        await asyncio.gather(
            save_department(admin, east.id, "华东", parent_id=parent), joins(office, li, east.id)
        )
        lineage = tuple((await Department.get(id=east.id)).lineage)
        assert (await Member.get(id=li.id)).lineage == lineage


async def test_a_move_waits_for_who_joins_by_the_release_before(office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    _, east = await make(admin, "公司", "华东")
    async with connection() as former:
        transaction = former.transaction()
        await transaction.start()
        # As that release writes it: it knows neither the tree nor its turn.
        joined = "UPDATE member SET department_id = $1 WHERE id = $2"
        await former.execute(joined, east.id, li.id)
        move = asyncio.create_task(save_department(admin, east.id, "华东", parent_id=None))
        await until(someone_waits)
        await transaction.commit()
        moved = await move
    assert (await Member.get(id=li.id)).lineage == moved.lineage == (east.id,)
