"""Jobs as arq reads them: a function, its arguments, when it is due."""

import json
import time
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from arq.constants import default_queue_name, job_key_prefix
from arq.jobs import serialize_job

from models.queue.round_trip import Command
from models.telemetry import tracing
from models.telemetry.tracing import ORIGIN

# A job that no worker takes is kept for so long.
KEPT_AFTER_DUE_MS = 30 * 86_400_000

_JSON = json.JSONEncoder(separators=(",", ":"), default=repr)
# What queued the job of the present task.
origin_of_task: ContextVar[str | None] = ContextVar("origin_of_task", default=None)


class Alarm(NamedTuple):
    """A job of arq's; `due` is a time of the database's clock."""

    job_id: str
    function: str
    arguments: tuple[Any, ...]
    due: datetime


def serialize(job: dict[str, Any]) -> bytes:
    """Return JSON. arq's result of a failed job may be an exception: that becomes its repr.

    Where traces are on it carries ORIGIN, which arq and workers of a release before overlook.
    """
    return _JSON.encode(_with_origin(job)).encode()


def _serialize_alarm(job: dict[str, Any]) -> bytes:
    """The same for an alarm, whose arguments are texts and numbers, in a tenth of the time."""
    return orjson.dumps(_with_origin(job))


def _with_origin(job: dict[str, Any]) -> dict[str, Any]:
    origin = tracing.carry()
    return job if origin is None else job | {ORIGIN: origin}


def deserialize(data: bytes) -> dict[str, Any]:
    """Read JSON; note the origin for the task: arq reads each job in a task of its own."""
    job: dict[str, Any] = json.loads(data)
    origin_of_task.set(job.get(ORIGIN))
    return job


def encoded_job(alarm: Alarm, now: datetime | None) -> tuple[bytes, int]:
    """Return the job as arq reads it, and its due time on this machine's clock in ms."""
    assert now is not None
    clock = clock_ms()
    due = clock + max(0, int((alarm.due - now).total_seconds() * 1000) + 1)
    job = serialize_job(
        alarm.function, alarm.arguments, {}, None, clock, serializer=_serialize_alarm
    )
    return job, due


def commands_of(jobs: Mapping[str, tuple[bytes, int]], useless: Sequence[str]) -> list[Command]:
    """Return what adds the jobs, by id and with their due times in ms, and deletes the useless."""
    now = clock_ms()
    commands: list[Command] = []
    for job_id, (payload, due) in jobs.items():
        lives = max(0, due - now) + KEPT_AFTER_DUE_MS
        commands.append(("SET", job_key_prefix + job_id, payload, "NX", "PX", lives))
    if jobs:
        scores = [argument for job_id, (_, due) in jobs.items() for argument in (due, job_id)]
        commands.append(("ZADD", default_queue_name, "NX", *scores))
    if useless:
        commands.append(("ZREM", default_queue_name, *useless))
        commands.append(("DEL", *(job_key_prefix + job_id for job_id in useless)))
    return commands


def clock_ms() -> int:
    return int(time.time() * 1000)
