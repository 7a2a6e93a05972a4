"""One watcher of a pool: told at once where they keep up, else by their own generator."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models import database
from schema.base.context import Context
from schema.base.subscribers import Subscriber
from schema.fanout.audience import Told
from schema.fanout.outlet import Outlet
from schema.fanout.sharing import Sharing

# So many messages are written before others may run: some milliseconds.
SLICE = 200


@dataclass(slots=True, eq=False)
class Watcher:
    context: Context
    outlet: Outlet
    sharing: Sharing
    subscriber: Subscriber = field(default_factory=Subscriber)
    # A subscription ends where its member's is another: see Context.refresh.
    reactivated_at: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        self.reactivated_at = self.context.viewer.member.reactivated_at

    def tell(self, told: Sequence[Told], cluster: str) -> None:
        """Write what can be written at once; leave the rest to the subscriber, in order."""
        subscriber = self.subscriber
        for each in told:
            if each.cursor <= subscriber.cursor:
                continue
            if each.payload and subscriber.is_idle(cluster) and self.outlet.write(each.payload):
                subscriber.cursor = each.cursor
            else:
                subscriber.put(each.event)


async def tell_each(watchers: Sequence[Watcher], told: Sequence[Told], cluster: str) -> None:
    """Tell what was read from this database, as long as it is the present one."""
    at_once = max(1, SLICE // len(told))
    for n in range(0, len(watchers), at_once):
        if cluster != database.cluster():
            return
        for watcher in watchers[n : n + at_once]:
            watcher.tell(told, cluster)
        await asyncio.sleep(0)
