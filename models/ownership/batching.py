"""Claims that arrive together are written by one statement, with one commit."""

import asyncio
from collections import deque
from dataclasses import dataclass

from models.ownership.take_statement import ClaimRow, write_claims
from models.tables import Customer

# At most so many statements run at a time; claims that arrive then go into the next one.
MAX_CONCURRENT_BATCHES = 2
LARGEST_BATCH = 200


@dataclass(frozen=True, slots=True, eq=False)
class Submission:
    rows: list[ClaimRow]
    result: asyncio.Future[list[Customer]]


class ClaimBatcher:
    def __init__(self) -> None:
        self._pending: deque[Submission] = deque()
        self._workers: set[asyncio.Task[None]] = set()

    async def submit(self, rows: list[ClaimRow]) -> list[Customer]:
        """Return the customers of these rows that were claimed."""
        submission = Submission(rows, asyncio.get_running_loop().create_future())
        self._pending.append(submission)
        if len(self._workers) < MAX_CONCURRENT_BATCHES:
            self._workers.add(asyncio.create_task(self._work()))
        return await submission.result

    async def _work(self) -> None:
        """Flush until nothing is pending. A done callback would be too late to leave the set."""
        try:
            while self._pending:
                await _flush(self._next_batch())
        finally:
            self._workers.discard(asyncio.current_task())

    def _next_batch(self) -> list[Submission]:
        batch, count = [], 0
        while self._pending and count < LARGEST_BATCH:
            batch.append(self._pending.popleft())
            count += len(batch[-1].rows)
        return batch


async def _flush(batch: list[Submission]) -> None:
    """Write a batch. A customer in several submissions goes to the first; the others lost it."""
    first: dict[str, tuple[ClaimRow, Submission]] = {}
    for submission in batch:
        for row in submission.rows:
            first.setdefault(row["customer_id"], (row, submission))
    claimed: dict[Submission, list[Customer]] = {submission: [] for submission in batch}
    try:
        for customer in await write_claims([row for row, _ in first.values()]):
            claimed[first[str(customer.id)][1]].append(customer)
    except Exception as fault:
        for submission in batch:
            if not submission.result.done():
                submission.result.set_exception(fault)
    for submission, customers in claimed.items():
        if not submission.result.done():
            submission.result.set_result(customers)


batcher = ClaimBatcher()
