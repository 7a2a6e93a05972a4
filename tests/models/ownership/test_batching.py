import asyncio
import time

from models.ownership.batching import ClaimBatcher
from tests.support.samples import Office


async def test_a_claim_that_arrives_as_all_batches_end_is_written(office: Office) -> None:
    batcher = ClaimBatcher()

    async def claims(how_often: int, later: int) -> None:
        for _ in range(later):
            await asyncio.sleep(0)
        for _ in range(how_often):
            assert await batcher.submit([]) == []

    async with asyncio.timeout(10):
        for _ in range(20):
            # The answers of both batches arrive while the loop is busy, so both end at once.
            asyncio.get_running_loop().call_later(0.001, time.sleep, 0.02)
            await asyncio.gather(claims(2, later=0), claims(1, later=3))
