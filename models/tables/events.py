"""The ledger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Event(Model):
    """One entry of the ledger. The database refuses to change or delete it."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    customer_id: UUID | None = fields.UUIDField(null=True)
    epoch: int | None = fields.IntField(null=True)
    action: str = fields.TextField()
    actor_id: UUID | None = fields.UUIDField(null=True)
    member_id: UUID | None = fields.UUIDField(null=True)
    former_id: UUID | None = fields.UUIDField(null=True)
    reason: str | None = fields.TextField(null=True)
    release_reason: str | None = fields.TextField(null=True)
    pool_id: UUID | None = fields.UUIDField(null=True)
    due_at: datetime | None = fields.DatetimeField(null=True)
    at: datetime = fields.DatetimeField()
    idempotency_key: str | None = fields.TextField(null=True)
    details: Any = fields.JSONField(default=dict)
    txid: int = fields.BigIntField()
    seq: int = fields.BigIntField()

    class Meta:
        table = "event"
