"""Jobs as arq reads them: a function, its arguments, when it is due."""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arq.jobs import serialize_job


@dataclass(frozen=True, slots=True)
class Alarm:
    """A job of arq's; `due` is a time of the database's clock."""

    job_id: str
    function: str
    arguments: tuple[Any, ...]
    due: datetime


def serialize(job: dict[str, Any]) -> bytes:
    """Return JSON. arq's result of a failed job may be an exception: that becomes its repr."""
    return json.dumps(job, separators=(",", ":"), default=repr).encode()


def encoded_job(alarm: Alarm, now: datetime | None) -> tuple[bytes, int]:
    """Return the job as arq reads it, and its due time on this machine's clock in ms."""
    assert now is not None
    clock = clock_ms()
    due = clock + max(0, int((alarm.due - now).total_seconds() * 1000) + 1)
    job = serialize_job(alarm.function, alarm.arguments, {}, None, clock, serializer=serialize)
    return job, due


def clock_ms() -> int:
    return int(time.time() * 1000)
