"""importSheet, previewImport and importProgress, through the real server."""

import json
from typing import Any

import pytest

from models import database
from models.imports import stored
from models.imports.progress import TELL
from models.ledger import replay
from models.tables import Customer
from models.viewers import Viewer
from tests.support.asking import ask, gid, refused, whole
from tests.support.running import Client
from tests.support.samples import Office
from tests.support.sockets import Following, let_in

IMPORT = f"""mutation ($pool: ID!, $sheet: ID!, $mapping: [SheetField], $key: String,
  $worksheet: String, $mode: ImportMode! = ALL_OR_NOTHING, $existing: OnExisting! = REFUSE) {{
  importSheet(poolId: $pool, sheetId: $sheet, mapping: $mapping, mode: $mode,
    worksheet: $worksheet, onExisting: $existing, idempotencyKey: $key) {{
    {whole("SheetImportResult")}
  }}
}}"""
PREVIEW = """query ($pool: ID!, $sheet: ID!, $mapping: [SheetField], $worksheet: String) {
  previewImport(poolId: $pool, sheetId: $sheet, mapping: $mapping, worksheet: $worksheet) {
    kind encoding worksheets worksheet delimiter header mapping firstRows rows created
    problems { path message }
  }
}"""
PROGRESS = "query ($sheet: ID!) { importProgress(sheetId: $sheet) { state read checked written } }"
FOLLOW = PROGRESS.replace("query", "subscription")
TEXT = "公司\t手机\t备注\n云帆\t13812345678\t\n天海\t12\t\n"


async def sheet_of(who: Viewer, text: str) -> str:
    return gid("Sheet", (await stored.upload(who, text.encode())).id)


async def test_a_sheet_is_previewed_imported_and_followed(api: Client, office: Office) -> None:
    pool, admin = gid("Pool", (await office.pool()).id), await office.admin()
    sheet = await sheet_of(admin, TEXT)
    given: dict[str, Any] = {"pool": pool, "sheet": sheet}
    told = await ask(api, admin, PREVIEW, **given)
    assert (told["kind"], told["encoding"], told["delimiter"]) == ("CSV", "UTF_8", "TAB")
    assert told["mapping"] == ["NAME", "PHONE", None]
    assert [each["path"] for each in told["problems"]] == ["sheet.3.phone"]
    assert (await ask(api, admin, PROGRESS, sheet=sheet))["state"] == "WAITING"
    whole_sheet = await ask(api, admin, IMPORT, **given)
    assert [each["path"] for each in whole_sheet["problems"]] == ["sheet.3.phone"]
    done = await ask(api, admin, IMPORT, **given, mapping=["NAME", None, None])
    assert done == {
        "__typename": "SheetImported",
        "created": 2,
        "updated": 0,
        "refused": 0,
        "badRows": None,
    }
    told = await ask(api, admin, PROGRESS, sheet=sheet)
    assert told == {"state": "DONE", "read": 2, "checked": 2, "written": 2}


async def test_a_repeated_key_imports_once_and_answers_the_same(
    api: Client, office: Office
) -> None:
    pool, admin = gid("Pool", (await office.pool()).id), await office.admin()
    given = {"pool": pool, "sheet": await sheet_of(admin, TEXT), "key": "k1"}
    assert (await ask(api, admin, IMPORT, **given))["__typename"] == "InvalidInput"
    good = given | {"mode": "GOOD_ROWS"}
    first = await ask(api, admin, IMPORT, **good)
    assert (first["created"], first["refused"]) == (1, 1)
    assert first["badRows"].startswith("Sheet_")
    assert await ask(api, admin, IMPORT, **good) == first
    other = await ask(api, admin, IMPORT, **given)
    assert [each["path"] for each in other["problems"]] == ["idempotencyKey"]
    assert await Customer.all().count() == 1
    bad = await ask(api, admin, PREVIEW, pool=pool, sheet=first["badRows"])
    assert (bad["header"][-1], bad["mapping"]) == ("Problems", ["NAME", "PHONE", None, None])
    assert await replay.differences() == []


async def test_an_import_is_followed_until_it_is_done_or_failed(
    api: Client, office: Office
) -> None:
    pool, admin = gid("Pool", (await office.pool()).id), await office.admin()
    sheet = await sheet_of(admin, TEXT)
    async with let_in(api, admin.member) as progress:
        await progress.ask(FOLLOW, sheet=sheet)
        assert (await progress.next())["state"] == "WAITING"
        await ask(api, admin, IMPORT, pool=pool, sheet=sheet)
        assert (await until(progress, "FAILED"))["written"] == 0
        assert (await progress.message())["type"] == "complete"
    await ask(api, admin, IMPORT, pool=pool, sheet=sheet, mode="GOOD_ROWS")
    async with let_in(api, admin.member) as progress:
        await progress.ask(FOLLOW, sheet=sheet)
        assert await progress.next() == {"state": "DONE", "read": 2, "checked": 2, "written": 1}
        assert (await progress.message())["type"] == "complete"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("progress_at = now() - interval '1 hour'", "STOPPED"),
        ("expires_at = now()", "RUNNING"),
    ],
)
async def test_who_follows_an_import_that_was_killed_or_expired_hears_of_its_end(
    api: Client, office: Office, change: str, state: str
) -> None:
    await office.pool()
    admin = await office.admin()
    sheet = await stored.upload(admin, TEXT.encode())
    given = {"state": "RUNNING", "read": 2, "checked": 0, "written": 0}
    await database.rows(TELL, office.id, sheet.id, json.dumps(given))
    async with let_in(api, admin.member) as progress:
        await progress.ask(FOLLOW, sheet=gid("Sheet", sheet.id))
        assert await progress.next() == given
        await database.rows(f"UPDATE sheet SET {change} WHERE id = $1", sheet.id)
        if state == "STOPPED":
            assert await progress.next() == given | {"state": state}
        assert (await progress.message())["type"] == "complete"


async def until(progress: Following, state: str) -> dict[str, Any]:
    while (told := await progress.next())["state"] != state:
        assert told["state"] in ("WAITING", "RUNNING")
    return told


async def test_a_mapping_is_bounded(api: Client, office: Office) -> None:
    pool, admin = gid("Pool", (await office.pool()).id), await office.admin()
    sheet = await sheet_of(admin, TEXT)
    told = await ask(api, admin, IMPORT, pool=pool, sheet=sheet, mapping=[None] * 201)
    assert [each["path"] for each in told["problems"]] == ["mapping"]
    wrong = await refused(api, admin, PREVIEW, pool=pool, sheet=sheet, mapping=[None] * 201)
    assert [each["path"] for each in wrong["problems"]] == ["mapping"]
