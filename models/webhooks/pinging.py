"""Ping a webhook: post a signed message that says nothing, and return how its address answers."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.refusals import NotFound, TooManyPings
from models.tables import Webhook
from models.viewers import Viewer, find_one
from models.webhooks import payloads
from models.webhooks.answers import Answer
from models.webhooks.signed_post import SignedPost
from models.webhooks.webhooks import check_admin
from settings import Settings

# Within the deadline of a request.
SECONDS = 5.0
# An organization's pings, whatever their addresses: nobody looks around in the internet by them.
APART = timedelta(seconds=10)

TAKE_TURN = """
UPDATE organization o SET pinged_at = clock_timestamp() FROM webhook w
WHERE o.id = $1 AND w.organization_id = o.id AND w.id = $2
  AND (o.pinged_at IS NULL OR o.pinged_at <= clock_timestamp() - $3::interval)
RETURNING o.pinged_at AS at, w.url, w.secret
"""
NEXT_TURN = "SELECT pinged_at + $2::interval AS at FROM organization WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Pinged:
    webhook: Webhook
    answer: Answer
    milliseconds: int


async def ping(viewer: Viewer, id: UUID | None, settings: Settings) -> Pinged:
    """Post to the webhook's address at once, without a delivery.

    Raises TooManyPings within APART of the organization's last ping.
    """
    check_admin(viewer)
    webhook = await find_one(viewer, Webhook, id)
    turn = await _take_turn(viewer, webhook)
    message = payloads.of_ping(webhook.id, turn["at"])
    async with SignedPost.opened(settings, SECONDS) as post:
        began = time.monotonic()
        answer = await post(turn["url"], turn["secret"], message)
        return Pinged(webhook, answer, round((time.monotonic() - began) * 1000))


async def _take_turn(viewer: Viewer, webhook: Webhook) -> dict[str, Any]:
    """Of two pings at once one gets it. It is committed before anything is posted."""
    organization = viewer.organization.id
    for row in await database.rows(TAKE_TURN, organization, webhook.id, APART):
        return row
    for row in await database.rows(NEXT_TURN, organization, APART):
        if row["at"]:
            raise TooManyPings(row["at"])
    raise NotFound
