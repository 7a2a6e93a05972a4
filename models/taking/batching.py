"""Claims that arrive together are written by one statement, with one commit.

No batch waits for a lock: a row that another session uses is left out, and its claim tries again.
"""

import asyncio
import time
from functools import partial
from weakref import WeakValueDictionary

from models import database
from models.tables import Customer
from models.taking.submissions import Submission, batch_of, first_of, in_turn
from models.taking.take_statement import ClaimRow, write_claims
from models.telemetry import tracing

# At most so many statements run at a time; claims that arrive then go into the next one.
MAX_CONCURRENT_BATCHES = 2
# The second one runs where the first takes longer: a statement of many claims costs little more
# than one of a few.
LATE_SECONDS = 0.005


class Failed(Exception):
    """The batch was not written; the fault may be another submission's."""


class ClaimBatcher:
    def __init__(self) -> None:
        self._pending: list[Submission] = []
        self._workers: set[asyncio.Task[None]] = set()
        self._locked: set[str] = set()
        self._writes_large = False
        self._began_at = 0.0
        self._alone: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def submit(self, rows: list[ClaimRow]) -> list[Customer]:
        """Return the customers of these rows that were claimed; rows in use are not."""
        submission = Submission(rows, asyncio.get_running_loop().create_future())
        self._pending.append(submission)
        if self._has_room():
            self._began_at = time.monotonic()
            self._workers.add(asyncio.create_task(self._work()))
        try:
            return await submission.result
        except Failed:
            return await self.submit_alone(rows)

    def _has_room(self) -> bool:
        """Whether a statement may begin: beside another one only if that takes long, or will."""
        if len(self._workers) >= MAX_CONCURRENT_BATCHES:
            return False
        if not self._workers or self._writes_large or any(each.is_large for each in self._pending):
            return True
        return time.monotonic() - self._began_at > LATE_SECONDS

    async def submit_alone(self, rows: list[ClaimRow]) -> list[Customer]:
        """Like `submit`, by a statement of its own, which waits for rows in use.

        The claims of one member take turns, as they need one seat: no other's wait for them.
        Raises Unavailable or TimeoutError where that takes too long.
        """
        turn = self._alone.setdefault(rows[0]["member_id"], asyncio.Lock())
        async with asyncio.timeout(database.PATIENCE_SECONDS):
            await turn.acquire()
        try:
            return await database.with_retries(partial(write_claims, rows, waits=True))
        finally:
            turn.release()

    async def _work(self) -> None:
        """Flush until nothing is left to do. A done callback would be too late to leave the set."""
        database.ask_for_all()
        try:
            while batch := self._next_batch():
                locks = {lock for each in batch for lock in each.locks}
                is_large = batch[0].is_large
                self._locked |= locks
                self._writes_large |= is_large
                self._began_at = time.monotonic()
                try:
                    with tracing.together(each.origin for each in batch):
                        await _flush(batch)
                finally:
                    self._locked -= locks
                    self._writes_large &= not is_large
        finally:
            self._workers.discard(asyncio.current_task())

    def _next_batch(self) -> list[Submission]:
        """Take those that need no row which the other batch has locked: that one takes them.

        Small ones are taken together, of the organizations in turn. A large one is a batch by
        itself; meanwhile the other batches are of small ones.
        """
        if not self._pending:
            return []
        # For those that are done, nobody waits any more.
        self._pending = [each for each in self._pending if not each.result.done()]
        large = [each for each in self._pending if each.is_large and not self._writes_large]
        small = in_turn(each for each in self._pending if not each.is_large)
        if len(self._workers) > 1:
            batch = first_of(large, self._locked) or batch_of(small, self._locked)
        else:
            batch = batch_of(small, self._locked) or first_of(large, self._locked)
        taken = set(map(id, batch))
        self._pending = [each for each in self._pending if id(each) not in taken]
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
        _fail(batch, fault)
    for submission, customers in claimed.items():
        if not submission.result.done():
            submission.result.set_result(customers)


def _fail(batch: list[Submission], fault: Exception) -> None:
    """Each submission tries alone; but where the server is away, the batch may be committed."""
    own = len(batch) == 1 or database.is_away(fault)
    for submission in batch:
        if not submission.result.done():
            submission.result.set_exception(fault if own else Failed())


batcher = ClaimBatcher()
