import pytest_asyncio

from tests.support.samples import Office, found


@pytest_asyncio.fixture
async def office(database: None) -> Office:
    return await found()
