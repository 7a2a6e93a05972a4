import contextlib
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from commands.environment import completed
from engines import served_database
from engines.folder_lock import read_state
from settings import Settings
from tests.support import browsing, samples
from tests.support.browsing import Console
from tests.support.chromium import REQUIRED
from tests.support.chromium import chromium as chromium_path
from tests.support.kept import Kept
from tests.support.kept_pages import KeptPages
from tests.support.running import PLACE, Client, client_of
from tests.support.stack import stack
from tests.support.supervised import Served

FOLDER = "tests/console/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of all waits for the build of the console: that is not the test's time."""
    for item in items:
        if item.nodeid.startswith(FOLDER):
            item.add_marker(pytest.mark.timeout(120, func_only=True))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of Chromium, with a console to show."""
    path = chromium_path()
    assert path is not None, "BROWSER_TESTS=required: apt-get install chromium-headless-shell"
    missing = browsing.built(tmp_path_factory.mktemp("console") / "build.log")
    if missing is not None:
        assert not REQUIRED, missing
        pytest.skip(f"the console can't be built: {missing}")
    return path


@pytest_asyncio.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with browsing.browser(chromium) as found:
        yield found


@pytest.fixture(scope="session")
def up(
    chromium: str,
    tmp_path_factory: pytest.TempPathFactory,
    testrun_uid: str,
    pytestconfig: pytest.Config,
) -> Served:
    """Engines, API, worker and demo of these tests alone, with the built console."""
    held = contextlib.ExitStack()
    # Later than the last test, whose time it is not: it waits for the other processes.
    pytestconfig.add_cleanup(held.close)
    return held.enter_context(stack(tmp_path_factory.getbasetemp().parent / testrun_uid))


@pytest.fixture(scope="session")
def up_settings(up: Served) -> Settings:
    with (up.data / "engines.json").open() as file:
        urls = read_state(file)["urls"]
    assert urls[0] == served_database(up.data)
    return completed(Settings(data=up.data, port=up.port), (urls[0], urls[1]))


@pytest_asyncio.fixture
async def settings(up_settings: Settings, kept_connection: Kept) -> Settings:
    await kept_connection.close()
    return up_settings


@pytest_asyncio.fixture(scope="session")
async def client(up: Served, up_settings: Settings) -> AsyncIterator[Client]:
    async with client_of(up.url, up_settings) as found:
        yield found


@pytest.fixture(scope="session")
def demo(up: Served) -> dict[str, dict[str, str]]:
    """The demo's people by the part of their email before the @."""
    people = up.get("/console/demo.json").json()["people"]
    return {each["email"].partition("@")[0]: each for each in reversed(people)}


@pytest_asyncio.fixture(scope="session")
async def kept_pages(browser: Browser) -> AsyncIterator[KeptPages]:
    kept = KeptPages()
    yield kept
    await kept.close()


@pytest_asyncio.fixture
async def console(
    browser: Browser, client: Client, demo: dict[str, dict[str, str]], kept_pages: KeptPages
) -> AsyncIterator[Console]:
    found = Console(browser, client, demo, kept_pages)
    yield found
    assert await found.close() == []


@pytest_asyncio.fixture
async def office(database: None) -> samples.Office:
    """A fresh organization beside the demo, with verbs of the models at hand."""
    number = next(samples.numbers)
    # Other processes found theirs in the same database.
    return await samples.found(f"企业{number}", email=f"boss@company{number}.of{PLACE}.test")
