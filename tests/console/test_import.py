"""Many customers at once: imported from a sheet, moved and assigned."""

import base64
import csv
import io
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, expect

from models.ownership import claims
from models.tables import Customer
from tests.support.browsing import Console, violations
from tests.support.samples import Office, connection, row
from tests.support.spreadsheets import workbook
from tests.support.wire import wire_to
from tests.support.words import Words

LOST = r"net::ERR_|WebSocket|preload assets"
CHINESE = "客户名称,手机,备注\r\n锦程食品,13900000000,旧\r\n宏图建材,123,新\r\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# More than sockets hold, whose buffers grow up to 4 MB: the browser waits with the rest.
LONG_END = b"\n" * 6_000_000
CARRY = """
([name, base64, type]) => {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name, { type }));
  return carried;
}
"""
t = Words("en")


async def choose(page: Page, name: str, content: bytes) -> None:
    file = FilePayload(name=name, mimeType="text/csv", buffer=content)
    await page.locator("input[type=file]").set_input_files([file])


async def drop(page: Page, name: str, content: bytes, kind: str) -> None:
    given = [name, base64.b64encode(content).decode(), kind]
    carried = {"dataTransfer": await page.evaluate_handle(CARRY, given)}
    zone = page.get_by_text(t("import.drop"))
    for event in ("dragenter", "dragover", "drop"):
        await zone.dispatch_event(event, carried)


async def saved(page: Page, button: Locator) -> tuple[str, bytes]:
    """The name and the content of the file that a click downloads."""
    async with page.expect_download() as download:
        await button.click()
    got = await download.value
    return got.suggested_filename, Path(await got.path()).read_bytes()


async def phones(pool_id: object) -> dict[str, str | None]:
    return {each.name: each.phone for each in await Customer.filter(pool_id=pool_id)}


async def test_bad_rows_of_a_gb18030_file_come_back_and_are_sent_again(
    console: Console, office: Office
) -> None:
    zh = Words("zh-CN")
    pool = await office.pool()
    page = await console.open(office.founder, "/admin/import", language="zh-CN", width=390)
    await choose(page, "客户.csv", CHINESE.encode("gb18030"))
    await expect(page.get_by_text("编码为 GB18030，以逗号分隔。")).to_be_visible()
    fields = page.get_by_role("region", name=zh("import.firstRows")).get_by_role("combobox")
    values = [await each.input_value() for each in await fields.all()]
    assert values == ["NAME", "PHONE", ""]
    bad = page.get_by_role("region", name=zh("import.bad", count=1))
    await expect(bad).to_contain_text("第 3 行")
    await expect(bad).to_contain_text("电话：")
    send = page.get_by_role("button", name=zh("import.send", count=1))
    await expect(send).to_be_disabled()
    assert await violations(page) == []

    await page.get_by_role("radio", name=zh("import.mode.GOOD_ROWS")).check()
    await send.click()
    made = zh("import.created", count=1, pool=pool.name)
    await expect(page.get_by_text(made)).to_be_visible()
    assert await phones(pool.id) == {"锦程食品": "13900000000"}

    button = page.get_by_role("button", name=zh("import.badRows"))
    name, content = await saved(page, button)
    assert name == zh("import.badRowsName", name="客户") + ".csv"
    header, wrong = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert (header[:3], wrong[:3]) == (["客户名称", "手机", "备注"], ["宏图建材", "123", "新"])
    assert "手机" in wrong[3]
    await page.get_by_role("button", name=zh("import.sendMended")).click()
    await choose(page, name, content.replace(b",123,", b",13800000000,"))
    await page.get_by_role("button", name=zh("import.send", count=1)).click()
    await expect(page.get_by_text(made)).to_be_visible()
    assert await phones(pool.id) == {"锦程食品": "13900000000", "宏图建材": "13800000000"}


async def test_columns_are_named_by_hand_and_known_customers_are_changed(
    console: Console, office: Office
) -> None:
    pool = await office.pool()
    (id,) = await office.customers(pool, 1)
    known = (await row(id)).name
    page = await console.open(office.founder, "/admin/import")
    text = page.get_by_label(t("import.paste"))
    await text.fill(f"Firm\tMobile no\n{known}\t13900000000\n好公司\t13800000000")
    await page.get_by_role("button", name=t("import.look")).click()
    await expect(page.get_by_text(t("import.nameMissing"))).to_be_visible()
    firm = page.get_by_label(t("import.fieldOf", column="Firm"))
    mobile = page.get_by_label(t("import.fieldOf", column="Mobile no"))
    await firm.select_option("NAME")
    await mobile.select_option("NAME")
    await expect(page.get_by_text("is named twice")).to_be_visible()
    await expect(mobile).to_have_attribute("aria-invalid", "true")
    await mobile.select_option("PHONE")
    bad = page.get_by_role("region", name=t("import.bad", count=1))
    await expect(bad).to_contain_text("Row 2")
    await page.get_by_role("radio", name=t("import.onExisting.UPDATE")).check()
    await expect(bad).to_have_count(0)
    figures = page.get_by_role("region", name=t("import.outlook")).get_by_role("definition")
    await expect(figures).to_have_text(["1", "1", "0"])
    assert await violations(page) == []
    await page.get_by_role("button", name=t("import.send", count=2)).click()
    await expect(page.get_by_text(t("import.updated", count=1))).to_be_visible()
    assert await phones(pool.id) == {known: "13900000000", "好公司": "13800000000"}


async def test_a_sheet_of_a_workbook_is_chosen(console: Console, office: Office) -> None:
    pool = await office.pool()
    leads: list[list[object]] = [["公司", "手机"], ["天海", 13900000000]]
    wide = [[*range(201)]]
    book = workbook([["名称"], ["云帆"]], leads, wide, names=("客户", "线索", "原始数据"))
    page = await console.open(office.founder, "/admin/import")
    await choose(page, "客户.xlsx", book)
    await expect(page.get_by_text(t("import.readXlsx", name="客户"))).to_be_visible()
    sheet = page.get_by_label(t("import.worksheet"))
    await sheet.select_option("原始数据")
    wrong = page.get_by_role("alert").filter(has_text=t("import.column.worksheet"))
    await expect(wrong).to_contain_text("200 columns")
    await page.reload()
    await console.sign_in(page, office.founder)
    await expect(wrong).to_be_visible()
    await sheet.select_option("线索")
    await expect(page.get_by_text(t("import.readXlsx", name="线索"))).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name=t("import.send", count=1)).click()
    await expect(page.get_by_text(t("import.done", name="客户.xlsx"))).to_be_visible()
    assert await phones(pool.id) == {"天海": "13900000000"}


async def test_an_import_goes_on_after_a_cut_and_a_reload_and_counts_once(
    console: Console, office: Office
) -> None:
    console.allow(LOST)
    pool = await office.pool()
    running = t("import.running")
    async with wire_to(console.url) as wire, connection() as other:
        page = await console.open(office.founder, "/admin/import", via=wire.url)
        await choose(page, "two.csv", b"name,note\nAcme,x\nBest,y")
        note = page.get_by_label(t("import.fieldOf", column="note"))
        await note.select_option("PERSON")
        wire.cut()
        await expect(page.get_by_text(t("shell.offline"), exact=True)).to_be_visible()
        await page.get_by_role("radio", name=t("import.mode.GOOD_ROWS")).check()
        wire.mend()
        # Nobody else imports meanwhile: so it stands before its first written row.
        turn = f"imports of {office.id}"
        await other.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", turn)
        await page.get_by_role("button", name=t("import.send", count=2)).click()
        checked = t("import.step.checking", done=2, rows=2)
        await expect(page.get_by_text(checked)).to_be_visible()
        wire.cut()
        await expect(page.get_by_text(t("shell.offline"), exact=True)).to_be_visible()
        wire.mend()
        await page.reload()
        await console.sign_in(page, office.founder)
        await expect(page.get_by_role("region", name=running)).to_be_visible(timeout=20_000)
        await other.execute("SELECT pg_advisory_unlock_all()")
        made = t("import.created", count=2, pool=pool.name)
        await expect(page.get_by_text(made)).to_be_visible()
    found = await Customer.filter(pool_id=pool.id)
    assert {each.name: each.person for each in found} == {"Acme": "x", "Best": "y"}


async def test_a_workbook_is_dropped_and_another_kind_of_file_refused(
    console: Console, office: Office
) -> None:
    pool = await office.pool()
    page = await console.open(office.founder, "/admin/import")
    await drop(page, "offer.pdf", b"%PDF-1.7", "application/pdf")
    refused = page.get_by_role("alert").filter(has_text=t("import.reject.file-invalid-type"))
    await expect(refused).to_be_visible()
    header = ["公司名称", "电话"]
    book = workbook([header, ["锦程食品", 13900000000], ["宏图建材", "13800000000"]])
    await drop(page, "客户.xlsx", book, XLSX)
    await page.get_by_role("button", name=t("import.send", count=2)).click()
    await expect(page.get_by_text(t("import.done", name="客户.xlsx"))).to_be_visible()
    assert await phones(pool.id) == {"锦程食品": "13900000000", "宏图建材": "13800000000"}


async def test_an_upload_that_is_cut_waits_in_words_and_is_sent_again(
    console: Console, office: Office
) -> None:
    console.allow(LOST)
    await office.pool()
    async with wire_to(console.url) as wire:
        page = await console.open(office.founder, "/admin/import", via=wire.url)
        wire.stops = b"POST /sheets"
        await choose(page, "two.csv", b"name\nAcme\nBest\n" + LONG_END)
        await wire.stopped.wait()
        await expect(page.get_by_text(t("import.sending", name="two.csv"))).to_be_visible()
        wire.stops = None
        wire.cut()
        await expect(page.get_by_text(t("import.waiting", name="two.csv"))).to_be_visible()
        await expect(page.get_by_text(t("shell.offline"), exact=True)).to_be_visible()
        assert await violations(page) == []
        wire.mend()
        await expect(page.get_by_role("button", name=t("import.send", count=2))).to_be_enabled()
    async with connection() as other:
        kept = await other.fetch("SELECT id FROM sheet WHERE organization_id = $1", office.id)
    assert len(kept) == 1


async def test_selected_customers_move_and_a_refusal_stands_on_its_row(
    console: Console, office: Office
) -> None:
    pool, other = await office.pool("甲公海"), await office.pool("乙公海")
    ids = await office.customers(pool, 3)
    page = await console.open(office.founder, "/admin/customers")
    await page.get_by_role("combobox", name="Pool").select_option("甲公海")
    await page.get_by_role("button", name="Select the first 3").click()
    assert await violations(page) == []
    await claims.claim(await office.person(), ids[:1])
    await page.get_by_label("Move to").select_option("乙公海")
    await page.get_by_role("button", name="Move", exact=True).click()
    await expect(page.get_by_text("2 customers moved. 1 refused")).to_be_visible()
    bar = page.get_by_role("region", name="Selected customers")
    await expect(bar.get_by_role("alert")).to_contain_text("already has an owner")
    assert [(await row(id)).pool_id == other.id for id in ids] == [False, True, True]


async def test_selected_customers_are_assigned_up_to_the_capacity(
    console: Console, office: Office
) -> None:
    pool = await office.pool(capacity=1)
    member = await office.person("王芳")
    ids = await office.customers(pool, 2)
    page = await console.open(office.founder, "/admin/customers")
    await page.get_by_role("button", name="Select the first 2").click()
    await page.get_by_role("combobox", name="Assign to").fill("王芳")
    await page.get_by_role("option", name="王芳").click()
    await page.get_by_role("button", name="Assign", exact=True).click()
    await expect(page.get_by_text("1 customer assigned to 王芳. 1 refused")).to_be_visible()
    rows = page.get_by_label("Move and assign").get_by_role("listitem")
    await expect(rows).to_have_count(1)
    await expect(rows.get_by_role("alert")).to_be_visible()
    owners = [(await row(id)).owner_id for id in ids]
    assert owners.count(member.id) == 1
