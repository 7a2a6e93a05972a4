"""The statement that hands held customers to other members: one or many."""

from uuid import UUID

from models import database
from models.tables import CUSTOMER_COLUMNS, Customer
from models.taking.capacity import COUNTED
from models.taking.take_statement import ClaimRow, numbered

# A signed customer stays signed, so a receiver has room for it where signed ones do not count.
# Why each step names ids in an array too: see models/taking/take_statement.py.
TRANSFER = f"""
WITH wanted AS MATERIALIZED (
  -- 1. wanted: each customer and its receiver, by the rules and the revision that were read
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS w(
    position integer, customer_id uuid, revision text, member_id uuid,
    rules_version integer, capacity integer, won_counts boolean, at timestamptz,
    release_at timestamptz, release_reason text, remind_at timestamptz[], remind_offsets text[],
    reason text, actor_id uuid, details jsonb)
), picked AS MATERIALIZED (
  -- 2. picked: the customers, locked in id order, if they are held and unchanged
  SELECT w.*, c.pool_id, c.owner_id AS former_id, (c.won_at IS NOT NULL)::integer AS won,
    w.won_counts OR c.won_at IS NULL AS counts
  FROM wanted w JOIN customer c ON c.organization_id = $2 AND c.id = w.customer_id
    AND c.id = ANY(ARRAY(SELECT customer_id FROM wanted))
  WHERE c.owner_id IS NOT NULL AND c.xmin::text = w.revision
  ORDER BY c.id FOR UPDATE OF c
), seats AS MATERIALIZED (
  -- 3. seats: the owners' and the receivers', locked in id order
  SELECT s.organization_id, s.id, s.pool_id, s.member_id, s.held, s.won FROM seat s
  JOIN (
    SELECT pool_id, former_id AS member_id FROM picked UNION
    SELECT pool_id, member_id FROM picked
  ) p ON s.organization_id = $2 AND p.pool_id = s.pool_id AND p.member_id = s.member_id
    AND s.pool_id = ANY(ARRAY(SELECT pool_id FROM picked)) AND s.member_id = ANY(ARRAY(
      SELECT former_id FROM picked UNION SELECT member_id FROM picked))
  ORDER BY s.id FOR UPDATE OF s
), fits AS MATERIALIZED (
  -- 4. fits: those that the receivers' seats have room for, in the order of the request
  SELECT * FROM (
    SELECT p.*, s.id AS seat_id, f.id AS former_seat_id, {COUNTED} AS counted,
      count(*) FILTER (WHERE p.counts) OVER (PARTITION BY s.id ORDER BY p.position) AS rank
    FROM picked p
    JOIN seats s ON s.pool_id = p.pool_id AND s.member_id = p.member_id
    JOIN seats f ON f.pool_id = p.pool_id AND f.member_id = p.former_id
  ) AS ranked
  WHERE NOT counts OR capacity IS NULL OR counted + rank <= capacity
), seated AS (
  -- 5. seated: the receivers' seats count them, the owners' no longer do
  UPDATE seat s SET held = s.held + n.held, won = s.won + n.won
  FROM (
    SELECT seat_id, sum(held) AS held, sum(won) AS won FROM (
      SELECT seat_id, 1 AS held, won FROM fits UNION ALL
      SELECT former_seat_id, -1, -won FROM fits) AS moves
    GROUP BY seat_id) n
  WHERE s.organization_id = $2 AND s.id = n.seat_id AND s.id = ANY(ARRAY(SELECT id FROM seats))
), moved AS (
  -- 6. moved: the customers are the receivers'
  UPDATE customer c SET owner_id = f.member_id, epoch = c.epoch + 1, claimed_at = f.at,
    followed_up_at = NULL, locked_at = NULL, extended_to = NULL, deal_reported_at = NULL,
    rules_version = f.rules_version, release_at = f.release_at,
    release_reason = f.release_reason, remind_at = f.remind_at,
    remind_offsets = f.remind_offsets,
    unannounced_rules_version = NULL, announced_release_at = NULL
  FROM fits f WHERE c.organization_id = $2 AND c.id = f.customer_id
    AND c.id = ANY(ARRAY(SELECT customer_id FROM fits))
  RETURNING c.*, f.former_id, f.actor_id, f.reason, f.details
), logged AS (
  -- 7. logged: one event for each
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, former_id,
    release_reason, pool_id, due_at, at, details)
  SELECT organization_id, id, epoch, 'TRANSFERRED', actor_id, owner_id, former_id,
    'TRANSFERRED', pool_id, release_at, claimed_at, details FROM moved
  RETURNING organization_id, id, customer_id
), texted AS (
  -- 8. texted: why, in a person's words
  INSERT INTO event_text (organization_id, id, customer_id, reason)
  SELECT l.organization_id, l.id, l.customer_id, m.reason
  FROM logged l JOIN moved m ON m.organization_id = l.organization_id AND m.id = l.customer_id
  WHERE m.reason IS NOT NULL
)
SELECT {CUSTOMER_COLUMNS} FROM moved c
"""


async def write_transfers(rows: list[ClaimRow]) -> list[Customer]:
    """Return the customers that were still as read, and for whom the receiver had room.

    All are of one organization. Waits for rows in use. No member may be an owner and a receiver
    in one call.
    """
    wanted = numbered(rows)
    organization_id = UUID(rows[0]["organization_id"])
    return await database.models(Customer, TRANSFER, wanted, organization_id)
