"""The organization's webhooks and their deliveries; for admins only."""

from collections.abc import Awaitable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import strawberry

from models import tables
from models.database.pagination import Page
from models.ledger import feed
from models.texts.text import render
from models.webhooks import deliveries, webhooks
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import Node, Paged, shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.base.scalars import Cursor
from schema.customers.events import Event


@strawberry.enum
class DeliveryStatus(StrEnum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


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
        problem = deliveries.problem_of(root)
        return render(problem, info.context.reader) if problem else None

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
class WebhookDeliveryConnection(Paged):
    nodes: list[WebhookDelivery]


@strawberry.type(description="A URL that receives the organization's events.")
class Webhook(Node):
    is_type_of = shows(tables.Webhook)

    url: str
    created_at: datetime

    @field(description="All events of the ledger up to this cursor have deliveries.")
    @staticmethod
    async def cursor(root: strawberry.Parent[tables.Webhook]) -> Cursor:
        return Cursor(await feed.text(feed.Cursor(root.read_txid, root.read_seq)))

    @field(
        WebhookDeliveryConnection,
        description="Newest event first; `failedOnly`: those whose last attempt failed."
        " A delivery is kept for 30 days after it ended.",
    )
    @staticmethod
    async def deliveries(
        root: strawberry.Parent[tables.Webhook],
        info: Info,
        first: int = 20,
        after: Cursor | None = None,
        failed_only: bool = False,
    ) -> Page[tables.WebhookDelivery]:
        return await deliveries.of_webhook(
            info.context.viewer, root, first=first, after=after, failed_only=failed_only
        )


@strawberry.type
class WebhookSaved:
    webhook: tables.Webhook = strawberry.field(graphql_type=Webhook)
    secret: str | None = strawberry.field(
        description="The key that signs its messages; shown only in the answer that creates it."
    )


@strawberry.type
class WebhookDeleted:
    id: strawberry.ID


@strawberry.type
class DeliveryResent:
    delivery: tables.WebhookDelivery = strawberry.field(graphql_type=WebhookDelivery)


WebhookResult = Annotated[
    WebhookSaved | Forbidden | NotFound | InvalidInput, strawberry.union("WebhookResult")
]
DeleteWebhookResult = Annotated[
    WebhookDeleted | Forbidden | NotFound, strawberry.union("DeleteWebhookResult")
]
ResendResult = Annotated[DeliveryResent | Forbidden | NotFound, strawberry.union("ResendResult")]


@strawberry.type
class Webhooks:
    @mutation(
        WebhookResult,
        description="Create, or change by id. It gets the events from now on; with `after`, also"
        " those since that cursor. Admins only.",
    )
    @staticmethod
    async def save_webhook(
        info: Info, url: str, id: strawberry.ID | None = None, after: Cursor | None = None
    ) -> WebhookSaved:
        context = info.context
        webhook, secret = await webhooks.save(
            context.viewer,
            ids.decode_given(id, "Webhook"),
            url,
            after,
            private=context.settings.webhooks_to_private_addresses,
        )
        return WebhookSaved(webhook=webhook, secret=secret)

    @mutation(
        DeleteWebhookResult,
        description="Delete a webhook and its deliveries, pending ones too. Admins only.",
    )
    @staticmethod
    async def delete_webhook(info: Info, webhook_id: strawberry.ID) -> WebhookDeleted:
        deleted = await webhooks.delete(info.context.viewer, ids.decode(webhook_id, "Webhook"))
        return WebhookDeleted(id=ids.encode("Webhook", deleted))

    @mutation(
        ResendResult,
        description="Retry a delivery now, ahead of the queue, for another 24 hours."
        " A queued delivery is left alone. Admins only.",
    )
    @staticmethod
    async def resend_delivery(info: Info, delivery_id: strawberry.ID) -> DeliveryResent:
        id = ids.decode(delivery_id, "WebhookDelivery")
        return DeliveryResent(delivery=await deliveries.send_again(info.context.viewer, id))
