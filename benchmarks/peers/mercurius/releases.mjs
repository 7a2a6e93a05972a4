// A release by hand: one statement that locks the customer, for its owner alone.
import { pool as database } from './database.mjs'
import { ring } from './feed.mjs'
import { decoded } from './pages.mjs'
import { refused } from './rules.mjs'
import { disarm, nextAlarm } from './valkey.mjs'

const LONGEST_REASON = 500
const RELEASE = `
WITH picked AS MATERIALIZED (
  SELECT id, epoch, pool_id, won_at, release_at, remind_at, remind_offsets FROM customer
  WHERE organization_id = $1 AND id = $3 AND owner_id = $2 FOR UPDATE
), released AS (
  UPDATE customer c SET owner_id = NULL, epoch = c.epoch + 1, opened_at = now(),
    claimed_at = NULL, followed_up_at = NULL, won_at = NULL, locked_at = NULL, extended_to = NULL,
    deal_reported_at = NULL, rules_version = NULL, release_at = NULL, release_reason = NULL,
    remind_at = DEFAULT, remind_offsets = DEFAULT, unannounced_rules_version = NULL,
    announced_release_at = NULL
  FROM picked p WHERE c.organization_id = $1 AND c.id = p.id
  RETURNING c.id, c.name, c.level, c.opened_at
), seated AS (
  UPDATE seat s SET held = s.held - 1, won = s.won - (p.won_at IS NOT NULL)::int
  FROM picked p WHERE s.organization_id = $1 AND s.pool_id = p.pool_id AND s.member_id = $2
), logged AS (
  INSERT INTO event (organization_id, customer_id, epoch, action, actor_id, member_id, former_id,
    reason, release_reason, pool_id, due_at, details)
  SELECT $1, id, epoch, 'RELEASED', $2, $2, $2, 'GIVEN_BACK', 'GIVEN_BACK', pool_id, release_at, '{}'
  FROM picked RETURNING id, customer_id
), texted AS (
  INSERT INTO event_text (organization_id, id, customer_id, reason)
  SELECT $1, id, customer_id, $4 FROM logged
)
SELECT r.*, p.epoch, p.release_at, p.remind_at, p.remind_offsets
FROM released r JOIN picked p ON p.id = r.id`
const SEEN = `
SELECT owner_id, pool_id FROM customer WHERE organization_id = $1 AND id = $2`

export async function releaseCustomer (_, { customerId, reason }, { member }) {
  const id = decoded('Customer', customerId)
  const words = reason.trim()
  if (!words || words.length > LONGEST_REASON) {
    return refused('InvalidInput', `say why, in 1 to ${LONGEST_REASON} characters`)
  }
  const values = [member.organization_id, member.id, id, words]
  const { rows: [customer] } = await database.query({ name: 'release', text: RELEASE, values })
  if (!customer) return await whyNot(member, id)
  ring()
  await disarm(alarmsOf(customer))
  return { __typename: 'Released', customer }
}

async function whyNot (member, id) {
  const values = [member.organization_id, id]
  const { rows: [seen] } = await database.query({ name: 'seen', text: SEEN, values })
  const known = seen && member.open_pools.includes(seen.pool_id)
  return known ? refused('NotHolder', 'You do not hold this customer.') : refused('NotFound', 'Not found.')
}

function alarmsOf ({ id, epoch, release_at: release, remind_at: times, remind_offsets: offsets }) {
  if (!release) return []
  const told = times.map((at, n) => [{ at, offset: offsets[n] }])
  return [...told, []].map(each => nextAlarm(id, epoch, release, each))
}
