"""The events that alert one member, read from the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from models import database
from models.ledger.actions import ALERTS, AlertKind, Party, in_sql
from models.ledger.feed import END, SETTLED, Cursor
from models.tables import Event
from models.viewers import Viewer

# The kinds that have partial indexes of their own; the others share one for each party.
APART = (
    {AlertKind.EXTENSION_DECIDED, AlertKind.DEAL_DECIDED},
    {AlertKind.COMMENTED, AlertKind.AT_RISK},
)
TOGETHER = set(AlertKind).difference(*APART)


@dataclass(frozen=True, slots=True)
class Branch:
    """The alerts that one partial index of `event` serves."""

    party: Party
    actions: tuple[str, ...]

    def sql(self, columns: str, condition: str, tail: str) -> str:
        # An event that names the member twice is in the owner's branch only.
        twice = "" if self.party is Party.OWNER else f" AND member_id <> {self.party}"
        return (
            f"(SELECT {columns} FROM event WHERE organization_id = $1 AND {self.party} = $2{twice}"
            f" AND action IN {in_sql(self.actions)} AND {condition} {tail})"
        )


def _branches() -> Iterator[Branch]:
    for party in Party:
        for kinds in (TOGETHER, *APART):
            names = tuple(
                action.name
                for action in ALERTS.values()
                if party in action.alerts and action.alert in kinds
            )
            if names:
                yield Branch(party, names)


def alerts_sql(columns: str, condition: str, tail: str = "") -> str:
    """The alerts of member $2 of organization $1; each branch has the condition and the tail."""
    return "\nUNION ALL\n".join(branch.sql(columns, condition, tail) for branch in BRANCHES)


BRANCHES = tuple(_branches())
OLDEST_FIRST = "ORDER BY txid, seq LIMIT $7"
NEWEST_FIRST = "ORDER BY txid DESC, seq DESC LIMIT $7"
AFTER = "(txid, seq) > ($3::xid8, $4::bigint)"
# Without SETTLED, a cursor could pass an event that is not committed yet.
FOLLOWING = f"{AFTER} AND (txid, seq) <= ($5::xid8, $6::bigint)"
BETWEEN = f"{AFTER} AND (txid, seq) < ($5::xid8, $6::bigint) AND {SETTLED}"
NEXT = f"SELECT * FROM ({alerts_sql('*', FOLLOWING, OLDEST_FIRST)}) AS alert {OLDEST_FIRST}"
NEWEST = f"SELECT * FROM ({alerts_sql('*', BETWEEN, NEWEST_FIRST)}) AS alert {NEWEST_FIRST}"
SINCE = f"SELECT * FROM ({alerts_sql('*', BETWEEN, OLDEST_FIRST)}) AS alert {OLDEST_FIRST}"
COUNT = f"""
SELECT sum(n)::bigint AS n FROM ({alerts_sql("count(*) AS n", f"{AFTER} AND {SETTLED}")}) AS alert
"""


async def alerts_after(viewer: Viewer, after: Cursor, upto: Cursor, limit: int) -> list[Event]:
    """The viewer's alerts behind `after` and not behind `upto`, oldest first.

    `upto` must be settled: the listener's position or `feed.head()`.
    """
    return await _events(NEXT, viewer, after, upto, limit)


async def alerts_before(viewer: Viewer, before: Cursor, after: Cursor, limit: int) -> list[Event]:
    """The viewer's settled alerts between two cursors, both excluded, newest first."""
    return await _events(NEWEST, viewer, after, before, limit)


async def alerts_since(viewer: Viewer, after: Cursor, limit: int) -> list[Event]:
    """The viewer's settled alerts behind the cursor, oldest first."""
    return await _events(SINCE, viewer, after, END, limit)


async def count_after(viewer: Viewer, cursor: Cursor) -> int:
    scope = (viewer.organization.id, viewer.id)
    rows = await database.rows(COUNT, *scope, cursor.txid, cursor.seq)
    return int(rows[0]["n"])


async def _events(sql: str, viewer: Viewer, low: Cursor, high: Cursor, limit: int) -> list[Event]:
    scope = (viewer.organization.id, viewer.id)
    return await database.models(Event, sql, *scope, low.txid, low.seq, high.txid, high.seq, limit)
