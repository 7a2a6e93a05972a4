"""Save, delete and try channels."""

from typing import Annotated

import strawberry

from models import tables
from models.channels import channels, deliveries
from models.ledger import outcomes
from models.viewers import find_one
from schema.base import ids
from schema.base.context import Info
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.refusals import Forbidden, InvalidInput, NotFound
from schema.channels.channel import Channel
from schema.channels.deliveries import ChannelDelivery
from schema.channels.inputs import ChannelInput


@strawberry.type
class ChannelSaved:
    is_type_of = shows(outcomes.ChannelSaved)

    @field(Channel)
    @staticmethod
    async def channel(root: strawberry.Parent[outcomes.ChannelSaved], info: Info) -> tables.Channel:
        id = ids.decode(root.channel_id, "Channel")
        return await find_one(info.context.viewer, tables.Channel, id)


@strawberry.type
class ChannelDeleted:
    id: strawberry.ID


@strawberry.type
class ChannelMessage:
    delivery: tables.ChannelDelivery = strawberry.field(graphql_type=ChannelDelivery)


ChannelResult = Annotated[
    ChannelSaved | Forbidden | NotFound | InvalidInput, strawberry.union("ChannelResult")
]
DeleteChannelResult = Annotated[ChannelDeleted | NotFound, strawberry.union("DeleteChannelResult")]
ChannelMessageResult = Annotated[
    ChannelMessage | NotFound, strawberry.union("ChannelMessageResult")
]


@strawberry.type
class Channels:
    @mutation(
        ChannelResult,
        description="Create, or change by id. It gets the alerts from now on.",
        idempotent=True,
    )
    @staticmethod
    async def save_channel(info: Info, channel: ChannelInput) -> outcomes.ChannelSaved:
        settings = info.context.settings
        saved = await channels.save(
            info.context.viewer,
            ids.decode_given(channel.id, "Channel"),
            channel.to_domain(info.context.reader.language.value),
            private=settings.webhooks_to_private_addresses,
            mails=settings.smtp_url is not None,
        )
        return outcomes.ChannelSaved(ids.encode("Channel", saved.id))

    @mutation(
        DeleteChannelResult, description="Delete a channel and its deliveries, pending ones too."
    )
    @staticmethod
    async def delete_channel(info: Info, channel_id: strawberry.ID) -> ChannelDeleted:
        deleted = await channels.delete(info.context.viewer, ids.decode(channel_id, "Channel"))
        return ChannelDeleted(id=ids.encode("Channel", deleted))

    @mutation(
        ChannelMessageResult,
        description="Send a greeting, once and at once, also in quiet hours. Ask for its status.",
    )
    @staticmethod
    async def test_channel(info: Info, channel_id: strawberry.ID) -> ChannelMessage:
        id = ids.decode(channel_id, "Channel")
        return ChannelMessage(delivery=await deliveries.greet(info.context.viewer, id))

    @mutation(
        ChannelMessageResult,
        description="Retry a message now, ahead of the queue, for another 24 hours."
        " One that waits for its turn is left alone.",
    )
    @staticmethod
    async def resend_channel_delivery(
        info: Info, channel_delivery_id: strawberry.ID
    ) -> ChannelMessage:
        id = ids.decode(channel_delivery_id, "ChannelDelivery")
        return ChannelMessage(delivery=await deliveries.send_again(info.context.viewer, id))
