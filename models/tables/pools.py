"""Pools, the versions of their rules, and who may see, run and hold from them."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.rules.rules import Rules, parsed_rules


def rules_field() -> Any:
    """Rules are parsed once for all rows with the same text."""
    return fields.JSONField(
        source_field="rules",
        encoder=lambda rules: json.dumps(rules.to_json()),
        decoder=parsed_rules,
    )


class Pool(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    name: str = fields.TextField()
    rules: Rules = rules_field()
    rules_version: int = fields.IntField(default=1)
    # Of the last change of the rules or of the calendar that they count by: a grace starts here.
    rules_changed_at: datetime = fields.DatetimeField(auto_now_add=True, source_field="ruled_at")
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "pool"


class PoolRules(Model):
    """One version of a pool's rules; old ones stay readable."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    pool_id: UUID = fields.UUIDField()
    version: int = fields.IntField()
    rules: Rules = rules_field()
    actor_id: UUID | None = fields.UUIDField(null=True)
    at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "pool_rules"


class PoolAccess(Model):
    """A member or a department to whom a pool is open, or a member who administers it."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    pool_id: UUID = fields.UUIDField()
    member_id: UUID | None = fields.UUIDField(null=True)
    department_id: UUID | None = fields.UUIDField(null=True)
    administers = fields.BooleanField(default=False)

    class Meta:
        table = "pool_access"


class Seat(Model):
    """A member's place in a pool: the lock and the count that every claim stands on."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    pool_id: UUID = fields.UUIDField()
    member_id: UUID = fields.UUIDField()
    held: int = fields.IntField(default=0)
    won: int = fields.IntField(default=0)
    claimed_on = fields.DateField(null=True)
    claimed_today: int = fields.IntField(default=0)

    class Meta:
        table = "seat"


POOL_COLUMNS = ", ".join(f"p.{column}" for column in sorted(Pool._meta.db_fields))
