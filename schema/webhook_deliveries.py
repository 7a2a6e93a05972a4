"""Deliveries of events to webhooks; for admins only."""

from collections.abc import Awaitable
from datetime import datetime

import strawberry

from models import tables
from models.texts.text import render
from schema.base.context import Info
from schema.base.enums import DeliveryStatus
from schema.base.fields import field
from schema.base.nodes import Node, Paged, shows
from schema.customers.events import Event


@strawberry.type(description="One event for one webhook.")
class WebhookDelivery(Node):
    is_type_of = shows(tables.WebhookDelivery)

    status: DeliveryStatus = strawberry.field(
        description="FAILED: no attempt succeeded within a day."
    )
    attempts: int
    attempted_at: datetime | None
    ended_at: datetime | None = strawberry.field(
        description="When it was delivered or given up; null while pending."
    )
    response_status: int | None = strawberry.field(
        description="The HTTP status of the answer to the last attempt."
    )

    @field(description="What went wrong in the last attempt; null if nothing did.")
    @staticmethod
    def problem(root: strawberry.Parent[tables.WebhookDelivery], info: Info) -> str | None:
        return render(root.fault, info.context.reader) if root.fault else None

    @field(Event)
    @staticmethod
    def event(
        root: strawberry.Parent[tables.WebhookDelivery], info: Info
    ) -> Awaitable[tables.Event | None]:
        return info.context.loaders.events.load(root.event_id)

    @field(
        description="Null once it ended, and while it waits for an earlier event of the customer."
    )
    @staticmethod
    def next_attempt_at(root: strawberry.Parent[tables.WebhookDelivery]) -> datetime | None:
        return root.next_at


@strawberry.type
class WebhookDeliveryConnection(Paged[WebhookDelivery]):
    pass
