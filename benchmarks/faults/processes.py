"""Processes that are killed, ended, or stand still."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable

import asyncpg
import psutil

from benchmarks.faults.machine import Machine
from benchmarks.faults.world import World
from engines import Engine
from models import database

BACKENDS = """
SELECT pid FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
Fault = Callable[[World], Awaitable[float]]


async def api_killed(world: World) -> float:
    return await _killed(world.apis)


async def worker_killed(world: World) -> float:
    return await _killed(world.workers)


async def postmaster_killed(world: World) -> float:
    return await _engine_killed(world.engines.postgres)


async def backend_killed(world: World) -> float:
    """PostgreSQL then ends all others, and recovers."""
    rows = await database.rows(BACKENDS)
    address = database.credentials(world.settings.database_url or "")
    other = await asyncpg.connect(**address)
    os.kill(random.choice(rows)["pid"], signal.SIGKILL)
    killed_at = time.time()
    while not other.is_closed():
        await asyncio.sleep(0.01)
    return killed_at


async def valkey_killed(world: World) -> float:
    return await _engine_killed(world.engines.valkey)


def api_stopped(seconds: float) -> Fault:
    async def stop(world: World) -> float:
        api = random.choice(world.apis)
        began = time.time()
        lifted_at = await _stopped([api.pid], seconds)
        api.still = (began, lifted_at)
        return lifted_at

    return stop


def worker_stopped(seconds: float) -> Fault:
    return lambda world: _stopped([random.choice(world.workers).pid], seconds)


def both_workers_stopped(seconds: float) -> Fault:
    return lambda world: _stopped([worker.pid for worker in world.workers], seconds)


def postgres_stopped(seconds: float) -> Fault:
    def stop(world: World) -> Awaitable[float]:
        postmaster = world.engines.postgres.pid
        children = psutil.Process(postmaster).children(recursive=True)
        return _stopped([postmaster, *(child.pid for child in children)], seconds)

    return stop


def valkey_stopped(seconds: float) -> Fault:
    return lambda world: _stopped([world.engines.valkey.pid], seconds)


async def api_terminated(world: World) -> float:
    return await _terminated(world.apis)


async def worker_terminated(world: World) -> float:
    return await _terminated(world.workers)


async def _killed(machines: list[Machine]) -> float:
    machine = random.choice(machines)
    machine.kill()
    killed_at = time.time()
    await machine.start_again()
    return killed_at


async def _engine_killed(engine: Engine) -> float:
    engine.kill()
    killed_at = time.time()
    await asyncio.to_thread(engine.start)
    return killed_at


async def _stopped(pids: list[int], seconds: float) -> float:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    return time.time()


async def _terminated(machines: list[Machine]) -> float:
    machine = random.choice(machines)
    machine.terminate()
    terminated_at = time.time()
    while machine.ended() is None:
        await asyncio.sleep(0.05)
    await machine.start_again()
    return terminated_at
