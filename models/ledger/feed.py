"""The ledger as a feed: settled events in the order (txid, seq).

An event is settled when no older transaction can still add one before it: its txid is below the
oldest transaction that is still open. A cursor on a serial number alone loses events.
"""

from typing import NamedTuple
from uuid import UUID

from models import database
from models.database.seal import Seal, unsigned
from models.ledger.actions import POOL_CHANGES, PoolChangeKind, in_sql
from models.refusals import InvalidInput
from models.tables import Event

SETTLED = "txid < ledger_number(pg_snapshot_xmin(pg_current_snapshot()))"
HEAD = f"""
SELECT coalesce(max(txid), '0'::xid8) AS txid, coalesce(max(seq), 0) AS seq FROM (
  SELECT txid, seq FROM event WHERE {SETTLED} ORDER BY txid DESC, seq DESC LIMIT 1) AS newest
"""
AFTER = f"""
SELECT * FROM event WHERE (txid, seq) > ($1::xid8, $2::bigint) AND {SETTLED}
ORDER BY txid, seq LIMIT $3
"""
IN_POOL = f"""
SELECT * FROM event WHERE organization_id = $1 AND pool_id = $2
  AND (txid, seq) > ($3::xid8, $4::bigint) AND (txid, seq) <= ($5::xid8, $6::bigint)
  AND action IN {in_sql(POOL_CHANGES)}
ORDER BY txid, seq LIMIT $7
"""
NEXT_TXID = "SELECT ledger_number(pg_snapshot_xmax(pg_current_snapshot())) AS next"


class Resync(Exception):
    """The cursor is from another database, or newer than this one: reload, then subscribe again.

    Another database is also one that was restored, or promoted from a standby.
    """


class Cursor(NamedTuple):
    """A position in the feed."""

    txid: int
    seq: int


START = Cursor(0, 0)
LIMIT = 2**63
END = Cursor(LIMIT - 1, LIMIT - 1)


def cursor_of(event: Event) -> Cursor:
    return Cursor(event.txid, event.seq)


async def format_cursor(cursor: Cursor, seal: Seal) -> str:
    """The cursor as clients see it; it names the database, so that another one can refuse it."""
    plain = f"{database.cluster()}:{cursor.txid}:{cursor.seq}"
    return seal.close(plain)


async def parse_cursor(text: str, seal: Seal, path: str = "after") -> Cursor:
    """Raises InvalidInput at `path` for malformed text.

    Raises Resync for a cursor of another database, organization or hand, and for one of the
    release before, which signed none.
    """
    try:
        _decode(unsigned(text))
    except ValueError:
        message = "must be a cursor that the server gave, unchanged"
        raise InvalidInput.at(path, message) from None
    try:
        source, cursor = _decode(seal.open(text))
    except ValueError:
        raise Resync from None
    rows = await database.rows(NEXT_TXID)
    # Looked at behind the statement: its connection knows the database.
    if source != database.cluster() or not cursor.txid < rows[0]["next"]:
        raise Resync
    return cursor


def _decode(plain: str) -> tuple[str, Cursor]:
    """The cluster and the cursor. Raises ValueError."""
    source, txid, seq = plain.split(":")
    cursor = Cursor(int(txid), int(seq))
    if not (0 <= cursor.txid < LIMIT and 0 <= cursor.seq < LIMIT):
        raise ValueError(plain)
    return source, cursor


async def head() -> Cursor:
    """The newest settled event; no event will be added at or before it."""
    row = (await database.rows(HEAD))[0]
    return Cursor(row["txid"], row["seq"])


async def after(cursor: Cursor, limit: int = 1000) -> list[Event]:
    """Settled events of all organizations behind the cursor, oldest first."""
    return await database.models(Event, AFTER, cursor.txid, cursor.seq, limit)


async def pool_changes_after(
    organization_id: UUID, pool_id: UUID, cursor: Cursor, upto: Cursor, limit: int
) -> list[Event]:
    """Events that changed the pool, behind `cursor` and not behind `upto`, oldest first."""
    bounds = (cursor.txid, cursor.seq, upto.txid, upto.seq)
    return await database.models(Event, IN_POOL, organization_id, pool_id, *bounds, limit)


def pool_change(event: Event) -> PoolChangeKind | None:
    """How the event changed its pool.

    A customer claimed at registration, or released to be merged away or erased, was never open in
    it.
    """
    if "registered" in event.details or event.release_reason in ("MERGED", "ERASED"):
        return None
    return POOL_CHANGES.get(event.action)
