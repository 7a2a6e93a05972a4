// Releases by graphile-worker: a delayed job for each customer that is held, all due at once.
//
// It queues the jobs first, and prints how many customers it released, in how many seconds, and its
// own CPU, as JSON. It is tuned as its documentation says: it fetches and completes jobs in
// batches. Each job releases one customer by one statement; it leaves out the rules' version and
// the doorbell.
import { runMigrations, runOnce, Logger } from 'graphile-worker'
import pg from 'pg'

const url = new URL(process.env.SEAPOOL_DATABASE_URL.replace('@/', '@localhost/'))
const [concurrentJobs, size] = process.argv.slice(2).map(Number)
const pgPool = new pg.Pool({
  host: url.searchParams.get('host') ?? url.hostname,
  port: Number(url.port || 5432),
  user: url.username,
  database: url.pathname.slice(1),
  max: concurrentJobs + 1,
  options: '-c plan_cache_mode=force_generic_plan -c jit=off'
})
pgPool.on('error', console.error)
pgPool.on('connect', client => client.on('error', console.error))
// Jobs have no keys: a job that comes too early, or for an earlier owner, does nothing.
const ARM = `
SELECT count(*)::int AS armed FROM graphile_worker.add_jobs(ARRAY(
  SELECT ('release', json_build_array(organization_id, id, epoch, release_at), NULL, release_at,
    NULL, NULL, NULL, NULL)::graphile_worker.job_spec
  FROM customer WHERE release_at IS NOT NULL ORDER BY release_at, id))`
const RELEASE = `
WITH due AS (
  SELECT organization_id, id FROM customer
  WHERE organization_id = $1 AND id = $2 AND epoch = $3 AND release_at = $4 AND release_at <= now()
  FOR UPDATE
), released AS (
  UPDATE customer c SET owner_id = NULL, epoch = c.epoch + 1, opened_at = now(),
    claimed_at = NULL, rules_version = NULL, release_at = NULL, release_reason = NULL,
    remind_at = '{}', remind_offsets = '{}'
  FROM due d WHERE c.organization_id = d.organization_id AND c.id = d.id
  RETURNING c.organization_id, c.id, c.pool_id, old.epoch, old.owner_id, old.release_at,
    old.release_reason
), seated AS (
  UPDATE seat s SET held = s.held - 1 FROM released r
  WHERE s.organization_id = r.organization_id AND s.pool_id = r.pool_id
    AND s.member_id = r.owner_id
)
INSERT INTO event (organization_id, customer_id, epoch, action, member_id, former_id, reason,
  release_reason, pool_id, due_at, details)
SELECT organization_id, id, epoch, 'RELEASED', owner_id, owner_id, release_reason,
  release_reason, pool_id, release_at, '{"rules_version": 1}' FROM released`

let released = 0
async function release (values, { query }) {
  const { rowCount } = await query({ name: 'release', text: RELEASE, values })
  released += rowCount
}

const options = {
  pgPool,
  taskList: { release },
  logger: new Logger(() => (level, message) => {
    if (level === 'error') console.error(message)
  }),
  preset: {
    worker: {
      concurrentJobs,
      localQueue: { size },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
      preparedStatements: true,
      useNodeTime: false
    }
  }
}
await runMigrations(options)
await pgPool.query('TRUNCATE graphile_worker._private_jobs')
const { armed } = (await pgPool.query(ARM)).rows[0]
await pgPool.query('VACUUM ANALYZE graphile_worker._private_jobs')
const [cpu, began] = [process.cpuUsage(), performance.now()]
await runOnce(options)
const seconds = (performance.now() - began) / 1000
const spent = process.cpuUsage(cpu)
console.log(JSON.stringify({ armed, released, seconds, cpu: (spent.user + spent.system) / 1e6 }))
await pgPool.end()
