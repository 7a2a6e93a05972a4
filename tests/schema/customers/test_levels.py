"""The words of a forecast where the owner's level does not count."""

from typing import Any
from uuid import UUID

from models.ownership import claims
from models.viewers import Viewer
from tests.support.asking import ask, customer_gid, said
from tests.support.running import Client
from tests.support.samples import Office

UPDATE = """mutation ($id: ID!, $name: String!, $level: String) {
  updateCustomer(customerId: $id, customer: { name: $name, level: $level }) { __typename
    ... on CustomerSaved { customer { level holding { release { at } } } } } }"""
WHY = """query ($id: ID!) { customer(id: $id) { name holding { release {
  at reason conditions { reason remedy } } } } }"""
ENGLISH = (
    "The level that an owner wrote does not move this date;"
    " an administrator of the pool may set it."
)
CHINESE = "负责人自行填写的级别不会推迟这个日期，级别可由公海管理员设定。"


async def why(api: Client, who: Viewer, id: UUID, language: str) -> Any:
    answer = (await said(api, who, language, WHY, id=customer_gid(id)))["data"]["customer"]
    return answer["holding"]["release"]


async def test_the_remedy_says_where_the_owners_level_does_not_move_the_date(
    api: Client, office: Office
) -> None:
    level = {"level": "A", "max_hold": "P90D"}
    pool = await office.pool(max_hold="P20D", follow_up_within="P15D", levels=[level])
    li, admin, id = await office.person(), await office.admin(), await office.customer(pool)
    await claims.claim(li, [id])
    plain = await why(api, li, id, "en")
    name = (await ask(api, li, WHY, id=customer_gid(id)))["name"]
    written = {"id": customer_gid(id), "name": name, "level": "A"}
    saved = (await ask(api, li, UPDATE, **written))["customer"]
    assert (saved["level"], saved["holding"]["release"]["at"]) == ("A", plain["at"])
    for language, words in (("en", ENGLISH), ("zh-CN", CHINESE)):
        follow_up, hold = (await why(api, li, id, language))["conditions"]
        assert words not in follow_up["remedy"]
        assert words in hold["remedy"]
    await ask(api, admin, UPDATE, **written)
    granted = await why(api, li, id, "en")
    assert all(ENGLISH not in each["remedy"] for each in granted["conditions"])
