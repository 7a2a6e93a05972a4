// PostGraphile tuned by hand beside Seapool, with graphile-worker for alarms.
//
// It reads and writes Seapool's own tables. PostGraphile gives it HTTP, GraphQL, plans, connections
// and settings of a transaction; each operation is a function in SQL or PL/pgSQL that answers with
// the contract's names. It leaves out: working days, the level that an owner wrote, grace, locks
// and extensions in deadlines; the exact elapsed time of spans with hours where clocks change;
// contacts inside other texts; signed cursors; translations; limits of cost, depth and rate,
// budgets of members, time limits of a request; webhooks, the doorbell; the log, request ids and
// metrics; another try where a row was in use.
import './production.mjs'
import { createServer } from 'node:http'
import { createVerifier } from 'fast-jwt'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { pool, prepare } from './database.mjs'
import { contract } from './schema.mjs'

const verify = createVerifier({
  key: process.env.SEAPOOL_SECRET,
  algorithms: ['HS256'],
  allowedIss: 'seapool',
  allowedAud: 'seapool',
  requiredClaims: ['exp', 'sub', 'org'],
  clockTolerance: 5000,
  cache: true
})

function context ({ node }) {
  const token = verify((node?.req.headers.authorization ?? '').slice('Bearer '.length))
  return {
    pgSettings: {
      'peer.organization': token.org,
      'peer.member': token.sub,
      'peer.issued': String(token.iat)
    }
  }
}

await prepare()
const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [contract],
  // No table and no function is shown by itself.
  pgServices: [makePgService({ pool, schemas: [] })],
  grafast: { context },
  grafserv: { graphiql: false, watch: false, websockets: false }
})
await instance.getSchema()
const server = createServer()
await instance.createServ(grafserv).addTo(server)
server.listen(Number(process.env.SEAPOOL_PORT), '127.0.0.1')
