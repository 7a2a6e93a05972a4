"""The worksheets of a workbook, through the real server."""

from typing import Any

from models.imports import stored
from models.tables import Customer
from tests.schema.sheets.test_importing import IMPORT, PREVIEW
from tests.support.asking import ask, gid, refused
from tests.support.running import Client
from tests.support.samples import Office
from tests.support.spreadsheets import workbook


async def test_a_worksheet_of_a_workbook_is_chosen_by_its_name(api: Client, office: Office) -> None:
    pool, admin = gid("Pool", (await office.pool()).id), await office.admin()
    body = workbook([["填写说明"]], [["客户名称"], ["云帆"]], [["客户名称"], ["天海"]])
    sheet = gid("Sheet", (await stored.upload(admin, body)).id)
    given: dict[str, Any] = {"pool": pool, "sheet": sheet}
    told = await ask(api, admin, PREVIEW, **given)
    assert (told["worksheets"], told["worksheet"]) == (["S0", "S1", "S2"], "S0")
    told = await ask(api, admin, PREVIEW, **given, worksheet="S2")
    assert (told["worksheet"], told["firstRows"]) == ("S2", [["天海"]])
    done = await ask(api, admin, IMPORT, **given, worksheet="S2", key="k1")
    assert done["created"] == 1
    assert [each.name for each in await Customer.all()] == ["天海"]
    other = await ask(api, admin, IMPORT, **given, worksheet="S1", key="k1")
    assert [each["path"] for each in other["problems"]] == ["idempotencyKey"]
    wrong = await ask(api, admin, IMPORT, **given, worksheet="Sheet1")
    assert [each["path"] for each in wrong["problems"]] == ["worksheet"]
    wrong = await refused(api, admin, PREVIEW, **given, worksheet="Sheet1")
    assert [each["path"] for each in wrong["problems"]] == ["worksheet"]
