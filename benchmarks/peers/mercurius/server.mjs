// A hand-tuned peer of Seapool: fastify, mercurius with its JIT, pg with prepared statements.
//
// It reads and writes Seapool's own tables, and does the work of five operations: a page of a
// pool, a page of one's own customers, a claim, a claim with an idempotency key, a subscription to
// the changes of a pool; and for these changes a release by its owner. It leaves out: working days,
// the level that an owner wrote, grace, locks and extensions in deadlines; contacts inside other
// texts; cursors that come back; translations; limits of cost, depth and rate, budgets of members,
// time limits of a request; webhooks; the log, request ids and metrics; another try where a row was
// in use; of websockets, their pings, their end with the token, and any bound for a slow reader.
//
// Mercurius executes a subscription by graphql-js, for each watcher: its JIT is for requests.
import { readFileSync } from 'node:fs'
import { createVerifier } from 'fast-jwt'
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { activeMember } from './database.mjs'
import { resolvers } from './resolvers.mjs'

const verify = createVerifier({
  key: process.env.SEAPOOL_SECRET,
  algorithms: ['HS256'],
  allowedIss: 'seapool',
  allowedAud: 'seapool',
  requiredClaims: ['exp', 'sub', 'org'],
  clockTolerance: 5000,
  cache: true
})

async function authenticate (authorization) {
  try {
    const token = verify(authorization.slice('Bearer '.length))
    const member = await activeMember(token.org, token.sub)
    if (member && (member.returned === null || token.iat >= member.returned)) return member
  } catch (fault) {
    if (!String(fault.code).startsWith('FAST_JWT_')) throw fault
  }
  const refusal = new Error('no active member has this token')
  refusal.statusCode = 401
  throw refusal
}

const app = Fastify({ logger: false })
app.register(mercurius, {
  schema: ['./schema.graphql', './changes.graphql']
    .map(each => readFileSync(new URL(each, import.meta.url), 'utf8')).join('\n'),
  resolvers,
  jit: 1,
  subscription: {
    onConnect: async ({ payload }) => ({ member: await authenticate(payload?.Authorization ?? '') })
  },
  context: async request => ({ member: await authenticate(request.headers.authorization ?? '') })
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.SEAPOOL_PORT) })
