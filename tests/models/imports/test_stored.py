import csv
import io

from models import database
from models.imports import stored
from models.refusals import Forbidden, InvalidInput, NotFound
from tests.support.samples import Office, found, refusal
from tests.support.spreadsheets import workbook
from workers.sweep import Sweep

TEXT = "客户名称,手机号\n云帆,13812345678\n"


async def test_a_file_is_kept_for_its_sender_alone(office: Office) -> None:
    pool, admin = await office.pool(), await office.admin()
    manager = await office.person(role="MANAGER")
    outsider = await (await found("别家")).admin()
    sheet = await stored.upload(admin, TEXT.encode("gb18030"))
    assert (sheet.kind, sheet.encoding) == ("CSV", "GB18030")
    assert (await stored.read(admin, sheet.id)).content == TEXT
    for who in (manager, outsider):
        assert await refusal(stored.read(who, sheet.id)) == NotFound()
    assert await refusal(stored.read(admin, pool.id)) == NotFound()
    assert await refusal(stored.read(admin, None)) == NotFound()


async def test_a_spreadsheet_is_kept_as_its_text(office: Office) -> None:
    await office.pool()
    admin = await office.admin()
    sheet = await stored.upload(admin, workbook([["客户名称", "手机号"], ["云帆", 13812345678.0]]))
    content = (await stored.read(admin, sheet.id)).content
    assert (sheet.kind, sheet.encoding) == ("XLSX", "UTF_8")
    assert list(csv.reader(io.StringIO(content)))[1] == ["云帆", "13812345678"]


async def test_each_worksheet_of_a_spreadsheet_is_kept(office: Office) -> None:
    await office.pool()
    admin = await office.admin()
    too_wide = [[*range(201)]]
    id = (await stored.upload(admin, workbook([], [["甲"]], too_wide, [["乙"]]))).id
    read = [await stored.read(admin, id, name) for name in (None, "S1", "S3")]
    assert {tuple(each.worksheets) for each in read} == {("S1", "S2", "S3")}
    assert [(each.worksheet, each.content) for each in read] == [
        ("S1", "甲\r\n"),
        ("S1", "甲\r\n"),
        ("S3", "乙\r\n"),
    ]
    assert "200 columns" in str(await refusal(stored.read(admin, id, "S2")))
    text = (await stored.upload(admin, TEXT.encode())).id
    for sheet, name in ((id, "S0"), (text, "S1")):
        wrong = await refusal(stored.read(admin, sheet, name))
        assert wrong == InvalidInput.at("worksheet", "is not in this file")


async def test_only_administrators_of_a_pool_send_files(office: Office) -> None:
    await office.pool()
    li, manager = await office.person(), await office.person(role="MANAGER")
    assert isinstance(await refusal(stored.upload(li, TEXT.encode())), Forbidden)
    assert (await stored.upload(manager, TEXT.encode())).encoding == "UTF_8"
    assert isinstance(await refusal(stored.upload(manager, b"\0")), InvalidInput)


async def test_the_newest_ten_of_a_member_are_kept(office: Office) -> None:
    await office.pool()
    admin, manager = await office.admin(), await office.person(role="MANAGER")
    other = await stored.upload(manager, TEXT.encode())
    ids = [(await stored.upload(admin, TEXT.encode())).id for _ in range(12)]
    kept = await database.rows("SELECT id FROM sheet ORDER BY id")
    assert [row["id"] for row in kept] == [other.id, *ids[2:]]


async def test_a_sheet_is_forgotten_after_a_day(office: Office) -> None:
    await office.pool()
    admin = await office.admin()
    old, young = [await stored.upload(admin, TEXT.encode()) for _ in range(2)]
    await database.rows(
        "UPDATE sheet SET expires_at = now() - interval '1 second' WHERE id = $1", old.id
    )
    assert await refusal(stored.read(admin, old.id)) == NotFound()
    await Sweep("one").once()
    assert [row["id"] for row in await database.rows("SELECT id FROM sheet")] == [young.id]
