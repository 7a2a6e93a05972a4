"""What a browser gets: pages, files, their headers, and nothing else."""

import re
from pathlib import Path

import httpx2
import pytest

from settings import Settings
from tests.schema.console.conftest import GRAPHIQL, INDEX, SCRIPT, STYLE
from tests.support.raw import raw
from tests.support.running import Client, api_in_process

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def get(api: Client, path: str, **headers: str) -> httpx2.Response:
    return await api.http.get(api.url + path, headers=headers)


@pytest.mark.parametrize("path", ["/", "/customers", "/customer/Customer_1", "/admin/members"])
async def test_a_browser_gets_the_page_on_every_path(console: Client, path: str) -> None:
    answer = await get(console, path, **BROWSER)
    nonce = re.findall(r'nonce="([\w-]{22})"', answer.text)
    assert answer.status_code == 200
    assert answer.text == INDEX.replace("__CSP_NONCE__", nonce[0])
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_page_allows_only_our_files_and_the_styles_of_its_nonce(console: Client) -> None:
    first, second = [await get(console, "/", **BROWSER) for _ in range(2)]
    nonces = [re.findall(r'nonce="([\w-]+)"', answer.text)[0] for answer in (first, second)]
    assert nonces[0] != nonces[1]
    assert first.headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonces[0]}';"
        " img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self';"
        " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("accepted", ["*/*", "application/json"])
async def test_who_wants_no_page_gets_none_of_an_unknown_path(
    console: Client, accepted: str
) -> None:
    assert (await get(console, "/customers", Accept=accepted)).status_code == 404
    assert (await get(console, "/", Accept=accepted)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("/assets/app-0000.js", "/favicon.ico", "/.sources", "/assets/app-1a2b.js.gz"),
        *("/graphql/", "/graphql/x", "/livez/x", "/console/x", "/graphiql", "/graphiql.html"),
        *("/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"),
    ],
)
async def test_what_does_not_exist_is_not_found(console: Client, path: str) -> None:
    async with raw(console) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n"
        await connection.send(head.encode())
        status, body = await connection.answer()
        assert (status, body) == (404, b"Not Found")


async def test_only_reading_is_possible(console: Client) -> None:
    for path in ("/", "/customers", "/assets/app-1a2b.js"):
        assert (await console.http.post(console.url + path, headers=BROWSER)).status_code == 404


async def test_the_api_answers_on_its_own_paths(console: Client) -> None:
    assert (await get(console, "/livez", **BROWSER)).text == "ok\n"
    assert (await get(console, "/readyz", **BROWSER)).json()["database"] is True
    assert "seapool_" in (await get(console, "/metrics", **BROWSER)).text
    assert (await get(console, "/graphql", **BROWSER)).status_code == 405


async def test_a_file_with_a_hash_in_its_name_is_kept_for_a_year(console: Client) -> None:
    answer = await get(console, "/assets/app-5e6f.css")
    assert answer.text == STYLE
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    other = await get(console, "/logo.svg")
    assert other.headers["content-type"] == "image/svg+xml"
    assert other.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br", "br", b"as if by brotli"),
        ("GZIP;q=0.5", "gzip", SCRIPT.encode()),
        ("br;q=0, gzip; q=0.0, deflate", None, SCRIPT.encode()),
        ("identity", None, SCRIPT.encode()),
    ],
)
async def test_a_file_comes_in_the_best_form_that_is_accepted(
    console: Client, accepted: str, encoding: str | None, content: bytes
) -> None:
    async with console.http.stream(
        "GET", f"{console.url}/assets/app-1a2b.js", headers={"Accept-Encoding": accepted}
    ) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"].startswith("Accept-Encoding")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert int(answer.headers["content-length"]) == len(body)
    if encoding != "gzip":
        assert body == content


async def test_who_has_a_file_already_gets_304_without_it(console: Client) -> None:
    path = "/assets/app-1a2b.js"
    plain, packed = [
        (await get(console, path, **{"Accept-Encoding": how})).headers["etag"]
        for how in ("identity", "gzip")
    ]
    assert plain != packed
    known = {"If-None-Match": f'"other", W/{plain}', "Accept-Encoding": "identity"}
    answer = await get(console, path, **known)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == plain
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "content-length" not in answer.headers
    assert (await get(console, path, **known | {"Accept-Encoding": "gzip"})).status_code == 200


@pytest.mark.parametrize("path", ["/", "/assets/app-1a2b.js"])
async def test_head_gets_the_headers_alone(console: Client, path: str) -> None:
    plain = {"Accept-Encoding": "identity"}
    answer = await console.http.head(console.url + path, headers=plain)
    whole = await get(console, path, **plain)
    assert answer.content == b""
    assert answer.headers["content-length"] == str(len(whole.content))
    async with raw(console) as connection:
        head = f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        await connection.send(head.encode())
        assert (await connection.end()).endswith(b"\r\n\r\n")


async def test_graphiql_comes_from_our_own_files(
    settings: Settings, database: None, dist: Path
) -> None:
    with_it = settings.model_copy(update={"graphiql": True})
    async with api_in_process(with_it, console=dist) as api:
        for path in ("/graphql", "/graphiql", "/graphiql.html"):
            answer = await get(api, path, **BROWSER)
            assert (answer.status_code, answer.text) == (200, GRAPHIQL)
            policy = answer.headers["content-security-policy"]
            assert "style-src 'self'; style-src-attr 'unsafe-inline'; img-src" in policy
            assert "font-src 'self' data:; connect-src 'self'; worker-src 'self';" in policy
        assert (await get(api, "/graphql")).status_code == 405


async def test_switched_off_there_is_nothing(
    settings: Settings, database: None, dist: Path
) -> None:
    off = settings.model_copy(update={"console": False})
    async with api_in_process(off, console=dist) as api:
        for path in ("/", "/customers", "/assets/app-1a2b.js", "/console/config.json"):
            answer = await get(api, path, **BROWSER)
            assert (answer.status_code, answer.text) == (404, "Not Found")


async def test_graphiql_needs_no_console(settings: Settings, database: None, dist: Path) -> None:
    alone = settings.model_copy(update={"console": False, "graphiql": True})
    async with api_in_process(alone, console=dist) as api:
        assert (await get(api, "/graphql", **BROWSER)).text == GRAPHIQL
        assert (await get(api, "/assets/app-5e6f.css")).text == STYLE
        assert (await get(api, "/", **BROWSER)).status_code == 404


async def test_before_it_is_built_the_page_says_how(
    settings: Settings, database: None, tmp_path: Path
) -> None:
    async with api_in_process(settings, console=tmp_path / "absent") as api:
        answer = await get(api, "/", **BROWSER)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert "npm ci && npm run build" in answer.text
        chinese = await get(api, "/", **BROWSER, **{"Accept-Language": "zh-CN"})
        assert "npm ci && npm run build" in chinese.text
        assert "控制台" in chinese.text
        assert (await get(api, "/livez")).status_code == 200
