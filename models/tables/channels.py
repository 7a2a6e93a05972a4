"""Channels of alerts and their deliveries."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.tables.deliveries import Delivery


class Channel(Model):
    """Where alerts go besides the inbox: a member's own, or without a member the organization's.

    Alerts up to `read` are in its deliveries; `heard` is the newest that the ledger has for it. A
    worker looks at `next_at`, and has the channel to itself until `leased_until`. Before `paced_at`
    no digest goes out. `kinds` and `pool_ids` are null where all are meant.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    organization_id: UUID = fields.UUIDField()
    member_id: UUID | None = fields.UUIDField(null=True)
    kind: str = fields.TextField()
    url: str | None = fields.TextField(null=True)
    secret: str | None = fields.TextField(null=True)
    language: str = fields.TextField()
    kinds: list[str] | None = ArrayField(element_type="text", null=True)
    pool_ids: list[UUID] | None = ArrayField(element_type="uuid", null=True)
    quiet_from: str | None = fields.TextField(null=True)
    quiet_to: str | None = fields.TextField(null=True)
    digest_seconds: int = fields.IntField()
    read_txid: int = fields.BigIntField()
    read_seq: int = fields.BigIntField()
    heard_txid: int = fields.BigIntField()
    heard_seq: int = fields.BigIntField()
    next_at: datetime | None = fields.DatetimeField(null=True)
    leased_until: datetime | None = fields.DatetimeField(null=True)
    paced_at: datetime = fields.DatetimeField()
    attempted_at: datetime | None = fields.DatetimeField(null=True)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)

    class Meta:
        table = "channel"


class ChannelDelivery(Delivery):
    """One message on its way: the alerts behind one cursor and not behind another, or a greeting.

    It has no words: they are made for each attempt, so nothing of a customer is kept here.
    """

    channel_id: UUID = fields.UUIDField()
    greeting = fields.BooleanField(default=False)
    alerts: int = fields.IntField()
    from_txid: int = fields.BigIntField()
    from_seq: int = fields.BigIntField()
    upto_txid: int = fields.BigIntField()
    upto_seq: int = fields.BigIntField()
    # A greeting, or sent again by hand: quiet hours do not hold it.
    by_hand = fields.BooleanField(default=False)
    created_at: datetime = fields.DatetimeField(auto_now_add=True)
    began_at: datetime = fields.DatetimeField()

    class Meta:
        table = "channel_delivery"
