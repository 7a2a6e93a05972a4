import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import viewers
from models.ledger import replay
from models.organizations import leaving, members, presence, returning
from models.organizations.departments import save_department
from models.organizations.founding import create_organization, is_zone
from models.organizations.members import MemberFields
from models.ownership import claims
from models.pools import access
from models.refusals import Forbidden, InvalidInput, NotFound, Problem, Refusal
from models.tables import Department, Event, Member
from models.viewers import Viewer
from tests.support.samples import Office, found, refusal, row


async def save(admin: Viewer, *, id: UUID | None = None, **given: Any) -> Member:
    fields = {"name": "李雷", "email": "li.lei@demo.test", "role": "SALES"}
    return await members.save(admin, id, MemberFields(**(fields | given)))


async def test_a_member_joins_and_it_is_logged(office: Office) -> None:
    admin = await office.admin()
    member = await save(admin, name=" 李雷 ")
    assert (member.name, member.email, member.role) == ("李雷", "li.lei@demo.test", "SALES")
    assert member.active
    (event,) = await Event.filter(action="MEMBER_SAVED")
    assert (event.actor_id, event.member_id) == (admin.id, member.id)


async def test_the_same_email_in_any_case_is_the_same_member(office: Office) -> None:
    admin = await office.admin()
    first = await save(admin)
    again = await save(admin, name="李小雷", email="LI.Lei@demo.test", role="MANAGER")
    assert (again.id, again.name, again.role) == (first.id, "李小雷", "MANAGER")
    assert await Member.filter(organization_id=office.id).count() == 2


async def test_two_members_of_one_name_are_two_members(office: Office) -> None:
    admin = await office.admin()
    wang = await save(admin, name="王伟", email="wang.wei@demo.test")
    namesake = await save(admin, name="王伟", email="wangwei2@demo.test")
    third = await save(admin, name="王伟", email="wangwei3@demo.test")
    assert len({wang.id, namesake.id, third.id}) == 3
    assert await Member.filter(organization_id=office.id, name="王伟").count() == 3
    assert (await Member.get(id=wang.id)).email == "wang.wei@demo.test"


async def test_a_new_email_by_id_keeps_the_members_customers(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    li, namesake = await office.person("李雷"), await office.person("李雷")
    (id,) = await office.customers(pool, 1)
    await claims.claim(li, [id])
    changed = await save(admin, id=li.id, email="new@demo.test")
    assert (changed.id, changed.email) == (li.id, "new@demo.test")
    assert (await row(id)).owner_id == li.id
    assert (await Member.get(id=namesake.id)).email == namesake.member.email


async def test_a_leaver_is_not_changed_but_reactivated(office: Office) -> None:
    admin, leaver = await office.admin(), await office.person("李雷")
    other = await office.person("韩梅梅")
    await leaving.deactivate(admin, leaver.id)
    before = await Member.get(id=leaver.id)
    address = before.email.upper()
    left = "belongs to a member who has left: call reactivateMember"
    by_email = InvalidInput((Problem("member.email", left),))
    assert await refusal(save(admin, name="新人", email=address)) == by_email
    assert await refusal(save(admin, id=other.id, email=address)) == by_email
    by_id = InvalidInput((Problem("member.id", left),))
    assert await refusal(save(admin, id=leaver.id, email=address)) == by_id
    assert await refusal(save(admin, id=leaver.id, email="new@demo.test")) == by_id
    after = await Member.get(id=leaver.id)
    assert (after.name, after.email, after.active) == (before.name, before.email, False)
    assert (await Member.get(id=other.id)).email == other.member.email
    assert await Event.filter(action="MEMBER_SAVED", member_id=leaver.id).count() == 1


async def test_an_address_that_another_member_has_is_refused(office: Office) -> None:
    admin = await office.admin()
    await save(admin)
    other = await save(admin, name="韩梅梅", email="han@demo.test")
    refused = await refusal(save(admin, id=other.id, email="LI.LEI@demo.test"))
    assert refused == InvalidInput((Problem("member.email", "another member has this address"),))
    assert (await Member.get(id=other.id)).email == "han@demo.test"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"name": " "}, "member.name"),
        ({"name": "长" * 101}, "member.name"),
        ({"email": "li.lei"}, "member.email"),
        ({"email": "a b@demo.test"}, "member.email"),
        ({"role": "BOSS"}, "member.role"),
    ],
)
async def test_wrong_fields_are_named(office: Office, given: dict[str, Any], path: str) -> None:
    refused = await refusal(save(await office.admin(), **given))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == [path]
    assert await Member.filter(organization_id=office.id).count() == 1


async def test_ids_of_another_organization_are_not_found(office: Office) -> None:
    admin, stranger = await office.admin(), await found("别家")
    foreign = await save_department(await stranger.admin(), None, "外部")
    for id in (stranger.founder.id, uuid4()):
        assert await refusal(save(admin, id=id)) == NotFound()
        assert await refusal(leaving.deactivate(admin, id)) == NotFound()
        assert await refusal(returning.reactivate(admin, id)) == NotFound()
    for id in (foreign.id, uuid4()):
        assert await refusal(save(admin, department_id=id)) == NotFound()
        assert await refusal(save_department(admin, id, "新")) == NotFound()
    assert (await Department.get(id=foreign.id)).name == "外部"


async def test_a_department_is_kept_unless_another_or_none_is_given(office: Office) -> None:
    admin = await office.admin()
    north = await save_department(admin, None, "华北")
    placed = await save(admin, department_id=north.id)
    assert (await save(admin, id=placed.id)).department_id == north.id
    gone = await save(admin, id=placed.id, department_id=None)
    assert gone.department_id is None


@pytest.mark.parametrize("role", ["SALES", "MANAGER"])
async def test_only_admins_change_people(office: Office, role: str) -> None:
    someone = await office.person(role=role)
    for act in (
        save(someone),
        save_department(someone, None, "新"),
        leaving.deactivate(someone, office.founder.id),
        returning.reactivate(someone, office.founder.id),
    ):
        assert isinstance(await refusal(act), Forbidden)


async def test_departments_have_names_of_their_own(office: Office) -> None:
    admin = await office.admin()
    first = await save_department(admin, None, " 华东 ")
    other = await save_department(admin, None, "华北")
    taken = InvalidInput((Problem("name", "another department has this name"),))
    assert await refusal(save_department(admin, other.id, "华东")) == taken
    assert (await save_department(admin, first.id, "华东")).id == first.id
    assert (await save_department(admin, first.id, "华南")).name == "华南"
    assert isinstance(await refusal(save_department(admin, None, "")), InvalidInput)


async def test_a_department_without_an_id_is_the_one_of_exactly_this_name(office: Office) -> None:
    admin = await office.admin()
    first = await save_department(admin, None, "East")
    saved = Event.filter(action="DEPARTMENT_SAVED")
    assert await saved.count() == 1
    again = await save_department(admin, None, " East ")
    assert (again.id, again.name) == (first.id, "East")
    assert await saved.count() == 1
    assert (await save_department(admin, None, "EAST")).id != first.id
    assert await Department.filter(organization_id=office.id).count() == 2


async def test_a_leaver_is_nobody_from_now_on(office: Office) -> None:
    admin, li = await office.admin(), await office.person()
    left = await leaving.deactivate(admin, li.id)
    assert (left.member.active, left.released) == (False, 0)
    assert await viewers.viewer(office.id, li.id) is None
    assert await leaving.deactivate(admin, li.id)
    assert await Event.filter(action="MEMBER_LEFT").count() == 1


async def test_the_last_admin_can_neither_leave_nor_step_down(office: Office) -> None:
    admin = await office.admin()
    last = "is the organization's last admin: make another one first"
    refused = await refusal(leaving.deactivate(admin, admin.id))
    assert refused == InvalidInput((Problem("memberId", last),))
    me: dict[str, Any] = {"id": admin.id, "name": "我", "email": "admin@demo.test"}
    assert await refusal(save(admin, **me)) == InvalidInput((Problem("member.role", last),))
    await office.person(role="ADMIN")
    assert (await save(admin, **me)).role == "SALES"


async def test_admins_who_leave_all_at_once_leave_one_behind(office: Office) -> None:
    for _ in range(5):
        await office.person(role="ADMIN")
    admins = [await office.viewer(each.id) for each in await Member.filter(role="ADMIN")]

    async def leave(who: Viewer) -> object:
        try:
            return await leaving.deactivate(who, who.id)
        except Refusal as refused:
            return refused

    async def step_down(who: Viewer) -> object:
        try:
            name, email = who.member.name, who.member.email
            return await save(who, id=who.id, name=name, email=email)
        except Refusal as refused:
            return refused

    answers = await asyncio.gather(*map(leave, admins[:3]), *map(step_down, admins[3:]))
    assert [type(each) for each in answers].count(InvalidInput) == 1
    assert await Member.filter(role="ADMIN", active=True).count() == 1


async def test_the_same_member_saved_ten_times_at_once_is_one(office: Office) -> None:
    admin = await office.admin()
    saved = await asyncio.gather(*(save(admin) for _ in range(10)))
    assert len({member.id for member in saved}) == 1


async def test_a_viewers_standing_is_what_the_rows_say_now(office: Office) -> None:
    pool, secret = await office.pool(), await office.pool()
    li, han = await office.person(), await office.person()
    await access.set_access(await office.admin(), secret.id, [han.id], [], [li.id])
    li, han = await office.viewer(li.id), await office.viewer(han.id)
    assert li.open_pools == han.open_pools == {pool.id, secret.id}
    assert li.administered == {secret.id}
    assert (li.manages, li.is_admin) == (True, False)
    assert han.administered == han.people == frozenset()
    assert (han.manages, han.is_admin) == (False, False)
    manager = await office.person(role="MANAGER")
    assert manager.open_pools == manager.administered == {pool.id}
    admin = await office.admin()
    assert admin.open_pools == admin.administered == {pool.id, secret.id}
    assert await viewers.viewer(office.id, uuid4()) is None
    assert await viewers.viewer(uuid4(), li.id) is None


async def test_by_an_email_the_active_ones_are_found_where_they_work(office: Office) -> None:
    elsewhere = await found("别家", email="Admin@demo.test")
    li, leaver = await office.person(), await office.person()
    await leaving.deactivate(await office.admin(), leaver.id)
    both = [elsewhere.founder.id, office.founder.id]
    for organization, whose in (
        (None, both),
        ("别家", both[:1]),
        (str(office.id), both[1:]),
        ("第三家", []),
    ):
        rows = await members.by_email("ADMIN@demo.test", organization)
        assert [row["id"] for row in rows] == whose
    assert [row["id"] for row in await members.by_email(li.member.email)] == [li.id]
    assert await members.by_email(leaver.member.email) == []


async def test_who_is_still_here_is_asked_of_each_organization_by_itself(office: Office) -> None:
    elsewhere = await found("别家")
    li, leaver, theirs = await office.person(), await office.person(), await elsewhere.person()
    await leaving.deactivate(await office.admin(), leaver.id)
    here = {(office.id, li.id), (elsewhere.id, theirs.id)}
    strange = {(office.id, leaver.id), (office.id, theirs.id), (elsewhere.id, li.id)}
    assert await presence.those_who_left(here | strange) == dict.fromkeys(strange)


async def test_an_organization_is_founded_with_its_first_admin(database: None) -> None:
    admin = await create_organization(" 示范企业 ", "wang@demo.test", "Asia/Shanghai")
    assert (admin.name, admin.email, admin.role) == ("wang", "wang@demo.test", "ADMIN")
    refused = await refusal(create_organization("", "wang", "Shanghai"))
    assert isinstance(refused, InvalidInput)
    assert [problem.path for problem in refused.problems] == ["name", "admin", "time-zone"]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("UTC", True),
        ("Asia/Shanghai", True),
        ("EST", False),
        ("Asia/Nowhere", False),
        ("../UTC", False),
        ("", False),
    ],
)
def test_a_time_zone_has_a_region_or_is_utc(name: str, known: bool) -> None:
    assert is_zone(name) == known


async def test_a_leaver_who_still_holds_somebody_in_another_organization_is_another_one(
    office: Office,
) -> None:
    other = await found("别家")
    pool = await other.pool()
    theirs = await other.person()
    id = await other.customer(pool)
    await claims.claim(theirs, [id])
    assert await refusal(leaving.deactivate(await office.admin(), theirs.id)) == NotFound()
    assert (await row(id)).owner_id == theirs.id
    assert await replay.differences() == []
