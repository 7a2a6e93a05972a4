"""Jobs as arq reads them: a function, its arguments, when it is due."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arq.jobs import serialize_job


@dataclass(frozen=True, slots=True)
class Alarm:
    """A job to run when it is due; `due` is by the database's clock."""

    job_id: str
    function: str
    arguments: tuple[Any, ...]
    due: datetime


def serialize(job: dict[str, Any]) -> bytes:
    """Also what arq says of a job that failed, which may be an exception."""
    return json.dumps(job, separators=(",", ":"), default=repr).encode()


def encoded_job(alarm: Alarm, now: datetime | None) -> tuple[bytes, int]:
    """The job as arq reads it, and when it is due by this machine's clock in milliseconds."""
    assert now is not None
    clock = clock_ms()
    due = clock + max(0, int((alarm.due - now).total_seconds() * 1000) + 1)
    job = serialize_job(alarm.function, alarm.arguments, {}, None, clock, serializer=serialize)
    return job, due


def clock_ms() -> int:
    return int(time.time() * 1000)
