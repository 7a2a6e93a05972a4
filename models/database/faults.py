"""Faults that pass: PostgreSQL is away or busy, or somebody else holds a row for too long."""

import asyncpg
from tortoise.exceptions import BaseORMException

SOON, LATER = 1, 5
BUSY = (
    TimeoutError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
)
AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.PostgresIOError,
)


class Unavailable(Exception):
    """What the request needs is in use by somebody else: it can be repeated."""


def retry_after(fault: BaseException) -> int | None:
    """Return in how many seconds the request may be repeated; None if that would not help.

    It may have been done nevertheless, where the connection was lost before the answer.
    """
    # Tortoise wraps some of asyncpg's errors.
    cause = fault.__cause__ if isinstance(fault, BaseORMException) else None
    fault = cause or fault
    if isinstance(fault, ValueError):  # A value that asyncpg can't encode is an InterfaceError.
        return None
    if isinstance(fault, (Unavailable, *BUSY)):
        return SOON
    return LATER if isinstance(fault, AWAY) else None
