"""The ledger."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

# The ledger as people read it: an event `c` with its text `t`, until that is erased. What a process
# of the release before wrote is in the event itself.
TOLD_COLUMNS = """c.id, c.organization_id, c.customer_id, c.epoch, c.action, c.actor_id,
  c.member_id, c.former_id, coalesce(t.reason, c.reason) AS reason, c.release_reason, c.pool_id,
  c.due_at, c.at, c.idempotency_key, coalesce(c.details || t.details, c.details) AS details,
  c.txid, c.seq"""
TEXTS = "LEFT JOIN event_text t ON t.organization_id = c.organization_id AND t.id = c.id"


class Event(Model):
    """One entry of the ledger. The database refuses to change or delete it.

    What people wrote is in `event_text`; rows read by id have it, those of a queryset do not.
    """

    read_as = TOLD_COLUMNS, f"event c {TEXTS}"

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
