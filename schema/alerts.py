"""A member's alerts, in the inbox and in the subscription."""

from collections.abc import Awaitable
from datetime import datetime

import strawberry

from models import tables
from models.alerts import inbox
from models.alerts.wording import words
from models.ledger.actions import AlertKind
from models.rules.deadlines import ReleaseReason
from models.texts.text import render
from schema.base.context import Info
from schema.base.fields import field
from schema.base.nodes import Paged
from schema.base.references import CUSTOMER
from schema.base.scalars import Cursor


@strawberry.type
class Alert:
    cursor: Cursor
    kind: AlertKind
    read: bool

    @field(CUSTOMER)
    @staticmethod
    def customer(
        root: strawberry.Parent[inbox.Alert], info: Info
    ) -> Awaitable[tables.Customer | None]:
        return _customer(root, info)

    @field(description="For a reminder: when the customer will be released, as things stand.")
    @staticmethod
    async def release_at(root: strawberry.Parent[inbox.Alert], info: Info) -> datetime | None:
        customer = await _customer(root, info)
        if customer is None or root.kind != AlertKind.REMINDER:
            return None
        return customer.release_at if root.is_of_present_hold(customer) else None

    @field()
    @staticmethod
    def reason(root: strawberry.Parent[inbox.Alert]) -> ReleaseReason | None:
        reason = root.event.release_reason
        return ReleaseReason(reason) if reason else None

    @field(description="In words for a person; a reminder by the customer's present deadline.")
    @staticmethod
    async def message(root: strawberry.Parent[inbox.Alert], info: Info) -> str:
        customer = await _customer(root, info)
        assert customer is not None
        return render(words(root, customer, info.context.viewer.id), info.context.reader)

    @field()
    @staticmethod
    def at(root: strawberry.Parent[inbox.Alert]) -> datetime:
        return root.event.at


@strawberry.type
class AlertConnection(Paged):
    nodes: list[Alert]

    @field()
    @staticmethod
    async def unread(info: Info) -> int:
        return await inbox.unread(info.context.viewer)


def _customer(alert: inbox.Alert, info: Info) -> Awaitable[tables.Customer | None]:
    assert alert.event.customer_id is not None
    return info.context.loaders.customers.load(alert.event.customer_id)
