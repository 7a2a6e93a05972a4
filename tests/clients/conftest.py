from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from commands.console.clients import TYPESCRIPT, build_typescript
from tests.clients.stage import Stage
from tests.support.packages import installed
from tests.support.running import Client
from tests.support.samples import Office
from tests.support.shared_database import database, office, settings, shared
from tests.support.wire import wire_to

FOLDER = "tests/clients/"

__all__ = ["database", "office", "settings", "shared"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of all waits for npm: that is not the test's time."""
    for item in items:
        if item.nodeid.startswith(FOLDER) and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(60, func_only=True))


@pytest_asyncio.fixture
async def stage(office: Office, api: Client) -> AsyncIterator[Stage]:
    pool, person = await office.pool(max_hold="P20D"), await office.person()
    async with wire_to(api.url) as wire:
        yield Stage(api, wire, office, pool, await office.viewer(person.id))


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The TypeScript package as npm would publish it: installed, and built."""
    log = tmp_path_factory.mktemp("npm") / "npm.log"
    installed(TYPESCRIPT, log, tmp_path_factory.getbasetemp().parent)
    build_typescript(log, print)
    return TYPESCRIPT
