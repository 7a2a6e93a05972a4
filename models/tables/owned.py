"""The tenant tables whose rows a verb may read by a queryset, or by id."""

from typing import TypeVar

from models.tables import (
    Channel,
    ChannelDelivery,
    Customer,
    CustomerKey,
    Department,
    Event,
    Member,
    Pool,
    PoolAccess,
    PoolRules,
    Seat,
    Webhook,
    WebhookDelivery,
)

Owned = TypeVar(
    "Owned",
    Member,
    Department,
    Pool,
    PoolRules,
    PoolAccess,
    Seat,
    Customer,
    CustomerKey,
    Event,
    Webhook,
    WebhookDelivery,
    Channel,
    ChannelDelivery,
)
