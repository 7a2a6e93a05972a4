"""Engines of a test module's own, as solid as in production: its tests kill them."""

from collections.abc import Iterator

import pytest
import pytest_asyncio

import engines as embedded
from models import database
from tests.conftest import TEMPLATE, command, settings_of
from tests.support.running import short_folder
from tests.support.samples import Office, found

__all__ = ["engines", "office", "template"]


@pytest.fixture(scope="module")
def engines() -> Iterator[embedded.Engines]:
    with short_folder() as data, embedded.started(data) as engines:
        yield engines


@pytest_asyncio.fixture(scope="module")
async def template(engines: embedded.Engines) -> str:
    await command(engines, f"CREATE DATABASE {TEMPLATE}")
    await database.migrate(settings_of(engines, TEMPLATE))
    return TEMPLATE


@pytest_asyncio.fixture
async def office(database: None) -> Office:
    return await found()
