"""An organization's webhooks: URLs of its own to which its events are posted."""

import asyncio
import base64
import secrets
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from models import database
from models.ledger import feed
from models.ledger.feed import Cursor
from models.ledger.recording import record
from models.refusals import Forbidden, InvalidInput
from models.tables import Webhook
from models.texts.text import Text
from models.viewers import Viewer, find_one
from models.webhooks import public_addresses

MOST = 10
URL_LENGTH = 2000
LOOK_UP_SECONDS = 3.0
SECRET_BYTES = 32

LOCK = "SELECT FROM organization WHERE id = $1 FOR NO KEY UPDATE"
KNOWN = "SELECT id, url FROM webhook WHERE organization_id = $1"
CREATE = """
INSERT INTO webhook (organization_id, url, secret, read_txid, read_seq)
VALUES ($1, $2, $3, $4::xid8, $5) RETURNING *
"""
CHANGE = """
UPDATE webhook SET url = $3, read_txid = coalesce($4::xid8, read_txid),
  read_seq = coalesce($5, read_seq)
WHERE organization_id = $1 AND id = $2 RETURNING *
"""
DELETE = "DELETE FROM webhook WHERE organization_id = $1 AND id = $2"


async def of_organization(viewer: Viewer) -> list[Webhook]:
    check_admin(viewer)
    return await Webhook.filter(organization_id=viewer.organization.id).order_by("id")


async def save(
    viewer: Viewer, id: UUID | None, url: str, after: str | None, *, private: bool
) -> tuple[Webhook, str | None]:
    """Change the webhook with this id; create one without an id.

    Return it, and the secret of a new one: no later call returns that secret. The webhook gets
    the events from now on; with `after`, also those since that cursor.
    """
    check_admin(viewer)
    webhook = await find_one(viewer, Webhook, id) if id else None
    await _check_url(url, private)
    place = await feed.parse(after) if after is not None else None
    async with database.transaction():
        await database.rows(LOCK, viewer.organization.id)
        await _check_room(viewer, webhook, url)
        return (
            (await _change(viewer, webhook, url, place), None)
            if webhook
            else await _create(viewer, url, place)
        )


async def delete(viewer: Viewer, id: UUID | None) -> UUID:
    """With all its deliveries, those under way too; the ledger keeps that it was."""
    check_admin(viewer)
    webhook = await find_one(viewer, Webhook, id)
    async with database.transaction():
        await database.rows(DELETE, viewer.organization.id, webhook.id)
        await record(viewer, "WEBHOOK_DELETED", details=_details(webhook))
    return webhook.id


def check_admin(viewer: Viewer) -> None:
    if not viewer.is_admin:
        raise Forbidden("Only admins of the organization see and change its webhooks.")


async def _create(viewer: Viewer, url: str, place: Cursor | None) -> tuple[Webhook, str]:
    place = place or await feed.head()
    key = base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    values = (f"whsec_{key}", place.txid, place.seq)
    rows = await database.rows(CREATE, viewer.organization.id, url, *values)
    webhook: Webhook = database.as_model(Webhook, rows[0])
    await record(viewer, "WEBHOOK_CREATED", details=_details(webhook))
    return webhook, values[0]


async def _change(viewer: Viewer, webhook: Webhook, url: str, place: Cursor | None) -> Webhook:
    values = (place and place.txid, place and place.seq)
    rows = await database.rows(CHANGE, viewer.organization.id, webhook.id, url, *values)
    changed: Webhook = database.as_model(Webhook, rows[0])
    await record(viewer, "WEBHOOK_CHANGED", details=_details(changed))
    return changed


async def _check_room(viewer: Viewer, webhook: Webhook | None, url: str) -> None:
    others = await database.rows(KNOWN, viewer.organization.id)
    others = [row for row in others if webhook is None or row["id"] != webhook.id]
    if any(row["url"] == url for row in others):
        raise _invalid("another webhook has this address")
    if webhook is None and len(others) >= MOST:
        raise _invalid(
            Text("there are {most} webhooks already, which is the most there may be", most=MOST)
        )


async def _check_url(url: str, private: bool) -> None:
    parts = split(url)
    schemes = ("https", "http") if private else ("https",)
    if parts is None or parts.scheme not in schemes:
        raise _invalid(
            Text("must be an address that begins with {scheme}", scheme=f"{schemes[0]}://")
        )
    assert parts.hostname is not None
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            await public_addresses.resolve(parts.hostname, 443, private=private)
    except public_addresses.PrivateAddress:
        raise _invalid("must lead to a public address") from None
    except OSError:
        # Its name may be known by the time of the first event; each delivery looks again.
        return


def split(url: str) -> SplitResult | None:
    """Its parts; None where it is no address to post to."""
    if len(url) > URL_LENGTH or not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if named and not parts.username and not parts.password else None


def _details(webhook: Webhook) -> dict[str, Any]:
    return {"webhook": str(webhook.id), "url": webhook.url}


def _invalid(message: str) -> InvalidInput:
    return InvalidInput.at("url", message)
