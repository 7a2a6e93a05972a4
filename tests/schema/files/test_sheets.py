"""POST /sheets and GET /sheets/ID, through the real server."""

from typing import Any

import httpx2
import pytest

from models import database
from models.imports import stored
from models.viewers import Viewer
from schema.execution.bodies.reading import LARGEST_IMPORT
from tests.support.asking import gid
from tests.support.running import Client
from tests.support.samples import Office, found
from tests.support.spreadsheets import workbook

TEXT = "客户名称,手机号\n=云帆,13812345678\n"


async def send(api: Client, who: Viewer | None, content: Any, **headers: str) -> httpx2.Response:
    given = {"Authorization": f"Bearer {api.token(who.member)}"} if who else {}
    return await api.http.post(f"{api.url}/sheets", content=content, headers=given | headers)


async def fetch(api: Client, who: Viewer, id: str) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {api.token(who.member)}"}
    return await api.http.get(f"{api.url}/sheets/{id}", headers=headers)


async def test_a_file_is_sent_and_fetched_as_utf_8(api: Client, office: Office) -> None:
    await office.pool()
    admin = await office.admin()
    sent = await send(api, admin, TEXT.encode("gb18030"))
    assert sent.status_code == 201
    told = sent.json()
    assert (told["kind"], told["encoding"]) == ("CSV", "GB18030")
    fetched = await fetch(api, admin, told["id"])
    assert fetched.content == ("\ufeff" + TEXT).encode()
    assert fetched.headers["content-type"] == "text/csv; charset=utf-8"
    assert fetched.headers["content-disposition"].startswith("attachment")
    told = (await send(api, admin, workbook([["客户名称"], ["云帆"]]))).json()
    assert told["kind"] == "XLSX"


async def test_who_may_not_send_is_told_why(api: Client, office: Office) -> None:
    await office.pool()
    li, admin = await office.person(), await office.admin()
    assert (await send(api, None, TEXT.encode())).status_code == 401
    refused = await send(api, li, TEXT.encode(), **{"Accept-Language": "zh"})
    assert refused.status_code == 403
    (error,) = refused.json()["errors"]
    assert error["extensions"]["code"] == "Forbidden"
    assert "管理员" in error["message"]
    sheet = gid("Sheet", (await stored.upload(admin, TEXT.encode())).id)
    outsider = await (await found("别家")).admin()
    for who, id in ((li, sheet), (outsider, sheet), (admin, "Sheet_1"), (admin, "x")):
        answer = await fetch(api, who, id)
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (404, "Not found.")


@pytest.mark.parametrize("body", [b"PK\x03\x04\x00", b"\xd0\xcf\x11\xe0", b"a\0b"])
async def test_what_can_not_be_read_is_answered_with_what_would_be_right(
    api: Client, office: Office, body: bytes
) -> None:
    await office.pool()
    refused = await send(api, await office.admin(), body)
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    (problem,) = error["extensions"]["problems"]
    assert (problem["path"], "save it" in problem["message"]) == ("file", True)


async def test_a_file_is_bounded_before_it_is_read(api: Client, office: Office) -> None:
    await office.pool()
    admin = await office.admin()

    async def chunks() -> Any:
        for _ in range(LARGEST_IMPORT // 65536 + 1):
            yield b"a" * 65536

    for content in (chunks(), b"a" * (LARGEST_IMPORT + 1)):
        assert (await send(api, admin, content)).status_code == 413
    assert await database.rows("SELECT FROM sheet") == []
    whole = "名称\n".encode() + b"a" * 150 + b"\n" * (LARGEST_IMPORT - 157)
    assert (await send(api, admin, whole)).status_code == 201


async def test_other_methods_are_refused(api: Client, office: Office) -> None:
    admin = await office.admin()
    headers = {"Authorization": f"Bearer {api.token(admin.member)}"}
    for method, path in (("GET", "/sheets"), ("DELETE", "/sheets/Sheet_1"), ("PUT", "/sheets")):
        answer = await api.http.request(method, f"{api.url}{path}", headers=headers)
        assert answer.status_code in (404, 405)
