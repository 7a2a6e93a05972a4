// A claim: one transaction that locks the customer and the seat, then the next alarm into Valkey.
import { createHash } from 'node:crypto'
import { LOSSES, pool as database } from './database.mjs'
import { ring } from './feed.mjs'
import { decoded } from './pages.mjs'
import { conditions, dayOf, refusal, refused, reminders, rulesOf } from './rules.mjs'
import { arm, nextAlarm } from './valkey.mjs'

const LOCKED = `
SELECT c.id, c.name, c.level, c.owner_id, c.epoch, c.entered_at, c.pool_id,
  p.rules::text AS rules, p.rules_version, s.id AS seat_id, s.held, s.won, s.claimed_on,
  s.claimed_today, losses.*, clock_timestamp() AS now, (
    SELECT a.details FROM event a WHERE a.organization_id = $1 AND a.actor_id = $2
    AND a.idempotency_key = $4) AS answer
FROM customer c
JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
JOIN seat s ON s.organization_id = c.organization_id AND s.pool_id = c.pool_id AND s.member_id = $2
${LOSSES}
WHERE c.organization_id = $1 AND c.id = $3 FOR UPDATE OF c, s`
const SEAT = `
INSERT INTO seat (organization_id, pool_id, member_id)
SELECT c.organization_id, c.pool_id, $2 FROM customer c WHERE c.organization_id = $1 AND c.id = $3
ON CONFLICT DO NOTHING`
const TAKEN = `
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
FROM taken WHERE $12::text IS NOT NULL`
const AGAIN = `
SELECT id, name, level, person, phone, email, claimed_at, followed_up_at, won_at, remind_at,
  release_at, release_reason FROM customer WHERE organization_id = $1 AND id = $2`

export async function claimCustomer (_, { customerId, idempotencyKey: key }, { member }) {
  const id = decoded('Customer', customerId)
  if (id === null) return NOT_FOUND
  const client = await database.connect()
  let result
  try {
    await client.query('BEGIN')
    result = await claimed(client, member, id, key ?? null)
    await client.query(result.customer ? 'COMMIT' : 'ROLLBACK')
  } catch (fault) {
    await client.query('ROLLBACK')
    throw fault
  } finally {
    client.release()
  }
  if ('alarm' in result) {
    ring()
    await arm(result.alarm, result.customer.claimed_at)
  }
  return result
}

const NOT_FOUND = refused('NotFound', 'Not found.')

async function claimed (client, member, id, key) {
  const row = await locked(client, member, id, key)
  if (!row || (!member.open_pools.includes(row.pool_id) && row.owner_id !== member.id)) {
    return NOT_FOUND
  }
  const request = key && digest(['claim', [id]])
  if (row.answer) return await firstAnswer(client, member, row.answer, request)
  const rules = rulesOf(row.rules)
  const reason = refusal(rules, row, member)
  if (reason) return reason
  return await taken(client, member, row, rules, key, request)
}

async function locked (client, member, id, key) {
  const values = [member.organization_id, member.id, id, key]
  const ask = () => client.query({ name: 'locked', text: LOCKED, values })
  let { rows } = await ask()
  if (!rows.length) {
    await client.query({ name: 'seat', text: SEAT, values: values.slice(0, 3) })
    rows = (await ask()).rows
  }
  return rows[0]
}

async function taken (client, member, row, rules, key, request) {
  const { now, epoch } = row
  const customer = { ...row, claimed_at: now, followed_up_at: null, won_at: null }
  const first = conditions(rules, customer, member.time_zone)[0]
  const told = first ? reminders(rules, first.at, now, member.time_zone) : []
  const [at, reason] = [first?.at ?? null, first?.reason ?? null]
  const answer = key && { request, answer: [{ type: 'Claimed', customer: row.id }] }
  await client.query({
    name: 'taken',
    text: TAKEN,
    values: [member.organization_id, member.id, row.id, row.seat_id, dayOf(now, member.time_zone),
      now, row.rules_version, at, reason, told.map(each => each.at),
      told.map(each => each.offset), key, answer]
  })
  Object.assign(customer, { owner_id: member.id, release_at: at, release_reason: reason })
  customer.remind_at = told.map(each => each.at)
  return { __typename: 'Claimed', customer, alarm: nextAlarm(row.id, epoch + 1, at, told) }
}

function digest (request) {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex')
}

async function firstAnswer (client, member, answer, request) {
  if (answer.request !== request) {
    return refused('InvalidInput', 'The key was used for another request.')
  }
  const values = [member.organization_id, answer.answer[0].customer]
  const { rows } = await client.query({ name: 'again', text: AGAIN, values })
  return { __typename: 'Claimed', customer: rows[0] }
}
