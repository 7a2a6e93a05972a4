"""Webhooks and their deliveries."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.tables.deliveries import Delivery


class Webhook(Model):
    """Where an organization wants its events posted, and up to where they were queued for it."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    url: str = fields.TextField()
    read_txid: int = fields.BigIntField()
    read_seq: int = fields.BigIntField()
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "webhook"


class WebhookDelivery(Delivery):
    """One event on its way to one URL."""

    webhook_id: UUID = fields.UUIDField()
    event_id: UUID = fields.UUIDField()
    customer_id: UUID = fields.UUIDField()
    seq: int = fields.BigIntField()

    class Meta:
        table = "webhook_delivery"
