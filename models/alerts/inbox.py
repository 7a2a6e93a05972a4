"""A member's alerts, and the cursor up to which they have read them."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from models import database
from models.alerts import queries
from models.alerts.kinds import kind_of
from models.ledger import feed
from models.ledger.actions import AlertKind
from models.ledger.feed import Cursor
from models.ledger.recording import record
from models.paging import Page, Window
from models.tables import Customer, Event
from models.viewers import Viewer

READ = """
SELECT (details ->> 'txid')::bigint AS txid, (details ->> 'seq')::bigint AS seq FROM event
WHERE organization_id = $1 AND member_id = $2 AND action = 'ALERTS_READ'
ORDER BY txid DESC, seq DESC LIMIT 1
"""
READ_BY_ALL = """
SELECT DISTINCT ON (member_id) member_id,
  (details ->> 'txid')::bigint AS txid, (details ->> 'seq')::bigint AS seq FROM event
WHERE organization_id = $1 AND member_id = ANY($2::uuid[]) AND action = 'ALERTS_READ'
ORDER BY member_id, event.txid DESC, event.seq DESC
"""


@dataclass(frozen=True, slots=True)
class Alert:
    event: Event
    kind: AlertKind
    cursor: str
    read: bool

    def is_of_present_hold(self, customer: Customer) -> bool:
        """Return whether it tells of the customer's present hold, not of an earlier one's.

        `customer` is another one where that of the event was merged into it.
        """
        return (customer.id, customer.epoch) == (self.event.customer_id, self.event.epoch)


async def inbox(viewer: Viewer, *, window: Window, unread_only: bool) -> Page[Alert]:
    """The viewer's alerts, newest first: behind a cursor are the older ones."""
    window.check()
    at = None
    if window.cursor is not None:
        at = await feed.parse_cursor(window.cursor, viewer.seal, window.cursor_name)
    read = await read_cursor(viewer)
    oldest = read if unread_only else feed.START
    if window.backward:
        events = await queries.alerts_since(viewer, max(at or oldest, oldest), window.count + 1)
    else:
        events = await queries.alerts_before(viewer, at or feed.END, oldest, window.count + 1)
    alerts = [await alert(event, viewer, read) for event in window.shown(events)]
    return Page(
        alerts,
        len(events) > window.count,
        window.backward,
        lambda n: alerts[n].cursor,
        partial(_has_beyond, viewer, window, at, oldest) if at else None,
    )


async def _has_beyond(viewer: Viewer, window: Window, at: Cursor, oldest: Cursor) -> bool:
    """Whether there are alerts at the cursor or on its other side."""
    if window.backward:
        older = Cursor(at.txid, at.seq + 1)
        return bool(await queries.alerts_before(viewer, older, oldest, 1))
    newer = Cursor(at.txid, at.seq - 1)
    return bool(await queries.alerts_since(viewer, max(newer, oldest), 1))


async def alert(event: Event, viewer: Viewer, read: Cursor) -> Alert:
    """The event as the viewer's alert, which is read if it is not behind the cursor `read`."""
    cursor = feed.cursor_of(event)
    kind = kind_of(event, viewer.id)
    assert kind is not None
    return Alert(event, kind, await feed.format_cursor(cursor, viewer.seal), cursor <= read)


async def unread(viewer: Viewer) -> int:
    """How many alerts the viewer has not read."""
    return await queries.count_after(viewer, await read_cursor(viewer))


async def read_cursor(viewer: Viewer) -> Cursor:
    """The viewer has read every alert up to this cursor."""
    for row in await database.rows(READ, viewer.organization.id, viewer.id):
        return Cursor(row["txid"], row["seq"])
    return feed.START


async def read_cursors(someone: Viewer, members: Collection[UUID]) -> dict[UUID, Cursor]:
    """Up to where members of the organization have read their alerts, in one statement."""
    rows = await database.rows(READ_BY_ALL, someone.organization.id, list(members))
    return {row["member_id"]: Cursor(row["txid"], row["seq"]) for row in rows}


async def read_up_to(viewer: Viewer, text: str) -> None:
    """Mark all alerts up to a cursor as read. A cursor older than the last one changes nothing."""
    cursor = await feed.parse_cursor(text, viewer.seal, "upTo")
    async with database.transaction():
        await database.take_turn(f"alerts of {viewer.id}")
        if cursor > await read_cursor(viewer):
            details = {"txid": cursor.txid, "seq": cursor.seq}
            await record(viewer, "ALERTS_READ", member_id=viewer.id, details=details)
