"""The rows that are true now, as Tortoise models. Their verbs live in the files beside this one."""

from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.calendars import Calendar
from models.rules import Rules


class Organization(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    name: str = fields.TextField()
    time_zone: str = fields.TextField()
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "organization"

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(ZoneInfo(self.time_zone), frozenset(), frozenset())


class Department(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    name: str = fields.TextField()

    class Meta:
        table = "department"


class Member(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    department_id: UUID | None = fields.UUIDField(null=True)
    name: str = fields.TextField()
    email: str = fields.TextField()
    role: str = fields.TextField()
    active = fields.BooleanField(default=True)

    class Meta:
        table = "member"


class Pool(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    name: str = fields.TextField()
    rules_json: Any = fields.JSONField(source_field="rules")
    rules_version: int = fields.IntField(default=1)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "pool"

    @cached_property
    def rules(self) -> Rules:
        return Rules.from_json(self.rules_json)


class PoolRules(Model):
    """One version of a pool's rules; old ones stay readable."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    pool_id: UUID = fields.UUIDField()
    version: int = fields.IntField()
    rules_json: Any = fields.JSONField(source_field="rules")
    actor_id: UUID | None = fields.UUIDField(null=True)
    at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "pool_rules"

    @cached_property
    def rules(self) -> Rules:
        return Rules.from_json(self.rules_json)


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


class Customer(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    pool_id: UUID = fields.UUIDField()
    name: str = fields.TextField()
    level: str | None = fields.TextField(null=True)
    person: str | None = fields.TextField(null=True)
    phone: str | None = fields.TextField(null=True)
    email: str | None = fields.TextField(null=True)
    registration_number: str | None = fields.TextField(null=True)
    name_key: str = fields.TextField()
    phone_key: str | None = fields.TextField(null=True)
    email_key: str | None = fields.TextField(null=True)
    registration_key: str | None = fields.TextField(null=True)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)
    entered_at: datetime = fields.DatetimeField(auto_now_add=True)
    opened_at: datetime | None = fields.DatetimeField(null=True)
    owner_id: UUID | None = fields.UUIDField(null=True)
    epoch: int = fields.IntField(default=0)
    claimed_at: datetime | None = fields.DatetimeField(null=True)
    followed_up_at: datetime | None = fields.DatetimeField(null=True)
    won_at: datetime | None = fields.DatetimeField(null=True)
    locked_at: datetime | None = fields.DatetimeField(null=True)
    extended_to: datetime | None = fields.DatetimeField(null=True)
    rules_version: int | None = fields.IntField(null=True)
    release_at: datetime | None = fields.DatetimeField(null=True)
    release_reason: str | None = fields.TextField(null=True)
    remind_at: list[datetime] = ArrayField(element_type="timestamptz")
    remind_offsets: list[str] = ArrayField(element_type="text")

    class Meta:
        table = "customer"


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


CUSTOMER_COLUMNS = ", ".join(f"c.{column}" for column in sorted(Customer._meta.db_fields))
