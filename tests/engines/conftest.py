"""`manage.py up` for tests, with data that a first start has left."""

import contextlib
import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from models.database.connection import credentials
from tests.support.running import short_folder
from tests.support.supervised import Up, running


@pytest.fixture
def data() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder / "data"


@dataclass
class FirstRun:
    data: Path
    customers: int
    output: str


@pytest_asyncio.fixture(scope="package")
async def first_run() -> AsyncIterator[FirstRun]:
    """One for all tests; each second start has a copy of the data that it left."""
    with short_folder() as folder:
        with running(folder / "data") as up:
            first = FirstRun(up.data, await customers(up), up.output)
        yield first


@contextlib.contextmanager
def copy_of(first: FirstRun) -> Iterator[Path]:
    with short_folder() as folder:
        # As root, the data belong to another user.
        subprocess.run(["cp", "-a", first.data, folder / "data"], check=True)
        yield folder / "data"


@pytest.fixture
def seeded(first_run: FirstRun) -> Iterator[Path]:
    with copy_of(first_run) as data:
        yield data


@pytest.fixture(scope="module")
def lasting_up(first_run: FirstRun) -> Iterator[Up]:
    """A second start, for all tests that leave it running."""
    with copy_of(first_run) as data, running(data) as up:
        yield up


async def customers(up: Up) -> int:
    state = json.loads((up.data / "engines.json").read_text())
    connection = await asyncpg.connect(**credentials(state["urls"][0]))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM customer"))
    finally:
        await connection.close()
