"""The API's reference beside the console: its pages, its headers, and what is not there."""

from pathlib import Path

from settings import Settings
from tests.schema.console.test_pages import BROWSER, get
from tests.support.running import api_in_process

PAGE = "<!doctype html><h1>claimCustomer</h1>"


def built(folder: Path) -> Path:
    (folder / "mutations").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><h1>Seapool's API</h1>")
    (folder / "mutations" / "claim-customer.html").write_text(PAGE)
    (folder.parent / "secret.html").write_text("secret")
    return folder


async def test_its_pages_have_the_policy_of_the_consoles_files(
    settings: Settings, database: None, dist: Path, tmp_path: Path
) -> None:
    reference = built(tmp_path / "reference")
    async with api_in_process(settings, console=dist, reference=reference) as api:
        answer = await get(api, "/reference/mutations/claim-customer.html", **BROWSER)
        assert (answer.status_code, answer.text) == (200, PAGE)
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
        file = await get(api, "/logo.svg")
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
            assert answer.headers[name] == file.headers[name]
        for path in ("/reference", "/reference/"):
            assert "Seapool's API" in (await get(api, path, **BROWSER)).text
        for path in ("/reference/customers", "/reference/%2e%2e/secret.html"):
            assert (await get(api, path, **BROWSER)).status_code == 404
        assert (await api.http.post(f"{api.url}/reference")).status_code == 404


async def test_where_it_is_not_built_the_answer_says_how(
    settings: Settings, database: None, dist: Path, tmp_path: Path
) -> None:
    async with api_in_process(settings, console=dist, reference=tmp_path / "none") as api:
        answer = await get(api, "/reference", **BROWSER)
        assert (answer.status_code, "make reference" in answer.text) == (503, True)
        assert "参考文档" in (await get(api, "/reference", **{"Accept-Language": "zh-CN"})).text


async def test_without_the_console_there_is_none(
    settings: Settings, database: None, dist: Path, tmp_path: Path
) -> None:
    reference, off = built(tmp_path / "reference"), settings.model_copy(update={"console": False})
    async with api_in_process(off, console=dist, reference=reference) as api:
        assert (await get(api, "/reference", **BROWSER)).status_code == 404
