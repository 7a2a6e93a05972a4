"""When jobs are due, and the commands that queue them."""

from datetime import UTC, datetime, timedelta

import pytest

from models.queue import jobs
from models.queue.jobs import KEPT_AFTER_DUE_MS, Alarm, commands_of, encoded_job

NOW = datetime(2031, 5, 1, tzinfo=UTC)
CLOCK = 1_000_000


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's, which differs from the database's."""
    monkeypatch.setattr(jobs, "clock_ms", lambda: CLOCK)


@pytest.mark.parametrize(
    ("left", "after_ms"),
    [
        (timedelta(seconds=5), 5001),
        (timedelta(microseconds=1500), 2),
        (timedelta(0), 1),
        (timedelta(seconds=-5), 0),
    ],
)
def test_a_job_rings_right_after_it_is_due_by_the_databases_clock(
    left: timedelta, after_ms: int
) -> None:
    alarm = Alarm("release:1", "release_customer", ("1", 1), NOW + left)
    assert encoded_job(alarm, NOW)[1] == CLOCK + after_ms


def test_jobs_are_queued_once_kept_past_their_time_and_deleted_where_useless() -> None:
    queued = {"later": (b"one", CLOCK + 5000), "late": (b"two", CLOCK - 5000)}
    assert commands_of(queued, ["useless", "too"]) == [
        ("SET", "arq:job:later", b"one", "NX", "PX", KEPT_AFTER_DUE_MS + 5000),
        ("SET", "arq:job:late", b"two", "NX", "PX", KEPT_AFTER_DUE_MS),
        ("ZADD", "arq:queue", "NX", CLOCK + 5000, "later", CLOCK - 5000, "late"),
        ("ZREM", "arq:queue", "useless", "too"),
        ("DEL", "arq:job:useless", "arq:job:too"),
    ]
    assert commands_of({}, []) == []
