"""What the floor asks PostgreSQL: one statement a page, two in a claim's transaction."""

from models.taking.cool_downs import LOSSES

OPEN = """(m.role = 'ADMIN' OR EXISTS (
  SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = p.id
  AND (a.member_id = m.id OR a.department_id = m.department_id)))"""

# The active member, the open pool and the member's seat, with each customer of the page.
POOLED = f"""
SELECT c.*, c.opened_at::text AS page_key, p.rules, o.time_zone, o.cursor_key, m.department_id,
  s.held, s.won, s.claimed_on, s.claimed_today, losses.*, clock_timestamp() AS now
FROM member m
JOIN organization o ON o.id = m.organization_id
JOIN pool p ON p.organization_id = m.organization_id AND p.id = $3 AND {OPEN}
LEFT JOIN seat s ON s.organization_id = m.organization_id AND s.pool_id = p.id
  AND s.member_id = m.id
CROSS JOIN LATERAL (
  SELECT id, name, level, person, phone, email, opened_at, entered_at, organization_id
  FROM customer
  WHERE organization_id = $1 AND pool_id = p.id AND owner_id IS NULL
  ORDER BY opened_at DESC, id DESC LIMIT 21
) AS c
CROSS JOIN LATERAL (SELECT m.id AS member_id) AS w
{LOSSES}
WHERE m.organization_id = $1 AND m.id = $2 AND m.active
ORDER BY c.opened_at DESC, c.id DESC
"""
HELD = """
SELECT c.id, c.name, c.level, c.level_by_owner, c.granted_level, c.claimed_at, c.followed_up_at,
  c.won_at, c.locked_at, c.extended_to, c.remind_at, c.release_at, c.release_reason, p.rules,
  p.ruled_at, o.time_zone, o.cursor_key, coalesce(c.release_at, 'infinity')::text AS page_key, (
    SELECT sum(s.held) FROM seat s WHERE s.organization_id = $1 AND s.member_id = $2) AS held
FROM member m
JOIN organization o ON o.id = m.organization_id
JOIN customer c ON c.organization_id = m.organization_id AND c.owner_id = m.id
JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
WHERE m.organization_id = $1 AND m.id = $2 AND m.active
ORDER BY coalesce(c.release_at, 'infinity'), c.id LIMIT 21
"""
LOCKED = f"""
SELECT c.id, c.name, c.level, c.owner_id, c.epoch, c.entered_at, p.rules, p.rules_version,
  o.time_zone, m.department_id, s.id AS seat_id, s.held, s.won, s.claimed_on, s.claimed_today,
  losses.*, clock_timestamp() AS now, (
    SELECT a.details FROM event a
    WHERE a.organization_id = $1 AND a.actor_id = $2 AND a.idempotency_key = $4) AS answer
FROM member m
JOIN organization o ON o.id = m.organization_id
JOIN customer c ON c.organization_id = m.organization_id AND c.id = $3
JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id AND {OPEN}
JOIN seat s ON s.organization_id = c.organization_id AND s.pool_id = c.pool_id
  AND s.member_id = m.id
CROSS JOIN LATERAL (SELECT m.id AS member_id) AS w
{LOSSES}
WHERE m.organization_id = $1 AND m.id = $2 AND m.active FOR UPDATE OF c, s
"""
SEAT = """
INSERT INTO seat (organization_id, pool_id, member_id)
SELECT c.organization_id, c.pool_id, $2 FROM customer c WHERE c.organization_id = $1 AND c.id = $3
ON CONFLICT DO NOTHING
"""
TAKEN = """
WITH seated AS (
  UPDATE seat SET held = held + 1, claimed_on = greatest(claimed_on, $5::date),
    claimed_today = CASE WHEN claimed_on >= $5::date THEN claimed_today + 1 ELSE 1 END
  WHERE organization_id = $1 AND id = $4
), taken AS (
  UPDATE customer SET owner_id = $2, epoch = epoch + 1, claimed_at = $6::timestamptz, won_at = NULL,
    opened_at = NULL, rules_version = $7, release_at = $8::timestamptz, release_reason = $9,
    remind_at = $10, remind_offsets = $11, deal_reported_at = NULL
  WHERE organization_id = $1 AND id = $3 RETURNING id, epoch, pool_id
)
INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, pool_id,
  due_at, at, details, idempotency_key)
SELECT $1::uuid, id, epoch, 'CLAIMED', $2::uuid, $2::uuid, pool_id, $8::timestamptz,
  $6::timestamptz, '{}'::jsonb, NULL
FROM taken
UNION ALL
SELECT $1::uuid, NULL, NULL, 'ANSWERED', $2::uuid, NULL, NULL, NULL, $6::timestamptz, $13::jsonb,
  $12::text
FROM taken WHERE $12::text IS NOT NULL
"""
