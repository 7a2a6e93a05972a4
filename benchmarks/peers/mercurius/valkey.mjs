// Valkey: alarms in arq's queue, with the keys of models/queue/queue.py, and the doorbell.
import Redis from 'ioredis'

const DOORBELL = 'seapool:doorbell'
const KEPT_MS = 30 * 86_400_000

const address = new URL(process.env.SEAPOOL_REDIS_URL)
const redis = address.protocol === 'unix:' ? new Redis(address.pathname) : new Redis(address.href)

// The next reminder or, after the last one, the release.
export function nextAlarm (id, epoch, release, told) {
  if (!release) return null
  if (!told.length) {
    const job = `release:${id}:${epoch}:${Date.parse(release)}`
    return { job, call: ['release_customer', [id, epoch]], at: release }
  }
  const [{ at, offset }] = told
  const job = `remind:${id}:${epoch}:${offset}:${Date.parse(at)}`
  return { job, call: ['remind_owner', [id, epoch, offset]], at }
}

// In one round trip with the doorbell.
export async function arm (alarm, now) {
  const pipe = redis.pipeline()
  if (alarm) {
    const { job, call: [f, a], at } = alarm
    const clock = Date.now()
    const left = Math.max(0, Date.parse(at) - Date.parse(now) + 1)
    const payload = JSON.stringify({ t: null, f, a, k: {}, et: clock })
    pipe.set(`arq:job:${job}`, payload, 'PX', left + KEPT_MS, 'NX')
    pipe.zadd('arq:queue', 'NX', clock + left, job)
  }
  pipe.publish(DOORBELL, '')
  await pipe.exec()
}

export async function disarm (alarms) {
  const pipe = redis.pipeline()
  for (const { job } of alarms) pipe.zrem('arq:queue', job).del(`arq:job:${job}`)
  pipe.publish(DOORBELL, '')
  await pipe.exec()
}

export async function hear (ring) {
  const bell = redis.duplicate()
  bell.on('message', ring)
  await bell.subscribe(DOORBELL)
}
