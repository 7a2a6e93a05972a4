"""The faults. Each returns when it is lifted: for a kill, that is the moment of the kill."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable

import psutil
import redis.asyncio

from benchmarks.faults.machine import Machine
from benchmarks.faults.world import World
from engines import Engine
from models import database

STOPPED_SECONDS = 5
AWAY_SECONDS = 8
SLOW_SECONDS = 5
# Each way.
DELAY_SECONDS = 0.25
LOST_ANSWERS = 10
BACKENDS = """
SELECT pid FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
Fault = Callable[[World], Awaitable[float]]


async def nothing(_: World) -> float:
    return time.time()


async def api_killed(world: World) -> float:
    return await _killed(world.apis)


async def worker_killed(world: World) -> float:
    return await _killed(world.workers)


async def postmaster_killed(world: World) -> float:
    return await _engine_killed(world.engines.postgres)


async def backend_killed(_: World) -> float:
    rows = await database.rows(BACKENDS)
    os.kill(random.choice(rows)["pid"], signal.SIGKILL)
    return time.time()


async def valkey_killed(world: World) -> float:
    return await _engine_killed(world.engines.valkey)


async def api_stopped(world: World) -> float:
    return await _stopped([random.choice(world.apis).pid])


async def worker_stopped(world: World) -> float:
    return await _stopped([random.choice(world.workers).pid])


async def both_workers_stopped(world: World) -> float:
    return await _stopped([worker.pid for worker in world.workers])


async def postgres_stopped(world: World) -> float:
    postmaster = world.engines.postgres.pid
    children = psutil.Process(postmaster).children(recursive=True)
    return await _stopped([postmaster, *(child.pid for child in children)])


async def valkey_stopped(world: World) -> float:
    return await _stopped([world.engines.valkey.pid])


async def valkey_emptied(world: World) -> float:
    async with redis.asyncio.Redis.from_url(world.settings.redis_url or "") as valkey:
        await valkey.flushall()
    return time.time()


async def valkey_away(world: World) -> float:
    world.engines.valkey.kill()
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(world.engines.valkey.start)
    return time.time()


async def connections_cut(world: World) -> float:
    for _ in range(5):
        world.line.cut()
        await asyncio.sleep(random.uniform(0.1, 0.9))
    return time.time()


async def connections_half_open(world: World) -> float:
    world.line.stall()
    await asyncio.sleep(AWAY_SECONDS)
    world.line.resume()
    return time.time()


async def connections_slow(world: World) -> float:
    world.line.delay = DELAY_SECONDS
    await asyncio.sleep(SLOW_SECONDS)
    world.line.delay = 0
    return time.time()


async def answers_lost(world: World) -> float:
    world.line.lost_answers = LOST_ANSWERS
    while world.line.lost_answers:
        await asyncio.sleep(0.05)
    return time.time()


async def api_terminated(world: World) -> float:
    return await _terminated(world.apis)


async def worker_terminated(world: World) -> float:
    return await _terminated(world.workers)


SCENARIOS: dict[str, Fault] = {
    "nothing": nothing,
    "API killed": api_killed,
    "worker killed": worker_killed,
    "PostgreSQL killed": postmaster_killed,
    "a backend killed": backend_killed,
    "Valkey killed": valkey_killed,
    "API stands still 5 s": api_stopped,
    "worker stands still 5 s": worker_stopped,
    "both workers stand still 5 s": both_workers_stopped,
    "PostgreSQL stands still 5 s": postgres_stopped,
    "Valkey stands still 5 s": valkey_stopped,
    "Valkey emptied": valkey_emptied,
    "Valkey away 8 s": valkey_away,
    "connections cut": connections_cut,
    "connections half open 8 s": connections_half_open,
    "connections 500 ms slow": connections_slow,
    "answers to commits lost": answers_lost,
    "API ended by SIGTERM": api_terminated,
    "worker ended by SIGTERM": worker_terminated,
}


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


async def _stopped(pids: list[int]) -> float:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(STOPPED_SECONDS)
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
