"""The ledger as the usual stack writes it: the database gives `txid` and `seq`."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model


class LedgerEvent(Model):
    id: UUID = fields.UUIDField(primary_key=True, default=uuid4)
    organization_id: UUID = fields.UUIDField()
    customer_id: UUID | None = fields.UUIDField(null=True)
    epoch: int | None = fields.IntField(null=True)
    action: str = fields.TextField()
    actor_id: UUID | None = fields.UUIDField(null=True)
    member_id: UUID | None = fields.UUIDField(null=True)
    former_id: UUID | None = fields.UUIDField(null=True)
    pool_id: UUID | None = fields.UUIDField(null=True)
    due_at: datetime | None = fields.DatetimeField(null=True)
    at: datetime = fields.DatetimeField()
    idempotency_key: str | None = fields.TextField(null=True)
    details: Any = fields.JSONField(default=dict)

    class Meta:
        table = "event"
