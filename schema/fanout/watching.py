"""How a subscription to a pool gets the pool's events: with the others, or alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID
from weakref import WeakKeyDictionary, WeakValueDictionary

from schema.base.context import Info
from schema.base.listener import Listener
from schema.base.subscribers import Subscriber
from schema.fanout.crowds import Crowd
from schema.fanout.outlet import outlet_of_task
from schema.fanout.sharing import Make, Sharing
from schema.fanout.watchers import Watcher

crowds: WeakKeyDictionary[Listener, WeakValueDictionary[UUID, Crowd]] = WeakKeyDictionary()


@contextmanager
def watching(info: Info, pool_id: UUID, make: Make) -> Iterator[Subscriber]:
    """A subscriber of the pool's events, for what has to be executed for its viewer alone.

    What all of an audience see is written to its outlet, and the subscriber does not get it.
    """
    listener, outlet = info.context.listener, outlet_of_task.get()
    sharing = Sharing.of(info, make) if outlet else None
    if outlet is None or sharing is None:
        subscriber = Subscriber()
        with listener.of_pool(pool_id, subscriber):
            yield subscriber
        return
    watcher = Watcher(info.context, outlet, sharing)
    with _crowd_of(info, pool_id).joined(watcher):
        yield watcher.subscriber


def _crowd_of(info: Info, pool_id: UUID) -> Crowd:
    """Return the one that hears of the pool now; nobody keeps a crowd whose last watcher left."""
    of_listener = crowds.setdefault(info.context.listener, WeakValueDictionary())
    crowd = of_listener.get(pool_id)
    if crowd is None:
        crowd = of_listener[pool_id] = Crowd(pool_id, info.context)
    return crowd
