"""Sheets through HTTP: asked for by a mutation, read by GET."""

import asyncio
import csv
import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest

from models import database
from models.customers import csv_import
from models.exports import reading
from models.exports.links import MOST_USES
from models.holding import follow_ups
from models.ownership import claims, releases
from models.pools import access
from models.viewers import Viewer
from schema.exports import content
from schema.exports.sending import seats
from schema.fairness import sharing
from schema.fairness.shares import shares
from schema.fairness.spenders import Spenders
from tests.support.asking import Answer, ask, customer_gid, gid, said
from tests.support.running import Client
from tests.support.samples import Office, found, until

POOL = """mutation ($pool: ID!, $format: SheetFormat! = CSV) {
  exportPool(poolId: $pool, format: $format) { __typename
    ... on SheetReady { url expiresAt rows } ... on Refusal { message } } }"""
PRIVATE = """mutation ($member: ID, $pool: ID, $format: SheetFormat! = CSV) {
  exportPrivatePool(memberId: $member, poolId: $pool, format: $format) { __typename
    ... on SheetReady { url expiresAt rows } ... on Refusal { message } } }"""
HISTORY = """mutation ($customer: ID!, $format: SheetFormat! = CSV) {
  exportHistory(customerId: $customer, format: $format) { __typename
    ... on SheetReady { url expiresAt rows } ... on Refusal { message } } }"""
REPORT = """mutation ($pool: ID!, $format: SheetFormat! = CSV) {
  exportPoolReport(poolId: $pool, from: "2020-01-01T00:00:00Z", to: "2029-01-01T00:00:00Z",
    format: $format) { __typename
    ... on SheetReady { url expiresAt rows } ... on Refusal { message } } }"""
PAGE = """query ($pool: ID!) { pool(id: $pool) { customers(first: 100) { nodes {
  name level contact { person phone email } } } } }"""
PEOPLE = """name,level,person,phone,email
云帆科技,A,王芳,13812345678,wangfang@yunfan.cn
"天海 13912345678",,,010-88886666,
=HYPERLINK(1),,@x,+8613712345678,"""
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


async def fetched(api: Client, ready: Answer, method: str = "GET") -> httpx2.Response:
    address = api.graphql_url.removesuffix("/graphql") + ready["url"]
    return await api.http.request(method, address)


async def rows_of(api: Client, who: Viewer, document: str, **given: Any) -> list[list[str]]:
    ready = await ask(api, who, document, **given)
    assert ready["__typename"] == "SheetReady", ready
    response = await fetched(api, ready)
    assert response.status_code == 200, response.text
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


async def known(office: Office, pool: Any) -> None:
    await csv_import.import_customers(await office.admin(), pool.id, PEOPLE)


async def test_a_pool_is_masked_as_on_its_page_and_formulas_are_defused(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool("华东"), await office.person()
    await known(office, pool)
    header, *rows = await rows_of(api, li, POOL, pool=gid("Pool", pool.id))
    assert header == [
        *("Name", "Level", "Contact person", "Phone", "Email address", "Pool"),
        "In the pool since",
    ]
    page = (await ask(api, li, PAGE, pool=gid("Pool", pool.id)))["customers"]["nodes"]
    shown = {each["name"]: each for each in page}
    for name, level, person, phone, email, where, since in rows:
        on_page = shown[name.removeprefix("'")]
        contact = {k: v or "" for k, v in on_page["contact"].items()}
        assert (level, where) == (on_page["level"] or "", "华东")
        told = (person.removeprefix("'"), phone.removeprefix("'"), email)
        assert told == (contact["person"], contact["phone"], contact["email"])
        assert len(since) == len("2026-11-28 09:00:00")
    cells = {cell for row in rows for cell in row}
    assert {"'=HYPERLINK(1)", "天海 139****5678", "138****5678", "w*****@yunfan.cn"} <= cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


async def test_what_a_member_holds_is_whole_and_a_colleagues_masked_as_for_the_viewer(
    api: Client, office: Office
) -> None:
    pool, other = await office.pool(max_hold="P9D"), await office.pool()
    li, boss = await office.person("李雷"), await office.person(role="MANAGER")
    await known(office, pool)
    ids = [each["id"] for each in await _customers(office)]
    await claims.claim(li, ids)
    await access.set_access(await office.admin(), other.id, [boss.id], [], [])
    header, *rows = await rows_of(api, li, PRIVATE)
    assert len(rows) == 3
    assert {row[3] for row in rows} == {"13812345678", "010-88886666", "'+8613712345678"}
    assert {row[header.index("Owner")] for row in rows} == {"李雷"}
    assert {row[header.index("Reason for the release")] for row in rows} == {"Longest hold ended"}
    given = {"member": gid("Member", li.id), "pool": gid("Pool", pool.id)}
    assert len(await rows_of(api, await office.viewer(boss.id), PRIVATE, **given)) == 4
    han = await office.person()
    no = await ask(api, han, PRIVATE, **given)
    assert no["__typename"] == "Forbidden"


async def test_a_history_has_the_readers_words_and_notes_only_for_who_may_read_them(
    api: Client, office: Office
) -> None:
    pool, li, han = await office.pool(), await office.person("李雷"), await office.person()
    id = await office.customer(pool)
    await claims.claim(li, [id])
    await follow_ups.log_follow_up(li, id, "CALL", "打 13912345678 谈报价")
    body = {"customer": customer_gid(id)}
    ready = (await said(api, li, "zh-CN", HISTORY, **body))["data"]["exportHistory"]
    response = await fetched(api, ready)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["时间", "事项", "操作人"]
    assert [row[1] for row in rows[1:]] == ["跟进", "领取", "创建"]
    assert rows[1][6] == "打 13912345678 谈报价"
    colleague = await rows_of(api, han, HISTORY, **body)
    assert [row[6] for row in colleague[1:]] == ["", "", ""]
    await releases.give_back(li, id, "不合适，问 13912345678")
    again = await rows_of(api, han, HISTORY, **body)
    assert again[1][5] == "不合适，问 139****5678"
    assert again[2][6] == "打 139****5678 谈报价"


async def test_a_report_says_what_the_page_says(api: Client, office: Office) -> None:
    pool, li = await office.pool(), await office.person("李雷")
    ids = await office.customers(pool, 3)
    await claims.claim(li, ids)
    await releases.give_back(li, ids[0], "不合适")
    header, whole, member = await rows_of(
        api, await office.admin(), REPORT, pool=gid("Pool", pool.id)
    )
    assert whole[:6] == ["Whole pool", "3", "1", "0", "2", "0.0"]
    assert whole[header.index("Given back")] == "1"
    assert member[:5] == ["李雷", "3", "1", "0", "2"]


async def test_a_workbook_has_texts_and_moments_and_no_formulas(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    await known(office, pool)
    ready = await ask(api, li, POOL, pool=gid("Pool", pool.id), format="XLSX")
    response = await fetched(api, ready)
    assert response.headers["content-type"].endswith("spreadsheetml.sheet")
    assert ".xlsx" in response.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    cells = [*sheet.iter(f"{SPACE}c")]
    assert not [*sheet.iter(f"{SPACE}f")]
    texts = [t.text for cell in cells for t in cell.iter(f"{SPACE}t")]
    assert "=HYPERLINK(1)" in texts
    assert "138****5678" in texts
    assert len([cell for cell in cells if cell.get("t") is None and len(cell)]) == 3


@pytest.mark.parametrize("size", [reading.SIZE, 2])
async def test_a_workbook_leaves_no_file_behind(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int
) -> None:
    """Also where a right ends before the last page."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(reading, "SIZE", size)
    pool, li, admin = await office.pool(), await office.person(), await office.admin()
    await office.customers(pool, 4)
    ready = await ask(api, li, POOL, pool=gid("Pool", pool.id), format="XLSX")
    look_again, seen = content._look_again, []

    async def until_second(*given: Any) -> None:
        seen.append([each.name for each in tmp_path.iterdir()])
        if len(seen) == 2:
            await access.set_access(admin, pool.id, [], [], [])
        await look_again(*given)

    monkeypatch.setattr(content, "_look_again", until_second)
    assert (await fetched(api, ready)).status_code == (200 if size > 2 else 404)
    assert len(seen[0]) == 1
    await until(lambda: gone(tmp_path))


async def gone(folder: Path) -> bool:
    return not any(folder.iterdir())


async def test_rows_come_in_pages_each_customer_once_and_no_more_than_were_counted(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SIZE", 3)
    pool, li = await office.pool(), await office.person()
    ids = await office.customers(pool, 10)
    ready = await ask(api, li, POOL, pool=gid("Pool", pool.id))
    await office.customers(pool, 2)
    await claims.claim(li, ids[:1])
    response = await fetched(api, ready)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))[1:]
    assert len(rows) == len({row[0] for row in rows}) == 10
    nothing = await ask(api, li, POOL, pool=gid("Pool", (await office.pool()).id))
    assert (await fetched(api, nothing)).content.decode("utf-8-sig").count("\r\n") == 1


async def test_a_wrong_link_is_not_found_whoever_asks_and_only_get_reads(
    api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    ready = await ask(api, li, POOL, pool=gid("Pool", pool.id))
    for method in ("HEAD", "POST"):
        assert (await fetched(api, ready, method)).status_code == 405
    wrong = {"url": ready["url"][:-4] + "AAAA"}
    response = await fetched(api, wrong)
    assert response.status_code == 404
    assert "export the sheet again" in response.json()["errors"][0]["message"]
    foreign = await (await found("别的企业", email="boss@other.test")).admin()
    no = await ask(api, foreign, POOL, pool=gid("Pool", pool.id))
    assert no["__typename"] == "NotFound"
    good = await fetched(api, ready)
    assert good.headers["cache-control"] == "no-store"
    assert good.headers["referrer-policy"] == "no-referrer"


@pytest.fixture
def unshared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Budgets stay as the test sets them: an API that starts now does not exchange them."""
    monkeypatch.setattr(sharing, "SECONDS", 3600.0)


async def test_a_link_that_the_budget_refuses_stays_unused(
    unshared: None, api: Client, office: Office
) -> None:
    pool, li = await office.pool(), await office.person()
    await office.customer(pool)
    ready = await ask(api, li, POOL, pool=gid("Pool", pool.id))
    member = Spenders.of(office.id, li.id).member
    shares.budgets.owes(member, 100.0)
    for _ in range(MOST_USES + 1):
        refused = await fetched(api, ready)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > 30
    shares.budgets.owes(member, 0.0)
    assert [(await fetched(api, ready)).status_code for _ in range(MOST_USES)] == [200] * MOST_USES
    assert (await fetched(api, ready)).status_code == 404


async def test_a_sheet_ends_where_its_rights_end_and_says_so_by_breaking_off(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SIZE", 2)
    pool, li = await office.pool(), await office.person()
    await office.customers(pool, 6)
    ready = await ask(api, li, POOL, pool=gid("Pool", pool.id))
    look_again, admin, pages = content._look_again, await office.admin(), 0

    async def until_second(*given: Any) -> None:
        nonlocal pages
        pages += 1
        if pages == 2:
            await access.set_access(admin, pool.id, [], [], [])
        await look_again(*given)

    monkeypatch.setattr(content, "_look_again", until_second)
    with pytest.raises(httpx2.RemoteProtocolError):
        await fetched(api, ready)


async def test_a_member_has_one_sheet_at_a_time_and_gives_the_seat_back(
    api: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool, li, han = await office.pool(), await office.person(), await office.person()
    await office.customers(pool, 2)
    look_again, waits, go = content._look_again, asyncio.Event(), asyncio.Event()

    async def slowly(*given: Any) -> None:
        waits.set()
        await go.wait()
        await look_again(*given)

    monkeypatch.setattr(content, "_look_again", slowly)
    ready = await ask(api, li, POOL, pool=gid("Pool", pool.id))
    of_han = await ask(api, han, POOL, pool=gid("Pool", pool.id))
    first = asyncio.create_task(fetched(api, ready))
    await waits.wait()
    second = await fetched(api, ready)
    assert (second.status_code, second.headers["retry-after"]) == (429, str(seats.RETRY_SECONDS))
    other = asyncio.create_task(fetched(api, of_han))
    go.set()
    assert (await first).status_code == (await other).status_code == 200
    assert (await fetched(api, ready)).status_code == 200


async def _customers(office: Office) -> list[dict[str, Any]]:
    sql = "SELECT id FROM customer WHERE organization_id = $1"
    return await database.rows(sql, office.id)
