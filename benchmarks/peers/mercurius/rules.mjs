// Deadlines and refusals of a pool's rules; see models/rules and models/taking.
const DAY = 86_400_000
const SPAN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
const UNITS = [7 * DAY, DAY, 3_600_000, 60_000, 1000]
const parsed = new Map()
const lengths = new Map()
const offsets = new Map()

export function rulesOf (text) {
  let rules = parsed.get(text)
  if (!rules) parsed.set(text, rules = JSON.parse(text))
  return rules
}

function forLevel (rules, level) {
  if (level === null || !rules.levels.length) return rules
  const own = rules.levels.find(each => each.level === level) ?? {}
  const set = Object.entries(own).filter(([, value]) => value !== null)
  return { ...rules, ...Object.fromEntries(set) }
}

// Whole days and elapsed time of an ISO 8601 duration, in milliseconds.
function lengthOf (span) {
  let found = lengths.get(span)
  if (!found) {
    const parts = SPAN.exec(span).slice(1).map((part, n) => Number(part ?? 0) * UNITS[n])
    found = { days: parts[0] + parts[1], elapsed: parts[2] + parts[3] + parts[4] }
    lengths.set(span, found)
  }
  return found
}

// The zone's offset from UTC in that hour, in milliseconds.
function offsetOf (zone, ms) {
  const key = `${zone} ${Math.floor(ms / 3_600_000)}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    const local = new Date(ms).toLocaleString('sv-SE', { timeZone: zone })
    offset = Date.parse(`${local.replace(' ', 'T')}Z`) - Math.floor(ms / 1000) * 1000
    offsets.set(key, offset)
  }
  return offset
}

// Whole days keep the local wall time; the fraction of the second, to the microsecond, stays.
export function moved (at, span, zone, sign = 1) {
  const { days, elapsed } = lengthOf(span)
  let ms = Date.parse(at)
  if (sign < 0) ms -= elapsed
  const local = ms + offsetOf(zone, ms) + sign * days
  let due = local - offsetOf(zone, local - offsetOf(zone, ms))
  if (sign > 0) due += elapsed
  return new Date(due).toISOString().slice(0, 19) + at.slice(19)
}

// The conditions for a release, the earliest first.
export function conditions (rules, customer, zone) {
  const terms = forLevel(rules, customer.level)
  const found = []
  const first = terms.first_follow_up_within ?? terms.follow_up_within
  const { claimed_at: claimed, followed_up_at: followed, won_at: won } = customer
  if (!(won && terms.deal_exempts)) {
    if (first && !(followed && !terms.follow_up_within)) {
      const due = moved(claimed, first, zone)
      const renewed = followed ? moved(followed, terms.follow_up_within, zone) : due
      found.push({ reason: 'NOT_FOLLOWED_UP', at: due > renewed ? due : renewed })
    }
    if (terms.deal_within && !won) {
      found.push({ reason: 'NO_DEAL', at: moved(claimed, terms.deal_within, zone) })
    }
    if (terms.max_hold) found.push({ reason: 'MAX_HOLD', at: moved(claimed, terms.max_hold, zone) })
  }
  if (won && terms.won_for) {
    found.push({ reason: 'CONTRACT_ENDED', at: moved(won, terms.won_for, zone) })
  }
  return found.sort((one, other) => one.at < other.at ? -1 : one.at > other.at ? 1 : 0)
}

const REMEDIES = {
  NOT_FOLLOWED_UP: 'Log a follow-up before then.',
  NO_DEAL: 'Record a signed deal before then.',
  MAX_HOLD: 'Neither follow-ups nor deals move this date.',
  CONTRACT_ENDED: 'Record a further signed deal before then.'
}
export const remedy = condition => REMEDIES[condition.reason]

export function reminders (rules, release, now, zone) {
  return rules.reminders
    .map(offset => ({ offset, at: moved(release, offset, zone, -1) }))
    .filter(each => each.at > now)
    .sort((one, other) => one.at < other.at ? -1 : 1)
}

export function dayOf (at, zone) {
  const ms = Date.parse(at)
  return new Date(ms + offsetOf(zone, ms)).toISOString().slice(0, 10)
}

// Why the member can't claim the customer now; null if they can. `row` has the seat and LOSSES.
export function refusal (rules, row, member) {
  if (row.owner_id !== null) return refused('AlreadyHeld', 'The customer is held.')
  const own = rules.capacities.find(each => each.member === member.id) ??
    rules.capacities.find(each => each.department && each.department === member.department_id)
  const capacity = own?.capacity ?? rules.capacity
  const held = (row.held ?? 0) - (rules.won_count ? 0 : row.won ?? 0)
  if (capacity !== null && held >= capacity) {
    return refused('CapacityReached', `You hold ${held} of ${capacity} customers.`)
  }
  const today = row.claimed_on >= dayOf(row.now, member.time_zone) ? row.claimed_today : 0
  if (rules.daily_claim_limit !== null && today >= rules.daily_claim_limit) {
    return refused('DailyLimitReached', `You may claim ${rules.daily_claim_limit} a day.`)
  }
  const cools = coolsUntil(rules, row, member.time_zone)
  if (cools > row.now) return refused('CoolingDown', `You lost this customer; wait until ${cools}.`)
  if (rules.new_customer_lock) {
    const opens = moved(row.entered_at, rules.new_customer_lock, member.time_zone)
    if (opens > row.now) return refused('NotYetOpen', `This customer opens at ${opens}.`)
  }
  return null
}

export const refused = (__typename, message) => ({ __typename, message })

function coolsUntil (rules, row, zone) {
  if (!row.lost_at) return ''
  const ends = row.lost_at.flatMap((at, n) =>
    [row.cool_downs[n], rules.reclaim_cooldown].filter(Boolean).map(span => moved(at, span, zone)))
  return ends.reduce((latest, end) => end > latest ? end : latest, '')
}
