"""The rows that are true now, as Tortoise models."""

from models.tables.channels import Channel, ChannelDelivery
from models.tables.customers import (
    CUSTOMER_COLUMNS,
    POOLED_COLUMNS,
    Customer,
    CustomerKey,
    pooled_in,
)
from models.tables.events import TEXTS, TOLD_COLUMNS, Event
from models.tables.organizations import (
    CALENDAR_COLUMNS,
    LED_BY_MEMBER,
    OPENS_TO_MEMBER,
    ORGANIZATION_COLUMNS,
    Department,
    Member,
    Organization,
    works_in,
)
from models.tables.pools import POOL_COLUMNS, Pool, PoolAccess, PoolRules, Seat
from models.tables.webhooks import Webhook, WebhookDelivery

__all__ = [
    "CALENDAR_COLUMNS",
    "CUSTOMER_COLUMNS",
    "LED_BY_MEMBER",
    "OPENS_TO_MEMBER",
    "ORGANIZATION_COLUMNS",
    "POOLED_COLUMNS",
    "POOL_COLUMNS",
    "TEXTS",
    "TOLD_COLUMNS",
    "Channel",
    "ChannelDelivery",
    "Customer",
    "CustomerKey",
    "Department",
    "Event",
    "Member",
    "Organization",
    "Pool",
    "PoolAccess",
    "PoolRules",
    "Seat",
    "Webhook",
    "WebhookDelivery",
    "pooled_in",
    "works_in",
]
