"""The rows that are true now, as Tortoise models. Their verbs live in the files beside this one."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.rules.calendars import Calendar
from models.rules.holidays import OwnDays, calendar_of
from models.rules.rules import Rules


class Organization(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    name: str = fields.TextField()
    time_zone: str = fields.TextField()
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "organization"

    # The days of its own calendar as ORGANIZATION_COLUMNS reads them.
    own_days: str | None

    @property
    def calendar(self) -> Calendar:
        return calendar_from(self.time_zone, self.own_days)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Organization":
        """From a row with the columns of ORGANIZATION_COLUMNS."""
        organization = cls(
            id=row["organization_id"],
            name=row["organization_name"],
            time_zone=row["time_zone"],
            created_at=row["founded_at"],
        )
        organization.own_days = row["own_days"]
        return organization


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
    ruled_at: datetime = fields.DatetimeField(auto_now_add=True)
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
    # While newer rules moved the release nearer and its owner is not told: see migration 0008.
    unannounced_rules_version: int | None = fields.IntField(null=True)
    announced_release_at: datetime | None = fields.DatetimeField(null=True)

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


class WebhookDelivery(Model):
    """One event on its way to one URL."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    webhook_id: UUID = fields.UUIDField()
    event_id: UUID = fields.UUIDField()
    customer_id: UUID = fields.UUIDField()
    seq: int = fields.BigIntField()
    status: str = fields.TextField()
    attempts: int = fields.IntField()
    attempted_at: datetime | None = fields.DatetimeField(null=True)
    next_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    response_status: int | None = fields.IntField(null=True)
    problem: Any = fields.JSONField(null=True)

    class Meta:
        table = "webhook_delivery"


CUSTOMER_COLUMNS = ", ".join(f"c.{column}" for column in sorted(Customer._meta.db_fields))

# Of an organization `o`, with its own days of every year as one JSON text.
ORGANIZATION_COLUMNS = """o.id AS organization_id, o.name AS organization_name, o.time_zone,
  o.created_at AS founded_at,
  (SELECT jsonb_object_agg(d.year, jsonb_build_array(d.holidays, d.working_weekends))
   FROM organization_calendar d WHERE d.organization_id = o.id)::text AS own_days"""


@lru_cache(maxsize=1024)
def calendar_from(time_zone: str, own_days: str | None) -> Calendar:
    return calendar_of(time_zone, days_by_year(own_days))


def days_by_year(own_days: str | None) -> Mapping[int, OwnDays]:
    stored = json.loads(own_days) if own_days else {}
    return {int(year): OwnDays(*(_dates(days) for days in both)) for year, both in stored.items()}


def _dates(days: list[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in days)
