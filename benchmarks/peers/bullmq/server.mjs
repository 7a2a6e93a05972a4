// Delayed jobs by BullMQ: the next alarm of a claim, so many claims at once.
//
// It prints seconds, its own CPU, Valkey's CPU and Valkey's bytes for all jobs, as JSON. It leaves
// out the doorbell.
import { Queue } from 'bullmq'
import Redis from 'ioredis'
import { randomUUID } from 'node:crypto'

const [groups, atOnce, warming] = process.argv.slice(2).map(Number)
const DAY = 86_400_000
const address = new URL(process.env.SEAPOOL_REDIS_URL)
const connection = new Redis(address.pathname, { maxRetriesPerRequest: null })
const queue = new Queue('alarms', { connection })

async function arm () {
  const id = randomUUID()
  const opts = { delay: 7 * DAY, jobId: `remind_owner-${id}-1-P3D` }
  await queue.add('remind_owner', [id, 1, 'P3D'], opts)
}

async function armAll (count) {
  let left = count
  const lane = async () => { while (left-- > 0) await arm() }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

async function info () {
  const text = await connection.info()
  const of = name => Number(new RegExp(`^${name}:(.*)$`, 'm').exec(text)[1])
  return { cpu: of('used_cpu_user') + of('used_cpu_sys'), bytes: of('used_memory') }
}

await queue.waitUntilReady()
await armAll(warming)
const [before, cpu, began] = [await info(), process.cpuUsage(), performance.now()]
await armAll(groups)
const seconds = (performance.now() - began) / 1000
const spent = process.cpuUsage(cpu)
const after = await info()
console.log(JSON.stringify({
  seconds,
  cpu: (spent.user + spent.system) / 1e6,
  valkey: after.cpu - before.cpu,
  size: after.bytes - before.bytes
}))
await queue.close()
connection.disconnect()
