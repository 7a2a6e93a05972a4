"""A member's alerts, in the inbox and in the subscription."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import strawberry

from models import tables
from models.alerts import inbox
from models.alerts.wording import words
from models.ledger.actions import AlertKind
from models.rules.deadlines import ReleaseReason
from models.texts.text import render
from schema.base.context import Info
from schema.base.fields import field
from schema.base.nodes import FollowedPage
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

    @field(
        description="For a reminder and AT_RISK: when the customer will be released, as things"
        " stand."
    )
    @staticmethod
    async def release_at(root: strawberry.Parent[inbox.Alert], info: Info) -> datetime | None:
        customer = await _customer(root, info)
        if customer is None or root.kind not in (AlertKind.REMINDER, AlertKind.AT_RISK):
            return None
        return customer.release_at if root.is_of_present_hold(customer) else None

    @field()
    @staticmethod
    def reason(root: strawberry.Parent[inbox.Alert]) -> ReleaseReason | None:
        reason = root.event.release_reason
        return ReleaseReason(reason) if reason else None

    @field(description="For AT_RISK: how many customers were about to be released.")
    @staticmethod
    def count(root: strawberry.Parent[inbox.Alert]) -> int | None:
        return root.event.details["count"] if root.kind == AlertKind.AT_RISK else None

    @field(
        list[CUSTOMER] | None,
        description="For AT_RISK: the nearest of them that the viewer still sees, at most 20.",
    )
    @staticmethod
    async def customers(
        root: strawberry.Parent[inbox.Alert], info: Info
    ) -> list[tables.Customer] | None:
        if root.kind != AlertKind.AT_RISK:
            return None
        context, ids = info.context, map(UUID, root.event.details["customers"])
        found = await context.loaders.customers.load_many(ids)
        return [each for each in found if each and context.viewer.sees(each)]

    @field(description="In words for a person; a reminder by the customer's present deadline.")
    @staticmethod
    async def message(root: strawberry.Parent[inbox.Alert], info: Info) -> str:
        customer = await _customer(root, info)
        assert customer is not None
        alert = await _with_text(root, info) if root.kind == AlertKind.COMMENTED else root
        return render(words(alert, customer, info.context.viewer.id), info.context.reader)

    @field()
    @staticmethod
    def at(root: strawberry.Parent[inbox.Alert]) -> datetime:
        return root.event.at


@strawberry.type
class AlertConnection(FollowedPage[Alert]):
    @field()
    @staticmethod
    async def unread(info: Info) -> int:
        return await inbox.unread(info.context.viewer)


def _customer(alert: inbox.Alert, info: Info) -> Awaitable[tables.Customer | None]:
    assert alert.event.customer_id is not None
    return info.context.loaders.customers.load(alert.event.customer_id)


async def _with_text(alert: inbox.Alert, info: Info) -> inbox.Alert:
    """The alert with what a person wrote, which the ledger's feed leaves out."""
    event = await info.context.loaders.events.load(alert.event.id)
    return replace(alert, event=event) if event else alert
