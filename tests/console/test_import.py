"""Many customers at once: imported from a CSV, moved and assigned."""

from playwright.async_api import FilePayload, expect

from models.ownership import claims
from models.tables import Customer
from tests.support.browsing import Console, violations
from tests.support.samples import Office, row

BAD = "name,phone,email\nAcme,123,x\n,13800000000,a@b.cn\n好公司,13900000000,ok@x.cn"


async def test_every_bad_row_is_shown_at_its_line(console: Console, office: Office) -> None:
    pool = await office.pool()
    page = await console.open(office.founder, "/admin/import")
    text = page.get_by_label("Or paste the text here")
    await text.fill(BAD)
    await page.get_by_role("button", name="Import 3 rows").click()
    problems = page.get_by_role("region", name="2 rows are wrong")
    await expect(problems).to_contain_text("Line 2")
    await expect(problems).to_contain_text("Email: must be an email address")
    await expect(problems).to_contain_text("Acme,123,x")
    await expect(problems).to_contain_text("Line 3")
    await expect(problems).to_contain_text("Name: is required")
    assert await violations(page) == []
    assert await Customer.filter(pool_id=pool.id).count() == 0
    await expect(text).to_have_value(BAD)
    await text.fill("name,phone,email\n好公司,13900000000,ok@x.cn")
    await page.get_by_role("button", name="Import 1 row").click()
    await expect(page.get_by_text("1 customer imported.")).to_be_visible()
    await expect(text).to_have_value("")
    assert [each.name for each in await Customer.filter(pool_id=pool.id)] == ["好公司"]


async def test_a_file_of_a_chinese_spreadsheet_is_read(console: Console, office: Office) -> None:
    pool = await office.pool()
    page = await console.open(office.founder, "/admin/import", language="zh-CN", width=390)
    csv = "客户名称,联系人\r\n杭州锦程食品有限公司,李雷\r\n".encode("gb18030")
    chosen = FilePayload(name="客户.csv", mimeType="text/csv", buffer=csv)
    await page.locator("input[type=file]").set_input_files([chosen])
    await page.get_by_role("button", name="导入 1 行").click()
    await expect(page.get_by_text("已导入 1 个客户。")).to_be_visible()
    (imported,) = await Customer.filter(pool_id=pool.id)
    assert (imported.name, imported.person) == ("杭州锦程食品有限公司", "李雷")


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
