"""A name of invisible characters only is empty, wherever a name is given."""

from typing import Any

import pytest

from models.ownership import claims
from tests.schema.test_isolation import document
from tests.support.asking import ask, customer_gid, gid
from tests.support.running import Client
from tests.support.samples import Office

NOTHING = "\u200b\u3164\ufe0f"
RULES = {"capacity": 9, "levels": [{"level": NOTHING}]}
GIVEN: dict[str, tuple[dict[str, Any], str]] = {
    "saveMember": ({"member": {"name": NOTHING, "email": "a@demo.test"}}, "member.name"),
    "saveDepartment": ({"name": NOTHING}, "name"),
    "createPool": ({"name": NOTHING, "rules": {}}, "name"),
    "updatePoolRules": ({"rules": RULES}, "rules.levels.0.level"),
    "registerCustomer": ({"customer": {"name": NOTHING}}, "customer.name"),
    "updateCustomer": ({"customer": {"name": NOTHING}}, "customer.name"),
    "importCustomers": ({"csv": f"name\n甲\n{NOTHING}\n"}, "csv.3.name"),
    "logFollowUp": ({"kind": "CALL", "note": NOTHING}, "note"),
    "releaseCustomer": ({"reason": NOTHING}, "reason"),
    "comment": ({"text": NOTHING}, "text"),
}


@pytest.mark.parametrize("name", GIVEN)
async def test_a_name_that_shows_nothing_is_invalid(api: Client, office: Office, name: str) -> None:
    pool, admin = await office.pool(), await office.admin()
    id = await office.customer(pool)
    admin = await office.admin()
    await claims.claim(admin, [id])
    given, path = GIVEN[name]
    if name in ("updatePoolRules", "registerCustomer", "importCustomers"):
        given = given | {"poolId": gid("Pool", pool.id)}
    if name in ("updateCustomer", "logFollowUp", "releaseCustomer", "comment"):
        given = given | {"customerId": customer_gid(id)}
    answer = await ask(api, admin, document("mutation", name, given), **given)
    assert answer["__typename"] == "InvalidInput"
    assert [each["path"] for each in answer["problems"]] == [path]
