"""An organization's webhooks: the URLs to which its events are posted."""

import base64
import secrets
from typing import Any
from uuid import UUID

from models import database
from models.ledger import feed
from models.ledger.feed import Cursor
from models.ledger.recording import record
from models.refusals import Forbidden, InvalidInput, NotFound
from models.tables import Organization, Webhook
from models.texts.text import Text
from models.viewers import Viewer, find_one
from models.webhooks.urls import check_url

MOST = 10
SECRET_BYTES = 32

# The id and the time are the database's own, so this is no queryset.
CREATE = """
INSERT INTO webhook (organization_id, url, secret, read_txid, read_seq)
VALUES ($1, $2, $3, $4::xid8, $5) RETURNING *
"""


async def of_organization(viewer: Viewer) -> list[Webhook]:
    check_admin(viewer)
    return await viewer.of(Webhook).order_by("id")


async def save(
    viewer: Viewer, id: UUID | None, url: str, after: str | None, *, private: bool
) -> tuple[Webhook, str | None]:
    """Change the webhook with this id; create one without an id.

    Return it, and the secret of a new one: no later call returns that secret. The webhook gets
    the events from now on; with `after`, also those since that cursor.
    """
    check_admin(viewer)
    webhook = await find_one(viewer, Webhook, id) if id else None
    await check_url(url, "url", private=private)
    cursor = await feed.parse_cursor(after, viewer.seal) if after is not None else None
    async with database.transaction():
        await _take_turn(viewer)
        await _check_others(viewer, webhook, url)
        if webhook:
            return await _change(viewer, webhook, url, cursor), None
        return await _create(viewer, url, cursor)


async def delete(viewer: Viewer, id: UUID | None) -> UUID:
    """Delete a webhook with all its deliveries, also those under way. The ledger records it."""
    check_admin(viewer)
    webhook = await find_one(viewer, Webhook, id)
    async with database.transaction():
        await viewer.of(Webhook).filter(id=webhook.id).delete()
        await record(viewer, "WEBHOOK_DELETED", details=_details(webhook))
    return webhook.id


def check_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Only admins of the organization see and change its webhooks.")


async def _take_turn(viewer: Viewer) -> None:
    """Lock the organization's row: two new webhooks at once must not exceed MOST."""
    await Organization.select_for_update(no_key=True).get(id=viewer.organization.id)


async def _check_others(viewer: Viewer, webhook: Webhook | None, url: str) -> None:
    others = await viewer.of(Webhook).values("id", "url")
    others = [row for row in others if webhook is None or row["id"] != webhook.id]
    if any(row["url"] == url for row in others):
        raise _invalid("another webhook has this address")
    if webhook is None and len(others) >= MOST:
        raise _invalid(Text("the limit of {most} webhooks is reached", most=MOST))


async def _create(viewer: Viewer, url: str, cursor: Cursor | None) -> tuple[Webhook, str]:
    cursor = cursor or await feed.head()
    secret = f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
    values = (viewer.organization.id, url, secret, cursor.txid, cursor.seq)
    (webhook,) = await database.models(Webhook, CREATE, *values)
    await record(viewer, "WEBHOOK_CREATED", details=_details(webhook))
    return webhook, secret


async def _change(viewer: Viewer, webhook: Webhook, url: str, cursor: Cursor | None) -> Webhook:
    """Raises NotFound if the webhook was deleted in between."""
    changes: dict[str, Any] = {"url": url}
    if cursor:
        changes |= {"read_txid": cursor.txid, "read_seq": cursor.seq}
    if not await viewer.of(Webhook).filter(id=webhook.id).update(**changes):
        raise NotFound
    webhook.update_from_dict(changes)
    await record(viewer, "WEBHOOK_CHANGED", details=_details(webhook))
    return webhook


def _details(webhook: Webhook) -> dict[str, Any]:
    return {"webhook": str(webhook.id), "url": webhook.url}


def _invalid(message: str) -> InvalidInput:
    return InvalidInput.at("url", message)
