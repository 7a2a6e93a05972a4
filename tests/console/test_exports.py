"""Sheets of what a page shows: what they contain, and who may not have them."""

import asyncio
import csv
import io
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, Route, expect
from python_calamine import CalamineWorkbook

from models.customers import csv_import
from models.exports.limit import set_export_limit
from models.ownership import claims
from models.tables import Customer, Event
from tests.support.browsing import Console, violations
from tests.support.samples import Office
from tests.support.words import Words

t = Words("en")
PEOPLE = "name,phone\n云帆科技,13812345678\n天海贸易,13912345678"


async def exported(page: Page, button: Locator, format: str) -> bytes:
    """The content of the sheet that the button's menu makes."""
    await button.click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name=t(f"exports.format.{format}")).click()
    return Path(await (await download.value).path()).read_bytes()


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


async def test_a_pool_is_exported_as_it_is_shown_and_no_more_than_a_days_limit(
    console: Console, office: Office
) -> None:
    pool = await office.pool("华东", masked=["PHONE"])
    await csv_import.import_customers(await office.admin(), pool.id, PEOPLE)
    page = await console.open(office.founder, "/admin/exports")
    limit = page.get_by_role("textbox", name=t("exports.limit.title"))
    save = page.get_by_role("button", name=t("common.save"))
    await limit.fill("2000000")
    await save.click()
    await expect(limit).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_text("must be from 0 to 1000000")).to_be_visible()
    await limit.fill("2")
    await save.click()
    await expect(page.get_by_text(t("exports.limit.saved"))).to_be_visible()

    sales = await console.open(await office.person(), "/pool")
    button = sales.get_by_role("button", name=t("common.export"))
    header, *rows = rows_of(await exported(sales, button, "CSV"))
    assert header[:4] == ["Name", "Level", "Contact person", "Phone"]
    assert {each[0]: each[3] for each in rows} == {
        "云帆科技": "138****5678",
        "天海贸易": "139****5678",
    }
    await expect(sales.get_by_text(t("exports.doneRows", count=2))).to_be_visible()
    assert await violations(sales) == []

    await sales.get_by_role("link", name="云帆科技").click()
    history = sales.get_by_role("region", name=t("customer.history"))
    await history.get_by_role("button", name=t("common.export")).click()
    await sales.get_by_role("menuitem", name=t("exports.format.XLSX")).click()
    told = "You may export 2 customers a day from pools that others administer: 0 are left"
    await expect(sales.get_by_role("alert").filter(has_text=told)).to_be_visible()
    acts = await Event.filter(organization_id=office.id, action="EXPORTED")
    assert [each.details["of"] for each in acts] == ["POOL"]


async def test_a_manager_exports_a_report_and_a_private_pool_and_its_owner_their_own(
    console: Console, office: Office
) -> None:
    pool = await office.pool("华东")
    owner = await office.person("王芳")
    ids = await office.customers(pool, 2)
    await claims.claim(owner, ids)
    names = {each.name for each in await Customer.filter(id__in=ids)}
    page = await console.open(office.founder, "/team")
    results = page.get_by_role("region", name=t("team.report.title"))
    button = results.get_by_role("button", name=t("common.export"))
    book: Any = CalamineWorkbook.from_filelike(io.BytesIO(await exported(page, button, "XLSX")))
    header, *rows = book.get_sheet_by_index(0).to_python()
    claimed = header.index("Claims")
    assert {row[0]: row[claimed] for row in rows}["王芳"] == 2
    of_wang = page.get_by_role("button", name=t("team.loads.export", name="王芳"))
    sheet = await exported(page, of_wang, "CSV")
    assert {each[0] for each in rows_of(sheet)[1:]} == names
    mine = await console.open(owner, width=390)
    own = await exported(mine, mine.get_by_role("button", name=t("common.export")), "CSV")
    assert rows_of(own) == rows_of(sheet)


async def test_an_export_under_way_is_cancelled_and_counts_once_with_its_repeat(
    console: Console, office: Office
) -> None:
    pool = await office.pool()
    await office.customers(pool, 2)
    await set_export_limit(await office.admin(), 2)
    page = await console.open(await office.person(), "/pool", alone=True)
    asked = asyncio.Event()

    async def never(route: Route) -> None:
        asked.set()

    await page.route("**/exports/*", never)
    button = page.get_by_role("button", name=t("common.export"))
    await button.click()
    await page.get_by_role("menuitem", name=t("exports.format.CSV")).click()
    await asked.wait()
    under_way = page.get_by_role("status").filter(has_text=t("exports.begins"))
    assert await violations(page) == []
    await under_way.get_by_role("button", name=t("common.cancel")).click()
    await expect(page.get_by_text(t("exports.cancelled"))).to_be_visible()
    await page.unroute("**/exports/*")
    assert len(rows_of(await exported(page, button, "CSV"))) == 3
