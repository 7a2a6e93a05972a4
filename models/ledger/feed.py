"""The ledger read as a feed: in the order (txid, seq), and only what is settled.

An event is settled when no older transaction can still add one before it: its txid lies below
the oldest transaction that is still open. A cursor on a serial number alone loses events.
"""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

from models import database
from models.refusals import InvalidInput, Problem
from models.tables import Event

CHANGES = {
    "CREATED": "OPENED",
    "MOVED": "OPENED",
    "RELEASED": "OPENED",
    "CLAIMED": "CLAIMED",
    "ASSIGNED": "CLAIMED",
}

CLUSTER = """
SELECT system_identifier::text || '.' || (SELECT oid FROM pg_database
  WHERE datname = current_database()) AS cluster FROM pg_control_system()
"""
HEAD = """
SELECT coalesce(max(txid), '0'::xid8) AS txid, coalesce(max(seq), 0) AS seq FROM (
  SELECT txid, seq FROM event WHERE txid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY txid DESC, seq DESC LIMIT 1) AS newest
"""
SETTLED = """
SELECT * FROM event WHERE (txid, seq) > ($1::xid8, $2::bigint)
  AND txid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY txid, seq LIMIT $3
"""
POOL_CHANGES = """
SELECT * FROM event WHERE pool_id = $1
  AND (txid, seq) > ($2::xid8, $3::bigint) AND (txid, seq) <= ($4::xid8, $5::bigint)
  AND action IN ('CREATED', 'MOVED', 'CLAIMED', 'ASSIGNED', 'RELEASED')
ORDER BY txid, seq LIMIT $6
"""
ALERTS = """
SELECT * FROM (
  (SELECT * FROM event WHERE member_id = $1
    AND (txid, seq) > ($2::xid8, $3::bigint) AND (txid, seq) <= ($4::xid8, $5::bigint)
    AND action IN ('REMINDED', 'RELEASED', 'ASSIGNED', 'TRANSFERRED')
  ORDER BY txid, seq LIMIT $6)
  UNION ALL
  (SELECT * FROM event WHERE former_id = $1 AND action = 'TRANSFERRED'
    AND (txid, seq) > ($2::xid8, $3::bigint) AND (txid, seq) <= ($4::xid8, $5::bigint)
  ORDER BY txid, seq LIMIT $6)
  UNION ALL
  (SELECT * FROM event WHERE member_id = $1 AND action IN ('EXTENDED', 'EXTENSION_DECLINED')
    AND (txid, seq) > ($2::xid8, $3::bigint) AND (txid, seq) <= ($4::xid8, $5::bigint)
  ORDER BY txid, seq LIMIT $6)
  UNION ALL
  (SELECT * FROM event WHERE actor_id = $1 AND action IN ('EXTENDED', 'EXTENSION_DECLINED')
    AND (txid, seq) > ($2::xid8, $3::bigint) AND (txid, seq) <= ($4::xid8, $5::bigint)
    AND member_id <> actor_id
  ORDER BY txid, seq LIMIT $6)
) AS alert ORDER BY txid, seq LIMIT $6
"""


class Resync(Exception):
    """The cursor is of another database or of a future that never came: read anew, then follow."""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the feed."""

    txid: int
    seq: int


START = Cursor(0, 0)
LIMIT = 2**63
_cluster: dict[str, str] = {}


def place(event: Event) -> Cursor:
    return Cursor(event.txid, event.seq)


async def text(cursor: Cursor) -> str:
    """What a client is given: it names the database too, so that another one can tell."""
    plain = f"{await cluster()}:{cursor.txid}:{cursor.seq}"
    return base64.urlsafe_b64encode(plain.encode()).decode()


async def parse(value: str, path: str = "after") -> Cursor:
    """Raises InvalidInput for what is no cursor, Resync for one of another database."""
    try:
        plain = base64.urlsafe_b64decode(value.encode()).decode()
        source, txid, seq = plain.split(":")
        cursor = Cursor(int(txid), int(seq))
        if not (0 <= cursor.txid < LIMIT and 0 <= cursor.seq < LIMIT):
            raise ValueError(plain)
    except (ValueError, binascii.Error):
        problem = Problem(path, "must be a cursor that the server gave, unchanged")
        raise InvalidInput((problem,)) from None
    if source != await cluster():
        raise Resync
    rows = await database.rows("SELECT pg_snapshot_xmax(pg_current_snapshot()) AS next")
    if not cursor.txid < rows[0]["next"]:
        raise Resync
    return cursor


async def cluster() -> str:
    """Which database this is; asked once for each connection of the process."""
    name = database.name()
    if name not in _cluster:
        _cluster[name] = (await database.rows(CLUSTER))[0]["cluster"]
    return _cluster[name]


async def head() -> Cursor:
    """The newest settled event: nothing will ever come at or before it any more."""
    row = (await database.rows(HEAD))[0]
    return Cursor(row["txid"], row["seq"])


async def after(cursor: Cursor, limit: int = 1000) -> list[Event]:
    return _events(await database.rows(SETTLED, cursor.txid, cursor.seq, limit))


async def alerts_after(member_id: UUID, cursor: Cursor, upto: Cursor, limit: int) -> list[Event]:
    bounds = (cursor.txid, cursor.seq, upto.txid, upto.seq)
    return _events(await database.rows(ALERTS, member_id, *bounds, limit))


async def pool_changes_after(
    pool_id: UUID, cursor: Cursor, upto: Cursor, limit: int
) -> list[Event]:
    bounds = (cursor.txid, cursor.seq, upto.txid, upto.seq)
    return _events(await database.rows(POOL_CHANGES, pool_id, *bounds, limit))


def change_kind(event: Event) -> str | None:
    """None where nothing changed in the pool: a registered customer never lay open in it."""
    return None if "registered" in event.details else CHANGES.get(event.action)


def _events(rows: list[dict[str, object]]) -> list[Event]:
    return [database.as_model(Event, row) for row in rows]
