"""Claims that arrive together are written together."""

import asyncio

from models.ownership.take_statement import ClaimRow, write_claims
from models.tables import Customer

# So many statements at a time; what comes meanwhile goes together into the next one.
MAX_CONCURRENT_BATCHES = 2
LARGEST_BATCH = 200


class ClaimBatcher:
    """Claims that arrive together are written together: one commit for all of them."""

    def __init__(self) -> None:
        self._waiting: list[tuple[list[ClaimRow], asyncio.Future[list[Customer]]]] = []
        self._lanes: set[asyncio.Task[None]] = set()

    async def write(self, places: list[ClaimRow]) -> list[Customer]:
        future: asyncio.Future[list[Customer]] = asyncio.get_running_loop().create_future()
        self._waiting.append((places, future))
        if len(self._lanes) < MAX_CONCURRENT_BATCHES:
            lane = asyncio.create_task(self._run())
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, count = [], 0
            while self._waiting and count < LARGEST_BATCH:
                batch.append(self._waiting.pop(0))
                count += len(batch[-1][0])
            await self._write(batch)

    async def _write(
        self, batch: list[tuple[list[ClaimRow], asyncio.Future[list[Customer]]]]
    ) -> None:
        """Of two who want the same customer the first one gets it; the other is read again."""
        first: dict[str, tuple[ClaimRow, asyncio.Future[list[Customer]]]] = {}
        for places, future in batch:
            for place in places:
                first.setdefault(place["customer_id"], (place, future))
        taken: dict[asyncio.Future[list[Customer]], list[Customer]] = {f: [] for _, f in batch}
        try:
            for customer in await write_claims([place for place, _ in first.values()]):
                taken[first[str(customer.id)][1]].append(customer)
        except Exception as fault:
            for future in taken:
                if not future.done():
                    future.set_exception(fault)
        for future, customers in taken.items():
            if not future.done():
                future.set_result(customers)


batcher = ClaimBatcher()
