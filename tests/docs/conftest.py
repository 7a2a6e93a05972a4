from collections.abc import AsyncIterator

import pytest_asyncio

from models import demo
from models.ledger import replay
from tests.support.running import Client


@pytest_asyncio.fixture
async def demo_api(api: Client) -> AsyncIterator[Client]:
    assert await demo.seed()
    yield api
    assert await replay.differences() == []
