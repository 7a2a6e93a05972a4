import pytest_asyncio

from tests.models.samples import Office, found


@pytest_asyncio.fixture
async def office(database: None) -> Office:
    return await found()
