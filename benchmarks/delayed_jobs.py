"""The next alarms of many claims into Valkey: by our queue and by BullMQ, in turns."""

import asyncio
import json
import os
import statistics
import subprocess
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from benchmarks.ground import ground
from benchmarks.peers import node
from benchmarks.turns import AT_ONCE, machine_load, spread
from engines.child import environment_of
from models.holding.alarms import next_alarm
from models.queue.queue import queue
from models.tables import Customer
from settings import Settings

ROUNDS = 7
CLAIMS = 2_000
WARMING = 500

# Seconds, CPU seconds of the client and of Valkey, bytes in Valkey: of CLAIMS claims.
Figure = Mapping[str, float]


async def main() -> None:
    command = node.command_of("bullmq")
    print(f"load before: {machine_load()}")
    async with ground() as settings:
        figures: dict[str, list[Figure]] = {"seapool": []}
        if command:
            figures["bullmq"] = []
        for n in range(ROUNDS):
            for name in list(figures)[:: 1 if n % 2 else -1]:
                assert queue.redis is not None
                await queue.redis.flushdb()
                found = await _ours() if name == "seapool" else _bullmq(command or [], settings)
                figures[name].append(found)
    print(f"load after: {machine_load()}; {AT_ONCE} claims at once, a delayed job each")
    for name, each in figures.items():
        _print(name, each, figures["seapool"])


def _bullmq(command: list[str], settings: Settings) -> Figure:
    counts = map(str, (CLAIMS, AT_ONCE, WARMING))
    environment = os.environ | environment_of(settings)
    done = subprocess.run([*command, *counts], env=environment, capture_output=True, check=True)
    found: Figure = json.loads(done.stdout)
    return found


async def _ours() -> Figure:
    await _arm_all(WARMING)
    (cpu, size), spent, began = await _valkey(), time.process_time(), time.perf_counter()
    await _arm_all(CLAIMS)
    seconds, used = time.perf_counter() - began, time.process_time() - spent
    cpu_after, size_after = await _valkey()
    return {"seconds": seconds, "cpu": used, "valkey": cpu_after - cpu, "size": size_after - size}


async def _arm_all(count: int) -> None:
    waiting = iter(range(count))

    async def lane() -> None:
        for _ in waiting:
            now = datetime.now(UTC)
            due = [now + timedelta(days=days) for days in (7, 9, 10)]
            customer = Customer(
                id=uuid4(),
                epoch=1,
                release_at=due[2],
                remind_at=due[:2],
                remind_offsets=["P3D", "P1D"],
            )
            alarm = next_alarm(customer, now)
            assert alarm
            await queue.send([alarm], now, ring=True)

    await asyncio.gather(*(lane() for _ in range(AT_ONCE)))


async def _valkey() -> tuple[float, int]:
    assert queue.redis is not None
    found = await queue.redis.info()
    return found["used_cpu_user"] + found["used_cpu_sys"], found["used_memory"]


def _print(name: str, figures: list[Figure], ours: list[Figure]) -> None:
    median = {key: statistics.median(each[key] for each in figures) / CLAIMS for key in figures[0]}
    print(
        f"{name:8} {1 / median['seconds']:8,.0f} jobs a second,"
        f" CPU {1e6 * median['cpu']:.0f} µs, Valkey's {1e6 * median['valkey']:.0f} µs,"
        f" {median['size']:.0f} bytes a job"
    )
    if figures is not ours:
        for key in median:
            ratios = (one[key] / other[key] for one, other in zip(figures, ours, strict=True))
            print(f"  {key} beside ours: {spread(ratios)}")


if __name__ == "__main__":
    asyncio.run(main())
