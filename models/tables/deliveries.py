"""What deliveries to webhooks and to channels have in common."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.texts import text as texts
from models.texts.text import Text


class Delivery(Model):
    """Something on its way to one address, and what became of the attempts to deliver it."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    status: str = fields.TextField()
    attempts: int = fields.IntField()
    attempted_at: datetime | None = fields.DatetimeField(null=True)
    next_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    response_status: int | None = fields.IntField(null=True)
    problem: Any = fields.JSONField(null=True)

    class Meta:
        abstract = True

    @property
    def fault(self) -> Text | None:
        """What went wrong in the last attempt, in any language; None if nothing did."""
        fault: Text | None = texts.from_json(self.problem)
        return fault
