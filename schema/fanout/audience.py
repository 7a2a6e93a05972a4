"""What one audience of a pool is told: each change as its members see it, executed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from uuid import UUID

from models.ledger import feed
from models.ledger.feed import Cursor
from models.pools.rights import Rights
from models.tables import Customer, Event, Member
from models.viewers import Viewer, find, viewer
from schema.base.backoff import until_available
from schema.base.context import Context
from schema.base.loaders import Loaders
from schema.base.loading.loader import Pace
from schema.fanout.outlet import Payload
from schema.fanout.sharing import Sharing


@dataclass(frozen=True, slots=True)
class Told:
    """An event, and how an audience sees it; None where each watcher has to look alone."""

    event: Event
    cursor: Cursor
    payload: Payload | None


@dataclass(frozen=True)
class News:
    """Changes of one pool, and their customers and owners, read after the changes."""

    pool_id: UUID
    events: Sequence[Event]
    customers: dict[UUID, Customer]
    members: dict[UUID, Member]

    @classmethod
    async def read(cls, someone: Viewer, pool_id: UUID, events: Sequence[Event]) -> "News":
        """`someone` names the organization; their rights play no part."""
        ids = {event.customer_id for event in events}
        customers = await until_available(lambda: find(someone, Customer, ids))
        owners = {each.owner_id for each in customers.values()}
        members = await until_available(lambda: find(someone, Member, owners))
        return cls(pool_id, events, customers, members)

    @cached_property
    def concerned(self) -> set[UUID]:
        """The members who may see more of a customer than others do, or something else."""
        owners = (each.owner_id for each in self.customers.values())
        named = ((each.actor_id, each.member_id, each.former_id) for each in self.events)
        return {id for id in chain(owners, *named) if id}

    def is_in_pool(self, event: Event) -> bool:
        customer = self.customers.get(event.customer_id) if event.customer_id else None
        return customer is not None and customer.pool_id == self.pool_id


async def told_to(rights: Rights, sharing: Sharing, one: Context, news: News) -> list[Told] | None:
    """Return what is told to all who have these rights; None where `one` of them has others now."""
    organization_id, id = one.viewer.organization.id, one.viewer.id
    present = await until_available(lambda: viewer(organization_id, id))
    if present is None or not _has(present, rights, news.pool_id):
        return None
    pace = Pace()
    loaders = Loaders(present, sharing.reader, pace, patient=True)
    loaders.customers.prime_many(news.customers.items())
    loaders.members.prime_many(news.members.items())
    place = one.listener.place
    context = Context(
        present, one.listener, loaders, sharing.reader, place, patient=True, pace=pace
    )
    return [
        Told(
            event,
            feed.cursor_of(event),
            await sharing.execute(context, event) if news.is_in_pool(event) else None,
        )
        for event in news.events
    ]


def _has(present: Viewer, rights: Rights, pool_id: UUID) -> bool:
    found = (present.sees_pool(pool_id), present.administers(pool_id))
    return found == (rights.sees, rights.administers) and not present.people
