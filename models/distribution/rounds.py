"""The rounds of a worker: each deals out all that waits, of the pools in turn."""

import time
from collections import deque
from dataclasses import dataclass
from uuid import UUID

from models.distribution.dealing import Batch, deal_batch
from models.distribution.receivers import Dealer
from models.distribution.waiting import (
    START,
    Place,
    dealers,
    pools_with_waiting,
    pools_with_waiting_by_organization,
)
from models.sharding.share import ALL, Share

# A pool is looked through again after this many times as long as it took: 2 % of the time.
REST = 50
LEAST_REST_SECONDS = 5.0
Key = tuple[UUID, int]


@dataclass(slots=True)
class Look:
    """Up to `place` nobody may get the customers of a pool; they are looked at again at `again`.

    What comes behind the place is looked at in each round. New rules begin a new look.
    """

    place: Place = START
    again: float = 0.0
    seconds: float = 0.0
    left: bool = False

    def begin(self) -> None:
        if time.monotonic() >= self.again:
            self.place, self.seconds, self.left = START, 0.0, False

    def add(self, batch: Batch, seconds: float) -> None:
        self.place, self.left = batch.place, self.left or batch.left
        self.seconds += seconds
        if self.left and not batch.more:
            self.again = time.monotonic() + max(LEAST_REST_SECONDS, REST * self.seconds)


class Rounds:
    """What one worker knows of the pools. Several may deal at once: a batch has the pool's turn.

    With a share it deals its organizations' customers alone, and looks at each by itself.
    """

    def __init__(self, share: Share | None = None) -> None:
        self._share = share or ALL
        self._pools_with_waiting = (
            pools_with_waiting_by_organization if share else pools_with_waiting
        )
        self._looks: dict[Key, Look] = {}

    async def __call__(self) -> int:
        """Deal out all that waits now; return how many customers."""
        found = await dealers(self._share)
        pools = {(each.pool_id, each.rules_version): each for each in found}
        self._looks = {key: self._looks.get(key) or Look() for key in pools}
        if not pools:
            return 0
        for look in self._looks.values():
            look.begin()
        waiting = await self._pools_with_waiting(
            (each, self._looks[key].place) for key, each in pools.items()
        )
        turns = deque(each for each in pools.values() if each.pool_id in waiting)
        dealt = 0
        while turns:
            dealer = turns.popleft()
            count, more = await self._deal(dealer)
            dealt += count
            if more:
                turns.append(dealer)
        return dealt

    async def _deal(self, dealer: Dealer) -> tuple[int, bool]:
        """Deal a batch; return how many, and whether more may wait."""
        look = self._looks[dealer.pool_id, dealer.rules_version]
        began = time.monotonic()
        batch = await deal_batch(dealer.organization_id, dealer.pool_id, look.place)
        if batch is None:
            return 0, False
        look.add(batch, time.monotonic() - began)
        return batch.dealt, batch.more
