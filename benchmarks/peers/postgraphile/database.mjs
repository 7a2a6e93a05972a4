// PostgreSQL: one pool of connections, graphile-worker's tables, and this peer's functions.
import { readFileSync } from 'node:fs'
import { makeWorkerUtils } from 'graphile-worker'
import pg from 'pg'

const url = new URL(process.env.SEAPOOL_DATABASE_URL.replace('@/', '@localhost/'))
export const pool = new pg.Pool({
  host: url.searchParams.get('host') ?? url.hostname,
  port: Number(url.port || 5432),
  user: url.username,
  database: url.pathname.slice(1),
  max: 20,
  options: '-c TimeZone=UTC -c plan_cache_mode=force_generic_plan -c jit=off'
})
pool.on('error', console.error)
pool.on('connect', client => client.on('error', console.error))

export async function prepare () {
  const utils = await makeWorkerUtils({ pgPool: pool })
  await utils.migrate()
  await utils.release()
  for (const name of ['functions', 'claim', 'pages']) {
    await pool.query(readFileSync(new URL(`./${name}.sql`, import.meta.url), 'utf8'))
  }
}
