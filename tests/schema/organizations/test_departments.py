"""The tree of departments as clients change and see it."""

from typing import Any

from models.ownership import claims
from tests.support.asking import ask, customer_gid, gid, whole
from tests.support.running import Client
from tests.support.samples import Office

SAVE = f"""mutation ($id: ID, $name: String! = "华东", $parent: ID, $lead: ID) {{
  saveDepartment(id: $id, name: $name, parentId: $parent, leadId: $lead) {{
    ... on DepartmentSaved {{ department {{ id parent {{ id }} lead {{ id }} }} }}
    {whole("DepartmentResult").replace("... on DepartmentSaved { department { id } }", "")} }} }}"""
LISTED = "{ organization { departments { name parent { name } } } }"
SEEN = """query ($customer: ID!) { customer(id: $customer) {
  owner { id } contact { phone masked } holding { since } history { nodes { action } } } }"""


async def test_null_clears_what_absence_leaves(api: Client, office: Office) -> None:
    admin, lead = await office.admin(), await office.person()
    above = await ask(api, admin, SAVE, name="公司")
    ids: dict[str, Any] = {"parent": above["department"]["id"], "lead": gid("Member", lead.id)}
    saved = (await ask(api, admin, SAVE, **ids))["department"]
    assert saved == {
        "id": saved["id"],
        "parent": {"id": ids["parent"]},
        "lead": {"id": ids["lead"]},
    }
    assert (await ask(api, admin, SAVE, id=saved["id"]))["department"] == saved
    without = (await ask(api, admin, SAVE, id=saved["id"], lead=None))["department"]
    assert without == saved | {"lead": None}
    root = (await ask(api, admin, SAVE, id=saved["id"], parent=None))["department"]
    assert root == without | {"parent": None}


async def test_a_lead_sees_a_held_customer_whole_and_others_as_colleagues_do(
    api: Client, office: Office
) -> None:
    pool, admin = await office.pool(masked=["PHONE"]), await office.admin()
    li, lead, colleague = [await office.person() for _ in range(3)]
    (id,) = await office.customers(pool, 1)
    await claims.claim(li, [id])
    before = await ask(api, lead, SEEN, customer=customer_gid(id))
    assert before == await ask(api, colleague, SEEN, customer=customer_gid(id))
    assert before["contact"]["masked"]
    department = gid("Department", office.department_id) if office.department_id else ""
    given = {"id": department, "name": "销售部", "lead": gid("Member", lead.id)}
    assert (await ask(api, admin, SAVE, **given))["department"]["lead"] == {"id": given["lead"]}
    assert not (await ask(api, lead, SEEN, customer=customer_gid(id)))["contact"]["masked"]
    assert await ask(api, colleague, SEEN, customer=customer_gid(id)) == before


async def test_a_wrong_tree_is_named_by_its_path(api: Client, office: Office) -> None:
    admin = await office.admin()
    one = (await ask(api, admin, SAVE, name="公司"))["department"]["id"]
    two = (await ask(api, admin, SAVE, parent=one))["department"]["id"]
    answer = await ask(api, admin, SAVE, id=one, name="公司", parent=two)
    wrong = "is this department or one below it: name another one"
    assert answer["problems"] == [{"path": "parentId", "message": wrong}]
    for given in ({"parent": ""}, {"parent": gid("Member", admin.id)}, {"lead": one}):
        assert (await ask(api, admin, SAVE, **given))["__typename"] == "NotFound"
    listed = (await api.data(admin.member, LISTED))["organization"]["departments"]
    assert {"name": "华东", "parent": {"name": "公司"}} in listed
