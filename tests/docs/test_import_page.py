"""Every example of docs/import.md runs as it stands and answers as the page shows."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE

from models.sheets.headers import field_of
from models.tables import Customer
from tests.docs.pages import Page
from tests.support.asking import ask, gid
from tests.support.running import Client
from tests.support.samples import found
from tests.support.spreadsheets import workbook

PAGE = Page("docs/import.md")
EXAMPLES = PAGE.examples
(CURL,), (KEPT,) = PAGE.blocks("bash"), map(json.loads, PAGE.blocks("json"))


async def test_a_pasted_text_is_imported(api: Client) -> None:
    office = await found()
    pool, admin = await office.pool("公海"), await office.admin()
    text = "序号\t＊公司名称\t手机号码（必填）\n1\t云帆科技\t13812345678\n"
    told = await ask(api, admin, EXAMPLES["pasted"], pool=gid("Pool", pool.id), csv=text)
    assert told == {"count": 1}
    text = "name;phone\n天海贸易;12\n"
    told = await ask(api, admin, EXAMPLES["pasted"], pool=gid("Pool", pool.id), csv=text)
    assert [each["path"] for each in told["problems"]] == ["csv.2.phone"]
    assert [each.name for each in await Customer.all()] == ["云帆科技"]


async def test_a_file_is_sent_previewed_and_imported(api: Client) -> None:
    office = await found()
    pool, admin = await office.pool("公海"), await office.admin()
    command = ["bash", "-c", CURL.replace("customers.xlsx", "-").replace("curl", "curl -s")]
    place = {"URL": api.url, "TOKEN": api.token(admin.member), "PATH": os.environ["PATH"]}
    curl = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=place)
    rows: list[list[object]] = [
        ["公司名称", "手机号"],
        ["云帆科技", 13812345678.0],
        ["天海贸易", 12],
    ]
    leads: list[list[object]] = [["公司名称"], ["海帆科技"]]
    book = workbook(rows, leads, names=("客户", "线索"))
    written, _ = await curl.communicate(book)
    sheet = json.loads(written)
    shown = KEPT | {"id": sheet["id"], "expiresAt": sheet["expiresAt"]}
    assert sheet == shown
    given = {"pool": gid("Pool", pool.id), "sheet": sheet["id"]}
    told = await ask(api, admin, EXAMPLES["look"], **given, worksheet="线索")
    assert (told["worksheet"], told["firstRows"]) == ("线索", [["海帆科技"]])
    told = await ask(api, admin, EXAMPLES["look"], **given, mapping=["NAME", "PHONE"])
    assert (told["worksheets"], told["worksheet"]) == (["客户", "线索"], "客户")
    assert (told["kind"], told["mapping"], told["created"]) == ("XLSX", ["NAME", "PHONE"], 1)
    order = {"mode": "GOOD_ROWS", "onExisting": "UPDATE", "key": "import-1"}
    done = await ask(api, admin, EXAMPLES["take"], **given, **order)
    bad = done.pop("badRows")
    assert done == {"created": 1, "updated": 0, "refused": 1}
    told = await ask(api, admin, EXAMPLES["far"], sheet=sheet["id"])
    assert told == {"state": "DONE", "read": 2, "checked": 2, "written": 1}
    headers = {"Authorization": f"Bearer {api.token(admin.member)}"}
    fetched = (await api.http.get(f"{api.url}/sheets/{bad}", headers=headers)).text
    assert fetched.splitlines()[1].startswith("天海贸易,12,")


def test_the_page_names_headers_that_are_understood() -> None:
    rows = [line.split("|")[1:3] for line in PAGE.text.splitlines() if line.startswith("| `")]
    for field, names in rows:
        shown = [name.strip(" `") for name in names.split(",")]
        assert {field_of(name) for name in shown} == {field.split("`")[1]}


def test_every_example_of_the_page_is_run_here() -> None:
    assert PAGE.not_run_by(__file__) == set()
