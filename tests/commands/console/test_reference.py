"""The reference shows all of the schema, loads nothing from other hosts, and can be searched."""

import html
import re
import shutil
from pathlib import Path

import pytest
from graphql import GraphQLNamedType, is_introspection_type
from playwright.async_api import expect

from commands.console.reference import REFERENCE, SCHEMA, build_reference, hash_of
from schema.execution.schema import schema
from settings import Settings
from tests.support import browsing
from tests.support.browsing import Console
from tests.support.chromium import REQUIRED, chromium
from tests.support.packages import installed
from tests.support.running import api_in_process

pytestmark = pytest.mark.timeout(120, func_only=True)

TITLE = re.compile(r"<h1 [^>]*>([\w@]+) ")
LINK = re.compile(r'href="(/reference/[^"#]*)')
# What a page or a style sheet loads by itself.
LOADED = re.compile(
    r"""(?:<(?:script|link|img|iframe)[^>]*\s(?:src|href)=|url\()["']?([^"')>\s]*)"""
)
INLINE = re.compile(r"<style|<script(?![^>]*\ssrc=)|\s(?:style|on\w+)=\"")
NO_SOURCES = ("node_modules", "dist", "pages", "cache", ".gitignore", ".npmrc")
# Links in the descriptions of GraphQL's own scalars.
SPECIFIED = {"https://commonmark.org/", "https://en.wikipedia.org/wiki/IEEE_floating_point"}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = tmp_path_factory.mktemp("reference") / "build.log"
    installed(REFERENCE, log, tmp_path_factory.getbasetemp().parent)
    build_reference(log, lambda line: None)
    return REFERENCE / "dist"


@pytest.fixture(scope="module")
def pages(dist: Path) -> dict[str, str]:
    """Pages by their path below /reference/."""
    found = (path for path in dist.rglob("*.html") if path.name != "404.html")
    return {path.relative_to(dist).as_posix(): path.read_text("utf-8") for path in found}


def operations() -> set[str]:
    built = schema._schema
    roots = (built.query_type, built.mutation_type, built.subscription_type)
    return {name for root in roots if root for name in root.fields}


def types() -> set[str]:
    named: dict[str, GraphQLNamedType] = schema._schema.type_map
    roots = {"Query", "Mutation", "Subscription"}
    return {name for name, each in named.items() if not is_introspection_type(each)} - roots


def test_each_operation_and_each_type_has_its_page(pages: dict[str, str]) -> None:
    titles: dict[str, list[str]] = {}
    for path, page in pages.items():
        if title := TITLE.search(page):
            titles.setdefault(path.partition("/")[0], []).append(title[1])
    shown = {kind: set(names) for kind, names in titles.items()}
    kinds = ("queries", "mutations", "subscriptions")
    assert set().union(*(shown.pop(kind) for kind in kinds)) == operations()
    assert len(shown.pop("directives")) >= 3
    assert set().union(*shown.values()) == types()
    assert len(pages) == sum(map(len, titles.values())) + 1


def test_a_page_has_the_words_of_the_schema(pages: dict[str, str]) -> None:
    mutation = schema._schema.mutation_type
    assert mutation
    said = mutation.fields["pingWebhook"].description
    assert said
    page = re.sub("<[^>]+>", "", html.unescape(pages["mutations/ping-webhook.html"]))
    assert said.replace("`", "") in page


def test_no_link_is_dead(dist: Path, pages: dict[str, str]) -> None:
    links = {link for page in pages.values() for link in LINK.findall(page)}
    files = {link.removeprefix("/reference/") or "index.html" for link in links}
    assert {name for name in files if not (dist / name).is_file()} == set()


def test_nothing_is_loaded_from_another_host_or_needs_inline_code(
    dist: Path, pages: dict[str, str]
) -> None:
    sheets = {path.name: path.read_text("utf-8") for path in dist.rglob("*.css")}
    loaded = {each for text in (*pages.values(), *sheets.values()) for each in LOADED.findall(text)}
    assert {each for each in loaded if not each.startswith(("/reference/", "data:"))} == set()
    linked = {link for page in pages.values() for link in re.findall('href="(http[^"]*)', page)}
    assert linked == SPECIFIED
    assert {path for path, page in pages.items() if INLINE.search(page)} == set()


def test_it_is_not_built_again_from_the_same_sources(dist: Path, tmp_path: Path) -> None:
    before = (dist / "index.html").stat().st_mtime_ns
    build_reference(tmp_path / "build.log", print)
    assert (dist / "index.html").stat().st_mtime_ns == before


def test_each_source_makes_a_new_build_where_it_changed(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(REFERENCE, folder, ignore=shutil.ignore_patterns(*NO_SOURCES))
    schema = Path(shutil.copy(SCHEMA, tmp_path))
    known = {hash_of(folder, schema)}
    sources = [each for each in (*folder.rglob("*"), schema) if each.is_file()]
    for source in sources:
        source.write_text(source.read_text("utf-8") + "\n")
        known.add(hash_of(folder, schema))
    assert len(known) == len(sources) + 1


async def test_a_browser_finds_a_mutation_by_the_consoles_policy(
    settings: Settings, database: None, dist: Path
) -> None:
    path = chromium()
    if path is None:
        assert not REQUIRED
        pytest.skip("Chromium is not installed")
    async with (
        api_in_process(settings, reference=dist) as api,
        browsing.browser(path) as browser,
    ):
        console = Console(browser, api, {})
        page = await console.open(None, "/reference")
        await page.get_by_role("button", name="Search").click()
        await page.get_by_role("searchbox").fill("pingWebhook")
        await page.get_by_role("option").first.click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("pingWebhook")
        await page.get_by_role("link", name="PingWebhookResult").first.click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("PingWebhookResult")
        assert await console.close() == []
