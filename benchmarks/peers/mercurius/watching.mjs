// Who watches which pool, and what they are told: one payload for all, with their rights as of now.
import { pool as database } from './database.mjs'
import { follow, unfollow } from './feed.mjs'
import { decoded } from './pages.mjs'

// Those of the members who may not see the pool now.
const LOST = `
SELECT w.id FROM unnest($3::uuid[]) AS w(id) WHERE NOT EXISTS (
  SELECT FROM member m WHERE m.organization_id = $1 AND m.id = w.id AND m.active AND (
    m.role = 'ADMIN' OR EXISTS (
      SELECT FROM pool_access a WHERE a.organization_id = $1 AND a.pool_id = $2
      AND (a.member_id = m.id OR a.department_id = m.department_id))))`
const END = { value: undefined, done: true }
const topics = new Map()
let followed = null

class Topic {
  watches = new Set()
  // Of the members, as PostgreSQL's array; made again when somebody comes or goes.
  #ids = null

  constructor (pool) {
    this.pool = pool
  }

  add (watch) {
    this.watches.add(watch)
    this.#ids = null
  }

  delete (watch) {
    if (!this.watches.delete(watch)) return
    this.#ids = null
    if (!this.watches.size) topics.delete(this.pool)
    if (!topics.size) {
      followed = null
      unfollow()
    }
  }

  get ids () {
    return this.#ids ??= `{${Array.from(this.watches, each => each.member.id).join()}}`
  }
}

// One subscription: what graphql-js iterates over, without a stream between.
class Watch {
  #told = []
  #next = null
  #ended = false

  constructor (topic, member) {
    this.topic = topic
    this.member = member
    topic.add(this)
  }

  push (value) {
    if (this.#next) {
      this.#next({ value, done: false })
      this.#next = null
    } else {
      this.#told.push(value)
    }
  }

  next () {
    if (this.#told.length) return Promise.resolve({ value: this.#told.shift(), done: false })
    if (this.#ended) return Promise.resolve(END)
    return new Promise(resolve => { this.#next = resolve })
  }

  return () {
    this.#ended = true
    this.#next?.(END)
    this.topic.delete(this)
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator] () {
    return this
  }
}

export async function poolChanges (_, { poolId }, { member }) {
  const id = decoded('Pool', poolId)
  if (!member.open_pools.includes(id)) throw new Error('Not found.')
  let topic = topics.get(id)
  if (!topic) topics.set(id, topic = new Topic(id))
  const watch = new Watch(topic, member)
  try {
    await (followed ??= follow(tell))
  } catch (fault) {
    followed = null
    watch.return()
    throw fault
  }
  return watch
}

async function tell (event, payload) {
  const topic = topics.get(event.pool_id)
  if (!topic) return
  const values = [event.organization_id, event.pool_id, topic.ids]
  const { rows } = await database.query({ name: 'lost', text: LOST, values })
  if (rows.length) {
    const lost = new Set(rows.map(each => each.id))
    for (const watch of topic.watches) if (lost.has(watch.member.id)) watch.return()
  }
  for (const watch of topic.watches) watch.push(payload)
}
