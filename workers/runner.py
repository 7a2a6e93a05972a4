"""A worker process: arq's worker, restarted when Valkey ends it, the sweep, senders, dealing."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from typing import Any

import structlog
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff

from models import database
from models.queue import jobs, queue
from models.queue.valkey import connection_pool
from models.sharding.share import Share
from models.watch.watch import Watch
from settings import Settings
from workers.alarm_worker import AlarmWorker
from workers.channels.sender import Channels
from workers.dealing import Dealing
from workers.jobs import release_customer, remind_owner
from workers.sweep import Sweep
from workers.webhook_sender import Webhooks

MAX_JOBS = 50
POLL_SECONDS = 0.02
JOB_SECONDS = 30
# A job that runs early retries after the seconds that are left; it never gives up.
MAX_TRIES = 1_000_000
RESTART_SECONDS = 1.0
FAULTS: Any = (OSError, ConnectionError, TimeoutError)

log = structlog.get_logger()


def _is_fault(record: logging.LogRecord) -> bool:
    """Filter arq's harmless "job expired": a drain deleted a job that this worker had read."""
    return record.msg != "job %s expired"


logging.getLogger("arq.worker").addFilter(_is_fault)


async def main(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stopping.set)
    task = asyncio.create_task(run(settings))
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if task.done():
        task.result()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def run(settings: Settings, *, sweep_seconds: float = 2.0) -> None:
    """Run arq's worker, the sweep, the senders, the dealing and the watch until cancelled."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    async with (
        database.connected(settings, serving=True),
        queue.connected(settings),
        Watch().watching(),
        asyncio.TaskGroup() as tasks,
    ):
        share = Share.parsed(settings.share) if settings.share else None
        tasks.create_task(Sweep(name, sweep_seconds, share).run())
        tasks.create_task(Webhooks(settings, share=share).run())
        tasks.create_task(Channels(settings, share=share).run())
        tasks.create_task(Dealing(settings, share=share).run())
        tasks.create_task(_supervise(settings))


async def _supervise(settings: Settings) -> None:
    while True:
        worker = arq_worker(settings)
        try:
            await worker.async_run()
        except Exception as fault:
            database.end_if_cancelled()
            log.warning("arq's worker lost Valkey and restarts", fault=repr(fault))
        finally:
            await _close(worker)
        await asyncio.sleep(RESTART_SECONDS)


def arq_worker(settings: Settings, *, burst: bool = False) -> Worker:
    """arq's worker for our queue: JSON instead of pickle, no kept results, small time-outs."""
    pool = connection_pool(
        settings,
        socket_timeout=5,
        retry=Retry(ExponentialBackoff(cap=1, base=0.1), 3, supported_errors=FAULTS),
    )
    return AlarmWorker(
        functions=[
            func(release_customer, max_tries=MAX_TRIES, keep_result=0, timeout=JOB_SECONDS),
            func(remind_owner, max_tries=MAX_TRIES, keep_result=0, timeout=JOB_SECONDS),
        ],
        redis_pool=ArqRedis(
            pool_or_conn=pool, job_serializer=jobs.serialize, job_deserializer=jobs.deserialize
        ),
        job_serializer=jobs.serialize,
        job_deserializer=jobs.deserialize,
        ctx={"of_one": settings.share is not None},
        burst=burst,
        handle_signals=False,
        max_jobs=MAX_JOBS,
        poll_delay=POLL_SECONDS,
        keep_result=0,
        job_timeout=JOB_SECONDS,
        log_results=False,
        health_check_interval=60,
    )


async def _close(worker: Worker) -> None:
    for task in worker.tasks.values():
        task.cancel()
    await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    with contextlib.suppress(Exception):
        await worker.pool.aclose(close_connection_pool=True)
