"""The watchers of a pool: told at once who keep up, the others by their own generators."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from models import database
from models.pools.rights import USUAL, Rights
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


def audiences(
    watchers: Sequence[Watcher],
    by_member: Mapping[UUID, set[Watcher]],
    differing: Mapping[UUID, Rights],
) -> dict[tuple[Rights, Sharing], list[Watcher]]:
    """Of all watchers and of those of each member: who sees the same, by their rights.

    Who has lost the pool, or left and returned, is in none: their own generator ends.
    """
    found: dict[tuple[Rights, Sharing], list[Watcher]] = defaultdict(list)
    apart = set[Watcher]()
    for id, rights in differing.items():
        for watcher in by_member.get(id, ()):
            apart.add(watcher)
            if rights.sees and watcher.reactivated_at == rights.reactivated_at:
                found[rights, watcher.sharing].append(watcher)
    usual: dict[Sharing, list[Watcher]] = defaultdict(list)
    for watcher in watchers:
        if watcher not in apart:
            usual[watcher.sharing].append(watcher)
    return found | {(USUAL, sharing): audience for sharing, audience in usual.items()}


async def tell_each(watchers: Sequence[Watcher], told: Sequence[Told], cluster: str) -> None:
    """Tell what was read from this database, as long as it is the present one."""
    at_once = max(1, SLICE // len(told))
    for n in range(0, len(watchers), at_once):
        if cluster != database.cluster():
            return
        for watcher in watchers[n : n + at_once]:
            watcher.tell(told, cluster)
        await asyncio.sleep(0)
