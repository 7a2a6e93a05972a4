"""Customers, with their owner and their release."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model


class Customer(Model):
    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    pool_id: UUID = fields.UUIDField()
    name: str = fields.TextField()
    level: str | None = fields.TextField(null=True)
    # An owner who is no administrator wrote the level: it never moves a release later than the
    # rules without it, and the level that counted in full before, would put it.
    level_by_owner = fields.BooleanField(default=False)
    granted_level: str | None = fields.TextField(null=True)
    person: str | None = fields.TextField(null=True)
    phone: str | None = fields.TextField(null=True)
    email: str | None = fields.TextField(null=True)
    registration_number: str | None = fields.TextField(null=True)
    # The customer that was kept when this one was dropped; it lies in no pool any more.
    merged_into: UUID | None = fields.UUIDField(null=True)
    # Another one was merged into this one: their histories are read together.
    absorbed = fields.BooleanField(default=False)
    # Since when nothing is stored of the person behind it, and the pool that it was in.
    erased_at: datetime | None = fields.DatetimeField(null=True)
    erased_from: UUID | None = fields.UUIDField(null=True)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)
    # When it was new to its pool: at its creation, or moved from another pool. A pool to which the
    # rules release it gets no new customer.
    entered_at: datetime = fields.DatetimeField(auto_now_add=True)
    # Since when members may claim it; None while it is held.
    opened_at: datetime | None = fields.DatetimeField(null=True)
    owner_id: UUID | None = fields.UUIDField(null=True)
    epoch: int = fields.IntField(default=0)
    claimed_at: datetime | None = fields.DatetimeField(null=True)
    followed_up_at: datetime | None = fields.DatetimeField(null=True)
    won_at: datetime | None = fields.DatetimeField(null=True)
    # Since when a deal waits for an administrator's confirmation.
    deal_reported_at: datetime | None = fields.DatetimeField(null=True)
    locked_at: datetime | None = fields.DatetimeField(null=True)
    extended_to: datetime | None = fields.DatetimeField(null=True)
    rules_version: int | None = fields.IntField(null=True)
    release_at: datetime | None = fields.DatetimeField(null=True)
    release_reason: str | None = fields.TextField(null=True)
    remind_at: list[datetime] = ArrayField(element_type="timestamptz")
    remind_offsets: list[str] = ArrayField(element_type="text")
    # A rule change moved the release earlier and the owner is not told yet: the version of the
    # rules that moved it, and the release that the owner knows. See models.rules.schedule.
    unannounced_rules_version: int | None = fields.IntField(null=True)
    announced_release_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "customer"


class CustomerKey(Model):
    """One value by which a customer is or was known, normalised; see models/duplicates."""

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    customer_id: UUID = fields.UUIDField()
    kind: str = fields.TextField()
    key: str = fields.TextField()
    blocks = fields.BooleanField()
    since: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "customer_key"


def _columns(names: Iterable[str]) -> str:
    return ", ".join(f"c.{name}" for name in sorted(names))


CUSTOMER_COLUMNS = _columns(Customer._meta.db_fields)
# What is empty, by the table's checks, of every customer that lies in a pool and nobody holds.
NULL_IN_POOL = {
    **dict.fromkeys(("owner_id", "claimed_at", "followed_up_at", "won_at", "locked_at")),
    **dict.fromkeys(("extended_to", "rules_version", "release_at", "release_reason")),
    **dict.fromkeys(("merged_into", "erased_at", "erased_from")),
}
EMPTY_IN_POOL = ("remind_at", "remind_offsets")
# What is left to be read of them, where it is known in which pool they lie.
POOLED_COLUMNS = _columns(
    Customer._meta.db_fields - NULL_IN_POOL.keys() - {*EMPTY_IN_POOL, "organization_id", "pool_id"}
)


def pooled_in(organization_id: UUID, pool_id: UUID) -> dict[str, Any]:
    """Return the columns of a pool's customers that a page of the pool need not read.

    All of them have the same ids: rights ask for the hash of the pool's id for each field.
    """
    lists: dict[str, Any] = {name: [] for name in EMPTY_IN_POOL}
    return {**NULL_IN_POOL, **lists, "organization_id": organization_id, "pool_id": pool_id}
