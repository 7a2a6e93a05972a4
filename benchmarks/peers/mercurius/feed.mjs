// The ledger as a feed: each event is read once, in its order, for all who watch its pool.
//
// An event is read when no older transaction can still add one before it; see models/ledger/feed.py.
import { pool as database } from './database.mjs'
import { sealed } from './pages.mjs'
import { hear } from './valkey.mjs'

const KINDS = {
  CREATED: 'OPENED', MOVED: 'OPENED', RELEASED: 'OPENED', CLAIMED: 'CLAIMED', ASSIGNED: 'CLAIMED'
}
const BATCH = 100
const POLL_MS = 1000
// After a ring an older transaction may still be open.
const SOON_MS = [20, 100, 300]
const SETTLED = 'txid < ledger_number(pg_snapshot_xmin(pg_current_snapshot()))'
const HEAD = `
SELECT coalesce(max(txid), '0'::xid8)::text AS txid, coalesce(max(seq), 0)::text AS seq,
  (SELECT concat_ws('.', c.system_identifier, d.oid,
    nullif(left(pg_walfile_name(pg_current_wal_lsn()), 8), '00000001'))
  FROM pg_control_system() c, pg_database d WHERE d.datname = current_database()) AS cluster
FROM (SELECT txid, seq FROM event WHERE ${SETTLED} ORDER BY txid DESC, seq DESC LIMIT 1) AS newest`
const AFTER = `
SELECT e.txid::text, e.seq::text, e.action, e.organization_id, e.pool_id AS event_pool_id,
  e.release_reason, e.details ? 'registered' AS registered, e.at, o.cursor_key,
  c.id, c.pool_id, c.name, c.level, c.person, c.phone, c.email, c.opened_at, c.owner_id,
  p.rules::text AS rules, m.name AS owner_name
FROM (
  SELECT * FROM event WHERE (txid, seq) > ($1::xid8, $2::bigint) AND ${SETTLED}
  ORDER BY txid, seq LIMIT ${BATCH}
) AS e
JOIN organization o ON o.id = e.organization_id
LEFT JOIN customer c ON c.organization_id = e.organization_id AND c.id = e.customer_id
LEFT JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
LEFT JOIN member m ON m.organization_id = c.organization_id AND m.id = c.owner_id
ORDER BY e.txid, e.seq`

// Called with each change of a pool and a subscription's payload; null while nobody watches.
let tell = null
let cluster
let place
let heard
let reading = false
let rung = false
let waits = []
let timer

// Begins behind the newest event.
export async function follow (telling) {
  await (heard ??= hear(ring))
  const { rows: [{ txid, seq, cluster: found }] } = await database.query(HEAD)
  cluster = found
  place = [txid, seq]
  tell = telling
  ring()
}

export function unfollow () {
  tell = null
}

// Somebody wrote an event: this process, or another one through the doorbell.
export function ring () {
  if (!tell) return
  waits = [...SOON_MS]
  rung = true
  if (!reading) read()
}

async function read () {
  clearTimeout(timer)
  reading = true
  try {
    do {
      rung = false
      const { rows } = await database.query({ name: 'after', text: AFTER, values: place })
      for (const row of rows) {
        place = [row.txid, row.seq]
        if (isPoolChange(row)) await tell?.(row, payloadOf(row))
      }
      if (rows.length === BATCH) rung = true
    } while (rung)
  } catch (fault) {
    console.error(fault)
  }
  reading = false
  if (tell) timer = setTimeout(read, waits.shift() ?? POLL_MS)
}

function isPoolChange (row) {
  return row.action in KINDS && !row.registered && row.pool_id === row.event_pool_id &&
    row.release_reason !== 'MERGED' && row.release_reason !== 'ERASED'
}

function payloadOf (row) {
  const { txid, seq, action, at, cursor_key: key, owner_id: id, owner_name: name } = row
  const cursor = sealed(`${cluster}:${txid}:${seq}`, key)
  const customer = { ...row, owner: id && { id, name } }
  return { poolChanges: { cursor, kind: KINDS[action], at, customer } }
}
