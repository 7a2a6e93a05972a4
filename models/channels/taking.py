"""A worker takes the channels that are due, to look what they have to tell, and gives them back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models import database
from models.tables import Channel

# A row for each organization with a due channel, the longest due first.
ORGANIZATIONS_DUE = """
SELECT organization_id FROM channel
WHERE next_at <= now() AND coalesce(leased_until, now()) <= now()
GROUP BY 1 ORDER BY min(next_at)
"""


# Whoever takes a channel has it until the lease ends: a crashed worker's are taken again.
def _take(which: str, chosen: str, due: str, taken: str) -> str:
    """`which` names the channels; the others are the organization of a row of their step."""
    return f"""
-- 1. What is due, in turn among the organizations: the one that has the fewest places first.
WITH waiting AS (
  SELECT c.organization_id, c.id, c.next_at, coalesce(b.busy, 0)
    + row_number() OVER (PARTITION BY c.organization_id ORDER BY c.next_at) AS place
  FROM channel c LEFT JOIN unnest($1::uuid[], $2::int[]) AS b(organization_id, busy)
    ON b.organization_id = c.organization_id
  WHERE c.next_at <= now() AND coalesce(c.leased_until, now()) <= now(){which}
), chosen AS (
  SELECT * FROM waiting WHERE place <= $3 ORDER BY place, next_at LIMIT $4
), due AS MATERIALIZED (
  SELECT c.organization_id, c.id FROM channel c
  JOIN chosen ON c.organization_id = {chosen} AND chosen.id = c.id
  WHERE c.next_at <= now() AND coalesce(c.leased_until, now()) <= now()
  FOR UPDATE OF c SKIP LOCKED
-- 2. Lease it.
), taken AS (
  UPDATE channel c SET leased_until = now() + $5::interval
  FROM due WHERE c.organization_id = {due} AND c.id = due.id RETURNING c.*
)
-- 3. For whom it is.
SELECT t.*, now() AS now, o.name AS organization_name, o.time_zone, m.name AS member_name, m.email,
  coalesce(m.active, t.member_id IS NULL) AS active,
  coalesce(t.quiet_from, o.quiet_from) AS silent_from, coalesce(t.quiet_to, o.quiet_to) AS silent_to
FROM taken t JOIN organization o ON o.id = {taken}
  LEFT JOIN member m ON m.organization_id = {taken} AND m.id = t.member_id
"""


TAKE = _take("", "chosen.organization_id", "due.organization_id", "t.organization_id")
TAKE_OF = _take(" AND c.organization_id = $6", "$6", "$6", "$6")

LOCK = "SELECT FROM channel WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE"
# What is sent by hand waits neither for $4 nor for the queue.
GIVE_BACK = """
WITH held AS MATERIALIZED (
  SELECT c.organization_id, c.id, coalesce(
    (SELECT d.next_at FROM channel_delivery d
     WHERE d.organization_id = c.organization_id AND d.channel_id = c.id
       AND d.status = 'PENDING' AND NOT d.by_hand ORDER BY d.created_at LIMIT 1),
    CASE WHEN (c.heard_txid, c.heard_seq) > (c.read_txid, c.read_seq) THEN c.paced_at END
  ) AS queue_at,
    (SELECT min(d.next_at) FROM channel_delivery d
     WHERE d.organization_id = c.organization_id AND d.channel_id = c.id
       AND d.status = 'PENDING' AND d.by_hand) AS by_hand_at
  FROM channel c WHERE c.organization_id = $1 AND c.id = $2 AND c.leased_until = $3
)
UPDATE channel c SET leased_until = NULL, next_at = least(
  CASE WHEN h.queue_at IS NOT NULL THEN greatest(h.queue_at, $4) END, h.by_hand_at)
FROM held h WHERE c.organization_id = $1 AND c.id = h.id
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A channel that its taker has until the end of the lease, and for whom it is."""

    channel: Channel
    now: datetime
    organization_name: str
    time_zone: str
    member_name: str | None
    email: str | None
    active: bool
    # Its own quiet hours, or the organization's.
    quiet_from: str | None
    quiet_to: str | None

    @property
    def key(self) -> tuple[UUID, UUID]:
        return self.channel.organization_id, self.channel.id

    @property
    def lease(self) -> tuple[UUID, UUID, datetime | None]:
        """By it a statement changes the channel only while it is its taker's."""
        return *self.key, self.channel.leased_until


async def take(
    busy: dict[UUID, int],
    organization_id: UUID | None = None,
    *,
    part: int,
    most: int,
    lease: timedelta,
) -> list[Taken]:
    """Lease at most `most` due channels, of one organization or in turn among all.

    Of each organization at most `part`, less those in `busy`.
    """
    if most <= 0:
        return []
    sql, which = (TAKE_OF, (organization_id,)) if organization_id else (TAKE, ())
    rows = await database.rows(sql, list(busy), list(busy.values()), part, most, lease, *which)
    return [
        Taken(
            channel=database.as_model(Channel, row),
            now=row["now"],
            organization_name=row["organization_name"],
            time_zone=row["time_zone"],
            member_name=row["member_name"],
            email=row["email"],
            active=row["active"],
            quiet_from=row["silent_from"],
            quiet_to=row["silent_to"],
        )
        for row in rows
    ]


async def give_back(taken: Taken, not_before: datetime) -> None:
    """End the lease. The channel is looked at again when it has something, not before this.

    After the lease has expired it changes nothing.
    """
    async with database.transaction():
        # First: what another transaction adds meanwhile must be in the next statement's snapshot.
        await database.rows(LOCK, *taken.key)
        await database.rows(GIVE_BACK, *taken.lease, not_before)
