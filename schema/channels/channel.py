"""Channels of alerts, as those who may change them see them."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from enum import StrEnum

import strawberry

from models import tables
from models.channels import deliveries, owning
from models.channels.kinds import ChannelKind
from models.ledger.actions import AlertKind
from models.paging import Page, Window
from models.rules.durations import Span
from schema.base.context import Info
from schema.base.fields import field
from schema.base.inputs.windows import connection
from schema.base.nodes import Node, shows
from schema.base.references import MEMBER, POOL
from schema.channels.deliveries import ChannelDeliveryConnection

strawberry.enum(ChannelKind)


@strawberry.enum
class ChannelLanguage(StrEnum):
    EN = "en"
    ZH = "zh"


@strawberry.type(description="Where alerts go besides the inbox.")
class Channel(Node):
    is_type_of = shows(tables.Channel)

    kind: ChannelKind
    created_at: datetime
    quiet_from: str | None = strawberry.field(
        description="Local time of the organization, e.g. 22:00. From then until `quietTo` nothing"
        " is sent; what happens then comes as one digest."
    )
    quiet_to: str | None

    @field(MEMBER | None, description="Whose it is; null for the organization's.")
    @staticmethod
    def member(
        root: strawberry.Parent[tables.Channel], info: Info
    ) -> Awaitable[tables.Member | None] | None:
        return info.context.loaders.members.load(root.member_id) if root.member_id else None

    @field(description="The robot's host and the last four signs of its address; null for email.")
    @staticmethod
    def address(root: strawberry.Parent[tables.Channel]) -> str | None:
        return owning.shown_address(root)

    @field(description="Whether it has a signing secret. The secret itself is never shown.")
    @staticmethod
    def signed(root: strawberry.Parent[tables.Channel]) -> bool:
        return root.secret is not None

    @field()
    @staticmethod
    def language(root: strawberry.Parent[tables.Channel]) -> ChannelLanguage:
        return ChannelLanguage(root.language)

    @field(description="Only alerts of these kinds; null for all.")
    @staticmethod
    def kinds(root: strawberry.Parent[tables.Channel]) -> list[AlertKind] | None:
        return None if root.kinds is None else [AlertKind(kind) for kind in root.kinds]

    @field(list[POOL] | None, description="Only alerts of customers in these pools; null for all.")
    @staticmethod
    async def pools(
        root: strawberry.Parent[tables.Channel], info: Info
    ) -> list[tables.Pool] | None:
        if root.pool_ids is None:
            return None
        found = await info.context.loaders.pools.load_many(root.pool_ids)
        return [pool for pool in found if pool]

    @field(description="At most one message of alerts in this time.")
    @staticmethod
    def digest_every(root: strawberry.Parent[tables.Channel]) -> Span:
        return Span.of(timedelta(seconds=root.digest_seconds))

    @connection(
        ChannelDeliveryConnection,
        description="The newest first. A message is kept for 30 days after it ended.",
    )
    @staticmethod
    async def deliveries(
        root: strawberry.Parent[tables.Channel],
        info: Info,
        window: Window,
    ) -> Page[tables.ChannelDelivery]:
        return await deliveries.of_channel(info.context.viewer, root, window=window)
