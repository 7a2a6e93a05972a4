"""Suites and clients that others wrote, against one API process for all of them."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

import engines as embedded
from models import database as databases
from models.ledger import feed
from models.queue import queue
from settings import Settings
from tests.conformance.sales import Sales
from tests.conftest import own_database
from tests.support import samples
from tests.support.kept import Kept
from tests.support.node_program import Program, program
from tests.support.packages import installed
from tests.support.running import PLACE, Process, Processes

HERE = Path(__file__).parent
FOLDER = "tests/conformance/"
CUSTOMERS = 20

Start = Callable[[str], AbstractAsyncContextManager[Program]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test of all waits for npm: that is not the test's time."""
    for item in items:
        if item.nodeid.startswith(FOLDER):
            item.add_marker(pytest.mark.timeout(120, func_only=True))


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    return installed(HERE, tmp_path_factory.mktemp("npm") / "npm.log", base.parent)


@pytest_asyncio.fixture(scope="package")
async def settings(
    packages: Path, engines: embedded.Engines, template: str, kept_connection: Kept
) -> AsyncIterator[Settings]:
    async with own_database(engines, template, kept_connection) as settings:
        yield settings


@pytest_asyncio.fixture(scope="package")
async def database(settings: Settings) -> AsyncIterator[None]:
    async with databases.connected(settings), queue.connected(settings):
        yield


@pytest_asyncio.fixture(scope="package")
async def api_process(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Process]:
    async with contextlib.AsyncExitStack() as stack:
        folder = tmp_path_factory.mktemp("api")
        yield await Processes(settings, folder, stack).api()


@pytest_asyncio.fixture
async def office(database: None) -> samples.Office:
    """A fresh organization."""
    number = next(samples.numbers)
    return await samples.found(f"企业{number}", email=f"boss@company{number}.of{PLACE}.test")


@pytest_asyncio.fixture
async def sales(office: samples.Office, api_process: Process) -> Sales:
    pool = await office.pool()
    customers = await office.customers(pool, CUSTOMERS)
    seal = await samples.seal_of(office.id)
    now = await feed.format_cursor(await feed.head(), seal)
    return Sales(api_process.client, await office.person(), pool, customers, now)


@pytest.fixture(scope="session")
def node(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Start:
    """`async with node("apollo.mjs") as apollo`: a program of this folder."""
    logs = tmp_path_factory.mktemp("node")
    return lambda name: program(packages / name, logs / f"{name}.log")
