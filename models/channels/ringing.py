"""What the ledger says of new alerts rings the channels that may have them.

One reader for all organizations. A ring says only that there is something to look at: each channel
reads its alerts behind its own cursor. So a ring too many does no harm.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from models import database
from models.alerts.kinds import alerted
from models.ledger import feed
from models.ledger.feed import Cursor
from models.tables import Event

BATCH = 1000
KEPT = timedelta(days=30)

POSITION = "SELECT txid, seq FROM channel_reader"
# Who makes a channel shares this lock until the commit: so the reader either reads on for it, or
# has moved before its cursor was read.
LOCK = f"{POSITION} FOR UPDATE"
SHARE = f"{POSITION} FOR SHARE"
ANY = "SELECT FROM channel LIMIT 1"
MOVE = """
INSERT INTO channel_reader (txid, seq) VALUES ($1::xid8, $2)
ON CONFLICT (one) DO UPDATE SET txid = excluded.txid, seq = excluded.seq
"""
# A channel that waits for something already is left to it: for the end of its quiet hours, say.
RING_MEMBERS = """
UPDATE channel c SET heard_txid = r.txid::text::xid8, heard_seq = r.seq,
  next_at = coalesce(c.next_at, greatest(now() + $5::interval, c.paced_at))
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
  AS r(organization_id, member_id, txid, seq)
WHERE c.organization_id = r.organization_id AND c.member_id = r.member_id
"""
RING_ORGANIZATIONS = """
UPDATE channel c SET heard_txid = r.txid::text::xid8, heard_seq = r.seq,
  next_at = coalesce(c.next_at, greatest(now() + $4::interval, c.paced_at))
FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS r(organization_id, txid, seq)
WHERE c.organization_id = r.organization_id AND c.member_id IS NULL
"""
FORGET = """
DELETE FROM channel_delivery WHERE (organization_id, id) IN (
  SELECT organization_id, id FROM channel_delivery WHERE ended_at < now() - $1::interval LIMIT $2)
"""


async def ring(gather: timedelta) -> bool:
    """Read one batch of the ledger; return whether there is more.

    A channel without news before is looked at after `gather`: what happens together comes together.
    """
    head = await feed.head()
    if _cursor(await database.rows(POSITION)) == head:
        return False
    async with database.transaction():
        position = _cursor(await database.rows(LOCK))
        if not await database.rows(ANY):
            await database.rows(MOVE, head.txid, head.seq)
            return False
        events = await feed.after(position, BATCH)
        if events:
            last = feed.cursor_of(events[-1])
            await database.rows(MOVE, last.txid, last.seq)
            await _ring(newest(events), gather)
    return len(events) == BATCH


async def head_for_new() -> Cursor:
    """The ledger's head, for a channel that this transaction makes: it hears all behind it."""
    await database.rows(SHARE)
    return await feed.head()


async def forget_old() -> None:
    """Delete a batch of deliveries that ended longer than KEPT ago."""
    await database.rows(FORGET, KEPT, BATCH)


async def _ring(alerts: dict[tuple[UUID, UUID], Event], gather: timedelta) -> None:
    organizations = {organization: event for (organization, _), event in alerts.items()}
    if alerts:
        keys = [key[0] for key in alerts], [key[1] for key in alerts]
        await database.rows(RING_MEMBERS, *keys, *_cursors(alerts.values()), gather)
        ids = list(organizations)
        await database.rows(RING_ORGANIZATIONS, ids, *_cursors(organizations.values()), gather)


def newest(events: Iterable[Event]) -> dict[tuple[UUID, UUID], Event]:
    """The newest alert of each (organization, member); those with the newest are the last."""
    found: dict[tuple[UUID, UUID], Event] = {}
    for event in events:
        for member in alerted(event):
            key = (event.organization_id, member)
            found.pop(key, None)
            found[key] = event
    return found


def _cursors(events: Iterable[Event]) -> tuple[list[int], list[int]]:
    cursors = [feed.cursor_of(event) for event in events]
    return [each.txid for each in cursors], [each.seq for each in cursors]


def _cursor(rows: Sequence[Mapping[str, Any]]) -> Cursor:
    return Cursor(rows[0]["txid"], rows[0]["seq"]) if rows else feed.START
