"""The type Customer, limited to what the viewer may know.

An alert, an event or an extension may lead to a customer that the viewer sees no more. They learn
its name and pool, and nothing of what happened to it since.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry

from models import tables
from models.ownership.claimable import Claimable
from models.paging import Page, Window
from schema.base.context import Info
from schema.base.fields import Together, field
from schema.base.inputs.windows import connection
from schema.base.nodes import FollowedPage, Node, shows
from schema.base.references import MEMBER, POOL
from schema.base.refusals import Refusal
from schema.customers import contact
from schema.customers.contact import Contact
from schema.customers.events import EventConnection, FollowUpConnection
from schema.customers.holding import Holding
from schema.customers.keys import FormerKey, former_keys
from schema.customers.results import ClaimCheck

NO_EVENTS: Page[tables.Event] = Page([])


def _of_seen(name: str) -> Together:
    """Return what tells the viewer this attribute of the customers that they see."""

    def told(roots: Sequence[tables.Customer], info: Info) -> list[Any]:
        sees = info.context.viewer.sees
        return [getattr(root, name) if sees(root) else None for root in roots]

    return told


@strawberry.type(description="A company or person to win: free in a pool, or held by its owner.")
class Customer(Node):
    is_type_of = shows(tables.Customer)

    name: str
    created_at: datetime
    erased_at: datetime | None = strawberry.field(
        description="Since when nothing is stored of the person behind it; its name says so."
    )

    @field(together=_of_seen("level"))
    @staticmethod
    def level(root: strawberry.Parent[tables.Customer], info: Info) -> str | None:
        return root.level if info.context.viewer.sees(root) else None

    @field(
        description="When it last came to the pool; null while held.",
        together=_of_seen("opened_at"),
    )
    @staticmethod
    def opened_at(root: strawberry.Parent[tables.Customer], info: Info) -> datetime | None:
        return root.opened_at if info.context.viewer.sees(root) else None

    @field(Contact, together=contact.contacts_for)
    @staticmethod
    def contact(
        root: strawberry.Parent[tables.Customer], info: Info
    ) -> Contact | Awaitable[Contact]:
        return contact.contact_for(info.context, root)

    @field(
        list[FormerKey],
        description="The keys that it has no more and that still refuse a duplicate."
        " For its owner and the administrators of its pool.",
    )
    @staticmethod
    def former_keys(
        root: strawberry.Parent[tables.Customer], info: Info
    ) -> Awaitable[list[FormerKey]]:
        return former_keys(info, root)

    @field(POOL)
    @staticmethod
    def pool(root: strawberry.Parent[tables.Customer], info: Info) -> Awaitable[tables.Pool | None]:
        return info.context.loaders.pools.load(root.pool_id)

    @field(MEMBER | None, description="Null while in the pool.")
    @staticmethod
    def owner(
        root: strawberry.Parent[tables.Customer], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        if root.owner_id is None or not info.context.viewer.sees(root):
            return None
        return info.context.loaders.members.load(root.owner_id)

    @field(
        Holding | None,
        description="The current ownership; null while in the pool.",
    )
    @staticmethod
    def holding(root: strawberry.Parent[tables.Customer], info: Info) -> tables.Customer | None:
        return root if root.owner_id and info.context.viewer.sees(root) else None

    @field(
        ClaimCheck,
        description="May the viewer claim it now, and if not, why and until when?",
        together=lambda roots, info: info.context.loaders.claimable.known(roots),
    )
    @staticmethod
    def claimable(
        root: strawberry.Parent[tables.Customer], info: Info
    ) -> Claimable | Refusal | Awaitable[Claimable | Refusal]:
        return info.context.loaders.claimable.get(root)

    @connection(FollowUpConnection)
    @staticmethod
    def follow_ups(
        root: strawberry.Parent[tables.Customer],
        info: Info,
        window: Window,
    ) -> Awaitable[Page[tables.Event]] | Page[tables.Event]:
        if not contact.may_read_notes(info.context.viewer, root):
            return NO_EVENTS
        return info.context.loaders.follow_ups.load(root.id, window=window, absorbed=root.absorbed)

    @connection(
        EventConnection,
        description="Every event of this customer's life, newest first: who, what, when, why.",
    )
    @staticmethod
    def history(
        root: strawberry.Parent[tables.Customer],
        info: Info,
        window: Window,
    ) -> Awaitable[Page[tables.Event]] | Page[tables.Event]:
        if not info.context.viewer.sees(root):
            return NO_EVENTS
        return info.context.loaders.history.load(root.id, window=window, absorbed=root.absorbed)


@dataclass(frozen=True, kw_only=True)
class Customers(Page[tables.Customer]):
    """A page, and a function that counts the whole list."""

    count: Callable[[], Awaitable[int]]

    @classmethod
    async def of(
        cls, page: Awaitable[Page[tables.Customer]], count: Callable[[], Awaitable[int]]
    ) -> "Customers":
        found = await page
        return cls(
            found.nodes, found.has_more, found.backward, found.cursor_at, found.beyond, count=count
        )


@strawberry.type
class CustomerConnection(FollowedPage[Customer]):
    @field()
    @staticmethod
    async def total_count(root: strawberry.Parent[Customers]) -> int:
        return await root.count()
