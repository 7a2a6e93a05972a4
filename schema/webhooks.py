"""The organization's webhooks; for admins only."""

from datetime import datetime
from typing import Annotated

import strawberry

from models import tables
from models.ledger import feed
from models.paging import Page, Window
from models.webhooks import deliveries, webhooks
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.inputs.windows import connection
from schema.base.mutation import mutation
from schema.base.nodes import Node, shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.base.scalars import Cursor
from schema.webhook_deliveries import WebhookDelivery, WebhookDeliveryConnection


@strawberry.type(description="A URL that receives the organization's events.")
class Webhook(Node):
    is_type_of = shows(tables.Webhook)

    url: str
    created_at: datetime

    @field(description="All events of the ledger up to this cursor have deliveries.")
    @staticmethod
    async def cursor(root: strawberry.Parent[tables.Webhook], info: Info) -> Cursor:
        cursor = feed.Cursor(root.read_txid, root.read_seq)
        return Cursor(await feed.format_cursor(cursor, info.context.viewer.seal))

    @connection(
        WebhookDeliveryConnection,
        description="Newest event first; `failedOnly`: those whose last attempt failed."
        " A delivery is kept for 30 days after it ended.",
    )
    @staticmethod
    async def deliveries(
        root: strawberry.Parent[tables.Webhook],
        info: Info,
        window: Window,
        failed_only: bool = False,
    ) -> Page[tables.WebhookDelivery]:
        return await deliveries.of_webhook(
            info.context.viewer, root, window=window, failed_only=failed_only
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
