from models.organizations import leaving, returning
from models.pools import access
from models.pools.rights import rights
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
        known = {
            id: (each.sees, each.administers)
            for each in await rights(office.id, pool.id, [each.id for each in everybody])
            for id in each.members
        }
        assert known == {each.id: await own(office, each, pool.id) for each in everybody}


async def own(office: Office, who: Viewer, pool_id: object) -> tuple[bool, bool]:
    viewer = await office.viewer(who.id)
    return pool_id in viewer.open_pools, pool_id in viewer.administered


async def test_a_leaver_has_none_and_who_has_returned_is_known_by_it(office: Office) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    admin = await office.admin()
    await leaving.deactivate(admin, li.id)
    (only,) = await rights(office.id, pool.id, [li.id, han.id])
    assert (only.members, only.reactivated_at) == ([han.id], None)
    await returning.reactivate(admin, li.id)
    present = await rights(office.id, pool.id, [li.id, han.id])
    since = {id: each.reactivated_at for each in present for id in each.members}
    assert since == {li.id: (await office.viewer(li.id)).member.reactivated_at, han.id: None}
    assert since[li.id] is not None


async def test_nobody_has_rights_in_another_organization(office: Office) -> None:
    other = await found("别家")
    assert await rights(other.id, (await office.pool()).id, [(await office.person()).id]) == []
