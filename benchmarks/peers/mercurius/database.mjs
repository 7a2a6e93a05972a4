// PostgreSQL: one pool of connections, named statements, and values in the forms that answers need.
import pg from 'pg'

const TIMESTAMPTZ = 1184
const TIMESTAMPTZ_ARRAY = 1185
const DATE = 1082

// "2026-11-28 10:56:36.4630+00" becomes "2026-11-28T10:56:36.463000Z", without a Date.
export function moment (text) {
  const plain = `${text.slice(0, 10)}T${text.slice(11, -3)}`
  return (plain[19] === '.' ? plain.padEnd(26, '0') : plain) + 'Z'
}

pg.types.setTypeParser(TIMESTAMPTZ, moment)
pg.types.setTypeParser(DATE, text => text)
pg.types.setTypeParser(TIMESTAMPTZ_ARRAY, text => text === '{}'
  ? []
  : text.slice(1, -1).replaceAll('"', '').split(',').map(moment))

const url = new URL(process.env.SEAPOOL_DATABASE_URL.replace('@/', '@localhost/'))
export const pool = new pg.Pool({
  host: url.searchParams.get('host') ?? url.hostname,
  port: Number(url.port || 5432),
  user: url.username,
  database: url.pathname.slice(1),
  max: 20,
  options: '-c TimeZone=UTC -c plan_cache_mode=force_generic_plan -c jit=off'
})

const MEMBER = `
SELECT m.id, m.organization_id, m.department_id, m.role, o.time_zone, o.cursor_key,
  extract(epoch FROM m.reactivated_at)::float8 AS returned,
  ARRAY(SELECT p.id::text FROM pool p WHERE p.organization_id = m.organization_id AND (
    m.role = 'ADMIN' OR EXISTS (
      SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = p.id
      AND (a.member_id = m.id OR a.department_id = m.department_id)))) AS open_pools,
  ARRAY(
    SELECT a.pool_id::text FROM pool_access a
    WHERE a.organization_id = $1 AND a.member_id = m.id AND a.administers) AS administered
FROM member m JOIN organization o ON o.id = m.organization_id
WHERE m.organization_id = $1 AND m.id = $2 AND m.active`

export async function activeMember (organization, id) {
  return (await pool.query({ name: 'member', text: MEMBER, values: [organization, id] })).rows[0]
}

// For a statement with a customer c and the member $2; see models/taking/cool_downs.py.
export const LOSSES = `
LEFT JOIN LATERAL (
  SELECT array_agg(e.at) AS lost_at, array_agg(f.rules ->> 'reclaim_cooldown') AS cool_downs
  FROM event e JOIN pool f ON f.organization_id = e.organization_id
    AND f.id = coalesce((e.details ->> 'from_pool')::uuid, e.pool_id)
  WHERE e.organization_id = $1 AND e.customer_id = c.id AND e.former_id = $2
) AS losses ON true`
