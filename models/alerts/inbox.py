"""A member's alerts: the events that concern them, and up to where they have read."""

from dataclasses import dataclass
from uuid import UUID

from models import database
from models.alerts.kinds import kind_of
from models.database.pagination import Page, check_first
from models.ledger import feed
from models.ledger.feed import Cursor
from models.ledger.recording import record
from models.tables import Event
from models.viewers import Viewer

READ = """
SELECT (details ->> 'txid')::bigint AS txid, (details ->> 'seq')::bigint AS seq FROM event
WHERE member_id = $1 AND action = 'ALERTS_READ' ORDER BY txid DESC, seq DESC LIMIT 1
"""
OWN = """
  (SELECT {what} FROM event WHERE member_id = $1 AND {within}
    AND action IN ('REMINDED', 'RELEASED', 'ASSIGNED', 'TRANSFERRED') {tail})
  UNION ALL
  (SELECT {what} FROM event WHERE former_id = $1 AND {within} AND action = 'TRANSFERRED' {tail})
  UNION ALL
  (SELECT {what} FROM event WHERE member_id = $1 AND {within}
    AND action IN ('EXTENDED', 'EXTENSION_DECLINED') {tail})
  UNION ALL
  (SELECT {what} FROM event WHERE actor_id = $1 AND {within} AND member_id <> actor_id
    AND action IN ('EXTENDED', 'EXTENSION_DECLINED') {tail})
"""
# As in the feed: a cursor past what may still come would skip it for ever.
SETTLED = "txid < pg_snapshot_xmin(pg_current_snapshot())"
BETWEEN = (
    f"(txid, seq) < ($2::xid8, $3::bigint) AND (txid, seq) > ($4::xid8, $5::bigint) AND {SETTLED}"
)
SINCE = f"(txid, seq) > ($2::xid8, $3::bigint) AND {SETTLED}"
TAIL = "ORDER BY txid DESC, seq DESC LIMIT $6"
INBOX = f"SELECT * FROM ({OWN.format(what='*', within=BETWEEN, tail=TAIL)}) AS alert {TAIL}"
UNREAD = "SELECT sum(n)::bigint AS unread FROM ({own}) AS alert".format(
    own=OWN.format(what="count(*) AS n", within=SINCE, tail="")
)
END = Cursor(2**63 - 1, 2**63 - 1)


@dataclass(frozen=True, slots=True)
class Alert:
    event: Event
    kind: str
    cursor: str
    read: bool


async def inbox(viewer: Viewer, *, first: int, after: str | None, unread_only: bool) -> Page[Alert]:
    """The viewer's alerts, newest first; `after` leads to older ones."""
    check_first(first)
    before = await feed.parse(after) if after is not None else END
    read = await read_place(viewer.id)
    oldest = read if unread_only else feed.START
    bounds = (before.txid, before.seq, oldest.txid, oldest.seq)
    rows = await database.rows(INBOX, viewer.id, *bounds, first + 1)
    alerts = [await alert(database.as_model(Event, row), viewer.id, read) for row in rows[:first]]
    return Page(alerts, len(rows) > first, alerts[-1].cursor if alerts else None)


async def alert(event: Event, member_id: UUID, read: Cursor) -> Alert:
    place = feed.place(event)
    kind = kind_of(event, member_id)
    assert kind is not None
    return Alert(event, kind, await feed.text(place), place <= read)


async def unread(viewer: Viewer) -> int:
    read = await read_place(viewer.id)
    rows = await database.rows(UNREAD, viewer.id, read.txid, read.seq)
    return int(rows[0]["unread"])


async def read_place(member_id: UUID) -> Cursor:
    for row in await database.rows(READ, member_id):
        return Cursor(row["txid"], row["seq"])
    return feed.START


async def read_up_to(viewer: Viewer, cursor: str) -> None:
    """All alerts up to this one are read; an older place than before changes nothing."""
    place = await feed.parse(cursor, "upTo")
    async with database.transaction():
        await database.take_turn(f"alerts of {viewer.id}")
        if place > await read_place(viewer.id):
            details = {"txid": place.txid, "seq": place.seq}
            await record(viewer, "ALERTS_READ", member_id=viewer.id, details=details)
