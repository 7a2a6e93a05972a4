"""Which workers live: each writes its heartbeat, and the API's health reads the newest."""

import math

from models import database

ALIVE_SECONDS = 15
BEAT = """
INSERT INTO heartbeat (worker, at) VALUES ($1, now())
ON CONFLICT (worker) DO UPDATE SET at = excluded.at
"""
BEATS = "SELECT max(at) > now() - $1 * interval '1 second' AS beats FROM heartbeat"
AGE = "SELECT extract(epoch FROM now() - max(at))::float AS seconds FROM heartbeat"
FORGET = "DELETE FROM heartbeat WHERE at < now() - interval '1 day'"


async def beat(worker: str) -> None:
    await database.rows(BEAT, worker)


async def some_worker_beats() -> bool:
    """Return whether any worker wrote its heartbeat within ALIVE_SECONDS."""
    return bool((await database.rows(BEATS, ALIVE_SECONDS))[0]["beats"])


async def seconds_since_newest() -> float:
    """Return how old the newest heartbeat of any worker is; endless where there was none."""
    seconds = (await database.rows(AGE))[0]["seconds"]
    return math.inf if seconds is None else float(seconds)


async def forget_old() -> None:
    """Delete the heartbeats of workers that have been gone for a day."""
    await database.rows(FORGET)
