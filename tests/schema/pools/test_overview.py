"""What administrators of a pool see of it: what is at risk, and to whom it is open."""

from typing import Any

import pytest

from models.ownership import claims
from models.pools import access
from models.viewers import Viewer
from tests.support.asking import ask, customer_gid, gid, refused
from tests.support.running import Client
from tests.support.samples import Office, time_passes

AT_RISK = """query ($id: ID!, $within: Duration! = "P7D", $first: Int! = 20, $after: Cursor) {
  pool(id: $id) { atRisk(within: $within, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id owner { id } holding { release { at reason } } } } } }"""
ACCESS = """query ($id: ID!) { pool(id: $id) {
  access { members { id name } departments { name } } administrators { id } } }"""


async def at_risk(api: Client, who: Viewer, pool: Any, **how: Any) -> Any:
    return (await ask(api, who, AT_RISK, id=gid("Pool", pool.id), **how))["atRisk"]


async def test_what_is_released_within_the_time_is_at_risk_the_nearest_first(
    api: Client, office: Office
) -> None:
    pool = await office.pool(max_hold="P10D")
    li, ids = await office.person(), await office.customers(pool, 4)
    await claims.claim(li, ids[:1])
    await time_passes("2 days")
    await claims.claim(li, ids[1:2])
    await time_passes("2 days")
    await claims.claim(li, ids[2:3])
    admin = await office.admin()
    first = await at_risk(api, admin, pool, within="P8D", first=1)
    assert [each["id"] for each in first["nodes"]] == [customer_gid(ids[0])]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    assert first["nodes"][0]["owner"] == {"id": gid("Member", li.id)}
    assert first["nodes"][0]["holding"]["release"]["reason"] == "MAX_HOLD"
    after = first["pageInfo"]["endCursor"]
    second = await at_risk(api, admin, pool, within="P8D", first=1, after=after)
    assert [each["id"] for each in second["nodes"]] == [customer_gid(ids[1])]
    assert second["pageInfo"]["hasNextPage"] is False
    assert (await at_risk(api, admin, pool, within="P5D"))["totalCount"] == 0
    assert (await at_risk(api, admin, pool, within="P10D"))["totalCount"] == 3


async def test_a_pool_shows_to_whom_it_is_open(api: Client, office: Office) -> None:
    pool = await office.pool()
    li, han = await office.person("李雷"), await office.person("韩梅梅")
    manager = await office.person(role="MANAGER")
    departments = [office.department_id]
    await access.set_access(
        await office.admin(), pool.id, [li.id, han.id], departments, [manager.id]
    )
    shown = await ask(api, await office.admin(), ACCESS, id=gid("Pool", pool.id))
    assert {each["name"] for each in shown["access"]["members"]} == {"李雷", "韩梅梅"}
    assert shown["access"]["departments"] == [{"name": "销售部"}]
    assert shown["administrators"] == [{"id": gid("Member", manager.id)}]
    await access.set_access(await office.admin(), pool.id, [], [], [])
    shown = await ask(api, await office.admin(), ACCESS, id=gid("Pool", pool.id))
    assert shown["access"] == {"members": [], "departments": []}


@pytest.mark.parametrize("document", [AT_RISK, ACCESS])
async def test_only_administrators_of_the_pool_see_these(
    api: Client, office: Office, document: str
) -> None:
    pool = await office.pool(max_hold="P1D")
    li = await office.person()
    assert (await refused(api, li, document, id=gid("Pool", pool.id)))["code"] == "Forbidden"


async def test_a_negative_time_is_refused(api: Client, office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    problem = await refused(api, admin, AT_RISK, id=gid("Pool", pool.id), within="-P1D")
    assert problem["problems"] == [{"path": "within", "message": "must not be negative"}]
