"""Channels: members keep their own, admins those of the organization."""

from typing import Any
from uuid import UUID

from models import database
from models.channels import ringing
from models.channels.fields import ChannelFields, check_fields
from models.channels.kinds import ChannelKind
from models.channels.owning import OF_OWNER, check_admin, find_own, shown_address
from models.ledger.recording import record
from models.refusals import InvalidInput, NotFound
from models.tables import Channel
from models.texts.text import Text
from models.viewers import Viewer
from models.webhooks.urls import check_url

MOST_OF_MEMBER, MOST_OF_ORGANIZATION = 5, 10

CREATE = """
INSERT INTO channel (organization_id, member_id, kind, language, kinds, pool_ids, quiet_from,
  quiet_to, digest_seconds, url, secret, read_txid, read_seq, heard_txid, heard_seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, ''),
  $12::xid8, $13, $12::xid8, $13) RETURNING *
"""
# What waits is tried with the new address now, unless it is quiet.
CHANGE = """
UPDATE channel SET language = $4, kinds = $5, pool_ids = $6, quiet_from = $7, quiet_to = $8,
  digest_seconds = $9, url = coalesce($10, url), secret = nullif(coalesce($11, secret), ''),
  next_at = CASE WHEN next_at IS NOT NULL THEN now() END
WHERE organization_id = $1 AND member_id IS NOT DISTINCT FROM $2::uuid AND kind = $3 AND id = $12
RETURNING *
"""
TRY_NOW = """
UPDATE channel_delivery SET next_at = now()
WHERE organization_id = $1 AND channel_id = $2 AND status = 'PENDING'
"""
DELETE = "DELETE FROM channel WHERE organization_id = $1 AND id = $2"


async def save(
    viewer: Viewer, id: UUID | None, fields: ChannelFields, *, private: bool, mails: bool
) -> Channel:
    """Change the channel with this id; create one without an id.

    A url or secret that is not given stays as it is, an empty secret goes. `private`: it may lead
    to inner addresses. `mails`: this server sends email.
    """
    channel = await find_own(viewer, id) if id else None
    group = channel.member_id is None if channel else bool(fields.for_organization)
    if group:
        check_admin(viewer)
    _check_same(channel, fields)
    check_fields(viewer, fields, group=group, mails=mails)
    if fields.url is not None:
        await check_url(fields.url, "channel.url", private=private)
    elif channel is None and fields.kind is not ChannelKind.EMAIL:
        raise InvalidInput.at("channel.url", "give the robot's address")
    async with database.transaction():
        saved = await _write(viewer, channel, fields, None if group else viewer.id)
        await record(viewer, "CHANNEL_SAVED", member_id=saved.member_id, details=_details(saved))
    return saved


async def delete(viewer: Viewer, id: UUID | None) -> UUID:
    """Delete a channel with its deliveries, also those under way. The ledger records it."""
    channel = await find_own(viewer, id)
    async with database.transaction():
        await database.rows(DELETE, viewer.organization.id, channel.id)
        details = _details(channel)
        await record(viewer, "CHANNEL_DELETED", member_id=channel.member_id, details=details)
    return channel.id


def _check_same(channel: Channel | None, fields: ChannelFields) -> None:
    if channel and channel.kind != fields.kind:
        raise InvalidInput.at("channel.kind", "a channel keeps its kind: create another one")
    if channel and fields.for_organization not in (None, channel.member_id is None):
        raise InvalidInput.at(
            "channel.forOrganization", "a channel keeps its owner: create another one"
        )


async def _write(
    viewer: Viewer, channel: Channel | None, fields: ChannelFields, member_id: UUID | None
) -> Channel:
    owner = (viewer.organization.id, member_id)
    values = (fields.kind, fields.language, fields.kinds, fields.pool_ids)
    times = (fields.quiet_from, fields.quiet_to, fields.digest_seconds)
    address = (fields.url, fields.secret)
    if channel:
        given = (*owner, *values, *times, *address)
        changed = await database.models(Channel, CHANGE, *given, channel.id)
        if not changed:
            raise NotFound
        await database.rows(TRY_NOW, viewer.organization.id, channel.id)
        return changed[0]
    await _check_room(viewer, member_id)
    cursor = await ringing.head_for_new()
    given = (*owner, *values, *times, *address)
    (created,) = await database.models(Channel, CREATE, *given, cursor.txid, cursor.seq)
    return created


async def _check_room(viewer: Viewer, member_id: UUID | None) -> None:
    """Two new channels at once must not exceed the limit."""
    owner = (viewer.organization.id, member_id)
    await database.take_turn(f"channels of {owner}")
    most = MOST_OF_MEMBER if member_id else MOST_OF_ORGANIZATION
    if len(await database.rows(OF_OWNER, *owner)) >= most:
        message = Text("the limit of {most} channels is reached", most=most)
        raise InvalidInput.at("channel", message)


def _details(channel: Channel) -> dict[str, Any]:
    return {"channel": str(channel.id), "kind": channel.kind, "address": shown_address(channel)}
