from uuid import UUID

from models.organizations import leaving, returning
from models.organizations.departments import save_department
from models.pools import access
from models.pools.rights import USUAL, Rights, unusual
from models.viewers import Viewer
from tests.support.samples import Office, found


async def test_rights_of_many_are_those_of_each(office: Office) -> None:
    admin, open_pool = await office.admin(), await office.pool()
    people = [await office.person(role=role) for role in ("SALES", "SALES", "MANAGER", "ADMIN")]
    appointed, outsider = people[0], people[1]
    closed = await office.pool()
    await access.set_access(await office.admin(), closed.id, [outsider.id], [], [appointed.id])
    everybody = [admin, *people]
    for pool in (open_pool, closed):
        own = {each.id: await own_rights(office, each, pool.id) for each in everybody}
        assert USUAL in own.values()
        differing = await unusual(office.id, pool.id, list(own))
        assert differing == {id: rights for id, rights in own.items() if rights != USUAL}


async def own_rights(office: Office, who: Viewer, pool_id: UUID) -> Rights:
    viewer = await office.viewer(who.id)
    return Rights(viewer.sees_pool(pool_id), viewer.administers(pool_id), None)


async def test_a_leaver_has_none_and_who_has_returned_is_known_by_it(office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    admin = await office.admin()
    await leaving.deactivate(admin, li.id)
    differing = await unusual(office.id, pool.id, [li.id, han.id])
    assert {id: rights.sees for id, rights in differing.items()} == {li.id: False}
    await returning.reactivate(admin, li.id)
    since = (await office.viewer(li.id)).member.reactivated_at
    assert since is not None
    differing = await unusual(office.id, pool.id, [li.id, han.id])
    assert differing == {li.id: Rights(sees=True, administers=False, reactivated_at=since)}


async def test_who_leads_a_department_is_asked_alone(office: Office) -> None:
    pool, li = await office.pool(), await office.person()
    assert await unusual(office.id, pool.id, [li.id]) == {}
    await save_department(await office.admin(), None, "销售一部", lead_id=li.id)
    differing = await unusual(office.id, pool.id, [li.id])
    assert not differing[li.id].sees


async def test_a_member_of_another_organization_has_no_rights_to_tell(office: Office) -> None:
    other = await found("别家")
    assert await unusual(other.id, (await office.pool()).id, [(await office.admin()).id]) == {}
