"""Each wait has an end; what a live process holds stays its own."""

import asyncio

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError, TransactionManagementError

from models import database as databases
from models.database import session
from settings import Settings
from tests.support.samples import Office, connection, someone_waits, until

SWEEP = databases.Lock.SWEEP


async def test_a_lock_that_is_renewed_outlasts_the_limit_of_idle_transactions(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(session.BOUNDS, "idle_in_transaction_session_timeout", "300ms")
    monkeypatch.setattr("models.database.locks.RENEW_SECONDS", 0.05)
    async with databases.connected(settings):
        async with databases.advisory_lock(SWEEP) as held:
            await databases.rows("SELECT pg_sleep(1)")
            async with databases.advisory_lock(SWEEP) as second:
                assert (held, second) == (True, False)
        async with databases.advisory_lock(SWEEP) as third:
            assert third


async def test_a_transaction_that_stands_still_loses_its_locks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(session.BOUNDS, "idle_in_transaction_session_timeout", "100ms")
    async with databases.connected(settings), connection() as other:
        with pytest.raises(Exception) as raised:  # noqa: PT011
            await stand_still(other)
        assert databases.retry_after(raised.value) is not None
        assert await databases.rows("SELECT 1 AS one") == [{"one": 1}]


async def test_who_needs_a_locked_row_gets_it_when_it_is_free(office: Office) -> None:
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM organization WHERE id = $1 FOR UPDATE", office.id)
        waiting = asyncio.create_task(databases.with_retries(lambda: touch(office)))
        await until(someone_waits)
    await waiting


async def test_who_needs_a_locked_row_does_not_wait_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.database.transactions.PATIENCE_SECONDS", 0.1)
    async with connection() as other, other.transaction():
        await other.execute("SELECT FROM organization WHERE id = $1 FOR UPDATE", office.id)
        with pytest.raises(databases.Unavailable):
            await databases.with_retries(lambda: touch(office))


@pytest.mark.parametrize(
    ("fault", "seconds", "away"),
    [
        (databases.Unavailable("a row"), 1, False),
        (asyncpg.LockNotAvailableError(""), 1, False),
        (TimeoutError(), 1, True),
        (ConnectionRefusedError(), 5, True),
        (asyncpg.ConnectionDoesNotExistError(""), 5, True),
        (asyncpg.InternalClientError("cannot switch to state 12; another operation"), 5, True),
        (asyncpg.QueryCanceledError(""), 5, True),
        (asyncpg.TooManyConnectionsError(""), 5, True),
        (asyncpg.DiskFullError(""), 5, True),
        (asyncpg.DataError(""), None, False),
        (asyncpg.UndefinedTableError(""), None, False),
        (IntegrityError("taken"), None, False),
        (KeyError("a bug"), None, False),
    ],
    ids=repr,
)
def test_only_faults_that_pass_ask_for_another_try(
    fault: Exception, seconds: int | None, away: bool
) -> None:
    assert (databases.retry_after(fault), databases.is_away(fault)) == (seconds, away)


def test_a_fault_that_tortoise_wraps_is_known_by_its_cause() -> None:
    wrapped = TransactionManagementError("idle")
    wrapped.__cause__ = asyncpg.IdleInTransactionSessionTimeoutError("")
    assert databases.retry_after(wrapped) == 5


async def touch(office: Office) -> None:
    async with databases.transaction():
        await databases.rows("SELECT FROM organization WHERE id = $1 FOR UPDATE", office.id)


async def stand_still(other: asyncpg.Connection) -> None:
    async with databases.transaction():
        await databases.take_turn("a key")
        await until(lambda: got(other))
        await databases.rows("SELECT 1")


async def got(other: asyncpg.Connection) -> bool:
    asked = "SELECT pg_try_advisory_lock(hashtextextended('a key', 0))"
    return bool(await other.fetchval(asked))


async def test_a_long_read_has_a_bound_of_its_own(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(session.SERVING, "statement_timeout", "100ms")
    sleep = "SELECT 1 AS one FROM pg_sleep(0.3)"
    async with databases.connected(settings, serving=True):
        with pytest.raises(Exception, match="statement timeout") as raised:
            await databases.rows(sleep)
        assert databases.retry_after(raised.value) is not None
        assert await databases.rows_long_read(sleep) == [{"one": 1}]
        assert [each async for each in databases.slices(sleep, size=10)] == [[(1,)]]
        with pytest.raises(Exception, match="statement timeout"):
            await databases.rows(sleep)
