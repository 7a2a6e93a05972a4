// Pages of a pool and of one's own customers, and what each customer shows.
import { createHmac } from 'node:crypto'
import { LOSSES, pool as database } from './database.mjs'
import { conditions, refusal, rulesOf } from './rules.mjs'

const MOBILE = /^(?:\+?86|0086)?(1[3-9]\d)\d{4}(\d{4})$/
const POOLED = `
SELECT c.*, c.opened_at::text AS page_key, p.rules::text AS rules,
  s.held, s.won, s.claimed_on, s.claimed_today, losses.*, clock_timestamp() AS now
FROM (
  SELECT id, name, level, person, phone, email, opened_at, entered_at, owner_id FROM customer
  WHERE organization_id = $1 AND pool_id = $3 AND owner_id IS NULL
  ORDER BY opened_at DESC, id DESC LIMIT $4
) AS c
JOIN pool p ON p.organization_id = $1 AND p.id = $3
LEFT JOIN seat s ON s.organization_id = $1 AND s.pool_id = $3 AND s.member_id = $2
${LOSSES}
ORDER BY c.opened_at DESC, c.id DESC`
const HELD = `
SELECT c.id, c.name, c.level, c.person, c.phone, c.email, c.claimed_at, c.followed_up_at, c.won_at,
  c.remind_at, c.release_at, c.release_reason, p.rules::text AS rules,
  coalesce(c.release_at, 'infinity')::text AS page_key
FROM customer c JOIN pool p ON p.organization_id = c.organization_id AND p.id = c.pool_id
WHERE c.organization_id = $1 AND c.owner_id = $2
ORDER BY coalesce(c.release_at, 'infinity'), c.id LIMIT $3`
const HIDDEN = { person: null, phone: null, email: null, masked: true }
const COUNT = `
SELECT coalesce(sum(held), 0)::int AS held FROM seat WHERE organization_id = $1 AND member_id = $2`

export const globalId = (type, id) => `${type}_${id.replaceAll('-', '')}`

// The UUID of a global id, null where it is none of that type.
export function decoded (type, id) {
  const [, given, hex] = /^([A-Za-z]+)_([0-9a-f]{32})$/.exec(id) ?? []
  return given === type ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : null
}

export async function pooledPage ({ id }, { first }, { member }) {
  const values = [member.organization_id, member.id, id, first + 1]
  const { rows } = await database.query({ name: 'pooled', text: POOLED, values })
  return page('OPENED_LATEST', rows, first, member)
}

export async function heldPage (_, { first }, { member }) {
  const values = [member.organization_id, member.id, first + 1]
  const { rows } = await database.query({ name: 'held', text: HELD, values })
  return page('RELEASE_SOONEST', rows, first, member)
}

export async function heldCount (_, __, { member }) {
  const values = [member.organization_id, member.id]
  return (await database.query({ name: 'count', text: COUNT, values })).rows[0].held
}

function page (name, rows, first, member) {
  const nodes = rows.slice(0, first)
  const last = nodes.at(-1)
  const endCursor = last ? sealedList([name, last.page_key, last.id], member.cursor_key) : null
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor } }
}

function sealedList (values, key) {
  // Python's json.dumps has a space behind a comma.
  return sealed(`[${values.map(each => JSON.stringify(each)).join(', ')}]`, key)
}

export function sealed (plain, key) {
  if (Buffer.byteLength(plain) % 3 === 0) plain += ' '
  const mac = createHmac('sha256', key).update(plain).digest().subarray(0, 16)
  return `${urlSafe(Buffer.from(plain))}.${urlSafe(mac)}`
}

const urlSafe = bytes => bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')

export function contact (row, _, { member }) {
  const { person, phone, email } = row
  if (row.owner_id === member.id || row.owner_id === undefined) {
    return { person, phone, email, masked: false }
  }
  // Once for all who watch.
  return row.shown ??= row.owner_id === null ? shownInPool(row) : HIDDEN
}

function shownInPool ({ person, phone, email, rules }) {
  const { masked } = rulesOf(rules)
  const shown = {
    person: person && masked.includes('PERSON') ? person[0] + '*'.repeat(person.length - 1) : person,
    phone: phone && masked.includes('PHONE') ? maskedPhone(phone) : phone,
    email: email && masked.includes('EMAIL') ? maskedEmail(email) : email
  }
  shown.masked = shown.person !== person || shown.phone !== phone || shown.email !== email
  return shown
}

function maskedPhone (phone) {
  const mobile = MOBILE.exec(phone)
  return mobile ? `${mobile[1]}****${mobile[2]}` : '*'.repeat(phone.length)
}

function maskedEmail (email) {
  const [name, domain] = email.split('@')
  return `${name.length > 2 ? name[0] : ''}*****@${domain}`
}

export function claimable (row, _, { member }) {
  const rules = rulesOf(row.rules)
  const refused = refusal(rules, row, member)
  if (refused) return refused
  const held = { level: row.level, claimed_at: row.now, followed_up_at: null, won_at: null }
  const release = conditions(rules, held, member.time_zone)[0]
  return { __typename: 'Claimable', releaseAt: release?.at ?? null }
}

export function release (row, _, { member }) {
  if (row.release_at === null) return null
  const all = conditions(rulesOf(row.rules), row, member.time_zone)
  return { at: row.release_at, reason: row.release_reason, conditions: all }
}

