"""A customer's history and follow-ups, read from the ledger."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any

import strawberry

from models import tables
from schema.base.context import Info
from schema.base.enums import Action, FollowUpKind
from schema.base.fields import field
from schema.base.nodes import Node, Paged, shows
from schema.base.references import CUSTOMER, MEMBER
from schema.customers.contact import may_read_notes


@strawberry.type(description="One entry of the append-only ledger.")
class Event(Node):
    is_type_of = shows(tables.Event)

    action: Any = strawberry.field(graphql_type=Action)
    at: datetime

    @field(str | None)
    @staticmethod
    def reason(
        root: strawberry.Parent[tables.Event], info: Info
    ) -> str | Awaitable[str | None] | None:
        return _comment(root, info) if root.action == "COMMENTED" else root.reason

    @field(CUSTOMER)
    @staticmethod
    def customer(
        root: strawberry.Parent[tables.Event], info: Info
    ) -> Awaitable[tables.Customer | None]:
        assert root.customer_id is not None
        return info.context.loaders.customers.load(root.customer_id)

    @field(MEMBER | None)
    @staticmethod
    def actor(
        root: strawberry.Parent[tables.Event], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.actor_id) if root.actor_id else None

    @field(MEMBER | None)
    @staticmethod
    def member(
        root: strawberry.Parent[tables.Event], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.member_id) if root.member_id else None


async def _comment(event: tables.Event, info: Info) -> str | None:
    """Its text, for those who read the customer's notes."""
    assert event.customer_id is not None
    customer = await info.context.loaders.customers.load(event.customer_id)
    return event.reason if customer and may_read_notes(info.context.viewer, customer) else None


@strawberry.type(description="One contact with a customer, as its owner logged it.")
class FollowUp(Node):
    is_type_of = shows(tables.Event)

    at: datetime

    @field(MEMBER)
    @staticmethod
    def by(root: strawberry.Parent[tables.Event], info: Info) -> Awaitable[tables.Member | None]:
        assert root.actor_id is not None
        return info.context.loaders.members.load(root.actor_id)

    @field(FollowUpKind)
    @staticmethod
    def kind(root: strawberry.Parent[tables.Event]) -> str:
        return str(root.details["kind"])

    @field()
    @staticmethod
    def note(root: strawberry.Parent[tables.Event]) -> str:
        return str(root.details.get("note", ""))


@strawberry.type
class EventConnection(Paged[Event]):
    pass


@strawberry.type
class FollowUpConnection(Paged[FollowUp]):
    pass
