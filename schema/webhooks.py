"""Webhooks of the organization and their deliveries. Admins only."""

from collections.abc import Awaitable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

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


@strawberry.type(description="One event on its way to a webhook.")
class WebhookDelivery(Node):
    is_type_of = shows(tables.WebhookDelivery)

    status: DeliveryStatus = strawberry.field(
        description="FAILED: given up after a day of attempts."
    )
    attempts: int
    attempted_at: datetime | None
    ended_at: datetime | None = strawberry.field(
        description="When it arrived or was given up; null while pending."
    )
    response_status: int | None = strawberry.field(
        description="The HTTP status that the last attempt was answered with."
    )

    @field(description="What went wrong at the last attempt; null where nothing did.")
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

    @field(description="The next attempt; null where none is to come before another event's.")
    @staticmethod
    def next_attempt_at(root: strawberry.Parent[tables.WebhookDelivery]) -> datetime | None:
        return root.next_at


@strawberry.type
class WebhookDeliveryConnection(Paged):
    nodes: list[WebhookDelivery]


@strawberry.type(description="An address to which the organization's events are posted.")
class Webhook(Node):
    is_type_of = shows(tables.Webhook)

    url: str
    created_at: datetime

    @field(description="Up to here the ledger's events are among the deliveries.")
    @staticmethod
    async def cursor(root: strawberry.Parent[tables.Webhook]) -> Cursor:
        cursor = feed.Cursor(root.read_txid, root.read_seq)
        return Cursor(await feed.format_cursor(cursor))

    @field(
        WebhookDeliveryConnection,
        description="Newest event first; `failedOnly`: those whose last attempt failed."
        " What has ended is kept for 30 days.",
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
    webhook: Webhook
    secret: str | None = strawberry.field(
        description="What its messages are signed with: shown once, when it is created."
    )


@strawberry.type
class WebhookDeleted:
    id: strawberry.ID


@strawberry.type
class DeliveryResent:
    delivery: WebhookDelivery


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
        description="Create, or change by id. It is sent what happens from now on; with `after`,"
        " everything since that cursor as well. Admins only.",
    )
    @staticmethod
    async def save_webhook(
        info: Info, url: str, id: strawberry.ID | None = None, after: Cursor | None = None
    ) -> Any:
        context = info.context
        saved, secret = await webhooks.save(
            context.viewer,
            ids.decode_given(id, "Webhook"),
            id is not None,
            url,
            after,
            private=context.settings.webhooks_to_private_addresses,
        )
        webhook: Any = saved
        return WebhookSaved(webhook=webhook, secret=secret)

    @mutation(
        DeleteWebhookResult,
        description="With its deliveries, those under way too. Admins only.",
    )
    @staticmethod
    async def delete_webhook(info: Info, webhook_id: strawberry.ID) -> Any:
        gone = await webhooks.delete(info.context.viewer, ids.decode(webhook_id, "Webhook"))
        return WebhookDeleted(id=ids.encode("Webhook", gone))

    @mutation(
        ResendResult,
        description="Send it again, at once and out of turn; if need be for another day."
        " One that waits for its turn goes on waiting. Admins only.",
    )
    @staticmethod
    async def resend_delivery(info: Info, delivery_id: strawberry.ID) -> Any:
        id = ids.decode(delivery_id, "WebhookDelivery")
        found = await deliveries.send_again(info.context.viewer, id)
        delivery: Any = found
        return DeliveryResent(delivery=delivery)
