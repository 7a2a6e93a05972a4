"""Ping a webhook; for admins only."""

from typing import Annotated

import strawberry

from models import tables
from models.texts.text import render
from models.webhooks import pinging
from models.webhooks.answers import Answer
from schema.base import ids, metrics
from schema.base.context import Info
from schema.base.fields import field
from schema.base.mutation import mutation
from schema.base.nodes import shows
from schema.base.refusals import Forbidden, NotFound, TooManyPings
from schema.webhooks import Webhook


@strawberry.type(description="How a webhook's address answered a ping; never what it answered.")
class WebhookPinged:
    is_type_of = shows(pinging.Pinged)

    webhook: tables.Webhook = strawberry.field(graphql_type=Webhook)
    milliseconds: int = strawberry.field(description="Until it answered, or was given up.")

    @field(description="The HTTP status of the answer; null where none came.")
    @staticmethod
    def response_status(root: strawberry.Parent[pinging.Pinged]) -> int | None:
        return root.answer.status

    @field(description="What went wrong; null if nothing did.")
    @staticmethod
    def problem(root: strawberry.Parent[pinging.Pinged], info: Info) -> str | None:
        return render(root.answer.problem, info.context.reader) if root.answer.problem else None


PingWebhookResult = Annotated[
    WebhookPinged | Forbidden | NotFound | TooManyPings, strawberry.union("PingWebhookResult")
]


@strawberry.type
class WebhookPings:
    @mutation(
        PingWebhookResult,
        description="Post a signed message of the type `ping` at once, and say how the address"
        " answered, within 5 seconds. It is no delivery. Admins only.",
    )
    @staticmethod
    async def ping_webhook(info: Info, webhook_id: strawberry.ID) -> pinging.Pinged:
        context = info.context
        id = ids.decode(webhook_id, "Webhook")
        pinged = await pinging.ping(context.viewer, id, context.settings)
        metrics.webhook_pings.labels(_outcome(pinged.answer)).inc()
        return pinged


def _outcome(answer: Answer) -> str:
    if answer.problem is None:
        return "done"
    return "unanswered" if answer.status is None else "failed"
