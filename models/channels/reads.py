"""The alerts that a channel has between two cursors, with their customers and members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import database
from models.alerts.inbox import Alert
from models.alerts.kinds import alerted, kind_of
from models.alerts.queries import FOLLOWING, alerts_sql
from models.channels.kinds import actions_of
from models.ledger.feed import Cursor
from models.tables import Channel, Customer, Event, Member
from models.viewers import find_in

OLDEST_FIRST = "ORDER BY txid, seq LIMIT $8"
# $1 to $6 as in FOLLOWING: organization, member, two cursors.
CHOSEN = f"{FOLLOWING} AND action = ANY($7::text[])"
OF_MEMBER = f"SELECT * FROM ({alerts_sql('*', CHOSEN, OLDEST_FIRST)}) AS alert {OLDEST_FIRST}"
COUNT_OF_MEMBER = f"""
SELECT sum(n)::bigint AS n FROM ({alerts_sql("count(*) AS n", CHOSEN)}) AS alert
"""
# Literally as the index event_telling has it, or the planner does not use it.
QUIET = ("CREATED", "UPDATED", "CLAIMED", "FOLLOWED_UP", "WON", "ALERTS_READ", "ANSWERED")
TELLING = "e.action NOT IN (" + ", ".join(f"'{name}'" for name in QUIET) + ")"
# Of $2, the pools, by those that the event says; else by where a customer lies now. In place of a
# join: for that, a plan without the values reads the customers of all organizations.
OF_ORGANIZATION = f"""
FROM event e
WHERE e.organization_id = $1 AND {TELLING} AND e.action = ANY($7::text[])
  AND (e.txid, e.seq) > ($3::xid8, $4::bigint) AND (e.txid, e.seq) <= ($5::xid8, $6::bigint)
  AND ($2::uuid[] IS NULL OR CASE WHEN e.action = 'ESCALATED' AND e.details ? 'pools'
    THEN e.details -> 'pools' ?| $2::uuid[]::text[]
    ELSE coalesce(e.pool_id, (SELECT c.pool_id FROM customer c
      WHERE c.organization_id = e.organization_id AND c.id = e.customer_id)) = ANY($2) END)
"""
ALL = f"SELECT e.* {OF_ORGANIZATION} ORDER BY e.txid, e.seq LIMIT $8"
COUNT_ALL = f"SELECT count(*) AS n {OF_ORGANIZATION}"


@dataclass(frozen=True, slots=True)
class Told:
    """An alert, its customer if there is one, and the member whom it alerts."""

    alert: Alert
    customer: Customer | None
    reader_id: UUID
    reader_name: str


async def count(channel: Channel, low: Cursor, high: Cursor) -> int:
    """How many alerts the channel has behind `low` and not behind `high`, which is settled."""
    sql = COUNT_OF_MEMBER if channel.member_id else COUNT_ALL
    rows = await database.rows(sql, *_scope(channel, low, high))
    return int(rows[0]["n"])


async def oldest(channel: Channel, low: Cursor, high: Cursor, limit: int) -> list[Told]:
    """The first of them, each as the alert of one member."""
    sql = OF_MEMBER if channel.member_id else ALL
    found = await database.models(Event, sql, *_scope(channel, low, high), limit)
    # By id they come with what people wrote: a comment, say.
    ids = [event.id for event in found]
    whole = await find_in(channel.organization_id, Event, ids)
    events = [_within(whole[id], channel.pool_ids) for id in ids]
    customers = await find_in(
        channel.organization_id, Customer, [event.customer_id for event in events]
    )
    readers = {event.id: channel.member_id or reader_of(event) for event in events}
    members = await find_in(channel.organization_id, Member, readers.values())
    return list(_told(events, customers, readers, members))


def reader_of(event: Event) -> UUID | None:
    """The member as whose alert an organization's channel tells it: the owner, if it is one's."""
    readers = alerted(event)
    return event.member_id if event.member_id in readers else next(iter(readers), None)


def _within(event: Event, pool_ids: Sequence[UUID] | None) -> Event:
    """Return an alert of several pools as one of these alone: how many, and the first."""
    pools = event.details.get("pools", {})
    if not pools or pool_ids is None:
        return event
    some = [pools[str(id)] for id in pool_ids if str(id) in pools]
    first = min(some, key=lambda each: datetime.fromisoformat(each["due_at"]))
    event.details = event.details | {"count": sum(each["count"] for each in some)}
    event.customer_id, event.due_at = UUID(first["first"]), datetime.fromisoformat(first["due_at"])
    return event


def _told(
    events: Iterable[Event],
    customers: dict[UUID, Customer],
    readers: dict[UUID, UUID | None],
    members: dict[UUID, Member],
) -> Iterable[Told]:
    for event in events:
        reader = readers[event.id]
        kind = kind_of(event, reader) if reader else None
        if reader and kind:
            customer = customers.get(event.customer_id) if event.customer_id else None
            yield Told(Alert(event, kind, "", True), customer, reader, members[reader].name)


def _scope(channel: Channel, low: Cursor, high: Cursor) -> tuple[object, ...]:
    whose = channel.member_id or channel.pool_ids
    bounds = (low.txid, low.seq, high.txid, high.seq)
    return channel.organization_id, whose, *bounds, actions_of(channel.kinds)
