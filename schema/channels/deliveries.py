"""Messages of channels; for those who may change the channel."""

from datetime import datetime

import strawberry

from models import tables
from models.texts.text import render
from schema.base.context import Info
from schema.base.enums import DeliveryStatus
from schema.base.fields import field
from schema.base.nodes import Node, Paged, shows


@strawberry.type(description="One message of a channel: a digest of alerts, or a greeting.")
class ChannelDelivery(Node):
    is_type_of = shows(tables.ChannelDelivery)

    greeting: bool
    alerts: int = strawberry.field(description="How many alerts the message has; of a greeting 0.")
    status: DeliveryStatus = strawberry.field(
        description="FAILED: no attempt succeeded within a day; a greeting is tried once."
    )
    attempts: int
    created_at: datetime
    attempted_at: datetime | None
    ended_at: datetime | None = strawberry.field(
        description="When it was delivered or given up; null while pending."
    )
    response_status: int | None = strawberry.field(
        description="The HTTP status of the robot's last answer, or the code of the mail server."
    )

    @field(description="What went wrong in the last attempt; null if nothing did.")
    @staticmethod
    def problem(root: strawberry.Parent[tables.ChannelDelivery], info: Info) -> str | None:
        return render(root.fault, info.context.reader) if root.fault else None

    @field(description="Not before this time: quiet hours or an older message may come first.")
    @staticmethod
    def next_attempt_at(root: strawberry.Parent[tables.ChannelDelivery]) -> datetime | None:
        return root.next_at


@strawberry.type
class ChannelDeliveryConnection(Paged[ChannelDelivery]):
    pass
