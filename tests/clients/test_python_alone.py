"""What the Python client does without an API: its clock and its pauses."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from seapool_client import Happened, ServerClock, Unauthenticated
from seapool_client.errors import error_of, error_of_status
from seapool_client.following import follow
from seapool_client.retries import may_come_again, pause_seconds

SERVER = datetime(2026, 11, 28, 12, 0, 0, 700_000, tzinfo=UTC)
HALF_A_SECOND = timedelta(seconds=0.5)


def test_a_clock_that_is_an_hour_wrong_counts_down_right() -> None:
    wrong = SERVER.timestamp() - 3600
    clock = ServerClock(lambda: wrong)
    assert clock.offset == timedelta()
    clock.learn(None, 1, 2)
    clock.learn(format_datetime(SERVER, usegmt=True), wrong, wrong)
    assert abs(clock.now() - SERVER) <= HALF_A_SECOND
    assert abs(clock.until(SERVER + timedelta(minutes=1)) - timedelta(minutes=1)) <= HALF_A_SECOND
    assert clock.until(SERVER - timedelta(minutes=1)) == timedelta()


def test_a_machine_whose_clock_is_set_learns_again() -> None:
    clock = ServerClock(lambda: 0)
    server = SERVER.timestamp()
    for local in (server - 10, server + 5000):
        clock.learn(format_datetime(SERVER, usegmt=True), local, local)
    assert abs(clock.offset + timedelta(seconds=5000)) <= HALF_A_SECOND


def test_a_pause_doubles_has_an_end_and_never_comes_before_retry_after() -> None:
    assert [pause_seconds(n, part=1) for n in (1, 2, 3, 99)] == [0.3, 0.6, 1.2, 10]
    assert pause_seconds(1, 5, part=0) == 5.15


@pytest.mark.parametrize(
    ("status", "with_key", "without"),
    [(503, True, False), (429, True, True), (400, False, False), (401, False, False)],
)
def test_only_what_cant_be_done_twice_comes_again(
    status: int, with_key: bool, without: bool
) -> None:
    error = error_of_status(status, 2)
    assert error.retry_after == 2
    assert (may_come_again(error, True), may_come_again(error, False)) == (with_key, without)


@dataclass(frozen=True)
class Event:
    cursor: str


async def test_a_token_may_expire_again_and_again_while_nothing_happens() -> None:
    asked: list[str | None] = []

    async def subscribe(after: str | None) -> AsyncIterator[Event]:
        asked.append(after)
        if len(asked) < 4:
            raise error_of_status(401)
        yield Event("8")

    events = follow(subscribe, _nowhere, "7", lambda: len(asked))
    assert await anext(events) == Happened(Event("8"))
    assert asked == ["7"] * 4


async def test_a_token_that_no_connection_accepts_ends_it() -> None:
    async def subscribe(after: str | None) -> AsyncIterator[Event]:
        raise error_of_status(401)
        yield Event("")

    with pytest.raises(Unauthenticated):
        await anext(follow(subscribe, _nowhere, "7", lambda: 0))


async def _nowhere() -> None:
    raise AssertionError("a cursor was known")


def test_an_unknown_code_stays_readable() -> None:
    assert error_of([{"message": "?", "extensions": {"code": "NEW_ONE"}}]).code == "NEW_ONE"
